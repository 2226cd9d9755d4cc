"""Drawn functions of many variables with a known gradient: f(x) = scale · (Σ v sin(Wx) + exp(u·x) + t·x)."""

from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Tree

from .smooth import Array


def draw_slopes(rng: np.random.Generator, size: int) -> Array:
    """Entries of a gradient, none of them near zero: there the truncation error of a right answer is large beside it."""
    return rng.choice([-1.0, 1.0], size=size) * rng.uniform(0.5, 3.5, size=size)


def draw_landscape(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    scale: float = 1.0,
    x: Array | None = None,
    steepness: float = 1.0,
    wanted: Array | None = None,
) -> dict[str, Any]:
    """A function and a point x of this shape, drawn unless given; its gradient there is scale times what is wanted."""
    size = int(np.prod(shape))
    narrow = min(1.0, (10 / size) ** 0.5)  # of many variables no function is too steep
    spec = {
        "W": rng.normal(scale=narrow * steepness, size=(4, size)),
        "v": rng.uniform(0.5, 1.5, size=4),
        "u": rng.uniform(-0.5, 0.5, size=size) * narrow,
        "t": np.zeros(size),
        "scale": scale,
        "x": rng.uniform(-1.0, 1.0, size=shape) if x is None else x,
    }
    slopes = draw_slopes(rng, size) if wanted is None else wanted
    return {**spec, "t": slopes - gradient({**spec, "scale": 1.0}).reshape(-1)}


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
