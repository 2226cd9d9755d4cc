"""Drive the student's functions with the judge's inputs, in a fork of the student's state."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any

from . import call, quiz
from .plain import to_arrays, to_plain

SOURCE = "source of "
"""Before an exercise's id: in place of calling its probe, take out of the student's names what it is about, as data."""

Probe = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


class NotDefined(NameError):
    """The submission does not define a name that its exercise asks for; the judge knows this type's name."""


class Names(dict[str, Any]):
    """A submission's names, as probes get them: one that is missing is told as such."""

    def __missing__(self, name: str) -> Any:
        raise NotDefined(f"your notebook does not define `{name}`")


def probe_of(exercise: str, probes: Mapping[str, Probe]) -> Probe:
    """The probe of an exercise: the course's own, that of every quiz's questions, or else a plain call."""
    return quiz.probe if exercise.startswith(quiz.PREFIX) else probes.get(exercise, call.probe)


def answer(probe: Probe, names: dict[str, Any], inputs: Any, tensors: bool) -> dict[str, Any]:
    """One reply: ``{"outcome": "ok", "value": …}``, or the error that the student's code raised."""
    try:
        return {"outcome": "ok", "value": to_plain(probe(Names(names), to_arrays(inputs, tensors)))}
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
