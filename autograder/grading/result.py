"""The result of grading one submission: a notebook, a verdict per exercise, and the repairs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.course.settings import beyond
from autograder.judging.verdict import State, Verdict
from autograder.sandbox.inside.quiz import PREFIX as QUIZ

__all__ = ["QUIZ", "Result"]


@dataclass(frozen=True)
class Result:
    """The result of grading one submission; nothing is recorded yet.

    Attributes:
        assignment: the assignment's name, e.g. ``"hw1"``.
        student: the student's id, as the submission's folder is called.
        notebook: rebuilt from the release, with the outputs of the student's cells as captured in the sandbox; the
            outputs of the graded cells are still empty.
        verdicts: one per exercise, in the notebook's order.
        repairs: what ingest repaired, one sentence each.
        problem: why the submission cannot be graded, when it cannot; then every verdict is "ungradable" and
            the notebook is the untouched release.
        fingerprint: the hash of all that this depends on, by which a regrade sees that nothing has changed; empty where
            it was not computed.
        enough: so many points of the exercises are full marks; None asks for all.
    """

    assignment: str
    student: str
    notebook: NotebookNode
    verdicts: tuple[Verdict, ...]
    repairs: tuple[str, ...] = ()
    problem: str | None = None
    fingerprint: str = ""
    enough: float | None = None

    @property
    def score(self) -> float:
        """Points earned that count, rounded to 2 decimals."""
        return total([*(verdict.score for verdict in self.verdicts), -self.beyond])

    @property
    def max(self) -> float:
        """Full marks, rounded to 2 decimals."""
        points = {verdict.exercise: verdict.max for verdict in self.verdicts}
        return total([*points.values(), -beyond(points, self.enough)])

    @property
    def beyond(self) -> float:
        """Points earned that do not count, because fewer are full marks."""
        return beyond({verdict.exercise: verdict.score for verdict in self.verdicts}, self.enough)

    def without_notebook(self) -> Result:
        """The same with an empty notebook: a class's notebooks together would take gigabytes of memory."""
        return replace(self, notebook=NotebookNode())

    def pack(self) -> bytes:
        """The result as JSON, whole, as a worker sends it."""
        return json.dumps(vars(self) | {"verdicts": [verdict.to_json() for verdict in self.verdicts]}).encode()

    @classmethod
    def unpack(cls, data: bytes) -> Result:
        """The result that ``pack`` made; its verdicts are as ``Verdict.to_json`` keeps them."""
        plain = json.loads(data)
        plain["notebook"] = from_dict(plain["notebook"])
        plain["verdicts"] = tuple(map(Verdict.from_json, plain["verdicts"]))
        return cls(**plain | {"repairs": tuple(plain["repairs"])})

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON values, the quiz's questions as items inside ``"quiz"``; no notebook."""
        exercises = {verdict.exercise: item(verdict) for verdict in self.verdicts if not is_question(verdict)}
        questions = [verdict for verdict in self.verdicts if is_question(verdict)]
        if questions:
            exercises["quiz"] = item(quiz(questions)) | {"questions": {each.exercise: item(each) for each in questions}}
        result: dict[str, Any] = {"assignment": self.assignment, "student": self.student}
        result |= {"score": self.score, "max": self.max, "repairs": list(self.repairs), "exercises": exercises}
        result |= {} if self.enough is None else {"beyond": round(self.beyond, 2)}
        return result if self.problem is None else result | {"problem": self.problem}


def total(points: Iterable[float]) -> float:
    """A sum of points, rounded to 2 decimals: 25 times 0.4 is 10."""
    return round(sum(points), 2)


def is_question(verdict: Verdict) -> bool:
    """Whether a verdict is on a question of the quiz."""
    return verdict.exercise.startswith(QUIZ)


def quiz(questions: list[Verdict]) -> Verdict:
    """The verdict on the quiz as a whole; the messages stay with the questions."""
    score, most = total(question.score for question in questions), total(question.max for question in questions)
    return Verdict("quiz", score, most, _common_state(questions))


def item(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain JSON values, its exercise left out."""
    return {key: value for key, value in verdict.to_json().items() if key != "exercise"}


def _common_state(questions: list[Verdict]) -> State:
    """The state that all questions share; else partial when any point was earned, and wrong when none was."""
    states = {question.state for question in questions}
    if len(states) == 1:
        return states.pop()
    return State.PARTIAL if any(question.score for question in questions) else State.WRONG
