"""What the judge says of one exercise, and how a notebook's graded cell keeps it as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

VERDICT_TYPE = "application/vnd.autograder.verdict+json"
"""The mime type under which the output of a graded cell keeps its verdict."""

WRITTEN_VERDICT = "autograder_verdict"
"""The metadata under which a written answer, which has no output, keeps its verdict."""

LONGEST_MESSAGE = 500
"""Characters of any message."""

_SUM = re.compile(r"\s*\d+(?:[.,]\d+)?(?:\s*\+\s*\d+(?:[.,]\d+)?)+")


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
    WAITING = "waiting"


@dataclass(frozen=True)
class CheckResult:
    """One named promise of an exercise, kept or not.

    Attributes:
        name: the check's id within its exercise, e.g. ``"any-batch-size"``.
        title: the promise in words.
        share: the fraction of the exercise's points it is worth, in [0, 1].
        passed: whether it was kept.
        message: what to tell the student; of a promise that was kept, which slip is excused, if one is.
        mistake: the known mistake that explains the answer, if one does.
        quotes: whether the message is to be told in the words of a rehearsal, for it repeats something of the answer
            (words, names, shapes), in which code that has seen the hidden inputs could hand them out, or says too little.
    """

    name: str
    title: str
    share: float
    passed: bool
    message: str = ""
    mistake: str | None = None
    quotes: bool = False

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON values; what has not been retold yet is known here alone."""
        return {key: value for key, value in vars(self).items() if key != "quotes"}


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
    checks: tuple[CheckResult, ...] = ()

    @property
    def explanations(self) -> dict[str, str]:
        """The known mistakes that were recognised, in the order of the checks, each with the sentence on it."""
        return {check.mistake: check.message for check in self.checks if check.mistake}

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids of the known mistakes that were recognised."""
        return tuple(self.explanations)

    @property
    def quotes(self) -> bool:
        """Whether a message repeats something of an answer to hidden inputs."""
        return any(check.quotes for check in self.checks)

    @property
    def automatic(self) -> float | None:
        """The autograder's points; None where a person has to give them."""
        return None if self.state in (State.UNGRADABLE, State.WAITING) else self.score

    def marked(self, score: float, comment: str | None = None) -> Verdict:
        """The verdict with a person's points; on a written answer they alone say how right it is.

        Its rubric is told then: with what each part got where the comment begins with it, as in ``1 + 0.5 + 0``.
        """
        if self.state is not State.WAITING:
            return replace(self, score=score)
        state = State.CORRECT if score >= self.max else State.PARTIAL if score > 0 else State.WRONG
        most = [round(check.share * self.max, 2) for check in self.checks]
        said = _SUM.match(comment or "")
        whole = [each * (score >= self.max) for each in most]  # what full marks and none say by themselves
        given = [*map(float, said[0].replace(",", ".").split("+"))] if said else whole
        agree = len(given) == len(most) and abs(sum(given) - score) < 1e-9
        parts = [f"{each:g} of" for each in given] if agree else ["up to"] * len(most)
        lines = [f"{part} {each:g}: {check.title}" for part, each, check in zip(parts, most, self.checks, strict=True)]
        messages = ("A person has read it and given the points.", *lines)
        return replace(self, score=score, state=state, messages=messages, checks=())

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain JSON values."""
        plain = {"state": str(self.state), "messages": list(self.messages)}
        return {**vars(self), **plain, "checks": [check.to_json() for check in self.checks]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """The verdict that ``to_json`` made; of checks, older notebooks keep only the title and the result.

        Raises:
            ValueError, LookupError, TypeError: it is no verdict.
        """
        checks = tuple(CheckResult(**{"name": "", "share": 0.0, **check}) for check in data["checks"])
        messages, state = tuple(data["messages"]), State(data["state"])
        return cls(data["exercise"], data["score"], data["max"], state, messages, checks)


def verdict_in(cell: Mapping[str, Any]) -> Verdict | None:
    """The verdict that a notebook's cell keeps; None where it keeps none. On a written answer it is in the metadata."""
    if kept := cell.get("metadata", {}).get(WRITTEN_VERDICT):
        return Verdict.from_json(kept)
    found = (output.get("data", {}).get(VERDICT_TYPE) for output in cell.get("outputs", ()))
    return next((Verdict.from_json(data) for data in found if data), None)


def verdicts_in(notebook: Mapping[str, Any]) -> list[Verdict]:
    """The verdicts that a graded notebook keeps, in order."""
    return [verdict for cell in notebook.get("cells", ()) if (verdict := verdict_in(cell))]
