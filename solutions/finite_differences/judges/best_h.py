"""Judge ``best_h``: the step at which truncation and rounding together are least, and the rule of thumb from it."""

from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree

ORDERS = {1: (1, -20), 2: (0, -15), 4: (0, -15), 6: (-7, 0)}
"""Powers of ten about which an order's T and R are drawn: the first has a best step below 1e-9, the last one above 1."""

THUMBS = (1, 2, 6)
"""The orders of the rule of thumb."""

WASTE = 1.005
"""How far above the least total error the error at the student's step may be; the valley is flat there."""

FACTOR = 1.01
"""How far from the rule of thumb a step may be, as in the exercise's own check."""

NOT_POSITIVE = "the step should be a positive number."


def draw(rng: np.random.Generator) -> list[Case]:
    """Errors of four orders; and points of every size in both precisions."""

    def power(low: float, high: float) -> float:
        return float(10 ** rng.uniform(low, high))

    cases = [
        Case(f"order {p}", {"p": p, "truncation": power(t - 1, t + 1), "rounding": power(r - 1, r + 1)})
        for p, (t, r) in ORDERS.items()
    ]
    points = {
        "float64": (float(rng.uniform(0.5, 1.0)), "float64"),
        "float32": (float(rng.uniform(0.5, 1.0)), "float32"),
        "far": (-power(3, 5), "float64"),
        "beyond": (float(rng.uniform(1.2, 1.8)), "float64"),
        "behind": (-float(rng.uniform(1.2, 1.8)), "float64"),
        "near": (float(rng.choice([-1, 1])) * power(-6, -4), "float64"),
        "zero": (0.0, "float64"),
    }
    for name, (x, dtype) in points.items():
        cases += [Case(f"{name} {p}", {"x": x, "p": p, "dtype": dtype}) for p in THUMBS]
    return [*cases, Case("default", {"x": -points["far"][0], "p": 2})]


def total_error(h: float, p: int, *, truncation: float, rounding: float) -> float:
    """E(h) = truncation · hᵖ + rounding / h."""
    return truncation * h**p + rounding / h


def minimiser(p: int, truncation: float, rounding: float) -> float:
    """Where E′(h) = p · truncation · hᵖ⁻¹ − rounding / h² is zero."""
    return float((rounding / (p * truncation)) ** (1 / (p + 1)))


def eps(dtype: str) -> float:
    """The gap between 1 and the next number."""
    return float(np.finfo(dtype).eps)


def thumb(x: float, p: int, dtype: str = "float64") -> float:
    """ε^(1/(p+1)) · max(1, |x|)."""
    return float(eps(dtype) ** (1 / (p + 1)) * max(1.0, abs(x)))


def wasteful(inputs: Tree, outputs: Tree) -> str | None:
    """The total error at the step is nearly the least there is."""
    h = float(outputs["h"])
    if not 0 < h < np.inf:
        return NOT_POSITIVE
    ratio = total_error(h, **inputs) / total_error(minimiser(**inputs), **inputs)
    if ratio <= WASTE:
        return None
    return f"at your step the total error is {100 * (ratio - 1):.3g} % above the least (order p = {inputs['p']})."


def far_off(inputs: Tree, outputs: Tree) -> str | None:
    """The step is the rule of thumb's, give or take a small factor."""
    h = float(outputs["h"])
    if not 0 < h < np.inf:
        return NOT_POSITIVE
    ratio = h / thumb(**inputs)
    if 1 / FACTOR < ratio < FACTOR:
        return None
    size = "large" if ratio > 1 else "small"
    return f"your step is {max(ratio, 1 / ratio):.2g} times too {size} (p = {inputs['p']}, {inputs.get('dtype', 'float64')})."


def minimised(
    inputs: Tree,
    *,
    fraction: Callable[[int, float, float], float] = lambda p, T, R: R / (p * T),
    root: Callable[[int], float] = lambda p: 1 / (p + 1),
    after: Callable[[float, Tree], float] = lambda h, inputs: h,
) -> Tree:
    """The best step in stages: the fraction, the root, and what is made of it."""
    power = fraction(*(inputs[name] for name in ("p", "truncation", "rounding"))) ** root(inputs["p"])
    return {"h": float(after(power, inputs))}


def ruled(
    inputs: Tree,
    *,
    small: Callable[[str], float] = eps,
    root: Callable[[int], float] = lambda p: 1 / (p + 1),
    scale: Callable[[float], float] = lambda x: max(1.0, abs(x)),
    joined: Callable[[float, float, float], float] = lambda small, root, scale: small**root * scale,
) -> Tree:
    """The rule of thumb in stages: the small number, the root, the scale, and how they are joined."""
    return {"h": float(joined(small(inputs.get("dtype", "float64")), root(inputs["p"]), scale(inputs["x"])))}


