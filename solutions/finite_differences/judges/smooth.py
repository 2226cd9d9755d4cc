"""Drawn smooth functions whose every derivative is known: f(x) = a exp(bx) + c sin(dx)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Tree
from autograder.judging.example import shown

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


def described(inputs: Tree) -> str:
    """The inputs by name, pairs as the fractions that they are; of what is drawn, the formula."""
    told = {}
    for name, value in inputs.items():
        if name not in ("spec", "limit", "coefficients") and not isinstance(value, bool):
            told[name] = "/".join(map(str, value)) if isinstance(value, list) else shown(value)
    if "spec" in inputs:
        told["f(x)"] = "{a:.4g} exp({b:.4g} x) {c:+.4g} sin({d:.4g} x)".format(**inputs["spec"])
    if "coefficients" in inputs:
        powers = inputs["p"] + inputs["stride"] * np.arange(len(inputs["coefficients"]))
        terms = (f" {each:+.4g} h^{power}" for each, power in zip(inputs["coefficients"], powers, strict=True))
        told["A(h)"] = f"{inputs['limit']:.4g}{''.join(terms)}"
    return f"with {', '.join(f'{name} = {text}' for name, text in told.items())}"


def leading(spec: Tree, x: Any, order: int) -> bool:
    """Whether the derivative of this order is not small beside its neighbours, so that it rules the remainder."""
    sizes = [float(np.abs(derivative(spec, x, order + shift)).max()) for shift in (0, 1, 2)]
    return float(np.abs(derivative(spec, x, order)).min()) > 0.5 * max(sizes)
