"""Judge ``remainder``: f′ minus the five-point difference of xⁿ, in exact arithmetic, and its mean-value point."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import perm
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree

from .smooth import described


def draw(rng: np.random.Generator) -> list[Case]:
    """Low powers, for which nothing remains; the fifth; higher ones; also at 0 and left of it; floats; and mean points c."""

    def exact(name: str, n: int) -> Case:
        sign = {1: 0, 6: -1, 7: 0}.get(n, 1)
        x = [sign * int(rng.integers(1, 10)), int(rng.integers(2, 8))]
        h = int(rng.choice([11, 13, 17, 19]) if n == 8 else rng.integers(2, 9))  # 1/11⁶: a denominator above 10⁶
        return Case(name, {"n": n, "x": x, "h": [1, h]})

    def point(n: int) -> Case:
        x, h = float(rng.uniform(0.5, 1.5)), float(rng.uniform(0.15, 0.24))
        return Case(f"c {n}", {"n": n, "x": x, "h": h, "point": True})

    return [
        *(exact(f"power {n}", n) for n in range(1, 5)),
        *(exact(name, 5) for name in ("fifth", "fifth again")),
        *(exact(f"power {n}", n) for n in range(6, 9)),
        *(
            Case(f"float {n}", {"n": n, "x": float(rng.uniform(0.5, 2.0)), "h": float(rng.uniform(0.1, 0.4))})
            for n in (5, 7)
        ),
        *(point(n) for n in range(6, 10)),
    ]


def five_point(n: int, x: Fraction, h: Fraction) -> Fraction:
    """The five-point difference of xⁿ."""
    return (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)


def remains(n: int, x: Fraction, h: Fraction) -> Fraction:
    """n xⁿ⁻¹ minus the five-point difference."""
    return n * x ** (n - 1) - five_point(n, x, h)


def mean_point(n: int, x: Fraction, h: Fraction) -> float:
    """The c > 0 for which h⁴/30 · f⁽⁵⁾(c) is the remainder, f⁽⁵⁾(c) = n(n−1)(n−2)(n−3)(n−4) cⁿ⁻⁵."""
    power = 30 * remains(n, x, h) / (h**4 * perm(n, 5))
    return float(float(power) ** (1 / (n - 5)))


def _arguments(inputs: Tree) -> tuple[int, Fraction, Fraction]:
    """n, x and h; a pair is a fraction, a float is what it is."""
    x, h = (Fraction(*raw) if isinstance(raw, list | tuple) else Fraction(raw) for raw in (inputs["x"], inputs["h"]))
    return inputs["n"], x, h


def _pair(value: Fraction) -> list[int]:
    return [value.numerator, value.denominator]


def inexact(inputs: Tree, outputs: Tree) -> str | None:
    """The remainder is right, without any rounding."""
    got = outputs["fraction"]
    if got is None:
        return "with x and h as Fractions the remainder should be a Fraction, without rounding. Is there a float among your numbers, such as 12.0?"
    if len(got) != 2 or [int(part) for part in got] != _pair(remains(*_arguments(inputs))):
        return f"the remainder of x^{inputs['n']} is not right."
    return None


def value(rule: Callable[[int, Fraction, Fraction], Any]) -> Callable[[Tree], Tree]:
    """The oracle of a rule for a float."""
    return lambda inputs: {"value": float(rule(*_arguments(inputs)))}


def fraction_or_value(rule: Callable[[int, Fraction, Fraction], Fraction], inputs: Tree) -> Tree:
    """What a rule for a remainder gives, exact where x is."""
    floats = isinstance(inputs["x"], float)
    return value(rule)(inputs) if floats else {"fraction": _pair(rule(*_arguments(inputs)))}


mistake = Mistakes(beside=__file__)
rest = mistake.group("fifth", "low", "high", "floats", oracle=partial(partial, fraction_or_value))
point = mistake.group("mean-point", oracle=value)

rest.listed("sign", lambda n, x, h: -remains(n, x, h))
rest.listed("always-4h4", lambda n, x, h: 4 * h**4)
rest.listed("fifth-derivative-at-x", lambda n, x, h: h**4 / 30 * (perm(n, 5) * x ** (n - 5) if n >= 5 else 0))
rest.listed("central", lambda n, x, h: n * x ** (n - 1) - ((x + h) ** n - (x - h) ** n) / (2 * h))
rest.listed("relative", lambda n, x, h: remains(n, x, h) / (n * x ** (n - 1)) if x or n == 1 else Fraction(0))
rest.listed("absolute", lambda n, x, h: abs(remains(n, x, h)))
rest.listed("short-denominator", lambda n, x, h: remains(n, x, h).limit_denominator())
rest.listed("remembers-another-x", lambda n, x, h: remains(n, x + (x.denominator < 1000), h))
mistake.listed("floats-inside", lambda inputs: {"fraction": None})
point.listed("point-without-30", lambda n, x, h: mean_point(n, x, h) / 30 ** (1 / (n - 5)))
point.listed("point-wrong-factorial", lambda n, x, h: mean_point(n, x, h) * (perm(n, 5) / perm(n)) ** (1 / (n - 5)))
point.listed("point-is-x", lambda n, x, h: x)

rest.formula(remains)
rest.group(oracle=lambda rule: partial(fraction_or_value, lambda n, x, h: n * x ** (n - 1) - rule(n, x, h))).formula(
    five_point
)
point.formula(mean_point)

exact = partial(Check, complaint=inexact, example=value(remains))
floats = partial(Check, cases=("float 5", "float 7"), expected=value(remains), tolerance=1e-6)
mean = partial(Check, cases=("c 6", "c 7", "c 8", "c 9"), expected=value(mean_point), tolerance=1e-4)
LOW = ("power 1", "power 2", "power 3", "power 4")
CHECKS = (
    exact("fifth", "x⁵: exactly 4h⁴, wherever x is", share=0.25, cases=("fifth", "fifth again")),
    exact("high", "x⁶, x⁷ and x⁸", share=0.2, cases=("power 6", "power 7", "power 8")),
    exact("low", "x, x², x³ and x⁴: nothing remains", share=0.15, cases=LOW, needs=("fifth",)),
    floats("floats", "Floats work too", share=0.1),
    mean("mean-point", "The point c of the mean-value theorem", share=0.3),
)
EXERCISE = Exercise("remainder", draw, CHECKS, tuple(mistake), tuple(mistake.formulas), described=described)
