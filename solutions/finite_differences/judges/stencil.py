"""Judge ``stencil``: the weights that make a finite difference of given points exact for all low powers."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, ended

Weights = NDArray[Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """Two to six points, whole and not, a list of whole ones, one far away; first to fourth derivatives."""

    def points(count: int) -> Weights:
        while True:
            offsets = rng.uniform(-3.0, 3.0, size=count)
            if np.diff(np.sort(offsets)).min() > 0.5:
                return offsets

    start = float(rng.integers(-3, 1))
    return [
        Case("whole", {"offsets": start + np.arange(4.0), "derivative": 1}),
        Case("list", {"offsets": rng.permutation([-2.0, 0.0, 1.0, 3.0]), "derivative": 1, "list": True}),
        Case("two", {"offsets": points(2), "derivative": 1}),
        Case("three", {"offsets": points(3), "derivative": 1}),
        Case("five", {"offsets": points(5), "derivative": 1}),
        Case("second", {"offsets": points(4), "derivative": 2}),
        Case("third", {"offsets": points(5), "derivative": 3}),
        Case("fourth", {"offsets": points(6), "derivative": 4}),
        Case("wide", {"offsets": rng.uniform([0.3, 1.0, 140.0], [0.6, 1.4, 160.0]), "derivative": 1}),
    ]


def weights(offsets: Weights, derivative: int) -> Weights:
    """w with Σⱼ wⱼ sⱼᵏ = m! where k = m, and 0 for the other k < number of points (Fornberg 1988)."""
    powers = np.vander(offsets, increasing=True)
    right = factorial(derivative) * np.eye(len(offsets))[derivative]
    return np.asarray(np.linalg.solve(powers.T, right))


def moments(inputs: Tree, outputs: Tree) -> str | None:
    """The weights take the right derivative of every power that they can."""
    offsets, m = inputs["offsets"], inputs["derivative"]
    got = np.asarray(outputs["weights"], dtype=np.float64)
    if got.shape != offsets.shape:
        return "there should be one weight for each point."
    if not np.isfinite(got).all():
        return "there is NaN or infinity among the weights."
    allowed = 1e-9 if np.abs(offsets).max() < 10 else 1e-6  # far away a last digit that is rounded off counts for much
    for k in range(len(offsets)):
        terms = got * offsets**k
        wanted = factorial(m) if k == m else 0
        if abs(terms.sum() - wanted) > allowed * max(1.0, np.abs(terms).sum()):
            return f"for s^{k} the weighted sum should be {wanted}, which it is not (derivative {m})."
    return None


def weighed(
    inputs: Tree,
    *,
    points: Callable[[Weights], Weights] = lambda s: s,
    rows: Callable[[Weights, int], Weights] = lambda s, n: s ** np.arange(n)[:, None],
    entry: Callable[[int, int], float] = lambda m, n: factorial(m),
    at: Callable[[int, int], int] = lambda m, n: m,
    after: Callable[[Weights, int, Weights], Weights] = lambda w, m, s: w,
) -> Tree:
    """The weights in stages: points, rows of powers, the right-hand side's entry and its place, and what is made of them."""
    given, m = inputs["offsets"], inputs["derivative"]
    s = points(given)
    matrix = rows(s, len(s))
    right = np.zeros(len(matrix))
    right[at(m, len(s))] = entry(m, len(s))
    square = matrix.shape[0] == matrix.shape[1] and np.linalg.cond(matrix) < 1e12
    found = np.linalg.solve(matrix, right) if square else np.linalg.pinv(matrix) @ right
    return {"weights": after(found, m, given)}


def cut(inputs: Tree, least: float) -> Tree:
    """The weights of a pseudo-inverse that drops what is least beside the largest."""
    s, m = inputs["offsets"], inputs["derivative"]
    powers = s ** np.arange(len(s))[:, None]
    return {"weights": np.linalg.pinv(powers, rcond=least)[:, m] * factorial(m)}


def simple(most: int, weight: float) -> float:
    """The nearest fraction with a denominator up to this."""
    return float(Fraction(weight).limit_denominator(most))


def singular(inputs: Tree) -> Tree:
    """The error that a point at 0 ends in, whose powers from 1 on are all 0; else what comes out without that of 0."""
    if not inputs["offsets"].all():
        return ended("LinAlgError", "Singular matrix")
    return weighed(inputs, rows=lambda s, n: s ** np.arange(1, n + 1)[:, None], at=lambda m, n: m - 1)


