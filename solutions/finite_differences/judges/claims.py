"""Claimed gradients: right ones of three scales, and wrong ones with an error planted, large or small."""

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Tree

from .landscape import draw_landscape, draw_slopes, gradient, slopes
from .smooth import Array

SCALES = {"": 1.0, " of millions": 1e6, " of millionths": 5e-7}
LARGE = ("sign", "missing", "swapped", "doubled", "negated")
MANY = 32
HARDEST = {f"one percent of {of}": slice(1, 4) for of in ("many", "millionths")} | {"one percent late": slice(20, -1)}
"""A small error in a small one of so many entries, and where: neither a mean nor an absolute tolerance sees it."""

SMALLEST = 0.103
"""Of the largest entry: that in which there is a small error. One that is twice as lenient as it may be lets it pass."""

ENDS = {"one percent first": 0, "one percent last": -1}
TINY = {**HARDEST, "one percent first": slice(0, 1)}
FORM = ("nan", "infinite", "column", "too short")


def draw(rng: np.random.Generator) -> list[Case]:
    """Right gradients of three scales, one with zeros, and wrong ones, large and small."""
    cases = []
    for name in ("right", "one percent"):
        for words, scale in SCALES.items():
            size = MANY if name + words in HARDEST else int(rng.integers(4, 9))
            cases.append(_case(rng, name + words, shape=(size,), scale=scale))
        cases.append(_case(rng, f"{name} matrix", shape=(2, 3)))
    cases += [_case(rng, name, shape=(MANY,)) for name in ("one percent of many", "one percent late")]
    cases.append(_case(rng, "doubled of millionths", shape=(4,), scale=SCALES[" of millionths"]))
    cases += [_case(rng, "two off", shape=(2, 3)), _case(rng, "right negative", shape=(3,))]
    cases.append(_zero(rng, "right with zeros", count=8))
    names = (*LARGE, "one percent first", "one percent last", *FORM, "nan beside")
    cases += [_case(rng, name, shape=(MANY if name == "missing" else int(rng.integers(4, 9)),)) for name in names]
    return [*cases, _zero(rng, "right with some zeros", count=5)]


def _case(rng: np.random.Generator, name: str, *, shape: tuple[int, ...], scale: float = 1.0) -> Case:
    while True:
        near = rng.uniform(-1.0, 1.0, size=shape)
        near[0] *= 1e-9  # x + h − h is not x
        wanted = draw_slopes(rng, near.size)
        if name in TINY:
            at = int(rng.choice(np.arange(near.size)[TINY[name]]))
            wanted[at] = 0.0
            wanted[at] = rng.choice([-1.0, 1.0]) * SMALLEST * size(wanted)
        if name == "nan":  # where it passes for the 0 that is right
            wanted[rng.integers(1, near.size - 1)] = 0.0
        spec = draw_landscape(rng, shape, scale, x=near, steepness=1.5 if name in BENT else 1.0, wanted=wanted)
        right = gradient(spec)
        places = _places(name, right.reshape(-1))
        if len(places) and (name not in BENT or _is_bent(spec, *BENT[name])):
            return Case(name, {**spec, "claimed": _planted(name, right, at=int(rng.choice(places)))})


def _places(name: str, right: Array) -> NDArray[np.int64]:
    """Where an error may be planted: neither in the first entry nor in the last.

    A wrong sign makes a claim too small, what is missing one too large: a checker that forgets the absolute value lets
    one of them pass. Nor is the wrong sign in the largest entry, for some name that as the worst.
    """
    suits = np.zeros(len(right), dtype=bool)
    suits[HARDEST.get(name, slice(1, -1))] = True
    if name == "sign":
        suits &= right > 0
        suits[np.abs(right).argmax()] = False
    elif name == "missing":
        suits &= right < 0
    elif name in HARDEST:
        suits &= np.abs(right) < np.abs(right).max() / 9
    elif name == "nan":
        suits &= np.abs(right) < 1e-9
    elif name == "one percent last":
        suits &= np.abs(right[-1]) < np.abs(right).max() * 0.8
    elif name == "doubled of millionths":  # where the scale's sign is wrong it passes as well
        suits &= bool((right > 0).any())
    elif name == "right negative":  # a scale with its sign is none
        suits &= bool((right < 0).all())
    elif name == "two off":
        suits &= np.abs(right) < np.abs(right).max() / 2
    return np.flatnonzero(suits).astype(np.int64)


def _zero(rng: np.random.Generator, name: str, *, count: int) -> Case:
    """A right gradient, so many of whose 12 entries are exactly zero, where every difference has rounding left."""
    while True:
        wanted, zero = (
            draw_slopes(rng, 12),
            rng.permutation(12)[:count],
        )  # of many some differences are not zero by chance
        wanted[zero] = 0.0
        scale = SCALES[" of millions"] / 10  # an absolute tolerance fails at millions first
        spec = draw_landscape(rng, (12,), scale, wanted=wanted)
        if all(bend(spec, order) < bound for order, bound in BENT.values()):
            break
    claimed = gradient(spec)
    claimed[zero] = 0.0
    return Case(name, {**spec, "claimed": claimed})


def _planted(name: str, right: Array, *, at: int) -> Array:
    """The gradient with the error that a case's name says."""
    flat = right.reshape(-1).copy()
    factors = {"sign": -1.0, "missing": 0.0, "nan": np.nan, "nan beside": np.nan, "infinite": np.inf}
    if name == "column":
        return flat[:, None]
    if name == "too short":
        return flat[:-1]
    if name in ("missing", "nan beside"):  # beside smaller errors, before it and after it
        flat[[0, -1]] += 0.01 * np.abs(flat[[0, -1]])
    if name in factors:
        flat[at] = factors[name] * abs(flat[at])
    elif name == "swapped":  # two entries that differ by much, so that the sum stays as it was
        ends = [int(flat.argmax()), int(flat.argmin())]
        flat[ends] = flat[ends[::-1]]
    elif name.startswith("doubled"):
        flat *= 2.0
    elif name == "negated":
        flat *= -1.0
    elif name in ENDS:
        flat[ENDS[name]] += 0.01 * abs(flat[ENDS[name]])
    elif name == "two off":  # the larger error is the smaller one of its own entry
        flat[int(np.abs(flat).argmax())] *= 0.9
        flat[at] *= 1.15
    elif name in HARDEST:
        flat[at] *= 1.01
    elif name.startswith("one percent"):  # of the largest entry, so that it is as plain as one percent can be
        flat[int(np.abs(flat).argmax())] *= 1.011 if name != "one percent of millions" else 0.989
    return flat.reshape(right.shape)


def norm(x: Array) -> float:
    """The length."""
    return float(np.linalg.norm(x))


def size(x: Array) -> float:
    """The largest entry's."""
    return float(np.abs(x).max())


BENT = {"right": (2, 2.0), "right of millionths": (3, 6.0)}
"""By the case the order of a derivative that is large there, as it is in no case with zeros, and how large: coarse differences, forward and central ones, are far off."""


def bend(spec: Tree, order: int) -> float:
    """The largest derivative of this order by one coordinate, beside the largest slope."""
    return size(slopes(spec, order)) / size(gradient(spec))


def _is_bent(spec: Tree, order: int, bound: float) -> bool:
    return bound < bend(spec, order) < 4 * bound  # beyond, steps that are right elsewhere would be coarse
