"""Judge ``nested_derivatives``: derivatives inside derivatives, whose values are known by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import AUTOGRAD, THROUGH_FLOAT, decimals, draw_number, exact_check, exact_mistake

Formula = Callable[[Decimal, Decimal, Decimal], Decimal]

RIGHT: dict[str, Formula] = {
    "plain": lambda a, b, c: 3 * a * b**2 - b,
    "from a number": lambda a, b, c: -c - a,
    "constant": lambda a, b, c: Decimal(0),
    "second": lambda a, b, c: 6 * a * c + 2 * b,
    "third": lambda a, b, c: 24 * a * c,
    "sum": lambda a, b, c: Decimal(1),
    "product": lambda a, b, c: 4 * a * b + c,
    "difference": lambda a, b, c: 4 * a * b - 3 * b**2,
    "three deep": lambda a, b, c: 6 * c * a**2 + 4 * a * b,
    "forgets the inner": lambda a, b, c: 2 * b,
}
"""By nesting (what each of them is, the probe says): its derivative at three numbers, by hand."""

CONFUSED: dict[str, Formula] = {
    "sum": lambda a, b, c: Decimal(2),
    "product": lambda a, b, c: 2 * a * b + a**2 + c,
    "difference": lambda a, b, c: 2 * b * (a - b),
    "three deep": lambda a, b, c: (c**2 + 2 * a * c + c + b) * (a + b),
}
"""With one ε for all."""

OUTER_WINS: dict[str, Formula] = {name: lambda a, b, c: Decimal(0) for name in CONFUSED}
ONE_TERM: dict[str, Formula] = {"plain": lambda a, b, c: a * b**2 - b}
REVERSED: dict[str, Formula] = {"from a number": lambda a, b, c: c - a}
INNER_LEAKS: dict[str, Formula] = {"forgets the inner": lambda a, b, c: 2 * b + c}


def draw(rng: np.random.Generator) -> list[Case]:
    """Every nesting, and two of them in floats."""
    names = [(name, "precise") for name in RIGHT] + [("second", "float"), ("product", "float")]
    return [
        Case(
            name if kind == "precise" else f"{name} in floats",
            {"kind": kind, "nesting": name, "x": [draw_number(rng) for _ in range(3)]},
        )
        for name, kind in names
    ]


def oracle(inputs: Tree) -> dict[str, Any]:
    """The derivative."""
    return {"derivative": RIGHT[inputs["nesting"]](*decimals(inputs["x"]))}


def _with(wrong: dict[str, Formula]) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        name = inputs["nesting"]
        return {"derivative": wrong[name](*decimals(inputs["x"]))} if name in wrong else {}

    return expected


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake(
        "perturbation-confusion",
        "Perturbation confusion: the ε of the outer derivative and that of the inner one are mixed up. Give every call of `derivative` a tag of its own, and treat a number with an older tag as a constant.",
        _with(CONFUSED),
    ),
    exact_mistake(
        "outer-wins",
        "Where two tags meet, your result keeps the older one, so the inner derivative finds nothing: the newer tag wins, and the older number is its constant.",
        _with(OUTER_WINS),
    ),
    exact_mistake(
        "product-one-term",
        "Your product rule has one term only: (ab)' = a'b + ab'.",
        _with(ONE_TERM),
        checks=("single",),
    ),
    exact_mistake(
        "reversed-difference",
        "2 − x is not x − 2: `__rsub__` is called on the right operand, with the left one as its argument.",
        _with(REVERSED),
        checks=("single",),
    ),
    exact_mistake(
        "foreign-slope",
        "`derivative` takes the slope of whatever comes back; when the result carries another tag (or none), it does not depend on this ε, and the derivative is 0.",
        _with(INNER_LEAKS),
        checks=("constants",),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)

EXERCISE = Exercise(
    id="nested_derivatives",
    draw=draw,
    checks=(
        exact_check("single", "One derivative", 0.15, ("plain", "from a number"), oracle),
        exact_check("higher", "Second and third derivatives", 0.25, ("second", "third", "second in floats"), oracle),
        exact_check(
            "captured",
            "An inner function that uses the outer variable",
            0.4,
            ("sum", "product", "difference", "three deep", "product in floats"),
            oracle,
        ),
        exact_check(
            "constants",
            "Functions that do not depend on their variable",
            0.2,
            ("constant", "forgets the inner"),
            oracle,
            needs=("single",),
        ),
    ),
    mistakes=MISTAKES,
)
