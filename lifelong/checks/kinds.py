"""Expectations on numbers of any kind: right values, and all 50 digits where there are that many."""

import linecache
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lifelong.checks.expect import close, show
from lifelong.checks.failure import CheckFailed
from lifelong.digits import FloatRefused, Precise

Known = Sequence[tuple[Any, str]]
"""Commonest wrong answers, and the sentence that each betrays."""


def expect(got: Any, right: Any, call: str, known: Known = (), tolerance: float = 1e-9) -> None:
    """A number, list or array of any kind of number, with the right shape, and ‖got − right‖ ≤ tolerance · ‖right‖."""
    wanted = np.asarray(right, dtype=float)
    have = _floats(got, call)
    if have.shape != wanted.shape:
        reason = next((f" {text}" for wrong, text in known if np.shape(wrong) == have.shape != wanted.shape), "")
        raise CheckFailed(f"{call} should have shape {list(wanted.shape)}, but has {list(have.shape)}.{reason}")
    if close(have, wanted, tolerance):
        return
    reason = next((f" {text}" for wrong, text in known if close(have, wrong, max(tolerance, 1e-6))), "")
    told = show if show(wanted.tolist()) != show(have.tolist()) else str
    raise CheckFailed(f"{call} should be {told(wanted.tolist())}, but is {told(have.tolist())}.{reason}")


def _floats(got: Any, call: str) -> Any:
    try:
        values = np.asarray(got, dtype=object)
        return np.asarray([float(str(value)) for value in values.flat]).reshape(values.shape)
    except (TypeError, ValueError):
        kind = "None (is there a `return`?)" if got is None else f"of type {type(got).__name__}"
        raise CheckFailed(f"{call} should hold numbers, but is {kind}.") from None


def expect_digits(action: Callable[[], Any], right: Sequence[Precise], call: str) -> None:
    """What an action makes of 50-digit numbers has as many, and has not been through floats."""
    try:
        got = action()
    except FloatRefused as error:
        raise CheckFailed(f"{call}, fed with 50-digit numbers: {error}.") from None
    for value, wanted in zip(np.asarray(got, dtype=object).flat, right, strict=True):
        if abs(Precise(value) - wanted) > abs(wanted) * 1e-42:
            message = f"{call}, fed with 50-digit numbers, gives {value}, which is right to fewer than 42 digits (it should be {wanted}). Somewhere they go through floats; take values as they come."
            raise CheckFailed(message)


def evaluated(text: str, names: Mapping[str, Any], kind: type, story: str) -> Any:
    """The value of a formula, an object of the student's class; a crash within can quote the formula."""
    file = str(Path(__file__).with_name("<formula>"))
    linecache.cache[file] = (len(text), None, [text], file)
    result = eval(compile(text, file, "eval"), dict(names))
    if not isinstance(result, kind):
        raise CheckFailed(f"{story}{text} should be a {kind.__name__}, but is of type {type(result).__name__}.")
    return result


def by_paths(node: Any, leaf: Any, g: Any) -> Any:
    """What arrives at the leaf over all paths; for tiny graphs."""
    return g if node is leaf else sum((by_paths(parent, leaf, pull(g)) for parent, pull in node.parents), start=0)
