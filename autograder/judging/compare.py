"""Compare what came out of the sandbox with what a float64 oracle expects, and say in words what is off."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Difference:
    """The first place where an answer differs.

    Attributes:
        kind: "type", "missing", "extra", "shape", "finite" or "value".
        where: the path into the outputs, e.g. ``"omega['0.weight']"``.
        tell: makes the text; most differences are only counted, and finding the words takes longer than finding them.
    """

    kind: str
    where: str
    tell: Callable[[], str]

    @property
    def text(self) -> str:
        """A sentence for the student; it never holds an expected number."""
        return self.tell()


def compare(expected: Any, got: Any, tolerance: float, where: str = "result") -> Difference | None:
    """The first difference between an expected tree and a received one, or None when they agree.

    The outermost mapping may hold further keys, inner ones must have the same keys; arrays the same shape and a
    relative error ‖got − expected‖ / ‖expected‖ of at most ``tolerance`` each (a tensor that should be all zeros is
    held against the norm of its siblings); numbers likewise; strings, booleans and None must be equal.
    """
    return _compare(expected, got, tolerance, where, expected)


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


def _compare(expected: Any, got: Any, tolerance: float, where: str, family: Any) -> Difference | None:
    """The first difference; ``family`` is the tree against whose norm tensors of zeros are held."""
    if isinstance(expected, Mapping):
        return _mappings(expected, got, tolerance, where, family)
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            return Difference(
                "type", where, lambda: f"{where} should be a list of {len(expected)}, but is {describe(got)}."
            )
        for index, (left, right) in enumerate(zip(expected, got, strict=True)):
            difference = _compare(left, right, tolerance, f"{where}[{index}]", family)
            if difference:
                return difference
        return None
    if isinstance(expected, bool | str) or expected is None:
        if type(got) is type(expected) and got == expected:
            return None
        kind = "value" if type(got) is type(expected) else "type"
        return Difference(kind, where, lambda: f"{where} is {describe(got)}, which is not what was asked for.")
    return _arrays(np.asarray(expected, dtype=np.float64), got, tolerance, where, family)


def _mappings(expected: Mapping[str, Any], got: Any, tolerance: float, where: str, family: Any) -> Difference | None:
    if not isinstance(got, Mapping):
        return Difference("type", where, lambda: f"{where} should be a dict by parameter name, but is {describe(got)}.")
    absent = next((key for key in expected if key not in got), None)
    if absent is not None:
        return Difference("missing", where, lambda: f"{where} has no entry {absent!r}.")
    outermost = where == "result"
    extra = None if outermost else next((key for key in got if key not in expected), None)
    if extra is not None:
        return Difference("extra", where, lambda: f"{where} has an entry {extra!r} that should not be there.")
    for key, value in expected.items():
        inner = key if outermost else f"{where}[{key!r}]"
        difference = _compare(value, got[key], tolerance, inner, value if outermost else family)
        if difference:
            return difference
    return None


def _arrays(expected: np.ndarray[Any, Any], got: Any, tolerance: float, where: str, family: Any) -> Difference | None:
    received = got if isinstance(got, np.ndarray) and got.shape != expected.shape else _numbers(got)
    if received is None or received.dtype.kind not in "iuf":
        kind = "a number" if expected.ndim == 0 else "a tensor"
        return Difference("type", where, lambda: f"{where} should be {kind}, but is {describe(got)}.")
    if received.shape != expected.shape:
        shapes = list(received.shape), list(expected.shape)
        return Difference("shape", where, lambda: f"{where} has shape {shapes[0]}, but should have {shapes[1]}.")
    if not np.isfinite(received).all():
        return Difference("finite", where, lambda: f"{where} holds NaN or infinity.")
    with np.errstate(over="ignore"):  # received from untrusted code, of any size
        size = _size(expected)
        error = _size(received - expected)
    scale = _norm(family)  # beside tensors of such a norm, what should be zeros may be next to nothing
    if error <= tolerance * size or (size <= 1e-9 * scale and error <= tolerance * scale):
        return None
    return Difference("value", where, lambda: _explain(expected, received, where, tolerance))


def _numbers(got: Any) -> np.ndarray[Any, Any] | None:
    """What was received in float64, or None where it is not of real numbers."""
    if isinstance(got, np.ndarray):
        with np.errstate(invalid="ignore"):  # a signalling NaN would warn the instructor
            return got.astype(np.float64) if got.dtype.kind in "iuf" else None
    if isinstance(got, bool) or not isinstance(got, int | float):
        return None
    return np.asarray(got if isinstance(got, float) or abs(got) < 1 << 63 else np.inf, dtype=np.float64)


def _explain(expected: np.ndarray[Any, Any], received: np.ndarray[Any, Any], where: str, tolerance: float) -> str:
    """What kind of wrong a value is, in words that give no expected number away."""
    size = _size(expected)
    if not received.any():
        return f"{where} is zero everywhere."
    if float(np.abs(received).max()) > 1e100:
        return f"{where} holds enormous numbers."
    if size and _size(received + expected) <= tolerance * size:
        return f"{where} has the wrong sign."
    square = expected.ndim == 2 and expected.shape[0] == expected.shape[1]
    if square and _size(received.T - expected) <= tolerance * size:
        return f"{where} is transposed."
    if expected.size > 1 and size:
        factor = float((received * expected).sum()) / size**2
        if _size(received - factor * expected) <= tolerance * abs(factor) * size:
            return (
                f"{where} is right up to a constant factor: look for a mean in place of a sum, a missing ½ or a square."
            )
        if bool((received < 0).any()) and not bool((expected < 0).any()):
            return f"{where} holds negative entries, which this quantity cannot have."
    return f"{where} has the right form, but not the right values."


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
        return f"a tensor of shape {list(value.shape)}"
    if isinstance(value, Mapping):
        return f"an object of type {str(value['$opaque'])[:60]}" if "$opaque" in value else f"a dict of {len(value)}"
    return f"a {type(value).__name__} of {len(value)}" if hasattr(value, "__len__") else type(value).__name__
