"""Judge ``gradcheck``: a checker that lets every right gradient pass, and finds every planted wrong one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .landscape import draw_landscape, gradient
from .smooth import Array

SCALES = {"": 1.0, " of millions": 1e6, " of millionths": 1e-6}
RIGHT = ("right", "right of millions", "right of millionths", "right with zeros", "right matrix")
LARGE = ("sign", "missing", "swapped", "doubled", "negated")
SMALL = (
    "one percent",
    "one percent of millions",
    "one percent of millionths",
    "one percent matrix",
    "one percent last",
)
FORM = ("nan", "infinite", "column", "too short")


def draw(rng: np.random.Generator) -> list[Case]:
    """Right gradients of three scales, one with zeros, and wrong ones, large and small."""
    cases = []
    for name in ("right", "one percent"):
        for words, scale in SCALES.items():
            cases.append(_case(rng, name + words, (int(rng.integers(4, 9)),), scale))
        cases.append(_case(rng, f"{name} matrix", (2, 3)))
    cases.append(_zero(rng))
    cases += [_case(rng, name, (int(rng.integers(4, 9)),)) for name in (*LARGE, "one percent last", *FORM)]
    return cases


def _case(rng: np.random.Generator, name: str, shape: tuple[int, ...], scale: float = 1.0) -> Case:
    while True:
        spec = draw_landscape(rng, shape, scale)
        right = gradient(spec)
        places = _places(name, right.reshape(-1))
        if len(places):
            return Case(name, {**spec, "claimed": _planted(name, right, int(rng.choice(places)))})


def _places(name: str, right: Array) -> NDArray[np.int64]:
    """Where an error may be planted: neither in the first entry nor in the last.

    A wrong sign makes a claim too small, what is missing one too large: a checker that forgets the absolute value lets
    one of them pass. Nor is the wrong sign in the largest entry, for some name that as the worst.
    """
    suits = np.ones(len(right), dtype=bool)
    suits[[0, -1]] = False
    if name == "sign":
        suits &= right > 0
        suits[np.abs(right).argmax()] = False
    elif name == "missing":
        suits &= right < 0
    return np.flatnonzero(suits).astype(np.int64)


def _zero(rng: np.random.Generator) -> Case:
    """A right gradient, most of it exactly zero, where every difference has rounding left."""
    spec = draw_landscape(rng, (12,))
    zero = rng.permutation(12)[:8]  # of so many differences some are not zero by chance
    spec["t"][zero] -= gradient(spec)[zero]
    claimed = gradient(spec)
    claimed[zero] = 0.0
    return Case("right with zeros", {**spec, "claimed": claimed})


def _planted(name: str, right: Array, at: int) -> Array:
    """The gradient with the error that a case's name tells."""
    flat = right.reshape(-1).copy()
    if name == "sign":
        flat[at] *= -1
    elif name == "missing":
        flat[at] = 0.0
    elif name == "swapped":
        flat = _exchanged(flat)
    elif name == "doubled":
        flat *= 2.0
    elif name == "negated":
        flat *= -1.0
    elif name == "one percent last":
        flat[-1] += 0.01 * abs(flat[-1])
    elif name.startswith("one percent"):  # of the largest entry, so that it is as plain as one percent can be
        at = int(np.abs(flat).argmax())
        flat[at] *= 1.01 if name != "one percent of millions" else 0.99
    elif name == "nan":
        flat[at] = np.nan
    elif name == "infinite":
        flat[at] = np.inf
    elif name == "column":
        return flat[:, None]
    elif name == "too short":
        return flat[:-1]
    return flat.reshape(right.shape)


def _exchanged(flat: Array) -> Array:
    """The first two entries that differ by much, in each other's place: the sum stays as it was."""
    largest, smallest = int(flat.argmax()), int(flat.argmin())
    other = flat.copy()
    other[[largest, smallest]] = other[[smallest, largest]]
    return other


def is_right(inputs: Tree) -> bool:
    """Whether the claimed gradient is the gradient."""
    right = gradient(inputs)
    claimed = np.asarray(inputs["claimed"])
    return claimed.shape == right.shape and bool(np.allclose(claimed, right, rtol=1e-9, atol=1e-9 * inputs["scale"]))


def wrong_entry(inputs: Tree) -> int:
    """The flat index of the entry that is most off; NaN and infinity are off more than anything."""
    off = np.abs(np.asarray(inputs["claimed"]) - gradient(inputs)).reshape(-1)
    return int(np.where(np.isfinite(off), off, np.inf).argmax())


def oracle(inputs: Tree) -> Tree:
    """Passed or not."""
    return {"ok": is_right(inputs)}


def place(inputs: Tree) -> Tree:
    """Which entry is worst."""
    return {"worst": wrong_entry(inputs)}


def untouched(inputs: Tree, outputs: Tree) -> str | None:
    """The arguments are as before."""
    return None if outputs["keeps arguments"] is True else "your checker changes x or the claimed gradient."


Verdict = Callable[[Array, Array, float], bool]


