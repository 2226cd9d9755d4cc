"""How code ends that gives no answer, and what is told of that."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.judging.exercise import Exercise, Outcome, Reply
from autograder.judging.verdict import State

FAILURES = {
    Outcome.TIMEOUT: (State.TIMEOUT, "Your code did not finish in time: look for a loop that never ends."),
    Outcome.MEMORY: (
        State.MEMORY,
        "Your code ran out of memory: look for a tensor that grows, or a graph that is kept.",
    ),
    Outcome.DIED: (State.ERROR, "Your code ended the Python process."),
}

LONGEST_ERROR = 300
"""Characters of a student's error message that are repeated in the feedback."""

NUMBERS = re.compile(r"(?<=0x)[0-9a-fA-F]{6,}|\d*\.\d+(?:[eE][-+]?\d+)?|\d{5,}")
"""Numbers that an error message might repeat of the hidden inputs, and addresses, which are others in every run; shapes and indices are short integers."""

NO_GPU = "there is no GPU while this is graded: take cuda only where torch.cuda.is_available(), or the device of what you are given"

CRASHES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("crashes.toml").read_text(encoding="utf-8"))
"""Errors with one cause, by the mistake's id."""

CUDA = re.compile("re-initialize CUDA|no NVIDIA driver|not compiled with CUDA|No CUDA GPUs|CUDA driver")
PLACE = re.compile(r" \(<[^>]*>, (line \d+)\)")


def plainly(message: str) -> str:
    """An error's message, without what misleads in it."""
    return NO_GPU if CUDA.search(message) else PLACE.sub(r" (\1)", message)


def crash(error: Mapping[str, str], exercise: Exercise) -> tuple[str | None, str]:
    """The mistake behind an error that hardly has another cause, by its id, and what the student is told; else nothing."""
    said = f"{error.get('type', '')}: {error.get('message', '')}"
    known = {**exercise.crashes, **CRASHES}
    return next(((name, row["says"]) for name, row in known.items() if re.search(row["error"], said)), (None, ""))


def missing_package(replies: Sequence[Reply]) -> str:
    """The package for want of which the student's code failed; empty where it lacked none."""
    errors = [
        error.get("message", "") for error in map(error_of, replies) if error.get("type") == "ModuleNotFoundError"
    ]
    found = re.match(r"No module named '(\w{1,60})", errors[0]) if errors else None
    return found[1] if found else ""


def error_of(reply: Reply) -> dict[str, str]:
    """What the reply tells of an error, as far as it is text."""
    if not isinstance(reply.error, Mapping):
        return {}
    return {key: value for key, value in reply.error.items() if isinstance(value, str)}


def error_text(reply: Reply) -> str:
    error = error_of(reply)
    where = f" ({error['where']})" if error.get("where") else ""
    text = f"your code raised {error.get('type', 'an error')}: {plainly(error.get('message', ''))}{where}"
    return NUMBERS.sub("…", text)[:LONGEST_ERROR]
