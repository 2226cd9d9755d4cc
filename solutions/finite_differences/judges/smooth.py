"""Drawn smooth functions whose every derivative is known: f(x) = a exp(bx) + c sin(dx)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Tree

Array = NDArray[np.float64]


def draw_smooth(rng: np.random.Generator) -> dict[str, float]:
    """The four numbers of a function; b and d lie near 1, so that derivatives of all orders are of one size."""
    a, c = rng.uniform(0.6, 1.4, size=2)
    b, d = rng.uniform(0.8, 1.3, size=2)
    return {"a": float(a), "b": float(b), "c": float(c), "d": float(d)}


def derivative(spec: Tree, x: Any, order: int = 0) -> Array:
    """The derivative of this order of the function, in float64; order 0 is the function itself."""
    x = np.asarray(x, dtype=np.float64)
    growing = spec["a"] * spec["b"] ** order * np.exp(spec["b"] * x)
    waving = spec["c"] * spec["d"] ** order * np.sin(spec["d"] * x + order * np.pi / 2)
    return np.asarray(growing + waving)


def leading(spec: Tree, x: Any, order: int) -> bool:
    """Whether the derivative of this order is not small beside its neighbours, so that it rules the remainder."""
    sizes = [float(np.abs(derivative(spec, x, order + shift)).max()) for shift in (0, 1, 2)]
    return float(np.abs(derivative(spec, x, order)).min()) > 0.5 * max(sizes)
