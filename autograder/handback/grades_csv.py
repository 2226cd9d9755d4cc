"""Export grades as CSV: nbgrader's columns and one per exercise, quoted, and harmless in a spreadsheet."""

import csv
from collections.abc import Sequence
from pathlib import Path

from autograder.course.course import Course
from autograder.files import spreadsheet, write_atomically
from autograder.gradebook.export_plugin import MarksExport
from autograder.gradebook.marks import ClassMarks, Marks, Student, read_marks
from autograder.grading.result import QUIZ, total
from autograder.render.table_cells import neutral

COLUMNS = "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty score max_score needs_manual_grade".split()
"""nbgrader's own columns in nbgrader's order, then whether a person still has to look at the submission."""

Row = dict[str, str | float]


def export(course: Course, name: str, path: Path) -> Path:
    """Write the grades of an assignment as CSV, one row per student, with or without a submission.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
    """
    write_atomically(path, to_csv(grade_rows(read_marks(course, name))))
    return path


class QuotedCsvExport(MarksExport):
    """``nbgrader export``, with the columns and the quoting of this module."""

    def write(self, classes: Sequence[ClassMarks], path: Path) -> None:
        """Write the grades of several assignments, one after the other."""
        write_atomically(path, to_csv([row for each in classes for row in grade_rows(each)]))


def grade_rows(marks: ClassMarks) -> list[Row]:
    """One row per student; one who handed in nothing has 0 everywhere, as in nbgrader's own export; or is excused."""
    return [_row(marks, student) for student in marks.students]


def _row(marks: ClassMarks, student: Student) -> Row:
    own = marks.submissions.get(student.id, Marks(None, 0.0))
    times, names = (str(marks.due or ""), str(own.timestamp or "")), (student.id, student.last, student.first)
    scores = (round(each, 4) for each in (own.raw, own.penalty, own.score, marks.max))
    waits = "yes" if any(mark.needs_person for mark in own.exercises.values()) else "no"
    row: Row = dict(zip(COLUMNS, (marks.assignment, *times, *names, student.email, *scores, waits), strict=True))
    if student.id in marks.excused:
        return row | dict.fromkeys(("raw_score", "late_submission_penalty", "score"), "excused")
    return row | ({} if marks.enough is None else {"beyond": round(own.beyond, 4)}) | _exercises(marks, own)


def _exercises(marks: ClassMarks, own: Marks) -> Row:
    """Points per exercise, in the notebook's order; the quiz as a whole before its questions."""
    scores = {name: round(own.exercises[name].score if name in own.exercises else 0.0, 4) for name in marks.points}
    questions: Row = {name: score for name, score in scores.items() if name.startswith(QUIZ)}
    rest: Row = {name: score for name, score in scores.items() if name not in questions}
    if questions:
        rest["quiz"] = total(map(float, questions.values()))
    return rest | questions


def to_csv(rows: Sequence[Row], first: Sequence[str] = COLUMNS) -> bytes:
    """The rows under these columns, then every exercise that any of them has; text is quoted, numbers are not."""
    columns = list(dict.fromkeys([*first, *(column for row in rows for column in row)]))
    cells = ([neutral(row.get(column, "")) for column in columns] for row in rows)
    return spreadsheet([columns, *cells], csv.QUOTE_NONNUMERIC)