mistake = Mistakes(beside=__file__)
stage = mistake.group("first", "higher").stages(weighed)
stage.each(
    "entry",
    {
        "no-factorial": lambda m, n: 1,
        "order-for-factorial": lambda m, n: m,
        "factorial-too-small": lambda m, n: factorial(m - 1),
        "factorial-too-large": lambda m, n: factorial(m + 1),
        "one-by-factorial": lambda m, n: 1 / factorial(m),
        "factorial-of-the-last": lambda m, n: factorial(n - 1),
        "negative-entry": lambda m, n: -factorial(m),
    },
)
stage.each(
    "at",
    {
        "only-first": lambda m, n: 1,
        "off-by-one": lambda m, n: m - 1,
        "one-row-late": lambda m, n: min(m + 1, n - 1),
        "last-row": lambda m, n: -1,
        "first-row": lambda m, n: 0,
        "second-at-most": lambda m, n: min(m, 2),
        "order-from-the-end": lambda m, n: n - 1 - m,
    },
)
stage("only-first", at=lambda m, n: 1, entry=lambda m, n: 1)
stage("second-at-most", at=lambda m, n: min(m, 2), entry=lambda m, n: min(m, 2))
stage("always-second", at=lambda m, n: 2 if n > 2 else m, entry=lambda m, n: 2)
stage.each(
    "rows",
    {
        "powers-from-one": lambda s, n: s ** np.arange(1, n + 1)[:, None],
        "too-few-equations": lambda s, n: s ** np.arange(max(n - 1, 2))[:, None],
        "not-turned": lambda s, n: (s ** np.arange(n)[:, None]).T,
        "powers-fall": lambda s, n: (s ** np.arange(n)[:, None])[::-1],
        "powers-fall-not-turned": lambda s, n: (s ** np.arange(n)[:, None])[::-1].T,
        "divided-by-factorials": lambda s, n: s ** np.arange(n)[:, None] / [[factorial(k)] for k in range(n)],
        "times-factorials": lambda s, n: s ** np.arange(n)[:, None] * [[factorial(k)] for k in range(n)],
        "multiples": lambda s, n: s * np.arange(n)[:, None],
        "zero-to-the-zero": lambda s, n: s ** np.arange(n)[:, None] * (s != 0),
    },
)
stage("powers-from-one", rows=lambda s, n: s ** np.arange(1, n + 1)[:, None], at=lambda m, n: m - 1)
for more in (1, 2):  # up to the derivative's power, or one more
    mistake.listed(
        "too-few-equations",
        lambda inputs, more=more: weighed(
            inputs, rows=lambda s, n: s ** np.arange(inputs["derivative"] + more)[:, None]
        ),
    )
stage.each(
    "points",
    {
        "mirrored": lambda s: -s,
        "sorted": np.sort,
        "equally-spaced": lambda s: s[0] + np.arange(len(s)),
        "sorted-backwards": lambda s: np.sort(s)[::-1],
        "sizes-of-points": np.abs,
        "whole-points": np.trunc,
        "rounded-points": np.round,
        "centred": lambda s: s - s.mean(),
        "from-the-first": lambda s: s - s[0],
        "around-zero": lambda s: np.arange(len(s)) - len(s) // 2,
        "scaled-points": lambda s: s / np.abs(s).max(),
        "counted-points": lambda s: np.arange(len(s)),
        "reversed-points": lambda s: s[::-1],
    },
)
stage.each(
    "after",
    {
        "scaled-weights": lambda w, m, s: w / np.abs(w).sum(),
        "negative-weights": lambda w, m, s: -w,
        "divided-by-the-factorial": lambda w, m, s: w / factorial(m),
        "times-the-factorial": lambda w, m, s: w * factorial(m),
        "sizes-of-weights": lambda w, m, s: np.abs(w),
    },
)
for least in 10.0 ** -np.arange(2, 5):
    stage("small-is-zero", after=lambda w, m, s, least=least: np.where(np.abs(w) < least, 0.0, w))
    mistake.listed("inverse-cut", partial(cut, least=least))
for most in 10 ** np.arange(2, 9):
    stage("rounded-weights", after=lambda w, m, s, most=most: np.round(w * most) / most)
    stage("rounded-weights", after=lambda w, m, s, most=int(most): np.vectorize(partial(simple, most))(w))
for shrunk in (lambda w, m, s: w / np.abs(s).max(), lambda w, m, s: w * np.abs(s).max()):
    stage("scaled-points", points=lambda s: s / np.abs(s).max(), after=shrunk)
mistake.listed("powers-from-one", singular, "first")

mistake.group(
    "first", "higher", oracle=lambda rule: lambda inputs: {"weights": rule(inputs["offsets"], inputs["derivative"])}
).formula(weights)

check = partial(Check, likeness=1e-8, complaint=moments, example=weighed)
CHECKS = (
    check("first", "First derivatives", share=0.6, cases=("whole", "list", "two", "three", "five", "wide")),
    check("higher", "Second, third and fourth derivatives", share=0.4, cases=("second", "third", "fourth")),
)
EXERCISE = Exercise("stencil", draw, CHECKS, **mistake.known)
