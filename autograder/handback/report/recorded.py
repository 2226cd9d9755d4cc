"""What grading has recorded of a class: marks from nbgrader's gradebook, verdicts from the graded copies."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, BaseCell, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook

from autograder.course.assignment import Assignment as Release
from autograder.course.course import Course
from autograder.gradebook.annotation import VERDICT_TYPE
from autograder.grading.result import QUIZ, total
from autograder.judging.verdict import State


@dataclass(frozen=True)
class Outcome:
    """How one exercise of one submission ended, as its graded copy says.

    Attributes:
        state: how it ended.
        message: what the student is told first; empty where there is nothing to say.
        mistakes: the known mistakes that were recognised, each with the sentence on it.
    """

    state: State
    message: str = ""
    mistakes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One submission as it was recorded.

    Attributes:
        student: the student's id.
        name: first and last name as the gradebook has them; empty where it has none.
        marks: exercise id → points, a person's mark before the autograder's; None where there is no mark yet.
        by_hand: the exercises whose marks a person gave.
        penalty: points taken off for lateness.
        outcomes: exercise id → how it ended; empty where the graded copy cannot be read.
        answers: question id → the source of the cell in which the student answered it.
        repairs: what had to be mended before grading, one sentence each.
        problem: why the submission could not be graded, when it could not.
    """

    student: str
    name: str
    marks: Mapping[str, float | None]
    by_hand: frozenset[str] = frozenset()
    penalty: float = 0.0
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def score(self) -> float:
        """Points earned, before any penalty for lateness, rounded to 2 decimals."""
        return total(mark for mark in self.marks.values() if mark is not None)

    @property
    def waiting(self) -> bool:
        """Whether nothing of it has a mark yet, so that it counts in no figure."""
        return all(mark is None for mark in self.marks.values())


@dataclass(frozen=True)
class ClassRecord:
    """A class's results in one assignment.

    Attributes:
        assignment: its name.
        title: as people call it.
        items: exercise id → points it is worth, in the notebook's order, the quiz's questions one by one.
        entries: the submissions, by student.
        absent: the ids of the students in the gradebook from whom nothing has been graded, sorted.
    """

    assignment: str
    title: str
    items: Mapping[str, float]
    entries: tuple[Entry, ...]
    absent: tuple[str, ...] = ()

    @property
    def marked(self) -> tuple[Entry, ...]:
        """The submissions that have marks: those that figures are about."""
        return tuple(entry for entry in self.entries if not entry.waiting)

    @property
    def exercises(self) -> list[str]:
        """The exercises, the quiz left out."""
        return [item for item in self.items if not item.startswith(QUIZ)]

    @property
    def questions(self) -> list[str]:
        """The questions of the quiz."""
        return [item for item in self.items if item.startswith(QUIZ)]

    @property
    def max(self) -> float:
        """What the whole assignment is worth."""
        return total(self.items.values())


def read_class(course: Course, name: str) -> ClassRecord:
    """What is recorded of an assignment.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
        CourseError: the course has no such assignment, or it has not been built.
    """
    order = {exercise: position for position, (exercise, _) in enumerate(Release.load(course, name).exercises)}
    with Gradebook(course.db_url, course.name) as gradebook:
        assignment = gradebook.find_assignment(name)
        cells = [cell for notebook in assignment.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)]
        worth = {cell.name.removesuffix("-test"): float(cell.max_score) for cell in cells}
        items = {item: worth[item] for item in sorted(worth, key=lambda item: (order.get(item, len(order)), item))}
        rows = _grades(gradebook, name)
        absent = {student for (student,) in gradebook.db.query(Student.id)} - rows.keys()
    entries = tuple(_entry(course, name, items, student, rows[student]) for student in sorted(rows))
    return ClassRecord(name, course.entry(name).title, items, entries, tuple(sorted(absent)))


def _grades(gradebook: Gradebook, name: str) -> dict[str, list[Any]]:
    """The rows of the gradebook by student: one query for the class, for one a submission takes a thousand times it."""
    query = (
        gradebook.db.query(
            Student.id,
            Student.first_name,
            Student.last_name,
            SubmittedNotebook.late_submission_penalty,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.score,
        )
        .join(SubmittedAssignment, SubmittedAssignment.student_id == Student.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .filter(Assignment.name == name)
    )
    found = defaultdict(list)
    for student, *row in query:
        found[student].append(row)
    return dict(found)


def _entry(course: Course, name: str, items: Mapping[str, float], student: str, rows: list[Any]) -> Entry:
    """A student's submission: the gradebook's rows, and what the graded copy adds to them."""
    marks: dict[str, float | None] = dict.fromkeys(items)
    by_hand = set()
    first, last, penalty = rows[0][:3]
    for *_, cell, automatic, manual, score in rows:
        item = cell.removesuffix("-test")
        marks[item] = None if automatic is None and manual is None else float(score)
        if manual is not None:
            by_hand.add(item)
    copy = _copy(course.autograded / student / name / f"{name}.ipynb")
    about = copy.get("metadata", {}).get("autograder", {})
    return Entry(
        student,
        " ".join(part for part in (first, last) if part),
        marks,
        frozenset(by_hand),
        penalty or 0.0,
        {verdict["exercise"]: _outcome(verdict) for verdict in _verdicts(copy)},
        dict(_answers(copy)),
        tuple(about.get("repairs", ())),
        about.get("problem"),
    )


def _copy(path: Path) -> dict[str, Any]:
    """The graded copy, as the plain JSON it is: nbformat's own reader takes ten times as long to check it."""
    try:
        copy = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return copy if isinstance(copy, dict) else {}


def _verdicts(copy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in copy.get("cells", ()):
        for output in cell.get("outputs", ()):
            verdict = output.get("data", {}).get(VERDICT_TYPE)
            if verdict:
                yield verdict


def _outcome(verdict: Mapping[str, Any]) -> Outcome:
    return Outcome(State(verdict["state"]), next(iter(verdict["messages"]), ""), verdict.get("mistakes", {}))


def _answers(copy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The cells in which the quiz's questions are answered."""
    for cell in copy.get("cells", ()):
        about = cell.get("metadata", {}).get("nbgrader", {})
        if about.get("solution") and str(about.get("grade_id")).startswith(QUIZ):
            yield about["grade_id"], "".join(cell["source"])
