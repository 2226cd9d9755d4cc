"""Drawn functions of many variables with a known gradient: f(x) = scale · (Σ v sin(Wx) + exp(u·x) + t·x)."""

from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Tree

from .smooth import Array


def draw_landscape(
    rng: np.random.Generator, shape: tuple[int, ...], scale: float = 1.0, x: Array | None = None, steepness: float = 1.0
) -> dict[str, Any]:
    """A function and a point x of this shape, drawn unless given; no entry of its gradient is near zero there.

    Where one is, the truncation error of a right answer is large beside it.
    """
    size = int(np.prod(shape))
    while True:
        spec = {
            "W": rng.normal(scale=steepness, size=(4, size)),
            "v": rng.uniform(0.5, 1.5, size=4),
            "u": rng.uniform(-0.5, 0.5, size=size),
            "t": rng.choice([-2.0, 2.0], size=size),
            "scale": scale,
            "x": rng.uniform(-1.0, 1.0, size=shape) if x is None else x,
        }
        entries = np.abs(gradient(spec))
        if entries.min() > 0.1 * max(scale, entries.max()):
            return spec


def value(spec: Tree, x: Any) -> float:
    """f at a point of any shape."""
    flat = np.asarray(x, dtype=np.float64).reshape(-1)
    waves = (spec["v"] * np.sin(spec["W"] @ flat)).sum()
    return float(spec["scale"] * (waves + np.exp(spec["u"] @ flat) + spec["t"] @ flat))


def slopes(spec: Tree, order: int) -> Array:
    """The derivatives of this order by one coordinate each, at the spec's own point, in its shape."""
    x = np.asarray(spec["x"], dtype=np.float64)
    flat = x.reshape(-1)
    waves = (spec["v"] * np.sin(spec["W"] @ flat + order * np.pi / 2)) @ spec["W"] ** order
    growing = spec["u"] ** order * np.exp(spec["u"] @ flat)
    return np.asarray(spec["scale"] * (waves + growing + spec["t"] * (order == 1))).reshape(x.shape)


gradient, curvature = partial(slopes, order=1), partial(slopes, order=2)
