"""Judge ``wengert_list``: values, tangents and adjoints of y = (x1 x2 + x1²) / (x1 x2 − x2), step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    many_digits,
    slope,
)


def draw(rng: np.random.Generator) -> list[Case]:
    """Every column at drawn numbers, and at floats."""
    cases = []
    for column, count in (("values", 2), ("tangents", 4), ("adjoints", 2)):
        for kind in ("precise", "float"):
            arguments = [draw_number(rng, "1.5", "3") for _ in range(count)]
            cases.append(Case(f"{column} {kind}", {"kind": kind, "column": column, "arguments": arguments}))
    return cases


def steps(x1: Decimal, x2: Decimal, nudge: Sequence[Decimal] = (Decimal(0),) * 5) -> list[Decimal]:
    """The five values; each may be nudged once it is computed."""
    v1 = x1 * x2 + nudge[0]
    v2 = x1 * x1 + nudge[1]
    v3 = v1 + v2 + nudge[2]
    v4 = v1 - x2 + nudge[3]
    return [v1, v2, v3, v4, v3 / v4 + nudge[4]]


def oracle(inputs: Tree) -> dict[str, Any]:
    """The column: tangents and adjoints by nudging."""
    x1, x2, *direction = decimals(inputs["arguments"])
    if inputs["column"] == "values":
        return {"column": steps(x1, x2)}
    if inputs["column"] == "tangents":
        d1, d2 = direction
        return {"column": [slope(lambda t, at=at: steps(x1 + t * d1, x2 + t * d2)[at]) for at in range(5)]}  # type: ignore[misc]

    def nudged(at: int) -> Decimal:
        return slope(lambda t: steps(x1, x2, [t if at == place else Decimal(0) for place in range(5)])[-1])

    ends = [slope(lambda t: steps(x1 + t, x2)[-1]), slope(lambda t: steps(x1, x2 + t)[-1])]
    return {"column": [*map(nudged, range(5)), *ends]}


def _wrong(column: str, change: Callable[[Tree, list[Decimal]], list[Decimal]]) -> Callable[[Tree], dict[str, Any]]:
    @many_digits
    def wrong(inputs: Tree) -> dict[str, Any]:
        return {"column": change(inputs, oracle(inputs)["column"])} if inputs["column"] == column else {}

    return wrong


def _first_input_alone(inputs: Tree, right: list[Decimal]) -> list[Decimal]:
    x1, x2, d1, _ = inputs["arguments"]
    return list(oracle({**inputs, "arguments": [x1, x2, d1, "0"]})["column"])


def _shared_overwritten(inputs: Tree, right: list[Decimal]) -> list[Decimal]:
    x1, x2 = decimals(inputs["arguments"])
    a1 = right[3]
    return [a1, *right[1:5], a1 * x2 + right[1] * 2 * x1, a1 * x1 - right[3]]


def _square_once(inputs: Tree, right: list[Decimal]) -> list[Decimal]:
    x1, x2 = decimals(inputs["arguments"])
    return [*right[:5], right[0] * x2 + right[1] * x1, right[6]]


def _direct_use_forgotten(inputs: Tree, right: list[Decimal]) -> list[Decimal]:
    x1, _ = decimals(inputs["arguments"])
    return [*right[:6], right[0] * x1]


def _quotient_sign(inputs: Tree, right: list[Decimal]) -> list[Decimal]:
    x1, x2 = decimals(inputs["arguments"])
    a4, a3 = -right[3], right[2]
    a1 = a3 + a4
    return [a1, a3, a3, a4, Decimal(1), a1 * x2 + a3 * 2 * x1, a1 * x1 - a4]


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake(
        "shared-overwritten",
        "v1 is used twice, by v3 and by v4: its two contributions add up, the second does not replace the first.",
        _wrong("adjoints", _shared_overwritten),
    ),
    exact_mistake(
        "square-once",
        "In v2 = x1·x1 the input x1 is used twice, so its derivative is 2·x1.",
        _wrong("adjoints", _square_once),
    ),
    exact_mistake(
        "direct-use-forgotten",
        "x2 is used twice: in v1, and directly in v4 = v1 − x2. One of its contributions is missing.",
        _wrong("adjoints", _direct_use_forgotten),
    ),
    exact_mistake(
        "quotient-sign",
        "v5 = v3/v4 falls when v4 grows: the adjoint of v4 is −v5/v4.",
        _wrong("adjoints", _quotient_sign),
    ),
    exact_mistake(
        "direction-ignored",
        "Your tangents move x1 only: x2 moves too, with velocity d2.",
        _wrong("tangents", _first_input_alone),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)

EXERCISE = Exercise(
    id="wengert_list",
    draw=draw,
    checks=(
        exact_check("values", "The values", 0.2, ("values precise", "values float"), oracle),
        exact_check("tangents", "The tangents in any direction", 0.4, ("tangents precise", "tangents float"), oracle),
        exact_check("adjoints", "The adjoints and the gradient", 0.4, ("adjoints precise", "adjoints float"), oracle),
    ),
    mistakes=MISTAKES,
)
