"""Judge ``wengert_list``: values, tangents and adjoints of y = (x1 x2 + x1²) / (x1 x2 − x2), step by step."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree

from .exact import REFUSED, SIXTEEN_DIGITS, Array, decimals, draw_number, exact, exact_check, gradient, slope

COLUMNS = {"values": 2, "tangents": 4, "adjoints": 2}
"""The columns of the table, and how many numbers each is asked for with."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every column at drawn numbers, at floats, and what is derived at x1 = 0, where v3 is 0; the floats once more in 50 digits."""

    def case(column: str, name: str, kind: str, *arguments: str) -> Case:
        return Case(f"{column} {name}", {"kind": kind, "column": column, "arguments": arguments})

    cases = []
    for column, count in COLUMNS.items():
        cases.append(case(column, "precise", "precise", *(draw_number(rng, "1.5", "3") for _ in range(count))))
        short = [str(rng.integers(384, 769) / 256) for _ in range(count)]  # a float and 50 digits that are equal
        again = case(column, "again", "precise", *short)
        at_zero = case(column, "at 0", "precise", "0", *(draw_number(rng, "1.5", "3") for _ in range(count - 1)))
        cases += [case(column, "float", "float", *short), again if column == "values" else at_zero]
    return cases


def values(x1: Decimal, x2: Decimal, nudge: Sequence[Decimal] | Array = (Decimal(0),) * 5) -> list[Decimal]:
    """The five values; each may be nudged once it is computed."""
    v1 = x1 * x2 + nudge[0]
    v2 = x1 * x1 + nudge[1]
    v3 = v1 + v2 + nudge[2]
    v4 = v1 - x2 + nudge[3]
    return [v1, v2, v3, v4, v3 / v4 + nudge[4]]


def tangents(x1: Decimal, x2: Decimal, d1: Decimal, d2: Decimal) -> list[Decimal]:
    """The five values' derivatives along a direction."""
    return [slope(lambda t, at=at: values(x1 + t * d1, x2 + t * d2)[at]) for at in range(5)]


def adjoints(x1: Decimal, x2: Decimal) -> list[Decimal]:
    """The derivatives of the last value by the five values and by the two inputs."""
    by_values = gradient(lambda nudge: values(x1, x2, nudge)[-1], np.array([Decimal(0)] * 5))
    by_inputs = gradient(lambda x: values(*x)[-1], np.array([x1, x2]))
    return [*by_values, *by_inputs]


def oracle(inputs: Tree) -> dict[str, Any]:
    """The column."""
    columns: dict[str, Callable[..., Any]] = {"values": values, "tangents": tangents, "adjoints": adjoints}
    return {"column": columns[inputs["column"]](*decimals(inputs["arguments"]))}


def ruled(rule: Any) -> Any:
    """The oracle of a rule for the column from the right one and the arguments."""
    return exact(lambda inputs: {"column": rule(oracle(inputs)["column"], *decimals(inputs["arguments"]))})


mistake = Mistakes(ruled, beside=__file__)
ENTRIES = mistake.table.pop("entries")
adjoint, tangent = mistake.group("adjoints"), mistake.group("tangents")

adjoint.listed("shared-overwritten", lambda a, x1, x2: [a[3], *a[1:5], a[3] * x2 + a[1] * 2 * x1, a[3] * x1 - a[3]])
adjoint.listed("square-once", lambda a, x1, x2: [*a[:5], a[0] * x2 + a[1] * x1, a[6]])
adjoint.listed("direct-use-forgotten", lambda a, x1, x2: [*a[:6], a[0] * x1])


@adjoint()
def quotient_sign(a: Any, x1: Decimal, x2: Decimal) -> list[Decimal]:
    """v5 = v3/v4 falls when v4 grows: the adjoint of v4 is −v5/v4."""
    v1 = a[2] - a[3]
    return [v1, a[2], a[2], -a[3], a[4], v1 * x2 + a[2] * 2 * x1, v1 * x1 + a[3]]


tangent.listed("direction-ignored", lambda _, x1, x2, d1, d2: tangents(x1, x2, d1, Decimal(0)))


def follows(inputs: Tree, got: Array, v: Sequence[float] | Array) -> list[float]:
    """The column as each entry follows from those that it is made of, as these came, and from values."""
    x1, x2, *d = map(float, inputs["arguments"])
    a, b, c, e, f, *_ = got
    if inputs["column"] == "values":
        return [x1 * x2, x1 * x1, a + b, a - x2, c / e]
    if inputs["column"] == "tangents":
        return [d[0] * x2 + x1 * d[1], 2 * x1 * d[0], a + b, a - d[1], (c * v[3] - v[2] * e) / v[3] ** 2]
    return [c + e, c, f / v[3], -f * v[2] / v[3] ** 2, 1, a * x2 + b * 2 * x1, a * x1 - e]


def wrong_entries(inputs: Tree, outputs: Tree) -> Slip | None:
    """Which entries do not follow from those that they are made of, each judged by itself."""
    got, column, size = outputs["column"], inputs["column"], 7 if inputs["column"] == "adjoints" else 5
    if np.shape(got) != (size,):
        words = ENTRIES["length"].format(size)
        return Slip(f"length-of-{column}", words) if np.ndim(got) == 1 else None
    right = exact(oracle)(inputs)["column"]
    by_chance = "0" in inputs["arguments"] and np.allclose(got[4:], right[4:], rtol=1e-9)  # where entries are alike
    if np.allclose(np.sort(got), np.sort(right), rtol=1e-9) and not by_chance:
        return Slip(f"{column}-in-another-order", ENTRIES["order"])
    x = decimals(inputs["arguments"])
    rows = [np.array(values(*x[:2]), float), outputs.get("values")]
    near = np.any([np.isclose(got, follows(inputs, got, v), rtol=1e-9) for v in rows if np.shape(v) == (5,)], axis=0)
    if not np.array_equal(outputs.get("later", got), got):
        return Slip("values-left-behind", ENTRIES["left"])
    if near.all():
        return Slip("from-wrong-values", ENTRIES["values"]) if column != "values" else None
    found = [f"{column[0]}{at + 1}" if at < 5 else f"b{at - 4}" for at in np.flatnonzero(~near)]
    return Slip(" + ".join(found), " ".join(ENTRIES[name] for name in found[:3]))


def check(name: str, title: str, third: str, share: float) -> Check:
    """A column's check, on three cases."""
    cases = tuple(f"{name} {each}" for each in ("precise", "float", third))
    return exact_check(name, title, oracle=oracle, slip=wrong_entries, sixteen=SIXTEEN_DIGITS, share=share, cases=cases)


CHECKS = (
    check("values", "The values", "again", 0.2),
    check("tangents", "The tangents in any direction", "at 0", 0.4),
    check("adjoints", "The adjoints and the gradient", "at 0", 0.4),
)
EXERCISE = Exercise("wengert_list", draw, checks=CHECKS, mistakes=(*mistake, *REFUSED))
