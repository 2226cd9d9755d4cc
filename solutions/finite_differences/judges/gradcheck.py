"""Judge ``gradcheck``: a checker that lets every right gradient pass, and finds every planted wrong one."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import RAISED, Case, Check, Exercise, Mistakes, Slip, Tree, ended, must_hold
from autograder.judging.example import shown

from .landscape import draw_landscape, draw_slopes, gradient, slopes
from .smooth import Array

SCALES = {"": 1.0, " of millions": 1e6, " of millionths": 5e-7}
LARGE = ("sign", "missing", "swapped", "doubled", "negated")
MANY = 400
HARDEST = {f"one percent of {of}": slice(1, 4) for of in ("many", "millionths")} | {"one percent late": slice(20, -1)}
"""A small error in a small one of so many entries, and where: no mean, length, sample or absolute tolerance sees it."""

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
    cases += [_case(rng, "two off", shape=(2, 3)), _case(rng, "single", shape=(6,))]
    cases += [_case(rng, "right negative", shape=(3,)), _zero(rng, "right with zeros", count=8)]
    names = (*LARGE, "one percent first", "one percent last", *FORM, "nan beside")
    cases += [_case(rng, name, shape=(MANY if name == "missing" else int(rng.integers(4, 9)),)) for name in names]
    return [*cases, _zero(rng, "right with some zeros", count=5)]


def _case(rng: np.random.Generator, name: str, *, shape: tuple[int, ...], scale: float = 1.0) -> Case:
    while True:
        near = rng.uniform(-1.0, 1.0, size=shape)
        near[0] *= 1e-9  # x + h − h is not x
        if name == "single":
            near = near.astype(np.float32)
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
            turned = {"transposed": True} if name == "two off" else {}
            return Case(name, {**spec, "claimed": _planted(name, right, at=int(rng.choice(places))), **turned})


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
        row, column = divmod(int(np.abs(right).argmax()), 3)
        suits &= (np.abs(right) < np.abs(right).max() / 2) & (0 < 3 * row + column < 5)
        suits[2 * column + row] = False  # its place in memory
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


def is_of_shape(inputs: Tree) -> bool:
    """Whether the claimed gradient has the shape of x."""
    return np.shape(inputs["claimed"]) == np.shape(inputs["x"])


def passed(inputs: Tree) -> Tree:
    """Whether the claimed gradient is the gradient."""
    tolerance = {"rtol": 1e-9, "atol": 1e-9 * inputs["scale"]}
    return {"ok": is_of_shape(inputs) and np.allclose(inputs["claimed"], gradient(inputs), **tolerance)}


def places(inputs: Tree, rule: Callable[[Array, Array, Array], Any]) -> Tree:
    """What a rule of (claimed − right, claimed, right), all flat, names as the worst; None of another shape."""
    claimed, right = np.ravel(inputs["claimed"]), gradient(inputs).ravel()
    return {"worst": rule(claimed - right, claimed, right) if is_of_shape(inputs) else None}


def largest(off: Array) -> int:
    """The largest error's flat index; NaN and infinity are off more than anything."""
    return int(np.where(np.isfinite(off), np.abs(off), np.inf).argmax())


def place(inputs: Tree) -> Tree:
    """The flat index of the entry that is most off."""
    return places(inputs, lambda off, claimed, right: largest(off))


def per_axis(inputs: Tree) -> list[int]:
    """The index of the entry that is most off, axis by axis."""
    return [int(each) for each in np.unravel_index(place(inputs)["worst"], np.shape(inputs["x"]))]


def in_memory(inputs: Tree) -> Tree:
    """The place in memory of the entry that is most off."""
    turned = (
        np.arange(np.size(inputs["x"])).reshape(np.shape(inputs["x"])).ravel("F" if "transposed" in inputs else "C")
    )
    told = place(inputs)
    return told if told["worst"] is None else {"worst": int(np.flatnonzero(turned == told["worst"])[0])}


Measure = Callable[[Array, Array, Array], Any]
"""e = |c − g|, the claimed c, the gradient g → how large the error is, to be held against a tolerance."""

REFUSALS = ("ValueError", "IndexError", "TypeError", "AssertionError")
LENIENT = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3)


def checked(inputs: Tree, measure: Measure, tolerance: float, rounding: float) -> Tree:
    """Whether a checker passes the claim that measures errors so, and whose differences are off by so much of the largest."""
    right, claimed = gradient(inputs), np.asarray(inputs["claimed"], dtype=np.float64)
    if not is_of_shape(inputs):
        return {"ok": False}
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.abs(claimed - right) + rounding * np.abs(right).max()
        return {"ok": bool(measure(off, claimed, right) <= tolerance)}


