"""Compare what came out of the sandbox with what a float64 oracle expects, and say in words what is off."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

ANSWER = "your answer"
"""What stands for all outputs of a case."""

WHOLE = ("result", "results", "value", "values", "outputs")
"""Names by which probes call what a function returned."""

NOT_RIGHT = "is not right."
"""Of a value; what more there is to say, relations and public examples say."""


@dataclass(frozen=True)
class Difference:
    """The first place where an answer differs.

    Attributes:
        kind: "type", "missing", "extra", "shape", "finite" or "value".
        where: the path into the outputs, e.g. ``"omega['0.weight']"``.
        tell: makes the text; most differences are only counted, and finding the words takes longer than finding them.
        right, got: what was expected there, and what was received.
    """

    kind: str
    where: str
    tell: Callable[[], str]
    right: Any = None
    got: Any = None

    @property
    def text(self) -> str:
        """A sentence for the student; it never holds an expected number."""
        return self.tell()


@dataclass(frozen=True)
class Slip:
    """In place of a sentence, where what breaks a promise is a mistake of its own: its name, and fixed words, as a mistake's.

    Words that are not fixed, but made of what came, say so: ``quotes``. They are told of answers to public inputs alone.
    """

    name: str
    text: str
    quotes: bool = False


@dataclass(frozen=True)
class Excused:
    """In place of None, where a promise is kept but for a slip that costs elsewhere: what the student is told of it."""

    text: str


def compare(expected: Any, got: Any, tolerance: float, where: str = ANSWER) -> Difference | None:
    """The first difference between an expected tree and a received one, or None when they agree.

    The outermost mapping may hold further keys, inner ones must have the same keys; arrays the same shape and a
    relative error ‖got − expected‖ / ‖expected‖ of at most ``tolerance`` each (a tensor that should be all zeros is
    held against the norm of its siblings); numbers likewise; strings, booleans and None must be equal.
    """
    return next(differences(expected, got, tolerance, where), None)


def differences(expected: Any, got: Any, tolerance: float, where: str = ANSWER) -> Iterator[Difference]:
    """All places where an answer differs, in the order of what was expected; arguments as of ``compare``."""
    return _differences(expected, got, tolerance, where, expected)


def spoken(where: str) -> str:
    """A path into the outputs as it is told."""
    name, bracket, rest = where.partition("[")
    return f"{ANSWER if name in WHOLE else name}{bracket}{rest}"


def _norm(tree: Any) -> float:
    """The largest norm of any array or number in the tree."""
    if isinstance(tree, Mapping):
        return max((_norm(value) for value in tree.values()), default=0.0)
    if isinstance(tree, list | tuple):
        return max((_norm(value) for value in tree), default=0.0)
    if isinstance(tree, bool | str) or tree is None:
        return 0.0
    return _size(np.asarray(tree, dtype=np.float64))


def _size(values: np.ndarray[Any, Any]) -> float:
    """The norm; by a dot product, since judging takes tens of thousands of norms of small arrays."""
    flat = values.ravel()
    return math.sqrt(float(flat @ flat))


def _difference(where: str, expected: Any, got: Any, kind: str, words: str) -> Difference:
    return Difference(kind, where, lambda: f"{spoken(where)} {words}", expected, got)


def _differences(expected: Any, got: Any, tolerance: float, where: str, family: Any) -> Iterator[Difference]:
    """``family`` is the tree against whose norm tensors of zeros are held."""
    difference = partial(_difference, where, expected, got)
    if isinstance(expected, Mapping):
        yield from _of_mappings(expected, got, tolerance, where, family)
    elif isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            wanted = f"a list of {len(expected)}" if expected else "empty"
            yield difference("type", f"should be {wanted}, but is {describe(got)}.")
            return
        for index, (left, right) in enumerate(zip(expected, got, strict=True)):
            yield from _differences(left, right, tolerance, f"{where}[{index}]", family)
    elif isinstance(expected, bool | str) or expected is None:
        if type(got) is not type(expected) or got != expected:
            alike = type(got) is type(expected)
            words = NOT_RIGHT if alike else f"is {describe(got)}, which is not what was asked for."
            yield difference("value" if alike else "type", words)
    elif not _is_same(expected, got):
        yield from _of_arrays(np.asarray(expected, dtype=np.float64), got, tolerance, where, family)


def _is_same(expected: Any, got: Any) -> bool:
    """Whether two numbers, or arrays of whole numbers, are equal: what most right answers are, and is found at once."""
    if isinstance(expected, np.ndarray) and isinstance(got, np.ndarray):
        return expected.dtype == got.dtype and expected.dtype.kind in "iu" and np.array_equal(expected, got)
    return type(got) in (int, float) and type(expected) in (int, float) and got == expected and math.isfinite(got)


def _of_mappings(
    expected: Mapping[str, Any], got: Any, tolerance: float, where: str, family: Any
) -> Iterator[Difference]:
    difference = partial(_difference, where, expected, got)
    if not isinstance(got, Mapping):
        yield difference("type", f"should be a dict, but is {describe(got)}.")
        return
    outermost = where == ANSWER
    extra = None if outermost else next((key for key in got if key not in expected), None)
    for key, value in expected.items():
        inner = key if outermost else f"{where}[{key!r}]"
        if key not in got:
            yield difference("missing", f"has no entry {key!r}.")
        elif extra is None:
            yield from _differences(value, got[key], tolerance, inner, value if outermost else family)
    if extra is not None:
        yield difference("extra", f"has an entry {extra!r} that should not be there.")


def _of_arrays(
    expected: np.ndarray[Any, Any], got: Any, tolerance: float, where: str, family: Any
) -> Iterator[Difference]:
    difference = partial(_difference, where, expected, got)
    received = got if isinstance(got, np.ndarray) and got.shape != expected.shape else _numbers(got)
    if received is None or received.dtype.kind not in "iuf":
        kind = "a number" if expected.ndim == 0 else "an array of numbers"
        yield difference("type", f"should be {kind}, but is {describe(got)}.")
    elif received.shape != expected.shape:
        shapes = list(received.shape), list(expected.shape)
        yield difference("shape", f"has shape {shapes[0]}, but should have {shapes[1]}.")
    elif not np.isfinite(received).all():
        yield difference("finite", "holds NaN or infinity.")
    else:
        with np.errstate(over="ignore"):  # received from untrusted code, of any size
            size = _size(expected)
            error = _size(received - expected)
        if error <= tolerance * size < math.inf:  # a mistake's answer may be infinite
            return
        scale = _norm(family)  # beside tensors of such a norm, what should be zeros may be next to nothing
        if not (size <= 1e-9 * scale and error <= tolerance * scale < math.inf):
            yield _difference(where, expected, received, "value", NOT_RIGHT)


def _numbers(got: Any) -> np.ndarray[Any, Any] | None:
    """What was received in float64, or None where it is not of real numbers."""
    if isinstance(got, np.ndarray):
        with np.errstate(invalid="ignore"):  # a signalling NaN would warn the instructor
            return got.astype(np.float64) if got.dtype.kind in "iuf" else None
    if isinstance(got, bool) or not isinstance(got, int | float):
        return None
    return np.asarray(got if isinstance(got, float) or abs(got) < 1 << 63 else np.inf, dtype=np.float64)


def describe(value: Any) -> str:
    """The kind of a received value; never its content, which untrusted code could make a copy of the hidden inputs."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return repr(value)
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, np.ndarray):
        return f"an array of shape {list(value.shape)}"
    if isinstance(value, Mapping):
        if "$opaque" not in value:
            return f"a dict of {len(value)}"
        return f"an object of type {str(value['$opaque'])[:60].removeprefix('builtins.')}"
    return f"a {type(value).__name__} of {len(value)}" if hasattr(value, "__len__") else type(value).__name__
