"""Judge ``remainder``: f′ minus the five-point difference of xⁿ, in exact arithmetic, and its mean-value point."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product
from math import comb, factorial, perm
from operator import mul
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree

from .smooth import described

HIGH, MEAN = (6, 7, 13), (6, 7, 8, 11)
"""High powers, of the last of which five terms remain; and those whose point c is asked for."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Low powers, for which nothing remains; the fifth; higher ones; also at 0 and left of it; floats; and mean points c."""

    def exact(name: str, n: int) -> Case:
        sign = {1: 0, 6: -1, 7: 0}.get(n, 1)
        beyond = 4 if n == HIGH[-1] else 8  # so that no number is too long for the probe
        x = [sign * int(rng.integers(1, 10)), int(rng.integers(2, beyond))]
        parts = [503, 509, 521, 523] if n == 7 else range(2, beyond + 1)  # 1/503⁶: a denominator above 10¹⁶
        h = int(rng.choice(parts))
        return Case(name, {"n": n, "x": x, "h": [1, h]})

    def point(n: int) -> Case:
        x, h = float(rng.uniform(0.5, 0.8)), float(rng.uniform(0.15, 0.24))
        return Case(f"c {n}", {"n": n, "x": x, "h": h, "point": True})

    return [
        *(exact(f"power {n}", n) for n in range(1, 5)),
        *(exact(name, 5) for name in ("fifth", "fifth again")),
        *(exact(f"power {n}", n) for n in HIGH),
        *(
            Case(f"float {n}", {"n": n, "x": float(rng.uniform(0.5, 2.0)), "h": float(rng.uniform(0.1, 0.4))})
            for n in (5, 7)
        ),
        *(point(n) for n in MEAN),
    ]


def five_point(n: int, x: Fraction, h: Fraction) -> Fraction:
    """The five-point difference of xⁿ."""
    return (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)


def remains(n: int, x: Fraction, h: Fraction) -> Fraction:
    """n xⁿ⁻¹ minus the five-point difference."""
    return n * x ** (n - 1) - five_point(n, x, h)


