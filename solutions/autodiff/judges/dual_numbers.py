"""Judge ``dual_numbers``: value and slope of drawn programs, and slopes of slopes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import (
    AUTOGRAD,
    THROUGH_FLOAT,
    decimals,
    draw_number,
    exact_check,
    exact_mistake,
    slope,
)
from .program import WRONG_RULES, Rule, draw_program, evaluate, with_rules

NAMES = ("sums", "quotients", "plain", "functions")


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules in 50 digits and in floats, two directions at once; then the nested case."""
    cases = []
    for name in NAMES:
        for kind in ("precise", "float"):
            slopes = [draw_number(rng, "0.5", "2"), draw_number(rng, "-2", "-0.5")]
            cases.append(draw_program(rng, name, kind, slopes=slopes, nested=False))
    return [*cases, draw_program(rng, "second", "precise", inputs=2, slopes=["1", "0"], nested=True)]


def _along(inputs: Tree, t: Decimal) -> Decimal:
    start, direction = decimals(inputs["x"]), decimals(inputs["slopes"])
    return evaluate(inputs["program"], list(start + t * direction))


def oracle(inputs: Tree) -> dict[str, Any]:
    """The value, and its derivative along the direction; the second one where numbers are nested."""
    right = {"value": _along(inputs, Decimal(0)), "slope": slope(lambda t: _along(inputs, t))}
    if inputs["nested"]:
        right["second"] = slope(lambda s: slope(lambda t: _along(inputs, s + t)))
    return right


def _with(wrong: Mapping[str, Rule]) -> Any:
    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["nested"]:
            return {}
        numbers, slopes = decimals(inputs["x"]), decimals(inputs["slopes"])
        value, tangent = with_rules(inputs["program"], list(numbers), list(slopes), wrong)
        return {"value": value, "slope": tangent}

    return expected


PRODUCT_OF_SLOPES: Mapping[str, Rule] = {"*": lambda a, b: (a[0] * b[0], a[1] * b[1])}

MISTAKES: tuple[Mistake, ...] = (
    exact_mistake(
        "product-of-slopes",
        "Your product multiplies the slopes; multiply out and drop ε²: (ab)' = a'b + ab'.",
        _with(PRODUCT_OF_SLOPES),
        checks=NAMES,
    ),
    *(
        exact_mistake(name, message, _with(rules), checks=NAMES)
        for name, (message, rules) in WRONG_RULES.items()
        if name != "product-swapped"
    ),
    exact_mistake(
        "second-order-lost",
        "Your dual numbers lose the slope of the slope: values and slopes may be dual numbers themselves, so compute with them as they are.",
        lambda inputs: {"second": Decimal(0)} if inputs["nested"] else {},
        checks=("second",),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)


def _cases(name: str) -> tuple[str, str]:
    return name, f"{name} in floats"


EXERCISE = Exercise(
    id="dual_numbers",
    draw=draw,
    checks=(
        exact_check("sums", "Sums, differences and products", 0.2, _cases("sums"), oracle),
        exact_check("quotients", "Quotients and powers", 0.2, _cases("quotients"), oracle),
        exact_check("plain", "Plain numbers on either side", 0.2, _cases("plain"), oracle),
        exact_check("functions", "exp, log and tanh", 0.2, _cases("functions"), oracle),
        exact_check("second", "Dual numbers inside dual numbers: second derivatives", 0.2, ("second",), oracle),
    ),
    mistakes=MISTAKES,
)
