"""What one function returned, in the form in which it is compared with what is right."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

LARGEST = 1 << 63
"""Whole numbers from here on do not leave the sandbox as numbers."""


class Unsendable(ValueError):
    """A value that does not cross the sandbox's wall as it is; the message says what it is."""


def plain(value: Any, *, tuples: bool) -> Any:
    """A judge's value with NumPy's numbers as Python's own; tuples stay, or become lists as on the way to the sandbox.

    Raises:
        Unsendable: it is, or holds, something else than None, booleans, numbers, text, lists, tuples, dicts with text
            as keys, and arrays of numbers or booleans.
    """
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value
    if isinstance(value, np.generic):
        return plain(value.item(), tuples=tuples)
    if isinstance(value, list | tuple):
        parts = [plain(each, tuples=tuples) for each in value]
        return tuple(parts) if tuples and isinstance(value, tuple) else parts
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise Unsendable("a dict with other keys than text")
        return {key: plain(each, tuples=tuples) for key, each in value.items()}
    if isinstance(value, int) and not -LARGEST < value < LARGEST:
        raise Unsendable("a whole number of more than 63 bits")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise Unsendable(f"a {type(value).__name__}")


def leaves(value: Any) -> list[Any]:
    """The arrays, numbers and texts in a value, one after another."""
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in leaves(each)]
    return [leaf for each in value.values() for leaf in leaves(each)] if isinstance(value, Mapping) else [value]


def comparable(value: Any, right: Any) -> Any:
    """A value as it is compared: a list of numbers as an array, a tuple as a list of answers.

    The right answer says where a tuple is due: those that were received have become lists.
    """
    sequence = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
    if isinstance(right, tuple) and sequence and len(value) == len(right):
        return [comparable(each, part) for each, part in zip(value, right, strict=True)]
    if isinstance(right, Mapping) and isinstance(value, Mapping):
        return {key: comparable(each, right.get(key)) for key, each in value.items()}
    return _merged(value)


def _merged(value: Any) -> Any:
    """The value with lists of numbers, and of lists of them of one length, as arrays; arrays of booleans hold 0 and 1."""
    if isinstance(value, list | tuple):
        return _stacked([_merged(each) for each in value])
    if isinstance(value, Mapping):
        return {key: _merged(each) for key, each in value.items()}
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    return value.astype(np.uint8) if isinstance(value, np.ndarray) and value.dtype.kind == "b" else value


def _stacked(parts: list[Any]) -> Any:
    """One array of all parts, where these are numbers or arrays of one shape; else the parts."""
    if all(isinstance(part, bool | int | float) for part in parts):
        return _merged(np.array(parts))
    arrays = all(isinstance(part, np.ndarray) for part in parts)
    return np.stack(parts) if arrays and len({part.shape for part in parts}) == 1 else parts


def is_finite(value: Any) -> bool:
    """Whether a comparable value holds neither NaN nor infinity."""
    return all(bool(np.isfinite(leaf).all()) for leaf in leaves(value) if _is_number(leaf))


def finite_part(value: Any) -> Any:
    """A comparable value with 0 in place of NaN and infinity."""
    return _mapped(value, lambda leaf: np.where(np.isfinite(leaf), leaf, 0.0))


def gaps(value: Any) -> Any:
    """Where a comparable value holds NaN (1), infinity (2) or minus infinity (3); 0 elsewhere."""
    return _mapped(value, lambda leaf: np.select([np.isnan(leaf), np.isposinf(leaf), np.isneginf(leaf)], [1, 2, 3], 0))


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, Mapping):
        return {key: _mapped(each, change) for key, each in value.items()}
    return change(value) if _is_number(value) else value


def _is_number(leaf: Any) -> bool:
    """Whether a leaf is a number or an array of numbers."""
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind in "iuf"
    return isinstance(leaf, float) or (type(leaf) is int and abs(leaf) < LARGEST)
