"""Judge ``unbroadcast``: which entries of a gradient belong to which entry of the original, counted one by one."""

from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes

from .exact import REFUSED, Array, case, decimals, draw_array, exact, exact_check

Shape = tuple[int, ...]
SHAPES: dict[str, tuple[Shape, Shape]] = {
    "same": ((2, 3), (2, 3)),
    "row": ((4, 3), (3,)),
    "two in front": ((2, 4, 3), (3,)),
    "one row": ((4, 3), (1, 3)),
    "column": ((4, 3), (4, 1)),
    "middle": ((2, 4, 3), (2, 1, 3)),
    "square": ((3, 3), (3, 1)),
    "several": ((2, 4, 3), (1, 4, 1)),
    "alike": ((3, 3, 3), (1, 3, 1)),
    "both": ((2, 4, 3), (4, 1)),
    "both alike": ((3, 3, 3), (3, 1)),
    "one entry": ((4, 3), (1,)),
    "one by one": ((4, 3), (1, 1)),
    "number": ((4, 3), ()),
}
"""By case: the gradient's shape and the original's."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every pair of shapes in 50 digits, one in floats."""
    kinds = [(name, "precise") for name in SHAPES] + [("both", "float")]
    return [case(name, kind, g=draw_array(rng, SHAPES[name][0]), shape=list(SHAPES[name][1])) for name, kind in kinds]


def summed(g: Array, shape: Shape) -> Array:
    """Every entry of the gradient is added where broadcasting took it from."""
    size = int(np.prod(shape, dtype=int))
    origin = np.broadcast_to(np.arange(size).reshape(shape), g.shape)
    total = np.full(size, Decimal(0), dtype=object)
    for entry, place in zip(g.flat, origin.flat, strict=True):
        total[place] += entry
    return total.reshape(shape)


def reducing(rule: Any) -> Any:
    """The oracle of a rule for the result from the gradient and the original's shape."""
    return lambda inputs: {"result": rule(decimals(inputs["g"]), tuple(inputs["shape"]))}


mistake = Mistakes(oracle=lambda rule: exact(reducing(rule)))


@mistake()
def front_only(g: Array, shape: Shape) -> Any:
    """You sum over the axes that broadcasting added in front, but not along those of size 1, which it stretched."""
    return g.sum(axis=tuple(range(g.ndim - len(shape)))) if g.ndim > len(shape) else g


@mistake()
def axis_lost(g: Array, shape: Shape) -> Any:
    """An axis of size 1 disappears from your result: sum with keepdims=True there."""
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return front_only(g, shape).sum(axis=axes) if axes else front_only(g, shape)


@mistake()
def mean(g: Array, shape: Shape) -> Any:
    """You take the mean over the copies; their gradients add up."""
    right = summed(g, shape)
    return right * Decimal(right.size) / Decimal(g.size)


@mistake()
def first_copy(g: Array, shape: Shape) -> Any:
    """You keep the gradient of the first copy and drop the others; they add up."""
    last = g[(0,) * (g.ndim - len(shape))]
    for axis, size in enumerate(shape):
        last = last.take([0], axis=axis) if size == 1 else last
    return last


mistake.named("everything", lambda g, shape: Decimal(g.sum())).says(
    "You sum up everything; only the axes that were broadcast are summed."
)

STRETCHED = ("one row", "column", "middle", "square", "several", "alike", "one by one")
check = partial(exact_check, oracle=reducing(summed))
CHECKS = (
    check("front", "Axes that were added in front", share=0.3, cases=("row", "two in front")),
    check("size-one", "Axes of size 1 that were stretched", share=0.35, cases=STRETCHED),
    check("both", "Both at once", share=0.2, cases=("both", "both alike", "one entry", "both in floats")),
    check("ends", "A plain number, and nothing to undo", share=0.15, cases=("number", "same"), needs=("front",)),
)
EXERCISE = Exercise("unbroadcast", draw, checks=CHECKS, mistakes=(*mistake, *REFUSED))
