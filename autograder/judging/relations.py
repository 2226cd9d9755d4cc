"""How wrong answers relate to the right ones: a factor and which number it is, an offset, another order, another answer.

A relation holds for all wrong answers of a check, or is none. It may name numbers of inputs, so it is told of public ones.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DECIMALS = 13
"""From so many on, what is rounded to decimals is taken for a float's own digits."""
SOME = "is right in some of its entries, but not in all"
ALWAYS, SOMETIMES, WHERE = ", always", " where it is wrong", "wherever it is wrong"
MOST = 100_000
"""Entries of an array that are looked at."""


@dataclass(frozen=True)
class Wrong:
    """One wrong array or number.

    Attributes:
        right, got: what was expected and what was received, of one shape, finite.
        tolerance: the relative error up to which two answers are the same.
        inputs: those of its case.
        others: other right answers, of this case and of the one before, by name.
    """

    right: Array
    got: Array
    tolerance: float
    inputs: Mapping[str, Any]
    others: Mapping[str, Any]

    def is_near(self, other: Any) -> bool:
        """Whether what was received is this."""
        found = numbers(other)
        if found is None or found.shape != self.got.shape or not np.isfinite(found).all():
            return False
        size = np.linalg.norm(found)  # infinite of what is large
        return bool(np.linalg.norm(self.got - found) <= self.tolerance * size < np.inf)


def relation(wrong: Sequence[Wrong], all_answers: Sequence[Wrong] = ()) -> str:
    """Words behind the name of wrong answers, such as "is 2 times what it should be."; empty where nothing fits all.

    All answers, the right ones too, show where a rounding or a limit does nothing.
    """
    if not wrong or any(each.right.size > MOST for each in (*wrong, *all_answers)):
        return ""
    if limits := next((words for some in (wrong, all_answers) for words in _limited(some)), ""):
        return f"{limits}."
    if not any(each.got.any() for each in wrong):
        always = not any(each.got.any() for each in all_answers)
        return f"is zero {'everywhere' if always else WHERE}."
    right, got = (np.concatenate([getattr(each, of).ravel() for each in wrong]) for of in ("right", "got"))
    if np.ptp(right) <= 1e-6 * np.abs(right).max():  # one number can be had in many ways
        return ""
    if np.ptp(got) <= 1e-9 * np.abs(got).max():
        always = all(each.is_near(np.full(each.got.shape, got[0])) for each in all_answers)
        return f"is the same number {'everywhere, whatever is given' if always else WHERE}."
    with np.errstate(all="ignore"):
        words = next(_found(wrong), "")
    if words.endswith(ALWAYS) and any(each.is_near(each.right) for each in all_answers):
        words = words.replace(ALWAYS, SOMETIMES)
    return f"{words}." if words else ""


def is_name(words: str) -> bool:
    """Whether a relation says what has been made of the right answer, and so which mistake it is.

    A factor, or what is added, does if it is a whole number, or 1 divided by one; of others nobody knows their origin.
    """
    if not words or SOMETIMES in words or words.startswith(("is right", "is zero", "is the same number")):
        return False
    if number := re.match(r"is (?:too \w+ by )?(-?[\d.e+-]+)(?: times|, always)", words):
        size = max(abs(float(number[1])), 1 / abs(float(number[1])))
        return abs(size - round(size)) < 1e-3 * size
    return True


def reshaped(right: Array, got: Array, tolerance: float) -> str:
    """Words for an answer that holds what is right, but in another shape; empty for any other."""
    if got.size != right.size or got.ndim == right.ndim == 1 or not right.ndim:
        return ""
    if got.shape == right.shape[::-1] and got.ndim > 1 and np.allclose(got.T, right, rtol=tolerance, atol=0):
        return "is transposed."
    if not np.allclose(got.reshape(right.shape), right, rtol=tolerance, atol=0):
        return ""
    if got.ndim >= right.ndim:
        return "has an axis too many." if got.ndim > right.ndim else ""
    return "is flat." if got.ndim == 1 and 1 not in right.shape else "lacks an axis."


def numbers(value: Any) -> Array | None:
    """A number, an array or a list of numbers as an array; None of anything else."""
    try:
        found = np.asarray(value)
    except ValueError:  # a list of lists of several lengths
        return None
    return found.astype(np.float64) if found.dtype.kind in "iuf" else None


