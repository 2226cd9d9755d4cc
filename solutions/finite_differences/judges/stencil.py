"""Judge ``stencil``: the weights that make a finite difference of given points exact for all low powers."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Weights = NDArray[Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """Two, three and five points, whole and not; first, second and third derivatives."""

    def points(count: int) -> NDArray[np.float64]:
        while True:
            offsets = rng.uniform(-3.0, 3.0, size=count)
            gaps = np.diff(np.sort(offsets))
            if gaps.min() > 0.5:
                return np.asarray(offsets)

    start = float(rng.integers(-3, 1))
    return [
        Case("whole", {"offsets": start + np.arange(4.0), "derivative": 1}),
        Case("three", {"offsets": points(3), "derivative": 1}),
        Case("five", {"offsets": points(5), "derivative": 1}),
        Case("second", {"offsets": points(4), "derivative": 2}),
        Case("third", {"offsets": points(5), "derivative": 3}),
    ]


def weights(offsets: Weights, derivative: int) -> Weights:
    """w with Σⱼ wⱼ sⱼᵏ = m! where k = m, and 0 for the other k < number of points (Fornberg 1988)."""
    system = np.vander(offsets, increasing=True).T
    right = np.zeros(len(offsets))
    right[derivative] = factorial(derivative)
    return np.asarray(np.linalg.solve(system, right))


def oracle(inputs: Tree) -> Tree:
    """The weights."""
    return {"weights": weights(inputs["offsets"], inputs["derivative"])}


def moments(inputs: Tree, outputs: Tree) -> str | None:
    """The weights take the right derivative of every power that they can."""
    offsets, m = inputs["offsets"], inputs["derivative"]
    got = np.asarray(outputs["weights"], dtype=np.float64)
    if got.shape != offsets.shape:
        return "there should be one weight for each point."
    if not np.isfinite(got).all():
        return "there is NaN or infinity among the weights."
    for k in range(len(offsets)):
        terms = got * offsets**k
        wanted = factorial(m) if k == m else 0
        if abs(terms.sum() - wanted) > 1e-7 * max(1.0, np.abs(terms).sum()):
            return f"for s^{k} the weighted sum should be {wanted}, which it is not (derivative {m})."
    return None


def _mistake(name: str, message: str, wrong: Callable[[Weights, int], Weights], *checks: str) -> Mistake:
    def expected(inputs: Tree) -> Tree:
        return {"weights": wrong(inputs["offsets"], inputs["derivative"])}

    return Mistake(name, message, expected, checks=checks or ("first", "higher"))


def _transposed(offsets: Weights, derivative: int) -> Weights:
    right = np.zeros(len(offsets))
    right[derivative] = factorial(derivative)
    return np.asarray(np.linalg.solve(np.vander(offsets, increasing=True), right))


MISTAKES = (
    _mistake(
        "no-factorial",
        "The m-th derivative of sᵐ is m!, so the right-hand side is m!, not 1.",
        lambda offsets, m: weights(offsets, m) / factorial(m),
        "higher",
    ),
    _mistake(
        "transposed",
        "Your system is transposed: row k belongs to the power sᵏ, column j to the point sⱼ.",
        _transposed,
    ),
    _mistake(
        "only-first",
        "Your weights are those of the first derivative whatever `derivative` is.",
        lambda offsets, m: weights(offsets, 1),
        "higher",
    ),
    _mistake(
        "off-by-one",
        "Your right-hand side has its entry one place too early: powers count from 0, so row m is the m-th power.",
        lambda offsets, m: weights(offsets, m - 1) / factorial(m - 1) * factorial(m),
    ),
    _mistake(
        "mirrored",
        "Your weights are those of the points −s: the estimate is Σ w f(x + s·h), with the sign of s as it is.",
        lambda offsets, m: weights(-offsets, m),
    ),
    _mistake(
        "sorted",
        "Your weights belong to the points in rising order; keep the order in which they came.",
        lambda offsets, m: weights(np.sort(offsets), m),
    ),
)

EXERCISE = Exercise(
    id="stencil",
    draw=draw,
    checks=(
        Check(
            "first", "First derivatives", share=0.6, cases=("whole", "three", "five"), complaint=moments, likeness=1e-6
        ),
        Check(
            "higher",
            "Second and third derivatives",
            share=0.4,
            cases=("second", "third"),
            complaint=moments,
            likeness=1e-6,
        ),
    ),
    mistakes=MISTAKES,
)
