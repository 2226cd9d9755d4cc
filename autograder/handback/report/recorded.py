"""What grading has recorded of a class: marks from the gradebook, verdicts from the graded copies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.collect import hand_ins
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.settings import beyond
from autograder.gradebook.marks import Marks, Student, graded_copy, read_marks
from autograder.grading.result import QUIZ, total
from autograder.judging.verdict import Verdict, verdicts_in


@dataclass(frozen=True)
class Entry:
    """One submission as it was recorded.

    Attributes:
        student: the student's id.
        name: first and last name as the gradebook has them; empty where it has none.
        marks: exercise id → points, a person's mark before the autograder's; None where there is no mark yet.
        by_hand: the exercises whose marks a person gave.
        penalty: points taken off for lateness.
        beyond: points earned that do not count, because fewer are full marks.
        verdicts: exercise id → its verdict; empty where the graded copy cannot be read.
        answers: question id → the source of the cell in which the student answered it.
        repairs: what was repaired before grading, one sentence each.
        problem: why the submission could not be graded, when it could not.
    """

    student: str
    name: str
    marks: Mapping[str, float | None]
    by_hand: frozenset[str] = frozenset()
    penalty: float = 0.0
    beyond: float = 0.0
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def score(self) -> float:
        """Points earned that count, before any penalty for lateness, rounded to 2 decimals."""
        return total([*(mark for mark in self.marks.values() if mark is not None), -self.beyond])

    @property
    def waiting(self) -> bool:
        """Whether nothing of it has a mark yet, so that it counts in no figure."""
        return all(mark is None for mark in self.marks.values())


@dataclass(frozen=True)
class ClassRecord:
    """A class's results in one assignment.

    Attributes:
        assignment: its name.
        title: its title.
        items: exercise id → points it is worth, in the notebook's order, the quiz's questions one by one.
        entries: the submissions, by student.
        absent: the ids of the students in the gradebook from whom nothing has been graded, sorted.
        hand_ins: student → how often they have handed in, where it was collected.
        enough: so many points of the exercises are full marks; None asks for all.
    """

    assignment: str
    title: str
    items: Mapping[str, float]
    entries: tuple[Entry, ...]
    absent: tuple[str, ...] = ()
    hand_ins: Mapping[str, int] = field(default_factory=dict)
    enough: float | None = None

    @property
    def marked(self) -> tuple[Entry, ...]:
        """The submissions that have marks; all figures are about these."""
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
        """Full marks."""
        return total([*self.items.values(), -beyond(self.items, self.enough)])


def read_class(course: Course, name: str) -> ClassRecord:
    """What is recorded of an assignment.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
        CourseError: the course has no such assignment, or it has not been built.
    """
    order = {exercise: position for position, (exercise, _) in enumerate(Assignment.load(course, name).exercises)}
    marks = read_marks(course, name)
    points = dict(sorted(marks.points.items(), key=lambda each: (order.get(each[0], len(order)), each[0])))
    graded = {student: each for student, each in marks.submissions.items() if each.exercises}
    students = sorted((each for each in marks.students if each.id not in marks.excused), key=lambda each: each.id)
    entries = tuple(_entry(course, name, each, points, graded[each.id]) for each in students if each.id in graded)
    absent = tuple(each.id for each in students if each.id not in graded)
    return ClassRecord(name, course.entry(name).title, points, entries, absent, hand_ins(course, name), marks.enough)


def _entry(course: Course, name: str, student: Student, points: Mapping[str, float], marks: Marks) -> Entry:
    """A student's submission: the gradebook's marks, and what the graded copy adds to them."""
    copy = graded_copy(course, marks.owner or student.id, name)
    about = copy.get("metadata", {}).get("autograder", {})
    scores = {exercise: None if mark.missing else mark.score for exercise, mark in marks.exercises.items()}
    return Entry(
        student.id,
        " ".join(part for part in (student.first, student.last) if part),
        dict.fromkeys(points) | scores,
        frozenset(exercise for exercise, mark in marks.exercises.items() if mark.by_hand),
        marks.penalty,
        marks.beyond,
        {verdict.exercise: marks.on(verdict) for verdict in verdicts_in(copy)},
        dict(_answers(copy)),
        tuple(about.get("repairs", ())),
        about.get("problem"),
    )


def _answers(copy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The cells in which the quiz's questions are answered."""
    for cell in copy.get("cells", ()):
        about = cell.get("metadata", {}).get("nbgrader", {})
        if about.get("solution") and str(about.get("grade_id")).startswith(QUIZ):
            yield about["grade_id"], "".join(cell["source"])
