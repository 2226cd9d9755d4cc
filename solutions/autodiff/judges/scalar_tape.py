"""Judge ``scalar_tape``: what the pulls that the operators record say of drawn programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import AUTOGRAD, THROUGH_FLOAT, decimals, exact_check, exact_mistake, slope
from .program import WRONG_RULES, Rule, draw_program, evaluate, with_rules

NAMES = ("sums", "quotients", "plain", "functions", "shared")


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules in 50 digits and in floats."""
    return [draw_program(rng, name, kind) for name in NAMES for kind in ("precise", "float")]


def oracle(inputs: Tree) -> dict[str, Any]:
    """Value and gradient."""
    x = decimals(inputs["x"])
    unit = np.array([[Decimal(int(i == j)) for j in range(len(x))] for i in range(len(x))], dtype=object)
    gradient = [slope(lambda t, e=e: evaluate(inputs["program"], list(x + t * e))) for e in unit]  # type: ignore[misc]
    return {"value": evaluate(inputs["program"], list(x)), "gradient": gradient}


def _with(wrong: Mapping[str, Rule]) -> Any:
    def expected(inputs: Tree) -> dict[str, Any]:
        x = list(decimals(inputs["x"]))
        runs = [
            with_rules(inputs["program"], x, [Decimal(int(i == j)) for j in range(len(x))], wrong)
            for i in range(len(x))
        ]
        return {"value": runs[0][0], "gradient": [tangent for _, tangent in runs]}

    return expected


MISTAKES: tuple[Mistake, ...] = (
    *(
        exact_mistake(name, message, _with(rules))
        for name, (message, rules) in WRONG_RULES.items()
        if name != "chain-rule"
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)


def _cases(name: str) -> tuple[str, str]:
    return name, f"{name} in floats"


EXERCISE = Exercise(
    id="scalar_tape",
    draw=draw,
    checks=(
        exact_check("sums", "Sums, differences and products", 0.2, _cases("sums"), oracle),
        exact_check("quotients", "Quotients and powers", 0.2, _cases("quotients"), oracle),
        exact_check("plain", "Plain numbers on either side", 0.2, _cases("plain"), oracle),
        exact_check("functions", "exp, log and tanh", 0.2, _cases("functions"), oracle),
        exact_check("shared", "Values that are used more than once", 0.2, _cases("shared"), oracle),
    ),
    mistakes=MISTAKES,
)
