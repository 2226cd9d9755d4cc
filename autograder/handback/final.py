"""Final marks: the share of the points earned in every homework, weighed, each student's worst left out."""

from collections.abc import Mapping
from contextlib import suppress

from autograder.course.course import Course, CourseError
from autograder.gradebook.marks import ClassMarks, Student, UnknownAssignment, read_marks
from autograder.handback.grades_csv import Row

COLUMNS = ("student_id", "last_name", "first_name", "email", "final", "dropped")
"""Before a column per homework."""
EXCUSED, WAITS = "excused", "waits"
"""In the place of a share: it does not count, or a person still has to give a mark."""


def final_rows(course: Course) -> list[Row]:
    """One row per student in the course: the final mark, what is dropped, the share of each homework, all in percent.

    A homework counts for everybody as soon as one is graded. As long as one waits for a person, so does the final mark.

    Raises:
        CourseError: nothing has been graded yet, or exceptions.toml cannot be meant.
    """
    weights = {name: entry.weight for name, entry in course.entries.items() if entry.weight}
    classes = {name: marks for name in weights if (marks := _graded(course, name))}
    students = {each.id: each for marks in classes.values() for each in marks.students}
    if not students:
        raise CourseError("Nothing that counts has been graded yet: run autograder grade NAME.")
    return [_row(each, classes, weights, course.drop_lowest) for each in students.values()]


def final_mark(shares: Mapping[str, float], weights: Mapping[str, float], drop: int) -> tuple[float, list[str]]:
    """The weighed mean without the lowest shares, and whose these are: of equal ones the heavier first; one stays."""
    worst = sorted(shares, key=lambda name: (shares[name], -weights[name]))
    dropped = worst[: min(drop, len(shares) - 1)]
    kept = shares.keys() - {*dropped}
    return sum(weights[name] * shares[name] for name in kept) / sum(weights[name] for name in kept), dropped


def _graded(course: Course, name: str) -> ClassMarks | None:
    """The marks of an assignment, if it is worth something and somebody has handed it in."""
    with suppress(UnknownAssignment):
        marks = read_marks(course, name) if course.gradebook.is_file() else None  # else nbgrader would make one
        return marks if marks and marks.max and marks.submissions else None
    return None


def _row(student: Student, classes: Mapping[str, ClassMarks], weights: Mapping[str, float], drop: int) -> Row:
    shares = {name: _share(student.id, marks) for name, marks in classes.items()}
    counted = {name: share for name, share in shares.items() if isinstance(share, float)}
    waits = WAITS in shares.values() or not counted
    mark, dropped = ("", []) if waits else final_mark(counted, weights, drop)
    about = (student.id, student.last, student.first, student.email, _percent(mark), " ".join(dropped))
    return dict(zip(COLUMNS, about, strict=True)) | {name: _percent(share) for name, share in shares.items()}


def _share(student: str, marks: ClassMarks) -> float | str:
    own = marks.submissions.get(student)
    if student in marks.excused | marks.withdrawn:
        return EXCUSED
    if own is None:
        return 0.0
    return own.score / marks.max if own.complete else WAITS


def _percent(share: float | str) -> float | str:
    return share if isinstance(share, str) else round(100 * share, 2)