CHANGES: dict[str, Callable[[Array], Any]] = {
    "has the wrong sign": np.negative,
    "is transposed": np.transpose,
    "has its entries in reverse order": lambda x: (
        x[::-1] if np.unique(x).size > 2 else None
    ),  # of two numbers, much is an order
    "is added up from entry to entry, a cumulated sum": lambda x: np.cumsum(x, axis=0) if x.ndim else None,
    "holds the differences of neighbours": lambda x: np.diff(x, axis=0, prepend=0) if x.ndim else None,
    "is sorted": lambda x: np.sort(x, axis=None).reshape(x.shape) if np.unique(x).size > 2 else None,
    "has lost its sign: it is the absolute value": np.abs,
    "is the square of what it should be": np.square,
    "is the square root of what it should be": np.sqrt,
    "is 1 divided by what it should be": lambda x: 1 / x,
    "is 1 minus what it should be": lambda x: 1 - x,
    "is the logarithm of what it should be": np.log,
    "is the exponential of what it should be": np.exp,
    "is 0 where it should be negative": lambda x: np.maximum(x, 0),
    "is rounded to whole numbers": np.round,
    "is cut off to whole numbers": np.trunc,
    "is rounded to powers of 2": lambda x: np.sign(x) * 2.0 ** np.round(np.log2(np.abs(x))),
    "is rounded down to whole numbers": np.floor,
    "is divided by its own sum": lambda x: x / x.sum(),
    "is divided by its own largest entry": lambda x: x / x.max(),
}
"""By words, what has been made of the right answer."""


def _limited(answers: Sequence[Wrong]) -> Iterator[str]:
    """Which rounding, or which largest or smallest number, makes the answers of the right ones."""
    if not answers:
        return
    right, got = (np.concatenate([getattr(each, of).ravel() for each in answers]) for of in ("right", "got"))
    off = np.abs(got - right)
    for decimals in range(1, DECIMALS):
        unit = 10.0**-decimals
        if 0.01 * unit < off.max() < 0.501 * unit and _has_decimals(got, off > 0.01 * unit, decimals):
            yield f"is rounded to multiples of {unit:g}"
    wrong = off > max(each.tolerance for each in answers) * np.abs(right)
    limit = got[wrong][0] if wrong.any() else 0.0
    if limit and not wrong.all() and (wrong.sum() > 1 or np.log10(abs(limit)) % 1 == 0):
        for words, limited in (("above", np.minimum(right, limit)), ("below", np.maximum(right, limit))):
            if (np.abs(got - limited) <= max(each.tolerance for each in answers) * np.abs(right)).all():
                yield f"is never {words} {limit:.4g}"


def _has_decimals(got: Array, moved: Array, decimals: int) -> bool:
    """Whether numbers are rounded: all of them, or several that are not right, as single precision has them."""
    off = np.abs(got - np.round(got, decimals))
    if not off.any():
        return bool(got.any())
    noise = np.spacing(np.abs(got).max(), dtype=np.float32)
    return bool(moved.sum() > 2 and noise < 1e-2 * 10.0**-decimals and (off[moved] <= noise).all())


def _is_single(wrong: Wrong) -> bool:
    """Whether an answer is nearly right, but of numbers of single precision, as hardly any others are by chance.

    Where arrays that are given have it, all answers may.
    """
    if any(isinstance(each, np.ndarray) and each.dtype == np.float32 for each in wrong.inputs.values()):
        return False
    single, half = wrong.got.astype(np.float32), wrong.got.astype(np.float16)
    close = np.abs(wrong.got - wrong.right) <= 0.01 * np.abs(wrong.right).max()
    if np.array_equal(wrong.got, np.round(wrong.got)):  # which numbers of all precisions are
        return False
    return bool(wrong.tolerance < 1e-5 and close.all() and (single == wrong.got).all() and (half != wrong.got).any())


def _found(wrong: Sequence[Wrong]) -> Iterator[str]:
    """All relations, the surest first."""
    if all(map(_is_single, wrong)):
        yield "is rounded to single precision (float32)"
    for name in wrong[0].others:
        if all(each.is_near(each.others.get(name)) for each in wrong):
            yield f"is what {name} should be"
    for name in wrong[0].inputs:
        if all(each.is_near(each.inputs.get(name)) for each in wrong):
            yield f"is the given {name}, unchanged"
    for words, change in CHANGES.items():
        if all(each.is_near(change(each.right)) for each in wrong):
            yield words
    if all(each.right.ndim and len(each.right) > 3 for each in wrong):
        for words, to, of in (("late", slice(1, None), slice(-1)), ("early", slice(-1), slice(1, None))):
            if all(replace(each, got=each.got[to]).is_near(each.right[of]) for each in wrong):
                yield f"comes one place too {words}"
    if len(wrong) + wrong[0].right.size > 2:
        yield from _factor(wrong)
        yield from _offset(wrong)
    yield from _but_for(wrong)


