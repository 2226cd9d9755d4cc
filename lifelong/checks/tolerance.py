"""Expectations on floats with a relative tolerance."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lifelong.checks.expect import show
from lifelong.checks.failure import CheckFailed

Known = Sequence[tuple[Any, str]]


def expect(got: Any, wanted: Any, call: str, known: Known = (), tolerance: float = 1e-6) -> None:
    """A number or array close to the one wanted, ‖got − wanted‖ ≤ tolerance · ‖wanted‖ (of 1 where that is 0).

    Args:
        got: the student's answer.
        wanted: a number, or nested lists.
        call: what was called, with its input.
        known: wrong answers and what they betray, tried in order.
        tolerance: relative.
    """
    try:
        values = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        raise CheckFailed(f"{call} should be {show(wanted)}, but is of type {type(got).__name__}.") from None
    right = np.asarray(wanted, dtype=np.float64)
    if got is None:
        raise CheckFailed(f"{call} should be {show(wanted)}, but is None (is there a `return`?).")
    if values.shape != right.shape:
        raise CheckFailed(f"{call} should have shape {list(right.shape)}, but has {list(values.shape)}.")
    if _near(values, right, tolerance):
        return
    reason = next((f" {text}" for wrong, text in known if _near(values, np.asarray(wrong), max(tolerance, 1e-6))), "")
    raise CheckFailed(f"{call} should be {show(right.tolist())}, but is {show(values.tolist())}.{reason}")


def _near(got: np.ndarray[Any, Any], right: np.ndarray[Any, Any], tolerance: float) -> bool:
    size = float(np.linalg.norm(right))
    return bool(np.linalg.norm(got - right) <= tolerance * (size or 1.0))