def _mistake(name: str, message: str, passes: Verdict, *checks: str) -> Mistake:
    """A checker that passes by this rule of (claimed, right, scale), and notices other shapes."""

    def expected(inputs: Tree) -> Tree:
        right = gradient(inputs)
        claimed = np.asarray(inputs["claimed"], dtype=np.float64)
        if claimed.shape != right.shape:
            return {"ok": False}
        with np.errstate(invalid="ignore", divide="ignore"):
            return {"ok": bool(passes(claimed, right, inputs["scale"]))}

    return Mistake(name, message, expected, checks=checks)


def _small(claimed: Array, right: Array) -> bool:
    """What a right checker's criterion says; False of NaN."""
    return bool(np.abs(claimed - right).max() <= 1e-4 * np.abs(right).max())


def _is_column(inputs: Tree) -> bool:
    return np.ndim(inputs["claimed"]) == np.ndim(inputs["x"]) + 1


MISTAKES = (
    _mistake(
        "absolute-tolerance",
        "Your tolerance is absolute: of a gradient in the millions it refuses what is right, of one in the millionths it passes anything. Measure the error relative to the gradient's size.",
        lambda claimed, right, scale: bool(np.abs(claimed - right).max() <= 1e-5) if scale <= 1 else False,
        "right",
        "large",
        "small",
    ),
    _mistake(
        "relative-to-each-entry",
        "Your error is relative to each entry alone; where an entry is 0, rounding is infinitely large beside it. Measure relative to the largest entry.",
        lambda claimed, right, scale: bool((np.abs(claimed - right) <= 1e-4 * np.abs(right)).all() and claimed.all()),
        "right",
        "large",
        "small",
    ),
    _mistake(
        "sign-of-the-error",
        "You compare claimed − numerical without its absolute value: whatever is claimed too small passes.",
        lambda claimed, right, scale: bool((claimed - right).max() <= 1e-4 * np.abs(right).max()),
        "right",
        "large",
        "small",
    ),
    _mistake(
        "sums-cancel",
        "You compare the sums of the entries; errors can cancel there. Compare entry by entry.",
        lambda claimed, right, scale: bool(abs(claimed.sum() - right.sum()) <= 1e-4 * np.abs(right).max()),
        "right",
        "large",
    ),
    _mistake(
        "norms-only",
        "You compare the lengths of the two gradients; a sign, or two entries swapped, changes no length. Compare the difference.",
        lambda claimed, right, scale: bool(
            abs(np.linalg.norm(claimed) - np.linalg.norm(right)) <= 1e-4 * np.linalg.norm(right)
        ),
        "right",
        "large",
    ),
    _mistake(
        "too-lenient",
        "Your tolerance is too large: an error of one percent in an entry passes.",
        lambda claimed, right, scale: bool(np.abs(claimed - right).max() <= 0.02 * np.abs(right).max()),
        "small",
    ),
    _mistake(
        "misses-the-last",
        "Your checker never looks at the last entry.",
        lambda claimed, right, scale: _small(claimed.reshape(-1)[:-1], right.reshape(-1)[:-1]),
        "small",
    ),
    _mistake(
        "only-the-first",
        "Your checker looks at the first entry alone.",
        lambda claimed, right, scale: bool(abs(claimed.flat[0] - right.flat[0]) <= 1e-4 * np.abs(right).max()),
        "right",
        "large",
        "small",
    ),
    _mistake(
        "nan-passes",
        "NaN passes your checker: every comparison with NaN is False, so `error > tolerance` never refuses it. Ask whether the error is small, not whether it is large.",
        lambda claimed, right, scale: not bool(np.isfinite(claimed).all()) and bool(np.isnan(claimed).any()),
        "form",
    ),
    Mistake(
        "shape-broadcast",
        "A claimed gradient of another shape passes or is compared by broadcasting; refuse it first.",
        lambda inputs: {"ok": _is_column(inputs)},
        checks=("form",),
    ),
    Mistake(
        "wrong-place",
        "You name the entry with the largest gradient; name the one with the largest error.",
        lambda inputs: {"worst": int(np.abs(gradient(inputs)).reshape(-1).argmax())},
        checks=("place",),
    ),
)

EXERCISE = Exercise(
    id="gradcheck",
    draw=draw,
    checks=(
        Check(
            "right",
            "Right gradients pass and a wrong sign does not",
            share=0.3,
            cases=(*RIGHT, "sign"),
            expected=oracle,
        ),
        Check(
            "large",
            "Planted errors are found: a missing entry, two swapped, a factor 2",
            share=0.2,
            cases=LARGE,
            expected=oracle,
            needs=("right",),
        ),
        Check(
            "small",
            "… and one percent in a single entry, at any scale",
            share=0.2,
            cases=SMALL,
            expected=oracle,
            needs=("right",),
        ),
        Check(
            "form",
            "NaN, infinity and other shapes do not pass",
            share=0.15,
            cases=FORM,
            expected=oracle,
            needs=("right",),
        ),
        Check(
            "place",
            "The worst entry is named",
            share=0.15,
            cases=("sign", "missing", "one percent", "one percent last", "nan"),
            expected=place,
            complaint=untouched,
            needs=("right",),
        ),
    ),
    mistakes=MISTAKES,
)
