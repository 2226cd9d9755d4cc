"""Judge ``richardson``: the extrapolation table, by the order of what it leaves and by what it removes altogether."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .fit import order_complaint
from .smooth import Array

Estimate = Callable[[float], float]
KINDS = {"central": (2, 2), "forward": (1, 1), "odd start": (1, 2)}
"""By name: the first power p of h in the error, and the stride from each power to the next."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Errors c₀hᵖ + c₁hᵖ⁺ˢ + …: two or three levels on a ladder of steps, and as many levels as remove everything."""
    cases = []
    for name, (p, stride) in KINDS.items():
        for levels in (2, 3):
            steps = (
                rng.uniform(0.15, 0.25) * (1.0 if stride == 2 and p == 2 else 0.2) * np.array([1.0, 0.5, 0.25, 0.125])
            )
            cases.append(Case(f"{name} {levels}", _series(rng, p, stride, levels + 1, levels, steps)))
    for name, (p, stride) in KINDS.items():
        step = np.array([float(rng.uniform(0.5, 1.0))])
        cases.append(Case(f"{name} exact", _series(rng, p, stride, 3, 4, step)))
    step = np.array([float(rng.uniform(0.5, 1.0))])
    cases.append(Case("one level", _series(rng, 2, 2, 2, 1, step)))
    cases.append(Case("cost", _series(rng, 2, 2, 5, 5, step)))
    return cases


def _series(rng: np.random.Generator, p: int, stride: int, terms: int, levels: int, steps: Array) -> dict[str, Any]:
    signs = rng.choice([-1.0, 1.0], size=terms)
    coefficients = signs * rng.uniform(0.8, 1.2, size=terms)
    limit = float(rng.uniform(-2, 2))
    return {"limit": limit, "coefficients": coefficients, "p": p, "stride": stride, "levels": levels, "steps": steps}


def estimate(inputs: Tree) -> Estimate:
    """A(h) = limit + Σ cₖ hᵖ⁺ᵏˢ."""
    powers = inputs["p"] + inputs["stride"] * np.arange(len(inputs["coefficients"]))
    return lambda h: float(inputs["limit"] + (inputs["coefficients"] * h**powers).sum())


def extrapolate(
    A: Estimate,
    h: float,
    levels: int,
    exponent: Callable[[int], float],
    halving: float = 0.5,
) -> float:
    """The last entry of Richardson's table, with the power that each column removes."""
    row = [A(h * halving**level) for level in range(levels)]
    for column in range(levels - 1):
        factor = halving ** -exponent(column)
        row = [(factor * fine - coarse) / (factor - 1) for coarse, fine in pairwise(row)]
    return row[-1]


def table(inputs: Tree, A: Estimate, h: float) -> float:
    """The right value."""
    return extrapolate(A, h, inputs["levels"], lambda column: inputs["p"] + column * inputs["stride"])


def leading(inputs: Tree) -> Array:
    """The largest part of what remains, at each step."""
    powers = inputs["p"] + inputs["stride"] * np.arange(inputs["levels"])
    last = powers[-1]
    shrink = np.prod([(2.0 ** (power - last) - 1) / (2.0**power - 1) for power in powers[:-1]])
    return np.asarray(inputs["coefficients"][inputs["levels"] - 1] * shrink * inputs["steps"] ** last)


def order(inputs: Tree, outputs: Tree) -> str | None:
    """What remains shrinks with the order of the first term that was not removed."""
    got = np.asarray(outputs["values"], dtype=np.float64)
    expected = inputs["p"] + inputs["stride"] * (inputs["levels"] - 1)
    complaint = order_complaint(inputs["steps"], got - inputs["limit"], expected, leading(inputs))
    about = f"p = {inputs['p']}, stride = {inputs['stride']}, {inputs['levels']} levels"
    return f"with {about}: {complaint}" if complaint else None


def removed(inputs: Tree, outputs: Tree) -> str | None:
    """With more levels than terms nothing is left but rounding."""
    error = abs(float(outputs["values"][0]) - inputs["limit"])
    if error <= 1e-11:
        return None
    return (
        f"an error of {len(inputs['coefficients'])} terms should be gone after {inputs['levels']} levels, but is not."
    )


def plain(inputs: Tree) -> Tree:
    """A single level is the estimate itself."""
    return {"values": np.array([estimate(inputs)(inputs["steps"][0])])}


def wasteful(inputs: Tree, outputs: Tree) -> str | None:
    """Every level costs one estimate."""
    calls = int(outputs["calls"])
    levels = inputs["levels"]
    return None if calls == levels else f"{levels} levels need {levels} calls of `estimate`, but you make {calls}."


