"""Judge ``unbroadcast``: a gradient is summed over the axes that broadcasting added, and over those that it stretched."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .exact import ASKED, REFUSED, Array, case, decimals, draw_array, exact_check, staged

Shape = tuple[int, ...]
SHAPES: dict[str, tuple[Shape, Shape]] = ASKED["shapes"]


def draw(rng: np.random.Generator) -> list[Case]:
    """Every pair of shapes in 50 digits, one in floats."""
    kinds = [(name, "precise") for name in SHAPES] + [("both", "float")]
    return [case(name, kind, g=draw_array(rng, SHAPES[name][0]), shape=list(SHAPES[name][1])) for name, kind in kinds]


Stage = Callable[[Array, Shape], Any]


def ones(shape: Shape) -> tuple[int, ...]:
    """The axes of size 1."""
    return tuple(axis for axis, size in enumerate(shape) if size == 1)


def front_summed(g: Array, shape: Shape) -> Any:
    """The gradient without the axes that broadcasting added in front."""
    return g.sum(axis=tuple(range(g.ndim - len(shape)))) if g.ndim > len(shape) else g


def ones_summed(g: Any, shape: Shape) -> Any:
    """The gradient summed along the axes of size 1."""
    return g.sum(axis=ones(shape), keepdims=True) if ones(shape) else g


def summed(g: Array, shape: Shape, *, front: Stage = front_summed, stretched: Stage = ones_summed) -> Any:
    """The sum over all copies of each entry, in two stages."""
    return stretched(front(g, shape), shape)


def reduced(inputs: Tree, **stages: Stage) -> dict[str, Any]:
    """The sum, by default the right one."""
    return {"result": summed(decimals(inputs["g"]), tuple(inputs["shape"]), **stages)}


def averaged(stage: Stage) -> Stage:
    """The stage with the mean in place of the sum."""

    def found(g: Any, shape: Shape) -> Any:
        total = stage(g, shape)
        return total * Decimal(np.size(total)) / np.size(g)

    return found


def first_in_front(g: Array, shape: Shape) -> Any:
    """The first copy."""
    return g[(0,) * (g.ndim - len(shape))]


def first_of_ones(g: Array, shape: Shape) -> Any:
    """The first copy."""
    for axis in ones(shape):
        g = g.take([0], axis=axis)
    return g


def last_of_ones(g: Array, shape: Shape) -> Any:
    """The last copy."""
    for axis in ones(shape):
        g = g.take([-1], axis=axis)
    return g


def times_copies(stage: Stage) -> Stage:
    """The stage's one copy, times their number."""

    def found(g: Any, shape: Shape) -> Any:
        one = stage(g, shape)
        return one * Decimal(np.size(g)) / np.size(one)

    return found


def ends_summed(g: Any, shape: Shape) -> Any:
    """The gradient summed along the first and the last axis, where these are of size 1."""
    axes = tuple(axis for axis in ones(shape) if axis in (0, len(shape) - 1))
    return g.sum(axis=axes, keepdims=True) if axes else g


def folded(g: Array, shape: Shape) -> Any:
    """The entries in their order, a row of copies for each entry of the shape."""
    return g.reshape(*shape, -1).sum(axis=-1) if g.ndim > len(shape) else g


WRONG: dict[str, dict[str, Any]] = {
    "front-only": {"stretched": lambda g, shape: g},
    "axis-lost": {"stretched": lambda g, shape: g.sum(axis=ones(shape)) if ones(shape) else g},
    "mean": {"front": averaged(front_summed), "stretched": averaged(ones_summed)},
    "first-copy": {"front": first_in_front, "stretched": first_of_ones},
    "last-copy": {"front": lambda g, shape: g[(-1,) * (g.ndim - len(shape))], "stretched": last_of_ones},
    "one-copy-times-their-number": {"front": times_copies(first_in_front), "stretched": times_copies(first_of_ones)},
    "first-and-last-axis-only": {"stretched": ends_summed},
    "folded": {"front": folded},
    "everything": {"front": lambda g, shape: g.sum(), "stretched": lambda g, shape: g},
    "mean-in-front": {"front": averaged(front_summed)},
    "mean-of-stretched": {"stretched": averaged(ones_summed)},
    "first-in-front": {"front": first_in_front},
    "first-of-stretched": {"stretched": first_of_ones},
    "last-axes": {
        "front": lambda g, shape: g.sum(axis=tuple(range(len(shape) - g.ndim, 0))) if g.ndim > len(shape) else g
    },
    "first-axis-only": {"front": lambda g, shape: g.sum(axis=0) if g.ndim > len(shape) else g},
    "front-left": {"front": lambda g, shape: g},
    "front-kept": {
        "front": lambda g, shape: (
            g.sum(axis=tuple(range(g.ndim - len(shape))), keepdims=True) if g.ndim > len(shape) else g
        ),
        "stretched": lambda g, shape: (
            g.sum(axis=tuple(at - len(shape) for at in ones(shape)), keepdims=True) if ones(shape) else g
        ),
    },
    "first-one-only": {"stretched": lambda g, shape: g.sum(axis=ones(shape)[0], keepdims=True) if ones(shape) else g},
    "last-one-only": {"stretched": lambda g, shape: g.sum(axis=ones(shape)[-1], keepdims=True) if ones(shape) else g},
    "reshaped": {"front": lambda g, shape: np.resize(g, shape), "stretched": lambda g, shape: g},
}
"""By the mistake's id: which stages are wrong."""
mistake = Mistakes(staged(reduced), beside=__file__)
for name, stages in WRONG.items():
    mistake.listed(name, stages)
mistake.add(*REFUSED)

STRETCHED = ("one row", "column", "middle", "square", "several", "alike", "one by one")
check = partial(exact_check, oracle=reduced)
CHECKS = (
    check("front", "Axes that were added in front", share=0.3, cases=("row", "two in front", "one copy")),
    check("size-one", "Axes of size 1 that were stretched", share=0.35, cases=STRETCHED),
    check("both", "Both at once", share=0.2, cases=("both", "both alike", "one entry", "both in floats")),
    check("ends", "A plain number, and nothing to undo", share=0.15, cases=("number", "same"), needs=("front",)),
)
EXERCISE = Exercise("unbroadcast", draw, checks=CHECKS, **mistake.known)
