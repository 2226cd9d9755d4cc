"""Judge ``hessian_vector``: the Hessian of drawn programs times drawn directions, by differences of differences."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import (
    AUTOGRAD,
    THROUGH_FLOAT,
    Array,
    decimals,
    draw_number,
    exact_check,
    exact_mistake,
    slope,
)
from .program import Program, evaluate

FUNCTIONS: dict[str, Program] = {
    # x0² x1² + 3 x1 x2³ − x0⁴: no difference of gradients is exact for it
    "polynomial": [
        ["*", 0, 1],
        ["**", 3, "2"],
        ["**", 2, "3"],
        ["*", 1, 5],
        ["*", "3", 6],
        ["+", 4, 7],
        ["**", 0, "4"],
        ["-", 8, 9],
    ],
    # (x0 x1 + x2) / (x1 + x2²), and a power
    "rational": [["*", 0, 1], ["+", 3, 2], ["*", 2, 2], ["+", 1, 5], ["/", 4, 6], ["**", 0, "-2"], ["+", 7, 8]],
    # tanh(x0 x1) exp(x2) − log(x1)
    "functions": [["*", 0, 1], ["tanh", 3], ["exp", 2], ["*", 4, 5], ["log", 1], ["-", 6, 7]],
    # x0 x1 + 2 x2: the last row of the Hessian is 0
    "linear in one": [["*", 0, 1], ["*", "2", 2], ["+", 3, 4]],
}


def draw(rng: np.random.Generator) -> list[Case]:
    """Every function in 50 digits, one in floats."""
    kinds = [(name, "precise") for name in FUNCTIONS] + [("functions", "float")]
    return [
        Case(
            name if kind == "precise" else f"{name} in floats",
            {
                "kind": kind,
                "program": FUNCTIONS[name],
                "x": [draw_number(rng) for _ in range(3)],
                "v": [draw_number(rng, "0.5", "1.5"), draw_number(rng, "-1.5", "-0.5"), draw_number(rng, "0.5", "1.5")],
            },
        )
        for name, kind in kinds
    ]


def _points(inputs: Tree) -> tuple[Array, Array, list[Array]]:
    x, v = decimals(inputs["x"]), decimals(inputs["v"])
    unit = [np.array([Decimal(int(i == j)) for j in range(len(x))], dtype=object) for i in range(len(x))]
    return x, v, unit


def _product(inputs: Tree, direction: Array) -> list[Decimal]:
    x, _, unit = _points(inputs)
    return [
        slope(lambda s, e=e: slope(lambda t: evaluate(inputs["program"], list(x + s * e + t * direction))))  # type: ignore[misc]
        for e in unit
    ]


def _gradient(inputs: Tree) -> list[Decimal]:
    x, _, unit = _points(inputs)
    return [slope(lambda t, e=e: evaluate(inputs["program"], list(x + t * e))) for e in unit]  # type: ignore[misc]


def oracle(inputs: Tree) -> dict[str, Any]:
    """Hv."""
    return {"product": _product(inputs, _points(inputs)[1])}


def _diagonal(inputs: Tree) -> dict[str, Any]:
    _, v, unit = _points(inputs)
    return {"product": [_product(inputs, e)[at] * v[at] for at, e in enumerate(unit)]}


def _answer(compute: Callable[[Tree], list[Decimal]]) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {"product": compute(inputs)}


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake(
        "gradient",
        "You return the gradient, which is the `value` of each grad; Hv is its slope.",
        _answer(_gradient),
    ),
    exact_mistake(
        "gradient-times-v",
        "You multiply the gradient with v; Hv is the slope of each grad.",
        lambda inputs: {"product": [g * d for g, d in zip(_gradient(inputs), decimals(inputs["v"]), strict=True)]},
    ),
    exact_mistake(
        "v-ignored",
        "Your slopes are all 1: the dual numbers on the tape are x_i + v_i ε.",
        lambda inputs: {"product": _product(inputs, sum(_points(inputs)[2], start=np.array([Decimal(0)] * 3)))},
    ),
    exact_mistake(
        "diagonal",
        "You only have the diagonal of the Hessian: all inputs must carry their slope at the same time, in one pass.",
        _diagonal,
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)

EXERCISE = Exercise(
    id="hessian_vector",
    draw=draw,
    checks=(
        exact_check("polynomial", "A polynomial", 0.3, ("polynomial",), oracle),
        exact_check("rational", "Quotients and powers", 0.25, ("rational",), oracle),
        exact_check("functions", "exp, log and tanh", 0.25, ("functions", "functions in floats"), oracle),
        exact_check(
            "linear", "An input that the function is linear in", 0.2, ("linear in one",), oracle, needs=("polynomial",)
        ),
    ),
    mistakes=MISTAKES,
)
