"""The functions that students are given. It runs inside the sandbox beside their code: no expected value is in it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Names = Inputs = Mapping[str, Any]
Outputs = dict[str, Any]


def smooth(spec: Mapping[str, float]) -> Callable[[Any], Any]:
    """f(x) = a exp(bx) + c sin(dx), for numbers and arrays, real or complex."""
    a, b, c, d = (spec[key] for key in "abcd")
    return lambda x: a * np.exp(b * x) + c * np.sin(d * x)


def landscape(spec: Mapping[str, Any]) -> Callable[[Any], Any]:
    """f(x) = scale · (Σ v sin(Wx) + exp(u·x) + t·x) for x of any shape, real or complex."""
    W, v, u, t = (spec[key].numpy() for key in ("W", "v", "u", "t"))

    def f(x: Any) -> Any:
        flat = np.asarray(x).reshape(-1)
        return spec["scale"] * ((v * np.sin(W @ flat)).sum() + np.exp(u @ flat) + t @ flat)

    return f