ROOTS: dict[str, Callable[[int], float]] = {
    "always-square-root": lambda p: 1 / 2,
    "always-cube-root": lambda p: 1 / 3,
    "root-p": lambda p: 1 / p,
    "root-p-plus-2": lambda p: 1 / (p + 2),
    "no-root": lambda p: 1,
    "whole-root": lambda p: 1 // (p + 1),
    "brackets-of-the-root": lambda p: 1 / p + 1,
    "power-not-root": lambda p: p + 1,
}
FRACTIONS: dict[str, Callable[[int, float, float], float]] = {
    "forgets-p": lambda p, T, R: R / T,
    "upside-down": lambda p, T, R: p * T / R,
    "p-above": lambda p, T, R: p * R / T,
    "product": lambda p, T, R: R * p * T,
    "brackets-below": lambda p, T, R: R / p * T,
    "product-without-p": lambda p, T, R: R * T,
    "upside-down-without-p": lambda p, T, R: T / R,
    "without-truncation": lambda p, T, R: R / p,
    "without-rounding": lambda p, T, R: 1 / (p * T),
    "epsilon-for-rounding": lambda p, T, R: eps("float64") / (p * T),
    "p-plus-1": lambda p, T, R: R / ((p + 1) * T),
    "always-2": lambda p, T, R: R / (2 * T),
    "squared-truncation": lambda p, T, R: R / (p * T**2),
}
AFTER: dict[str, Callable[[float, Tree], float]] = {
    "returns-the-error": lambda h, inputs: total_error(h, **inputs),
    "p-outside-the-root": lambda h, inputs: h / inputs["p"],
    "negative": lambda h, inputs: -h,
    "root-by-division": lambda h, inputs: h ** (inputs["p"] + 1) / (inputs["p"] + 1),
}
SMALL: dict[str, Callable[[str], float]] = {
    "ignores-dtype": lambda dtype: eps("float64"),
    "always-single": lambda dtype: eps("float32"),
    "smallest-number": lambda dtype: float(np.finfo(dtype).tiny),
    "decimal-digits": lambda dtype: float(np.finfo(dtype).resolution),
    "half-epsilon": lambda dtype: eps(dtype) / 2,
    "ten-to-minus-16": lambda dtype: 1e-16,
}
SCALES: dict[str, Callable[[float], float]] = {
    "no-scale": lambda x: 1,
    "size-alone": abs,
    "x-alone": lambda x: x,
    "one-plus": lambda x: 1 + abs(x),
    "smaller-of-both": lambda x: min(1, abs(x)),
    "without-size": lambda x: max(1, x),
    "square-of-x": lambda x: max(1, x**2),
    "root-of-x": lambda x: max(1, abs(x) ** 0.5),
    "length-with-1": lambda x: (1 + x * x) ** 0.5,
    "size-or-1": lambda x: abs(x) or 1,
}
JOINED: dict[str, Callable[[float, float, float], float]] = {
    "scale-below": lambda small, root, scale: (small / scale) ** root
}
"""By the mistake's id, what is in place of each stage."""

mistake = Mistakes(oracle=lambda rule: lambda inputs: {"h": rule(**inputs)}, beside=__file__)
best, rule = mistake.group("model").stages(minimised), mistake.group("thumb", "dtype", "scale").stages(ruled)
for stage, wrong in {"fraction": FRACTIONS, "root": ROOTS, "after": AFTER}.items():
    best.each(stage, wrong)
for stage, others in {"small": SMALL, "root": ROOTS, "scale": SCALES, "joined": JOINED}.items():
    rule.each(stage, {f"thumb-{name}": other for name, other in others.items()})
mistake.listed("knows-three-orders", lambda p, **more: minimiser(p if p in (1, 2) else 4, **more))

mistake.formula(minimiser, "model")
mistake.formula(thumb, "thumb", "dtype", "scale")


def _cases(*names: str) -> tuple[str, ...]:
    return tuple(f"{name} {p}" for name in names for p in THUMBS)


model = partial(Check, complaint=wasteful, example=lambda inputs: {"h": minimiser(**inputs)})
check = partial(Check, complaint=far_off, example=lambda inputs: {"h": thumb(**inputs)})
CHECKS = (
    model("model", "The least total error", share=0.5, cases=tuple(f"order {p}" for p in ORDERS)),
    check("thumb", "The rule of thumb in float64", share=0.2, cases=(*_cases("float64"), "default")),
    check("dtype", "The rule of thumb in float32", share=0.1, cases=_cases("float32"), needs=("thumb",)),
    check(
        "scale",
        "… far from zero, near it, and at it",
        share=0.2,
        cases=_cases("far", "beyond", "behind", "near", "zero"),
    ),
)
EXERCISE = Exercise("best_h", draw, CHECKS, **mistake.known)
