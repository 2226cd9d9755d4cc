"""Judge ``remainder``: f′ minus the five-point difference of xⁿ, in exact arithmetic, and its mean-value point."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import perm
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree


def draw(rng: np.random.Generator) -> list[Case]:
    """Low powers, for which nothing remains; the fifth; higher ones; floats; and points c of the mean-value theorem."""

    def exact(name: str, n: int) -> Case:
        x = [int(rng.integers(-9, 10)), int(rng.integers(2, 8))]
        h = [1, int(rng.integers(2, 9))]
        return Case(name, {"n": n, "x": x, "h": h})

    def real(name: str, n: int) -> Case:
        return Case(name, {"n": n, "x": float(rng.uniform(0.5, 2.0)), "h": float(rng.uniform(0.1, 0.4))})

    cases = [exact(f"power {n}", n) for n in range(1, 5)]
    cases += [exact("fifth", 5), exact("fifth again", 5), exact("power 6", 6), exact("power 7", 7), exact("power 8", 8)]
    cases += [real("float 5", 5), real("float 7", 7)]
    return cases + [
        Case(f"c {n}", {"n": n, "x": float(rng.uniform(0.5, 1.5)), "h": float(rng.uniform(0.15, 0.24)), "point": True})
        for n in (6, 7, 8, 9)
    ]


def as_fraction(value: Any) -> Fraction:
    """A case's number: a pair is a fraction, a float is what it is."""
    return Fraction(*value) if isinstance(value, list | tuple) else Fraction(value)


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
    return inputs["n"], as_fraction(inputs["x"]), as_fraction(inputs["h"])


def _pair(value: Fraction) -> list[int]:
    return [value.numerator, value.denominator]


def inexact(inputs: Tree, outputs: Tree) -> str | None:
    """The remainder is right, without any rounding."""
    right = remains(*_arguments(inputs))
    got = outputs["fraction"]
    if got is None:
        return (
            "with x and h as Fractions the remainder should be a Fraction, without rounding. Is there a float among your numbers, such as 12.0?"
        )
    if [int(part) for part in got] != _pair(right):
        return f"the remainder of x^{inputs['n']} is not right."
    return None


def oracle(inputs: Tree) -> Tree:
    """The remainder or, where it is asked for, the point c."""
    arguments = _arguments(inputs)
    return {"value": mean_point(*arguments) if "point" in inputs else float(remains(*arguments))}


Rule = Callable[[int, Fraction, Fraction], Fraction]


def _mistake(name: str, message: str, wrong: Rule) -> Mistake:
    def expected(inputs: Tree) -> Tree:
        value = wrong(*_arguments(inputs))
        return {"value": float(value)} if isinstance(inputs["x"], float) else {"fraction": _pair(value)}

    return Mistake(name, message, expected, checks=("fifth", "low", "high", "floats"))


def _point_mistake(name: str, message: str, wrong: Callable[[int, Fraction, Fraction], float]) -> Mistake:
    return Mistake(name, message, lambda inputs: {"value": wrong(*_arguments(inputs))}, checks=("mean-point",))


def _power(n: int, x: Fraction, h: Fraction) -> float:
    """cⁿ⁻⁵."""
    return mean_point(n, x, h) ** (n - 5)


MISTAKES = (
    _mistake(
        "sign",
        "Your remainder has the wrong sign: it is f′(x) minus the estimate, what has to be added to it.",
        lambda n, x, h: -remains(n, x, h),
    ),
    _mistake(
        "always-4h4",
        "You return 4h⁴ for every power; that is the remainder of x⁵ alone.",
        lambda n, x, h: 4 * h**4,
    ),
    _mistake(
        "fifth-derivative-at-x",
        "You return h⁴/30 · f⁽⁵⁾(x), the leading term. From x⁷ on there are more: subtract the estimate itself.",
        lambda n, x, h: h**4 / 30 * (perm(n, 5) * x ** (n - 5) if n >= 5 else 0),
    ),
    _mistake(
        "central",
        "You subtract the central difference; the estimate here is the five-point one.",
        lambda n, x, h: n * x ** (n - 1) - ((x + h) ** n - (x - h) ** n) / (2 * h),
    ),
    _mistake(
        "estimate-only",
        "You return the estimate; subtract it from the true derivative n xⁿ⁻¹.",
        five_point,
    ),
    _mistake(
        "relative",
        "You divide the remainder by the derivative; it is not relative here.",
        lambda n, x, h: remains(n, x, h) / (n * x ** (n - 1)) if x or n == 1 else Fraction(0),
    ),
    Mistake(
        "floats-inside",
        "Your remainder is a float, and so rounded: a float among the numbers (12.0, 1/12, float(x)) turns Fractions into floats. Write 12 * h.",
        lambda inputs: {"fraction": None},
        checks=("fifth",),
    ),
    _point_mistake(
        "point-without-30",
        "Your point c forgets the 30 of h⁴/30 · f⁽⁵⁾(c).",
        lambda n, x, h: (_power(n, x, h) / 30) ** (1 / (n - 5)),
    ),
    _point_mistake(
        "point-no-root",
        "Your `mean_point` returns cⁿ⁻⁵; take the root 1/(n−5).",
        _power,
    ),
    _point_mistake(
        "point-wrong-factorial",
        "Your fifth derivative of xⁿ is n! · cⁿ⁻⁵; the factors stop after five: n(n−1)(n−2)(n−3)(n−4).",
        lambda n, x, h: (_power(n, x, h) * perm(n, 5) / perm(n)) ** (1 / (n - 5)),
    ),
    _point_mistake("point-is-x", "Your `mean_point` returns x; c lies near x, but is not x.", lambda n, x, h: float(x)),
)

EXERCISE = Exercise(
    id="remainder",
    draw=draw,
    checks=(
        Check(
            "fifth",
            "x⁵: exactly 4h⁴, wherever x is",
            share=0.25,
            cases=("fifth", "fifth again"),
            complaint=inexact,
            likeness=1e-9,
        ),
        Check(
            "high",
            "x⁶, x⁷ and x⁸",
            share=0.2,
            cases=("power 6", "power 7", "power 8"),
            complaint=inexact,
            likeness=1e-9,
        ),
        Check(
            "low",
            "x, x², x³ and x⁴: nothing remains",
            share=0.15,
            cases=tuple(f"power {n}" for n in range(1, 5)),
            complaint=inexact,
            needs=("fifth",),
            likeness=1e-9,
        ),
        Check("floats", "Floats work too", share=0.1, cases=("float 5", "float 7"), expected=oracle, tolerance=1e-6),
        Check(
            "mean-point",
            "The point c of the mean-value theorem",
            share=0.3,
            cases=("c 6", "c 7", "c 8", "c 9"),
            expected=oracle,
            tolerance=1e-4,
        ),
    ),
    mistakes=MISTAKES,
)
