"""The ways in which a check says "not yet", each one sentence instead of a stack of frames."""

import difflib
from collections.abc import Iterable

from lifelong.checks.language import told


class NotYet(Exception):
    """One sentence, which is all that IPython shows of it."""

    sign = "✗"

    def _render_traceback_(self, *_: object) -> list[str]:
        return [told(f"{self.sign} {self}")]


class CheckFailed(NotYet, AssertionError):
    """An exercise does not do yet what is asked; the message says what was expected of which input."""


class Unfinished(NotYet, NotImplementedError):
    """An exercise has not been written yet."""

    sign = "…"


class UnknownExercise(NotYet, ValueError):
    """There is no exercise of that id."""


def meant(exercise: str, known: Iterable[str]) -> str:
    """Which of these may be meant, as a question behind a sentence; empty where none is like it."""
    near = difflib.get_close_matches(exercise.lower().replace(" ", "_"), [*known], n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
