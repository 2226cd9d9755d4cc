"""Export grades as CSV: nbgrader's columns and one per exercise, quoted, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.plugins import ExportPlugin

from autograder.course.course import Course
from autograder.files import write_atomically
from autograder.grading.result import QUIZ, total

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "needs_manual_grade",
)
"""nbgrader's own columns in nbgrader's order, and whether a person still has to look at something."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula."""

Row = dict[str, str | float]


def export(course: Course, name: str, path: Path) -> Path:
    """Write the grades of an assignment as CSV, one row a student, whether handed in or not.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
    """
    with Gradebook(course.db_url, course.name) as gradebook:
        assignment = gradebook.find_assignment(name)
        rows = [grade_row(gradebook, assignment, student) for student in class_of(gradebook)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, to_csv(rows).encode())
    return path


class QuotedCsvExport(ExportPlugin):  # type: ignore[misc]
    """``nbgrader export``, with the columns and the quoting of this module."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades of the assignments and students asked for, by default of all, to ``grades.csv``."""
        rows = [
            grade_row(gradebook, assignment, student)
            for assignment in gradebook.assignments
            if not self.assignment or assignment.name in map(str, self.assignment)
            for student in class_of(gradebook)
            if not self.student or student.id in map(str, self.student)
        ]
        write_atomically(Path(self.to or "grades.csv"), to_csv(rows).encode())


def grade_row(gradebook: Gradebook, assignment: Assignment, student: Student) -> Row:
    """A student's grades in an assignment; who handed in nothing has 0 everywhere, as in nbgrader's own export."""
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        submission = None
    raw = submission.score if submission else 0.0
    penalty = (submission.late_submission_penalty or 0.0) if submission else 0.0
    row: Row = {
        "assignment": assignment.name,
        "duedate": _text(assignment.duedate),
        "timestamp": _text(submission.timestamp) if submission else "",
        "student_id": student.id,
        "last_name": _text(student.last_name),
        "first_name": _text(student.first_name),
        "email": _text(student.email),
        "raw_score": round(raw, 4),
        "late_submission_penalty": round(penalty, 4),
        "score": round(max(0.0, raw - penalty), 4),
        "max_score": round(assignment.max_score, 4),
        "needs_manual_grade": "yes" if submission and submission.needs_manual_grade else "no",
    }
    return row | _exercises(assignment, submission)


def class_of(gradebook: Gradebook) -> list[Student]:
    """The class by name, then by id: the database's own order leaves those without a name as they come."""
    return sorted(gradebook.students, key=lambda each: (each.last_name or "", each.first_name or "", each.id))


def _exercises(assignment: Assignment, submission: SubmittedAssignment | None) -> Row:
    """Points by exercise, in the notebook's order; the quiz as a whole before its questions."""
    grades = (
        {grade.name: grade.score for notebook in submission.notebooks for grade in notebook.grades}
        if submission
        else {}
    )
    cells = [cell.name for notebook in assignment.notebooks for cell in _in_order(notebook)]
    scores: Row = {name.removesuffix("-test"): round(grades.get(name, 0.0), 4) for name in cells}
    questions = {name: score for name, score in scores.items() if name.startswith(QUIZ)}
    rest: Row = {name: score for name, score in scores.items() if name not in questions}
    if questions:
        rest["quiz"] = total(map(float, questions.values()))
    return rest | questions


def _in_order(notebook: Any) -> list[Any]:
    """A notebook's graded cells in the order in which they stand in it, as the gradebook has it of its source cells."""
    order = {cell.name: position for position, cell in enumerate(notebook.source_cells)}
    return sorted([*notebook.grade_cells, *notebook.task_cells], key=lambda cell: (order.get(cell.name, 0), cell.name))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def to_csv(rows: Sequence[Row]) -> str:
    """The rows under nbgrader's columns, then every exercise that any of them has; text is quoted, numbers are not."""
    columns = [*COLUMNS, *dict.fromkeys(_new_columns(rows))]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows({column: neutral(value) for column, value in row.items()} for row in rows)
    return file.getvalue()


def _new_columns(rows: Iterable[Row]) -> Iterable[str]:
    return (column for row in rows for column in row if column not in COLUMNS)


def neutral(value: str | float) -> str | float:
    """A cell that no spreadsheet evaluates: text that would begin a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
