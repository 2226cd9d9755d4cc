"""Judge ``unbroadcast``: which entries of a gradient belong to which entry of the original, counted one by one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import (
    AUTOGRAD,
    THROUGH_FLOAT,
    Array,
    decimals,
    draw_array,
    exact_check,
    exact_mistake,
)

SHAPES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "same": ((2, 3), (2, 3)),
    "row": ((4, 3), (3,)),
    "two in front": ((2, 4, 3), (3,)),
    "one row": ((4, 3), (1, 3)),
    "column": ((4, 3), (4, 1)),
    "middle": ((2, 4, 3), (2, 1, 3)),
    "both": ((2, 4, 3), (4, 1)),
    "number": ((4, 3), ()),
}
"""By case: the gradient's shape and the original's."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every pair of shapes in 50 digits, one in floats."""
    kinds = [(name, "precise") for name in SHAPES] + [("both", "float")]
    return [
        Case(
            name if kind == "precise" else f"{name} in floats",
            {"kind": kind, "g": draw_array(rng, SHAPES[name][0]), "shape": list(SHAPES[name][1])},
        )
        for name, kind in kinds
    ]


def oracle(inputs: Tree) -> dict[str, Any]:
    """Every entry of the gradient is added where broadcasting took it from."""
    g, shape = decimals(inputs["g"]), tuple(inputs["shape"])
    size = int(np.prod(shape, dtype=int))
    origin = np.broadcast_to(np.arange(size).reshape(shape), g.shape)
    total = np.full(size, Decimal(0), dtype=object)
    for entry, place in zip(g.flat, origin.flat, strict=True):
        total[place] += entry
    return {"result": total.reshape(shape)}


def _wrong(change: Callable[[Array, tuple[int, ...]], Any]) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {"result": change(decimals(inputs["g"]), tuple(inputs["shape"]))}


def _front(g: Array, shape: tuple[int, ...]) -> Any:
    return g.sum(axis=tuple(range(g.ndim - len(shape)))) if g.ndim > len(shape) else g


def _squeezed(g: Array, shape: tuple[int, ...]) -> Any:
    g = _front(g, shape)
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return g.sum(axis=axes) if axes else g


def _mean(g: Array, shape: tuple[int, ...]) -> Any:
    right = np.asarray(oracle({"g": g.astype(str).tolist(), "shape": list(shape)})["result"], dtype=object)
    return right * Decimal(right.size) / Decimal(g.size)


def _first(g: Array, shape: tuple[int, ...]) -> Any:
    while np.ndim(g) > len(shape):
        g = g[0]
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.take([0], axis=axis)
    return g


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake(
        "front-only",
        "You sum over the axes that broadcasting added in front, but not along those of size 1, which it stretched.",
        _wrong(_front),
    ),
    exact_mistake(
        "axis-lost",
        "An axis of size 1 disappears from your result: sum with keepdims=True there.",
        _wrong(_squeezed),
    ),
    exact_mistake("mean", "You take the mean over the copies; their gradients add up.", _wrong(_mean)),
    exact_mistake(
        "first-copy", "You keep the gradient of the first copy and drop the others; they add up.", _wrong(_first)
    ),
    exact_mistake(
        "everything",
        "You sum up everything; only the axes that were broadcast are summed.",
        _wrong(lambda g, _: g.sum()),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)

EXERCISE = Exercise(
    id="unbroadcast",
    draw=draw,
    checks=(
        exact_check("front", "Axes that were added in front", 0.3, ("row", "two in front"), oracle),
        exact_check("size-one", "Axes of size 1 that were stretched", 0.35, ("one row", "column", "middle"), oracle),
        exact_check("both", "Both at once", 0.2, ("both", "both in floats"), oracle),
        exact_check("ends", "A plain number, and nothing to undo", 0.15, ("number", "same"), oracle, needs=("front",)),
    ),
    mistakes=MISTAKES,
)
