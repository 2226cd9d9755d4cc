"""What the judge says of one exercise, and in which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How an exercise ended; every state but the first loses points."""

    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    MISSING = "missing"
    UNGRADABLE = "ungradable"


@dataclass(frozen=True)
class CheckResult:
    """One named promise of an exercise, kept or not.

    Attributes:
        name: the check's id within its exercise, e.g. ``"any-batch-size"``.
        title: the promise in words.
        share: the fraction of the exercise's points it is worth, in [0, 1].
        passed: whether it was kept.
        message: what to tell the student; empty when it was kept.
        mistake: the known mistake that explains the answer, if one does.
        quotes: whether the message repeats something of the answer (words, names, shapes), in which code that has seen
            the hidden inputs could hand them out.
    """

    name: str
    title: str
    share: float
    passed: bool
    message: str = ""
    mistake: str | None = None
    quotes: bool = False


@dataclass(frozen=True)
class Verdict:
    """The marks of one exercise.

    Attributes:
        exercise: the exercise id, e.g. ``"ewc"``.
        score: points earned, 0 ≤ score ≤ max, rounded to 2 decimals.
        max: points the exercise is worth.
        state: how it ended.
        messages: sentences for the student, most helpful first; never an expected value.
        checks: the named checks behind the score.
    """

    exercise: str
    score: float
    max: float
    state: State
    messages: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = field(default=())

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The known mistakes that were recognised, each once, in the order of the checks."""
        return tuple(dict.fromkeys(check.mistake for check in self.checks if check.mistake))

    @property
    def quotes(self) -> bool:
        """Whether a message repeats something of an answer to hidden inputs."""
        return any(check.quotes for check in self.checks)
