"""The marks of a class as plain data, read from nbgrader's gradebook by all that needs marks."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.api import Student as StudentRow
from sqlalchemy.exc import SQLAlchemyError

from autograder.course.course import Course
from autograder.course.exceptions import Exceptions, derived, read, sentence
from autograder.course.settings import beyond
from autograder.gradebook.adjust import Adjustment, Surplus, own_extra
from autograder.gradebook.record import renew_lateness
from autograder.grading.result import Result
from autograder.judging.verdict import Verdict


class UnknownAssignment(LookupError):
    """The gradebook does not know the assignment: nothing of it has been graded yet."""


@dataclass(frozen=True)
class Student:
    """A student; what is not known is empty. ``canvas`` is the number in Canvas, nbgrader's ``lms_user_id``."""

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    canvas: str = ""


@dataclass(frozen=True)
class Mark:
    """The points of one exercise.

    Attributes:
        automatic: the autograder's; None where it gave none.
        manual: a person's; None where nobody gave any.
        score: those that count: a person's before the autograder's, extra credit on top; then the exception's.
        needs_person: whether a person still has to look at it.
        exception: what an exercise's exception adds to the points earned; None where it changes nothing.
    """

    automatic: float | None
    manual: float | None
    score: float
    needs_person: bool
    exception: float | None = None

    @property
    def earned(self) -> float:
        """The points before the exception."""
        return self.score - (self.exception or 0.0)

    @property
    def by_hand(self) -> bool:
        """Whether a person has given points, extra credit among them."""
        return self.manual is not None or abs(self.earned - (self.automatic or 0.0)) > 1e-9

    @property
    def missing(self) -> bool:
        """Whether there are no points, not even an exception's."""
        return self.automatic is None and self.manual is None and self.exception is None


@dataclass(frozen=True)
class Marks:
    """The marks of one submission.

    Attributes:
        timestamp: when it was handed in, UTC; None where that is not known.
        penalty: points taken off for lateness.
        exercises: exercise id → its points, the quiz's questions one by one.
        comments: grade_id of a cell → a person's comment on it, or nbgrader's own, or None.
        owner: whose hand-in it is, where another of the group has handed in.
        beyond: points earned that do not count, because fewer are full marks.
    """

    timestamp: datetime | None
    penalty: float
    exercises: Mapping[str, Mark] = field(default_factory=dict)
    comments: Mapping[str, str | None] = field(default_factory=dict)
    owner: str = ""
    beyond: float = 0.0

    @property
    def raw(self) -> float:
        """Points earned that count, before the penalty."""
        return sum((mark.score for mark in self.exercises.values()), 0.0) - self.beyond

    @property
    def score(self) -> float:
        """Points that count: the penalty taken off, and never below 0."""
        return max(0.0, self.raw - self.penalty)

    def on(self, verdict: Verdict) -> Verdict:
        """A verdict with a person's points in the place of the autograder's, where there are any."""
        mark, comment = self.exercises.get(verdict.exercise), self.comments.get(verdict.exercise)
        return verdict.marked(mark.earned, comment) if mark and mark.by_hand else verdict

    def given(self, result: Result) -> Result:
        """A result with a person's points in the place of the autograder's."""
        return replace(result, verdicts=tuple(map(self.on, result.verdicts)))

    @property
    def complete(self) -> bool:
        """Whether every exercise has points."""
        return bool(self.exercises) and not any(mark.missing for mark in self.exercises.values())


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class in one assignment.

    Attributes:
        assignment: its name.
        due: when it is due, UTC; None where the gradebook does not say.
        points: exercise id → points it is worth, in the notebook's order.
        students: everyone in the gradebook, by last name, first name and id; nobody who has withdrawn.
        submissions: student id → marks, of those who handed something in, or whose group did.
        excused, withdrawn: for whom the assignment does not count; who is no longer in the course.
        notes: exercise id → what students are told of its exception.
        enough: so many points of the exercises are full marks; None asks for all.
    """

    assignment: str
    due: datetime | None
    points: Mapping[str, float]
    students: tuple[Student, ...]
    submissions: Mapping[str, Marks]
    excused: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    enough: float | None = None

    @property
    def max(self) -> float:
        """Full marks."""
        return sum(self.points.values(), 0.0) - beyond(self.points, self.enough)

    def under(self, exceptions: Exceptions) -> "ClassMarks":
        """The marks as they count under the exceptions of the assignment, whose points the gradebook has already."""
        rows, gone, own = exceptions.exercises, exceptions.those("withdrawn"), dict[str, Marks]()
        for student, each in self.submissions.items():
            earned = {exercise: mark.score for exercise, mark in each.exercises.items()}
            own[student] = replace(each, beyond=exceptions.beyond(earned))
        owners = exceptions.owners({student: each.timestamp for student, each in own.items()})
        submissions = {**own, **{each: replace(own[owner], owner=owner) for each, owner in owners.items()}}
        unknown = map(Student, sorted(submissions.keys() - {each.id for each in self.students}))
        return replace(
            self,
            points={each: derived(rows.get(each, {}), 0.0, most)[1] for each, most in self.points.items()},
            students=tuple(each for each in (*self.students, *unknown) if each.id not in gone),
            submissions=submissions,
            excused=exceptions.those("excused"),
            withdrawn=gone,
            notes={exercise: sentence(row) for exercise, row in rows.items()},
            enough=exceptions.enough,
        )


def read_marks(course: Course, name: str) -> ClassMarks:
    """The marks of an assignment as they count: under its exceptions, late penalties as they are now.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
        CourseError: exceptions.toml cannot be meant.
    """
    return recorded_marks(course, name).under(read(course, name))


def recorded_marks(course: Course, name: str) -> ClassMarks:
    """The marks of an assignment hand-in by hand-in, whoever they count for; raises as ``read_marks``.

    It takes few queries per class; nbgrader's own objects take one per cell.
    """
    try:
        renew_lateness(course, name)
    except MissingEntry as error:
        raise UnknownAssignment(str(error)) from None
    with Gradebook(course.db_url, course.name) as gradebook:
        assignment = gradebook.find_assignment(name)
        points = {_exercise(cell.name): cell.max_score for each in assignment.notebooks for cell in _in_order(each)}
        submissions = _submissions(gradebook, assignment.id)
        return ClassMarks(name, assignment.duedate, points, _students(gradebook), submissions)


def graded_copy(course: Course, student: str, name: str) -> dict[str, Any]:
    """The graded copy as plain JSON, empty where it cannot be read: nbformat's reader, which checks it, takes ten times as long."""
    try:
        copy = json.loads((course.autograded / student / name / f"{name}.ipynb").read_bytes())
    except (OSError, ValueError):
        return {}
    return copy if isinstance(copy, dict) else {}