def _factor(wrong: Sequence[Wrong]) -> Iterator[str]:
    """A factor that is constant within each answer, and which number it is."""
    factors = np.array([(each.got * each.right).sum() / (each.right * each.right).sum() for each in wrong])
    if not all(factor and each.is_near(factor * each.right) for each, factor in zip(wrong, factors, strict=True)):
        return
    precision: Any = {"rtol": 10 * max(each.tolerance for each in wrong), "atol": 0}
    fits = [
        f"{words}{name}"
        for name, q in _quantities(wrong)
        for words, power in {"": q, "1 / ": 1 / q, "the square of ": q**2, "1 / the square of ": q**-2}.items()
        if np.abs(np.abs(q) - 1).min() > 1e-9 and np.allclose(factors, power, **precision)
    ]
    if np.isclose(factors, 1, rtol=max(1e-3, precision["rtol"]), atol=0).any():  # of small errors many are alike
        return
    if np.allclose(factors, factors[0], **precision):  # many numbers may be as large
        plain = np.isclose(abs(factors[0]), (2, 0.5)).any()
        some = [each for each in fits if "square" not in each and not plain][:2]
        yield f"is {factors[0]:.4g} times what it should be" + ", perhaps " * bool(some) + " or ".join(some)
    elif fits:
        yield f"is {fits[0]} times what it should be"
    elif all(each.right.size > 1 for each in wrong):
        yield "is right up to a factor, which changes with what is given"


def _offset(wrong: Sequence[Wrong]) -> Iterator[str]:
    """A constant that is added, and which number it is."""
    offsets = np.array([np.mean(each.got - each.right) for each in wrong])
    if all(offset and each.is_near(each.right + offset) for each, offset in zip(wrong, offsets, strict=True)):
        words, fixed = "large" if offsets[0] > 0 else "small", {"": np.full(len(wrong), offsets[0])}
        for name, q in [*fixed.items(), *_quantities(wrong)]:
            if np.allclose(np.abs(offsets), np.abs(q), rtol=1e-6, atol=0):
                yield f"is too {words} by {name or f'{abs(offsets[0]):.4g}{ALWAYS}'}"


def _quantities(wrong: Sequence[Wrong]) -> Iterator[tuple[str, Array]]:
    """The numbers at hand in all inputs by name, one for each answer: those given, and lengths, sums, sizes of others."""
    hands = [_at_hand(each.inputs) for each in wrong]
    for name in hands[0]:
        quantity = np.array([hand.get(name, 0.0) for hand in hands], dtype=np.float64)
        if quantity.all():
            yield name, quantity


def _at_hand(inputs: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in inputs.items():
        x, shape = numbers(value), np.shape(value) if isinstance(value, np.ndarray) else ()
        shape = (len(value),) if isinstance(value, list) else shape
        if x is not None and x.ndim < 2 and x.size:
            found[name if x.size == 1 else f"the sum of {name}"] = x.sum()
        found |= {f"{name}.shape[{at}]" if at else f"len({name})": length for at, length in enumerate(shape)}
        found[f"the size of {name}"] = np.prod(shape) if shape else 0
    return found


def _but_for(wrong: Sequence[Wrong]) -> Iterator[str]:
    """Where it is wrong, if it is right elsewhere."""
    off = [np.abs(each.got - each.right) > each.tolerance * np.abs(each.right).max() for each in wrong]
    if any(bad.all() or not bad.any() for bad in off):
        return
    places = [_places(each) for each in wrong]
    for words in places[0]:
        if all(np.array_equal(bad, where.get(words, ())) for bad, where in zip(off, places, strict=True)):
            yield f"is right, but for {words}"
    yield SOME


def _places(wrong: Wrong) -> dict[str, Any]:
    """Masks by words."""
    right, found = wrong.right, dict[str, Any]()
    for axis, name in enumerate(("row", "column") if right.ndim == 2 else ("entry",) * (right.ndim == 1)):
        index = np.indices(right.shape)[axis]
        found |= {f"its first {name}": index == 0, f"its last {name}": index == right.shape[axis] - 1}
    found |= {"the entries that should be negative": right < 0, "the entries that should be 0": right == 0}
    for name, value in wrong.inputs.items():
        x = numbers(value)
        if x is not None and x.shape == right.shape:
            found |= {f"the places where {name} is negative": x < 0, f"the places where {name} is 0": x == 0}
    return found
