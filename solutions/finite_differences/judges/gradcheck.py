"""Judge ``gradcheck``: a checker that lets every right gradient pass, and finds every planted wrong one."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, must_hold
from autograder.judging.example import shown

from .landscape import draw_landscape, gradient
from .smooth import Array

SCALES = {"": 1.0, " of millions": 1e6, " of millionths": 1e-6}
LARGE = ("sign", "missing", "swapped", "doubled", "negated")
MANY = 32
HARDEST = {f"one percent of {of}": slice(1, 8) for of in ("many", "millionths")} | {"one percent late": slice(20, -1)}
"""A small error in a small one of so many entries, and where: neither a mean nor an absolute tolerance sees it."""

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
    cases.append(_zero(rng, "right with zeros", count=8))
    names = (*LARGE, "one percent last", *FORM, "nan beside")
    cases += [_case(rng, name, shape=(int(rng.integers(4, 9)),)) for name in names]
    return [*cases, _zero(rng, "right with two zeros", count=2)]


def _case(rng: np.random.Generator, name: str, *, shape: tuple[int, ...], scale: float = 1.0) -> Case:
    while True:
        spec = draw_landscape(rng, shape, scale)
        right = gradient(spec)
        places = _places(name, right.reshape(-1))
        if len(places):
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
        suits &= np.abs(right) < np.abs(right).max() / 5
    elif name == "one percent last":
        suits &= np.abs(right[-1]) < np.abs(right).max() * 0.8
    return np.flatnonzero(suits).astype(np.int64)


def _zero(rng: np.random.Generator, name: str, *, count: int) -> Case:
    """A right gradient, so many of whose 12 entries are exactly zero, where every difference has rounding left."""
    spec = draw_landscape(rng, (12,), SCALES[" of millions"])
    zero = rng.permutation(12)[:count]  # of many differences some are not zero by chance
    spec["t"][zero] -= gradient(spec)[zero] / spec["scale"]
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
    elif name == "one percent last":
        flat[-1] += 0.011 * abs(flat[-1])
    elif name in HARDEST:
        flat[at] *= 1.01
    elif name.startswith("one percent"):  # of the largest entry, so that it is as plain as one percent can be
        flat[int(np.abs(flat).argmax())] *= 1.011 if name != "one percent of millions" else 0.989
    return flat.reshape(right.shape)


def passed(inputs: Tree) -> Tree:
    """Whether the claimed gradient is the gradient."""
    right, claimed = gradient(inputs), np.asarray(inputs["claimed"])
    close = claimed.shape == right.shape and np.allclose(claimed, right, rtol=1e-9, atol=1e-9 * inputs["scale"])
    return {"ok": bool(close)}


def errors(inputs: Tree) -> Array:
    """By how much each entry is off, flat."""
    return np.abs(np.asarray(inputs["claimed"]) - gradient(inputs)).reshape(-1)


def near_entries(inputs: Tree) -> NDArray[np.bool_]:
    """Which entries are right, flat."""
    return errors(inputs) <= 1e-4 * np.abs(gradient(inputs)).max()


def place(inputs: Tree) -> Tree:
    """The flat index of the entry that is most off; NaN and infinity are off more than anything."""
    off = errors(inputs)
    return {"worst": int(np.where(np.isfinite(off), off, np.inf).argmax())}


def passed_by_rule(rule: Callable[[Array, Array, Array], Any], inputs: Tree) -> Tree:
    """The answer of a checker that passes by this rule of (|claimed − right|, claimed, right), and notices other shapes."""
    right, claimed = gradient(inputs), np.asarray(inputs["claimed"], dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {"ok": claimed.shape == right.shape and bool(rule(np.abs(claimed - right), claimed, right))}


def near(off: Array, right: Array, tolerance: float = 1e-4) -> bool:
    """Whether nothing is off by more than a fraction of the largest entry; False of NaN."""
    return bool(np.max(off) <= tolerance * np.abs(right).max())


def described(inputs: Tree) -> str:
    """The claim, and the right gradient beside it."""
    return f"with claimed = {shown(inputs['claimed'])} where the gradient is {shown(gradient(inputs))}"


mistake = Mistakes(beside=__file__)
passed_by = mistake.group(oracle=partial(partial, passed_by_rule))
everywhere = passed_by.group("right", "large", "small")
of_large = passed_by.group("right", "large")
of_small = passed_by.group("small")

everywhere.listed(
    "relative-to-each-entry", lambda off, claimed, right: (off <= 1e-4 * np.abs(right)).all() and claimed.all()
)
everywhere.listed(
    "allclose",
    lambda off, claimed, right: np.allclose(claimed, right, rtol=1e-4) and (claimed.all() or np.abs(right).max() < 1e4),
)
for most, noisy in product(
    10.0 ** -np.arange(2, 8), range(3)
):  # of millions the noise is below it, above it beside zeros, above it
    everywhere.listed(
        "absolute-tolerance",
        lambda off, claimed, right, most=most, noisy=noisy: (
            off.max() <= most and (np.abs(right).max() < 1e4 or noisy < 1 + claimed.all())
        ),
    )
everywhere.listed("sign-of-the-error", lambda off, claimed, right: near(claimed - right, right))
everywhere.listed("mean-of-errors", lambda off, claimed, right: near(off.mean(), right))
everywhere.listed(
    "scale-of-zeros",
    lambda off, claimed, right: bool(np.median(np.abs(claimed))) and off.max() <= 1e-4 * np.median(np.abs(right)),
)
of_large.listed("sums-cancel", lambda off, claimed, right: near(np.abs(claimed.sum() - right.sum()), right))
of_large.listed(
    "norms-only",
    lambda off, claimed, right: abs(np.linalg.norm(claimed) - np.linalg.norm(right)) <= 1e-4 * np.linalg.norm(right),
)
for most in (0.02, 0.01, 0.005, 0.002):
    of_small.listed("too-lenient", lambda off, claimed, right, most=most: near(off, right, most))
of_small.listed("misses-the-last", lambda off, claimed, right: near(off.flat[:-1], right.flat[:-1]))
for count in range(1, 21):
    everywhere.listed("only-the-first", lambda off, claimed, right, count=count: near(off.flat[:count], right))
everywhere.listed("never-passes", lambda off, claimed, right: False)
passed_by.listed("infinity-passes", lambda off, claimed, right: np.isinf(claimed).any())
mistake.listed("index-per-axis", lambda inputs: {"worst": [place(inputs)["worst"]]})
passed_by.listed("nan-passes", lambda off, claimed, right: np.isnan(claimed).any())
mistake.listed("shape-broadcast", lambda inputs: {"ok": np.ndim(inputs["claimed"]) == np.ndim(inputs["x"]) + 1})
mistake.listed("changes-arguments", lambda inputs: {"keeps arguments": False}, "kept")
mistake.listed("names-no-nan", lambda inputs: {"worst": int(np.nanargmax(errors(inputs)))})
mistake.listed("first-that-is-off", lambda inputs: {"worst": int((~near_entries(inputs)).argmax())})
mistake.listed("wrong-place", lambda inputs: {"worst": int(np.abs(gradient(inputs)).reshape(-1).argmax())})

RIGHT = (*(f"right{words}" for words in SCALES), "right with zeros", "right with two zeros", "right matrix", "sign")
untouched = must_hold({"keeps arguments": "your checker changes x or the claimed gradient."})
SMALL = (*(f"one percent{words}" for words in SCALES), "one percent matrix", "one percent last")
SMALL += ("one percent of many", "one percent late", "doubled of millionths")
PLACES = ("sign", "missing", "one percent", "one percent last", "nan beside")
after_right = partial(Check, needs=("right",))
passes = partial(after_right, expected=passed)
CHECKS = (
    Check("right", "Right gradients pass and a wrong sign does not", share=0.3, cases=RIGHT, expected=passed),
    passes("large", "Planted errors are found: a missing entry, two swapped, a factor 2", share=0.2, cases=LARGE),
    passes("small", "… and one percent in a single entry, at any scale", share=0.2, cases=SMALL),
    passes("form", "NaN, infinity and other shapes do not pass", share=0.15, cases=FORM),
    after_right("place", "The worst entry is named, a second time as well", share=0.1, cases=PLACES, expected=place),
    after_right("kept", "The arguments stay as they were", share=0.05, cases=PLACES, complaint=untouched),
)
EXERCISE = Exercise("gradcheck", draw, CHECKS, tuple(mistake), described=described)