def of_form(
    inputs: Tree, *, nan: bool = False, infinite: bool = False, column: Any = False, short: Any = False
) -> Tree:
    """What a checker says of NaN, of infinity, of a column and of an entry too few: an error's type, or whether it passes."""
    claimed = inputs["claimed"]
    said = column if np.ndim(claimed) > np.ndim(inputs["x"]) else short
    if is_of_shape(inputs):
        said = nan if np.isnan(claimed).any() else infinite and bool(np.isinf(claimed).any())
    return {RAISED: said} if isinstance(said, str) else {"ok": said}


def swapped(inputs: Tree, outputs: Tree) -> Slip | None:
    """The pair begins with whether the gradient is right."""
    return Slip("pair-swapped", SWAPPED) if isinstance(outputs["worst"], bool) else None


def has_place(inputs: Tree, outputs: Tree) -> Slip | None:
    """Where the shape is wrong no entry is named."""
    named = isinstance(outputs["worst"], int) and not isinstance(outputs["worst"], bool)
    return Slip("shape-has-a-place", HAS_PLACE) if named and not is_of_shape(inputs) else None


def described(inputs: Tree) -> str:
    """The claim, and the right gradient beside it."""
    return f"with claimed = {shown(inputs['claimed'])} where the gradient is {shown(gradient(inputs))}"


mistake = Mistakes(beside=__file__)
SWAPPED, HAS_PLACE = (mistake.table[name]["says"] for name in ("pair-swapped", "shape-has-a-place"))


answers = mistake.group("right", "large", "small")
answers.listed("never-passes", lambda inputs: {"ok": False})
answers.listed("the-other-way-round", lambda inputs: {"ok": not passed(inputs)["ok"]})
for (order, bound), tenth in product(BENT.values(), (1, 10)):  # steps and tolerances are powers of ten
    answers.listed(
        "coarse-differences",
        lambda inputs, order=order, most=bound / tenth: {"ok": passed(inputs)["ok"] and bend(inputs, order) <= most},
    )


def measured(name: str, measure: Measure, *tolerances: float, rounding: float = 1e-9) -> None:
    """Add checkers that measure errors so, one for each tolerance with which their answers differ."""
    for tolerance in tolerances or (1e-6,):
        answers.listed(name, partial(checked, measure=measure, tolerance=tolerance, rounding=rounding))


measured("too-lenient", lambda e, c, g: e.max() / size(g), *LENIENT)
measured("too-lenient", lambda e, c, g: (e / (np.abs(g) + size(g))).max(), 1e-3)
for rounding, tolerances in {1e-11: (1e-3,), 1e-9: (1.0, 1e-2, 1e-3, 1e-4, 1e-6, 1e-7), 1e-6: (1e-2,)}.items():
    measured("absolute-tolerance", lambda e, c, g: e.max(), *tolerances, rounding=rounding)
measured("absolute-tolerance", lambda e, c, g: e.max() / max(1, size(g)), 1.0, 1e-2, 1e-4, 1e-6, 1e-7)
measured("absolute-tolerance", lambda e, c, g: norm(e) / max(1, norm(g)), 1.0, 1e-2, 1e-3, 1e-5, 1e-6, 1e-7)
measured("relative-to-each-entry", lambda e, c, g: (e / np.abs(g)).max())
measured("allclose", lambda e, c, g: (np.maximum(e - 1e-8, 0) / np.abs(g)).max(), 1e-3, 1e-4)
for rounding, tolerances in {1e-11: (1e-4,), 1e-9: (1e-4, 1e-6, 1e-7)}.items():
    measured("allclose", lambda e, c, g: (e / np.maximum(1, np.abs(g))).max(), *tolerances, rounding=rounding)
measured("scale-of-zeros", lambda e, c, g: e.max() / np.median(np.abs(g)))
measured("scale-with-its-sign", lambda e, c, g: e.max() / g.max() if g.max() > 0 else np.inf)
measured("scale-with-its-sign", lambda e, c, g: e.max() / g.sum() if g.sum() > 0 else np.inf, 1e-3, 1e-6)
measured("sign-of-the-error", lambda e, c, g: (c - g).max() / size(g))
measured("median-of-errors", lambda e, c, g: np.median(e) / size(g))
measured("median-of-errors", lambda e, c, g: e.min() / size(g))
measured("sums-cancel", lambda e, c, g: abs(c.sum() - g.sum()) / size(g))
measured("sums-cancel", lambda e, c, g: abs(c.sum() - g.sum()) / abs(g.sum()), 1e-3, 1e-6)
measured("norms-only", lambda e, c, g: abs(norm(c) - norm(g)) / norm(g), 1e-3, 1e-4, 1e-6)
measured("misses-the-last", lambda e, c, g: e.flat[:-1].max() / size(g))
measured("misses-the-first", lambda e, c, g: e.flat[1:].max() / size(g))
measured("differences-doubled", lambda e, c, g: size(c - 2 * g) / size(g))
measured("only-the-last", lambda e, c, g: e.flat[-1] / size(g))
for count in range(1, 9):
    measured("only-the-first", lambda e, c, g, count=count: e.flat[:count].max() / size(g))
