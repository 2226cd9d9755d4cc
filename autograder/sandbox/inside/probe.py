"""Drive the student's functions with the judge's inputs, in a fork of the student's state."""

import contextlib
import random
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np

from . import call, quiz
from .plain import held, to_arrays, to_plain

SOURCE = "source of "
"""Before an exercise's id: in place of calling its probe, take out of the student's names what it is about, as data."""

CHANGED = "changed what it was given"
"""Among the outputs of a probe whose call has changed an array, a list or a dict that it had handed to a function."""

Probe = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


class NotDefined(NameError):
    """The submission does not define a name that its exercise asks for; the judge knows this type's name."""


class Names(dict[str, Any]):
    """A submission's names, as probes get them: one that is missing is told as such, and functions are watched.

    Attributes:
        changed: whether a function has changed an argument.
    """

    changed = False

    def __getitem__(self, name: str) -> Any:
        function = super().__getitem__(name)
        if type(function) is not FunctionType:
            return function

        @wraps(function)
        def watched(*given: Any, **named: Any) -> Any:
            before = held((given, named))
            result = function(*given, **named)
            self.changed = self.changed or held((given, named)) != before
            return result

        return watched

    def __missing__(self, name: str) -> Any:
        raise NotDefined(f"your notebook does not define `{name}`")


def probe_of(exercise: str, probes: Mapping[str, Probe]) -> Probe:
    """The probe of an exercise: the course's own, that of every quiz's questions, or else a plain call."""
    return quiz.probe if exercise.startswith(quiz.PREFIX) else probes.get(exercise, call.probe)


def seed_generators(seed: int, tensors: bool) -> None:
    """Start all generators that student code may draw from without one of its own."""
    torch = [sys.modules["torch"].manual_seed] if tensors else []
    for start in (*torch, np.random.seed, random.seed):
        with contextlib.suppress(Exception):  # a cell may have assigned to it: `np.random.seed = 42`
            start(seed)


def answer(probe: Probe, names: dict[str, Any], inputs: Any, tensors: bool) -> dict[str, Any]:
    """One reply: ``{"outcome": "ok", "value": …}``, or the error that the student's code raised."""
    watched = Names(names)
    try:
        np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")  # a cell may have left other modes
        if tensors:
            sys.modules["torch"].set_grad_enabled(True)
        outputs = to_plain(probe(watched, to_arrays(inputs, tensors)))
        return {"outcome": "ok", "value": {**outputs, CHANGED: True} if watched.changed else outputs}
    except MemoryError:
        return {"outcome": "memory"}
    except BaseException as error:  # the student's code may raise anything, SystemExit included
        if isinstance(error, RuntimeError) and "allocate memory" in str(error):
            return {"outcome": "memory"}
        return {"outcome": "error", "error": _describe(error)}


def _describe(error: BaseException) -> dict[str, str]:
    """Type, message and the student's line: the last frame whose code came from a cell."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(("<ipython-input", "/tmp/ipykernel")) or frame.filename == "<cell>":
            where = f"line {frame.lineno} of its cell: {(frame.line or '').strip()[:120]}"
    return {"type": type(error).__name__[:80], "message": str(error)[:500], "where": where}
