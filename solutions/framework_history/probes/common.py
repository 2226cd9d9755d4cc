"""What the probes share: lists turned into arrays, and errors reported as data."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Names = Inputs = Mapping[str, Any]
Outputs = dict[str, Any]

CHANGED = "changed what it was given"
"""Tells, by True, that something has changed what it got; the tool watches functions, but no methods and no graphs."""


def array(tree: Any) -> Any:
    """Nested lists as an array of float64."""
    return np.array(tree, dtype=np.float64)


def numbers(value: Any) -> Any:
    """An answer as an array of float64 where it can be one, else as it is."""
    try:
        return array(value)
    except (TypeError, ValueError):
        return value


def raised(action: Callable[[], Any]) -> dict[str, str]:
    """The type and message of the error that an action raises; empty texts where it raises none."""
    try:
        action()
    except NotImplementedError:
        raise
    except Exception as error:
        kinds = (kind.__name__ for kind in (ValueError, TypeError, KeyError) if isinstance(error, kind))
        return {"error": next(kinds, "another error"), "message": str(error)[:300]}
    return {"error": "", "message": ""}


def watch(given: dict[Any, Any]) -> Callable[[], Outputs]:
    """Watch a dict, and the arrays in it, that methods get, as the tool watches what functions get; told when called."""

    def held() -> list[Any]:
        return [(key, np.asarray(value).tobytes()) for key, value in given.items()]

    before = held()
    return lambda: {} if held() == before else {CHANGED: True}


def counting(function: Callable[..., Any], counts: list[int], at: int) -> Callable[..., Any]:
    """The function, which counts its calls in one entry of the counts."""

    def counted(*arguments: Any) -> Any:
        counts[at] += 1
        return function(*arguments)

    return counted
