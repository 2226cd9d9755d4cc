"""Judge ``gradcheck``: a checker that lets every right gradient pass, and finds every planted wrong one."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from autograder.judging import RAISED, Check, Exercise, Mistakes, Slip, Tree, ended, must_hold
from autograder.judging.example import shown

from .claims import BENT, ENDS, FORM, LARGE, SCALES, bend, draw, norm, size
from .landscape import gradient
from .smooth import Array


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
measured("mean-of-errors", lambda e, c, g: norm(e) / (norm(c) + norm(g)), 1e-3)
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
    correct("right", "Right gradients pass and a wrong sign does not", share=0.3, cases=RIGHT),
    passes("large", "Planted errors are found: a missing entry, two swapped, a factor 2", share=0.2, cases=LARGE),
    passes("small", "… and one percent in a single entry, at any scale", share=0.2, cases=SMALL),
    passes("form", "NaN, infinity and other shapes do not pass", share=0.15, cases=FORM),
    after_right("place", PLACE, share=0.1, cases=PLACES, expected=place, complaint=has_place),
    after_right("kept", "The arguments stay as they were", share=0.05, cases=PLACES, complaint=untouched),
)
EXERCISE = Exercise("gradcheck", draw, CHECKS, tuple(mistake), described=described)