measured("mean-of-errors", lambda e, c, g: e.mean() / size(g), 1e-3, 1e-4)
measured("mean-of-errors", lambda e, c, g: e.mean() / np.abs(g).mean(), 1e-3)
measured("mean-of-errors", lambda e, c, g: np.sqrt((e**2).mean()) / size(g), 1e-3)
measured("mean-of-errors", lambda e, c, g: norm(e) / (norm(c) + norm(g)), 1e-3, 1e-4)
measured("mean-of-errors", lambda e, c, g: norm(e) / norm(g), 1e-4)
measured("only-the-first", lambda e, c, g: e.max() / size(g) if e.size < MANY else 0.0)
measured("directions-only", lambda e, c, g: 1 - (c * g).sum() / norm(c) / norm(g), *10.0 ** -np.arange(2, 10))
measured("too-lenient", lambda e, c, g: norm(e) / norm(g), *LENIENT, 1e-3)
for kind in ("bool", "numpy.bool", "numpy.bool_"):
    mistake.listed("no-pair", lambda inputs, kind=kind: ended("TypeError", f"cannot unpack non-iterable {kind} object"))
for ending in (False, "IndexError", "ValueError", "TypeError"):
    said = {RAISED: ending} if ending else {"ok": False}
    answers.listed("refuses-matrices", lambda inputs, said=said: said if np.ndim(inputs["x"]) > 1 else passed(inputs))

form = mistake.group("form").stages(of_form)
form("nan-passes", nan=True)
form("infinity-passes", infinite=True)
for column, short in product((False, True, *REFUSALS), repeat=2):
    if column or short:
        form("shape-broadcast", column=column, short=short)

found = mistake.group("place", oracle=lambda rule: partial(places, rule=rule))
found.listed("index-per-axis", lambda e, c, g: [largest(e)])
mistake.listed(
    "index-per-axis",
    lambda inputs: place(inputs) | {"worst": per_axis(inputs)} if is_of_shape(inputs) else {"worst": None},
)
found.listed("names-no-nan", lambda e, c, g: int(np.nanargmax(np.abs(e))))
found.listed("first-that-is-off", lambda e, c, g: int((~(np.abs(e) <= 1e-4 * size(g))).argmax()))
found.listed("last-that-is-off", lambda e, c, g: int(np.flatnonzero(~(np.abs(e) <= 1e-4 * size(g)))[-1]))
found.listed("wrong-place", lambda e, c, g: int(np.abs(g).argmax()))
found.listed("wrong-place", lambda e, c, g: largest(c))
found.listed("worst-of-its-own", lambda e, c, g: largest(e / g))
found.listed("counts-from-one", lambda e, c, g: largest(e) + 1)
found.listed("names-none", lambda e, c, g: None)
found.listed("names-none", lambda e, c, g: largest(e) if np.isfinite(e).all() else None)
mistake.listed("pair-swapped", lambda inputs: {"worst": passed(inputs)["ok"]}, "place")
mistake.listed("shape-has-a-place", lambda inputs: place(inputs) if is_of_shape(inputs) else {"worst": 0})
mistake.listed("single-precision", lambda inputs: {"ok": False}, "single")
mistake.listed("memory-order", in_memory)
mistake.listed("changes-arguments", lambda inputs: {"keeps arguments": False}, "kept")

RIGHT = (*(f"right{words}" for words in SCALES), "right matrix", "right negative", "sign")
RIGHT += ("right with zeros", "right with some zeros")
untouched = must_hold({"keeps arguments": "your checker changes x or the claimed gradient."})
SMALL = (*(f"one percent{words}" for words in SCALES), "one percent matrix", *ENDS)
SMALL += ("one percent of many", "one percent late", "doubled of millionths")
PLACES = ("sign", "missing", "one percent", "one percent last", "nan beside", "two off", "column")
PLACE = "The worst entry is named, a second time as well"
after_right = partial(Check, needs=("right",))
correct = partial(Check, expected=passed, complaint=swapped)
passes = partial(correct, needs=("right",))
CHECKS = (
    correct("right", "Right gradients pass and a wrong sign does not", share=0.25, cases=RIGHT),
    passes("single", "A right gradient passes at a point of float32, too", share=0.05),
    passes("large", "Planted errors are found: a missing entry, two swapped, a factor 2", share=0.2, cases=LARGE),
    passes("small", "… and one percent in a single entry, at any scale", share=0.2, cases=SMALL),
    passes("form", "NaN, infinity and other shapes do not pass", share=0.15, cases=FORM),
    after_right("place", PLACE, share=0.1, cases=PLACES, expected=place, complaint=has_place),
    after_right("kept", "The arguments stay as they were", share=0.05, cases=PLACES, complaint=untouched),
)
EXERCISE = Exercise("gradcheck", draw, CHECKS, tuple(mistake), described=described)
