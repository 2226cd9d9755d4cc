"""Judge ``best_h``: the step at which truncation and rounding together are least, and the rule of thumb from it."""

from functools import partial

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree

ORDERS = {1: (1, -20), 2: (0, -15), 4: (0, -15), 6: (-7, 0)}
"""Powers of ten about which an order's T and R are drawn: the first has a best step below 1e-9, the last one above 1."""

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
        "far": (power(3, 5), "float64"),
        "behind": (-float(rng.uniform(1.2, 1.8)), "float64"),
        "near": (float(rng.choice([-1, 1])) * power(-6, -4), "float64"),
        "zero": (0.0, "float64"),
    }
    for name, (x, dtype) in points.items():
        cases += [Case(f"{name} {p}", {"x": x, "p": p, "dtype": dtype}) for p in (1, 2, 4)]
    return [*cases, Case("default", {"x": points["far"][0], "p": 2})]


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


mistake = Mistakes(oracle=lambda rule: lambda inputs: {"h": rule(**inputs)}, beside=__file__)

mistake.listed("forgets-p", lambda p, truncation, rounding: float((rounding / truncation) ** (1 / (p + 1))))
mistake.listed("upside-down", lambda p, truncation, rounding: 1 / minimiser(p, truncation, rounding))
mistake.listed("returns-the-error", lambda p, **more: total_error(minimiser(p, **more), p, **more))
mistake.listed("always-square-root", lambda p, truncation, rounding: float((rounding / (p * truncation)) ** 0.5))
mistake.listed("knows-three-orders", lambda p, **more: minimiser(p if p in (1, 2) else 4, **more))
mistake.listed("thumb-always-square-root", lambda p, **more: thumb(p=1, **more))
mistake.listed("thumb-ignores-dtype", lambda x, p, dtype: thumb(x, p, "float64"))

mistake.formula(minimiser, "model")
mistake.formula(thumb, "thumb", "dtype", "scale")


def _cases(*names: str) -> tuple[str, ...]:
    return tuple(f"{name} {p}" for name in names for p in (1, 2, 4))


model = partial(Check, complaint=wasteful, example=lambda inputs: {"h": minimiser(**inputs)})
check = partial(Check, complaint=far_off, example=lambda inputs: {"h": thumb(**inputs)})
CHECKS = (
    model("model", "The least total error", share=0.5, cases=tuple(f"order {p}" for p in ORDERS)),
    check("thumb", "The rule of thumb in float64", share=0.2, cases=(*_cases("float64"), "default")),
    check("dtype", "The rule of thumb in float32", share=0.1, cases=_cases("float32"), needs=("thumb",)),
    check("scale", "… far from zero, near it, and at it", share=0.2, cases=_cases("far", "behind", "near", "zero")),
)
EXERCISE = Exercise("best_h", draw, CHECKS, tuple(mistake), tuple(mistake.formulas))