def _mistake(name: str, message: str, wrong: Callable[[Tree, Estimate, float], float], *checks: str) -> Mistake:
    def expected(inputs: Tree) -> Tree:
        return {"values": np.array([wrong(inputs, estimate(inputs), h) for h in inputs["steps"]])}

    return Mistake(name, message, expected, checks=checks or ("order", "removed"))


def _first_only(inputs: Tree, A: Estimate, h: float) -> float:
    """One extrapolation, at the finest two steps."""
    if inputs["levels"] == 1:
        return A(h)
    fine = h * 0.5 ** (inputs["levels"] - 2)
    return extrapolate(A, fine, 2, lambda column: inputs["p"])


def _swapped(inputs: Tree, A: Estimate, h: float) -> float:
    row = [A(h * 0.5**level) for level in range(inputs["levels"])]
    for column in range(inputs["levels"] - 1):
        factor = 2.0 ** (inputs["p"] + column * inputs["stride"])
        row = [(factor * coarse - fine) / (factor - 1) for coarse, fine in pairwise(row)]
    return row[-1]


def _undivided(inputs: Tree, A: Estimate, h: float) -> float:
    row = [A(h * 0.5**level) for level in range(inputs["levels"])]
    for column in range(inputs["levels"] - 1):
        factor = 2.0 ** (inputs["p"] + column * inputs["stride"])
        row = [factor * fine - coarse for coarse, fine in pairwise(row)]
    return row[-1]


MISTAKES = (
    _mistake(
        "same-power-every-column",
        "Every column of your table removes the same power hᵖ; each later column meets the next one, p + stride.",
        lambda inputs, A, h: extrapolate(A, h, inputs["levels"], lambda column: inputs["p"]),
    ),
    _mistake(
        "stride-ignored",
        "Your powers rise by 1 from column to column; they rise by `stride` (for the central difference by 2).",
        lambda inputs, A, h: extrapolate(A, h, inputs["levels"], lambda column: inputs["p"] + column),
    ),
    _mistake(
        "stride-always-2",
        "Your powers rise by 2 from column to column whatever `stride` is.",
        lambda inputs, A, h: extrapolate(A, h, inputs["levels"], lambda column: inputs["p"] + 2 * column),
    ),
    _mistake(
        "starts-one-late",
        "Your first column removes the second power, p + stride; begin with p.",
        lambda inputs, A, h: extrapolate(
            A, h, inputs["levels"], lambda column: inputs["p"] + (column + 1) * inputs["stride"]
        ),
    ),
    _mistake(
        "coarse-and-fine-swapped",
        "You give the factor 2^p to the coarser estimate; it belongs to the finer one, A(h/2).",
        _swapped,
    ),
    _mistake(
        "not-divided",
        "You forget to divide by 2^p − 1: the weights of an extrapolation add up to 1.",
        _undivided,
    ),
    _mistake("first-column-only", "You extrapolate once; go on until one value is left.", _first_only),
    _mistake(
        "no-extrapolation",
        "You return the finest estimate; combining it with the coarser ones is the point.",
        lambda inputs, A, h: A(h * 0.5 ** (inputs["levels"] - 1)),
    ),
    _mistake(
        "doubles-h",
        "Your steps are h, 2h, 4h …; here they are h, h/2, h/4 …",
        lambda inputs, A, h: extrapolate(
            A,
            h * 2.0 ** (inputs["levels"] - 1),
            inputs["levels"],
            lambda column: inputs["p"] + column * inputs["stride"],
        ),
        "order",
    ),
    Mistake(
        "asks-again",
        "You ask for the same estimates again and again; keep the first column of the table in a list.",
        lambda inputs: {"calls": 2 ** (inputs["levels"] - 1)},
        checks=("cost",),
    ),
)

LADDERS = tuple(f"{name} {levels}" for name in KINDS for levels in (2, 3))

EXERCISE = Exercise(
    id="richardson",
    draw=draw,
    checks=(
        Check(
            "order",
            "Each level raises the order by the stride",
            share=0.5,
            cases=LADDERS,
            complaint=order,
            likeness=1e-8,
        ),
        Check(
            "removed",
            "Enough levels remove every term",
            share=0.3,
            cases=tuple(f"{k} exact" for k in KINDS),
            complaint=removed,
            likeness=1e-8,
        ),
        Check(
            "one-level",
            "One level is the estimate itself",
            share=0.1,
            cases=("one level",),
            expected=plain,
            needs=("order",),
            tolerance=1e-12,
        ),
        Check(
            "cost",
            "One call of the estimate a level",
            share=0.1,
            cases=("cost",),
            complaint=wasteful,
            needs=("removed",),
            likeness=1e-3,
        ),
    ),
    mistakes=MISTAKES,
)
