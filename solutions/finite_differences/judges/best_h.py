"""Judge ``best_h``: the step at which truncation and rounding together are least, and the rule of thumb from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

ORDERS = (1, 2, 4, 6)
WASTE = 1.005
"""How far above the least total error the error at the student's step may lie; the valley is flat there."""

FACTOR = 3.0
"""How far from the rule of thumb a step may lie: orders of magnitude matter, digits do not."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Errors of four orders; and points of every size in both precisions."""
    cases = [
        Case(
            f"order {p}",
            {
                "p": p,
                "truncation": float(10 ** rng.uniform(-2, 2)),
                "rounding": float(10 ** rng.uniform(-17, -13)),
            },
        )
        for p in ORDERS
    ]
    sign = float(rng.choice([-1, 1]))
    points = {
        "float64": (float(rng.uniform(0.5, 1.0)), "float64"),
        "float32": (float(rng.uniform(0.5, 1.0)), "float32"),
        "far": (sign * float(10 ** rng.uniform(3, 5)), "float64"),
        "near": (sign * float(10 ** rng.uniform(-6, -4)), "float64"),
        "zero": (0.0, "float64"),
    }
    return cases + [
        Case(f"{name} {p}", {"x": x, "p": p, "dtype": dtype}) for name, (x, dtype) in points.items() for p in (1, 2, 4)
    ]


def model(inputs: Tree, h: float) -> float:
    """E(h) = truncation · hᵖ + rounding / h."""
    return float(inputs["truncation"] * h ** inputs["p"] + inputs["rounding"] / h)


def minimiser(inputs: Tree) -> float:
    """Where E′(h) = p · truncation · hᵖ⁻¹ − rounding / h² is zero."""
    return float((inputs["rounding"] / (inputs["p"] * inputs["truncation"])) ** (1 / (inputs["p"] + 1)))


def thumb(inputs: Tree) -> float:
    """ε^(1/(p+1)) · max(1, |x|)."""
    return float(np.finfo(inputs["dtype"]).eps ** (1 / (inputs["p"] + 1)) * max(1.0, abs(inputs["x"])))


def wasteful(inputs: Tree, outputs: Tree) -> str | None:
    """The total error at the step is nearly the least there is."""
    h = float(outputs["h"])
    if not h > 0 or not np.isfinite(h):
        return "the step should be a positive number."
    ratio = model(inputs, h) / model(inputs, minimiser(inputs))
    if ratio <= WASTE:
        return None
    return f"at your step the total error is {100 * (ratio - 1):.3g} % above the least (order p = {inputs['p']})."


def far_off(inputs: Tree, outputs: Tree) -> str | None:
    """The step is the rule of thumb's, give or take a small factor."""
    h = float(outputs["h"])
    if not h > 0 or not np.isfinite(h):
        return "the step should be a positive number."
    ratio = h / thumb(inputs)
    if 1 / FACTOR < ratio < FACTOR:
        return None
    size = "large" if ratio > 1 else "small"
    return f"your step is {max(ratio, 1 / ratio):.2g} times too {size} (p = {inputs['p']}, {inputs['dtype']})."


MODEL, THUMB, SCALE = "model", "thumb", "scale"
DTYPE = "dtype"


def _mistake(name: str, message: str, wrong: Callable[[Tree], float], *checks: str) -> Mistake:
    return Mistake(name, message, lambda inputs: {"h": wrong(inputs)}, checks=checks)


def _eps(inputs: Tree) -> float:
    return float(np.finfo(inputs["dtype"]).eps)


MISTAKES = (
    _mistake(
        "forgets-p",
        "Your `best_h` sets both errors equal, truncation · hᵖ = rounding / h. The sum is least where its derivative is zero, and differentiating hᵖ brings down a factor p.",
        lambda inputs: (inputs["rounding"] / inputs["truncation"]) ** (1 / (inputs["p"] + 1)),
        MODEL,
    ),
    _mistake(
        "wrong-root",
        "Your `best_h` takes the root 1/p; one more power of h comes from rounding/h, so it is 1/(p+1).",
        lambda inputs: (inputs["rounding"] / (inputs["p"] * inputs["truncation"])) ** (1 / inputs["p"]),
        MODEL,
    ),
    _mistake(
        "upside-down",
        "Your `best_h` has the fraction upside down: the more rounding there is, the larger h must be.",
        lambda inputs: (inputs["p"] * inputs["truncation"] / inputs["rounding"]) ** (1 / (inputs["p"] + 1)),
        MODEL,
    ),
    _mistake(
        "returns-the-error",
        "Your `best_h` returns the least error; return the step at which it is reached.",
        lambda inputs: model(inputs, minimiser(inputs)),
        MODEL,
    ),
    _mistake(
        "always-square-root",
        "Your `best_h` takes a square root for every order; that is right for p = 1 only.",
        lambda inputs: (inputs["rounding"] / (inputs["p"] * inputs["truncation"])) ** 0.5,
        MODEL,
    ),
    _mistake(
        "thumb-wrong-root",
        "Your rule of thumb takes ε^(1/p); it is ε^(1/(p+1)).",
        lambda inputs: _eps(inputs) ** (1 / inputs["p"]) * max(1.0, abs(inputs["x"])),
        THUMB,
        DTYPE,
        SCALE,
    ),
    _mistake(
        "thumb-always-square-root",
        "Your rule of thumb takes √ε for every order; a scheme of order p wants ε^(1/(p+1)).",
        lambda inputs: _eps(inputs) ** 0.5 * max(1.0, abs(inputs["x"])),
        THUMB,
        DTYPE,
        SCALE,
    ),
    _mistake(
        "thumb-ignores-dtype",
        "Your rule of thumb uses the ε of float64 for float32 too: np.finfo(dtype).eps.",
        lambda inputs: float(np.finfo("float64").eps) ** (1 / (inputs["p"] + 1)) * max(1.0, abs(inputs["x"])),
        DTYPE,
    ),
    _mistake(
        "thumb-ignores-x",
        "Your rule of thumb ignores x: near x = 10⁴ a step of 10⁻⁸ is hardly more than the gap between two numbers.",
        lambda inputs: _eps(inputs) ** (1 / (inputs["p"] + 1)),
        SCALE,
    ),
    _mistake(
        "thumb-vanishes-at-zero",
        "Your rule of thumb shrinks with x without end: at x = 0 the step is 0. Use max(1, |x|).",
        lambda inputs: _eps(inputs) ** (1 / (inputs["p"] + 1)) * abs(inputs["x"]),
        SCALE,
    ),
)


def _named(*names: str) -> tuple[str, ...]:
    return tuple(f"{name} {p}" for name in names for p in (1, 2, 4))


EXERCISE = Exercise(
    id="best_h",
    draw=draw,
    checks=(
        Check(
            MODEL,
            "The least total error",
            share=0.5,
            cases=tuple(f"order {p}" for p in ORDERS),
            complaint=wasteful,
            likeness=0.01,
        ),
        Check(
            THUMB, "The rule of thumb in float64", share=0.2, cases=_named("float64"), complaint=far_off, likeness=0.01
        ),
        Check(
            DTYPE,
            "The rule of thumb in float32",
            share=0.1,
            cases=_named("float32"),
            complaint=far_off,
            needs=(THUMB,),
            likeness=0.01,
        ),
        Check(
            SCALE,
            "… far from zero, near it, and at it",
            share=0.2,
            cases=_named("far", "near", "zero"),
            complaint=far_off,
            likeness=0.01,
        ),
    ),
    mistakes=MISTAKES,
)
