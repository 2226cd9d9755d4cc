"""Judge ``stencil``: the weights that make a finite difference of given points exact for all low powers."""

from collections.abc import Callable
from functools import partial
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistakes, Tree
from autograder.judging.exercise import Oracle

Weights = NDArray[Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """Two to six points, whole and not, a list of whole ones; first to fourth derivatives."""

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
    for k in range(len(offsets)):
        terms = got * offsets**k
        wanted = factorial(m) if k == m else 0
        if abs(terms.sum() - wanted) > 1e-9 * max(1.0, np.abs(terms).sum()):
            return f"for s^{k} the weighted sum should be {wanted}, which it is not (derivative {m})."
    return None


def weighing(rule: Callable[[Weights, int], Weights]) -> Oracle:
    """The oracle of a rule for the weights from the points and the derivative's order."""
    return lambda inputs: {"weights": rule(inputs["offsets"], inputs["derivative"])}


mistake = Mistakes(weighing, checks=("first", "higher"), beside=__file__)

mistake.listed("no-factorial", lambda offsets, m: weights(offsets, m) / factorial(m))
mistake.listed("only-first", lambda offsets, m: weights(offsets, 1))
mistake.listed("off-by-one", lambda offsets, m: weights(offsets, m - 1) * m)
mistake.listed(
    "powers-from-one",
    lambda offsets, m: np.linalg.pinv(offsets ** np.arange(1, len(offsets) + 1)[:, None])[:, m] * factorial(m),
)
mistake.listed("mirrored", lambda offsets, m: weights(-offsets, m))
mistake.listed("equally-spaced", lambda offsets, m: weights(offsets[0] + np.arange(len(offsets)), m))
mistake.listed(
    "too-few-equations", lambda offsets, m: np.linalg.pinv(offsets ** np.arange(m + 1)[:, None])[:, m] * factorial(m)
)
mistake.listed("sorted", lambda offsets, m: weights(np.sort(offsets), m))

mistake.formula(weights)

check = partial(Check, likeness=1e-8, complaint=moments, example=weighing(weights))
CHECKS = (
    check("first", "First derivatives", share=0.6, cases=("whole", "list", "two", "three", "five")),
    check("higher", "Second, third and fourth derivatives", share=0.4, cases=("second", "third", "fourth")),
)
EXERCISE = Exercise("stencil", draw, CHECKS, tuple(mistake), tuple(mistake.formulas))