def remains_to(last: int, n: int, x: Fraction, h: Fraction) -> Fraction:
    """The first terms of the remainder's series in h."""
    powers = range(5, min(n, last) + 1, 2)
    return sum((comb(n, k) * x ** (n - k) * h ** (k - 1) * ((2**k - 8) // 6) for k in powers), Fraction(0))


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
    if outputs["float"] is True:
        return "with x and h as Fractions the remainder should be a Fraction, without rounding. Is there a float among your numbers, such as 12.0?"
    if (
        got is None
        or outputs["binary"] is not False
        or len(got) != 2
        or [int(part) for part in got] != _pair(remains(*_arguments(inputs)))
    ):
        return f"the remainder of x^{inputs['n']} is not right."
    return None


def value(rule: Callable[[int, Fraction, Fraction], Any]) -> Callable[[Tree], Tree]:
    """The oracle of a rule for a float."""
    return lambda inputs: {"value": float(rule(*_arguments(inputs)))}


def fraction_or_value(rule: Callable[[int, Fraction, Fraction], Fraction], inputs: Tree) -> Tree:
    """What a rule for a remainder gives, exact where x is."""
    floats = isinstance(inputs["x"], float)
    return value(rule)(inputs) if floats else {"fraction": _pair(rule(*_arguments(inputs)))}


def of_floats(inputs: Tree) -> Tree:
    """Whatever came before: the same numbers as fractions give what others do; the probe says so."""
    return {"type as of others": True}


def four(n: int, x: Fraction, h: Fraction) -> tuple[Any, ...]:
    """The powers at the four points, from the right."""
    return (x + 2 * h) ** n, (x + h) ** n, (x - h) ** n, (x - 2 * h) ** n


mistake = Mistakes(beside=__file__)
rest = mistake.group("fifth", "low", "high", "floats", oracle=partial(partial, fraction_or_value))
point = mistake.group("mean-point", oracle=value)

rest.listed("always-4h4", lambda n, x, h: 4 * h**4)
rest.listed("fifth-derivative-at-x", lambda n, x, h: h**4 / 30 * (perm(n, 5) * x ** (n - 5) if n >= 5 else 0))
rest.listed("central", lambda n, x, h: n * x ** (n - 1) - ((x + h) ** n - (x - h) ** n) / (2 * h))
rest.listed("relative", lambda n, x, h: remains(n, x, h) / (n * x ** (n - 1)) if x or n == 1 else Fraction(0))
rest.listed("absolute", lambda n, x, h: abs(remains(n, x, h)))
for most in (6, 9, 12, 15):
    rest.listed("short-denominator", lambda n, x, h, most=10**most: remains(n, x, h).limit_denominator(most))
rest.listed("remembers-another-x", lambda n, x, h: remains(n, x + (x.denominator < 1000), h))
mistake.listed("floats-inside", lambda inputs: {"float": True})
mistake.listed("made-of-floats", lambda inputs: {"binary": True})
mistake.listed("mixes-types", lambda inputs: {**value(remains)(inputs), "type as of others": False})


def mean_of(
    inputs: Tree,
    *,
    number: Callable[[int], Any] = lambda n: 30,
    divisor: Callable[[int, Fraction], Any] = lambda n, h: h**4,
    factors: Callable[[int], int] = lambda n: perm(n, 5),
    root: Callable[[int], float] = lambda n: 1 / (n - 5),
) -> Tree:
    """The point c in stages: 30 times the remainder, what is below it, and the root."""
    n, x, h = _arguments(inputs)
    return {"value": float(number(n) * remains(n, x, h) / divisor(n, h) / factors(n)) ** root(n)}


found = mistake.group("mean-point").stages(mean_of)
found("point-without-30", number=lambda n: 1)
found("point-wrong-factorial", factors=factorial)
found.ways("point-30-below", "number", lambda n: Fraction(1, 30))
found.ways("point-other-number", "number", *(lambda n, other=other: other for other in (4, 6, 12, 60, 90, 120)))
found.ways("point-power-of-h", "divisor", *(lambda n, h, power=power: h**power for power in (0, 1, 2, 3, 5)))
found.ways("point-factors", "factors", *(lambda n, count=count: perm(n, count) for count in (3, 4, 6)))
found.ways("point-factors", "factors", lambda n: n**5, lambda n: 120, lambda n: factorial(n - 5), lambda n: 1)
found.ways("point-root", "root", *(lambda n, less=less: 1 / (n - less) for less in (0, 1, 4, 6)))
found.ways("point-root", "root", lambda n: 1 / 5, lambda n: 1 / n - 5, lambda n: 1, lambda n: 1 // (n - 5))
found("point-below-is-multiplied", divisor=lambda n, h: h**4 / perm(n, 5) ** 2)
point.listed("point-is-x", lambda n, x, h: x)


def estimated(
    inputs: Tree,
    *,
    slope: Callable[[int, Fraction], Any] = lambda n, x: n * x ** (n - 1),
    values: Callable[[int, Fraction, Fraction], tuple[Any, ...]] = four,
    weights: tuple[int, ...] = (-1, 8, -8, 1),
    below: Callable[[Fraction], Any] = lambda h: 12 * h,
    joined: Callable[[Any, Any, Fraction], Any] = lambda slope, estimate, h: slope - estimate,
) -> Tree:
    """The remainder in stages: slope, values, their weights, what is below, and how it is joined."""

    def rule(n: int, x: Fraction, h: Fraction) -> Any:
        total = sum(weight * each for weight, each in zip(weights, values(n, x, h), strict=True))
        return joined(slope(n, x), total / below(h), h)

    return fraction_or_value(rule, inputs)


stage = mistake.group("fifth", "low", "high", "floats").stages(estimated)
stage.ways("slope-of-the-power", "slope", lambda n, x: n * x**n, lambda n, x: x ** (n - 1), lambda n, x: x**n)
stage.ways("slope-of-the-power", "slope", lambda n, x: (n - 1) * x ** (n - 1), lambda n, x: n * x**n - 1)
signs = [tuple(map(mul, (-1, 8, -8, 1), flips)) for flips in product((1, -1), repeat=4)]
stage.ways("signs-of-the-weights", "weights", *signs[1:-1])
stage.ways("weights-swapped", "weights", (-8, 1, -1, 8), (8, -1, 1, -8))
stage.ways("other-weights", "weights", *((-1, size, -size, 1) for size in (1, 2, 4, 6, 10, 16)), (0, 8, -8, 0))
stage.ways("other-divisor", "below", *(lambda h, each=each: each * h for each in (1, 2, 6, 8, 10, 24)), lambda h: 12)
stage("brackets-below", below=lambda h: Fraction(12) / h)
stage.ways(
    "brackets-of-the-values",
    "values",
    lambda n, x, h: (four(n, x, h)[0], four(n, x, h)[1], x - h**n / 8, four(n, x, h)[3]),
    lambda n, x, h: (four(n, x, h)[0], Fraction(8) ** (n - 1) * (x + h) ** n, *four(n, x, h)[2:]),
    lambda n, x, h: (-((-x - 2 * h) ** n), *four(n, x, h)[1:]),
)
stage.ways("other-points", "values", lambda n, x, h: four(n, x, h / 2), lambda n, x, h: four(n, x, 2 * h))
stage.ways("estimate-alone", "joined", lambda slope, estimate, h: estimate)
stage.ways("divided-by-h4", "joined", lambda slope, estimate, h: (slope - estimate) / h**4)
stage.ways("added", "joined", lambda slope, estimate, h: slope + estimate)
stage.ways("sign", "joined", lambda slope, estimate, h: estimate - slope)
for last in (7, 9, 11):  # the last power of h at the four points
    rest.listed("series-cut", lambda n, x, h, last=last: remains_to(last, n, x, h))
rest.listed("one-sided", lambda n, x, h: n * x ** (n - 1) - ((x + h) ** n - x**n) / h)

rest.formula(remains)
rest.group(oracle=lambda rule: partial(fraction_or_value, lambda n, x, h: n * x ** (n - 1) - rule(n, x, h))).formula(
    five_point
)
point.formula(mean_point)

exact = partial(Check, complaint=inexact, example=value(remains))
floats = partial(Check, cases=("float 5", "float 7"), share=0.05)
mean = partial(Check, cases=tuple(f"c {n}" for n in MEAN), expected=value(mean_point), tolerance=1e-4)
LOW = ("power 1", "power 2", "power 3", "power 4")
CHECKS = (
    exact("fifth", "x⁵: exactly 4h⁴, wherever x is", share=0.25, cases=("fifth", "fifth again")),
    exact("high", "x⁶, x⁷ and x¹³", share=0.2, cases=tuple(f"power {n}" for n in HIGH)),
    exact("low", "x, x², x³ and x⁴: nothing remains", share=0.15, cases=LOW, needs=("fifth",)),
    floats("floats", "Floats work too", expected=value(remains), tolerance=1e-6),
    floats("types", "… and fractions after them", expected=of_floats, needs=("floats",)),
    mean("mean-point", "The point c of the mean-value theorem", share=0.3),
)
EXERCISE = Exercise("remainder", draw, CHECKS, described=described, **mistake.known)