def _students(gradebook: Gradebook) -> tuple[Student, ...]:
    columns = (StudentRow.id, StudentRow.first_name, StudentRow.last_name, StudentRow.email, StudentRow.lms_user_id)
    students = [Student(*(value or "" for value in row)) for row in gradebook.db.query(*columns)]
    return tuple(sorted(students, key=lambda each: (each.last, each.first, each.id)))


def _submissions(gradebook: Gradebook, assignment: str) -> dict[str, Marks]:
    """The marks of every submission of the assignment with this number."""
    exercises: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
    adjusted = {each.grade_id: each for each in gradebook.db.query(Adjustment)}
    surplus = {each.grade_id: each for each in gradebook.db.query(Surplus)}
    columns = (Grade.id, Grade.extra_credit, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade)
    for student, cell, grade, extra, auto, manual, waits in _rows(gradebook, assignment, Grade, *columns):
        earned = auto if manual is None else manual
        score = (earned or 0.0) + (own_extra(extra, surplus.get(grade)) or 0.0)
        mark = Mark(auto, manual, score, waits)
        if kept := adjusted.get(grade):
            before = next((each for each in (kept.own, mark.automatic) if each is not None), 0.0)
            mark = replace(mark, manual=kept.own, exception=kept.given - before)
        exercises[student][_exercise(cell)] = mark
    comments: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for student, cell, comment in _rows(gradebook, assignment, Comment, Comment.comment):
        comments[student][cell] = comment
    row = SubmittedAssignment
    handed_in = gradebook.db.query(row.student_id, row.timestamp, row.late_submission_penalty)
    return {
        student: Marks(timestamp, penalty, exercises[student], comments[student])
        for student, timestamp, penalty in handed_in.filter(row.assignment_id == assignment)
    }


def _rows(gradebook: Gradebook, assignment: str, table: Any, *columns: Any) -> Any:
    """Student, cell and these columns of every grade or comment of the assignment, in one query."""
    return (
        gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, *columns)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(table, table.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .filter(SubmittedAssignment.assignment_id == assignment)
    )


def _exercise(cell: str) -> str:
    """The exercise whose points a cell of this name carries."""
    return cell.removesuffix("-test")


def _in_order(notebook: Any) -> list[Any]:
    """A notebook's graded cells, in the order of the source cells that the gradebook keeps."""
    order = {cell.name: position for position, cell in enumerate(notebook.source_cells)}
    return sorted(notebook.grade_cells, key=lambda cell: (order.get(cell.name, 0), cell.name))


def refusal(error: Exception) -> str:
    """What to say of an error and to do about it; nothing where it is none of the gradebook's."""
    if isinstance(error, SQLAlchemyError | sqlite3.Error):
        reason = getattr(error, "orig", None) or error
        if "locked" in str(reason):
            return "Another program is writing to the gradebook, gradebook.db: wait for it or end it, and call this again. What was done before is kept."
        return f"The gradebook, gradebook.db, cannot be used ({reason}). Is it nbgrader's, whole, and may you write to it? Move it away, and grade makes a new one; marks by hand are in the old one alone."
    if isinstance(error, UnknownAssignment):
        name = str(error).rpartition(" ")[2]
        return f"{error} Nothing of it has been graded yet: autograder grade {name}"
    return ""
