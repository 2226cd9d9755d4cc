"""Moodle's grading worksheet, filled in; docs/instructors.md has the rules by which Moodle reads it."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from autograder.collect import Roster, known_class
from autograder.course.course import Course, CourseError
from autograder.files import rows_of, spreadsheet, table_text, write_atomically
from autograder.gradebook.marks import read_marks

READ = ("Identifier", "Grade", "Last modified (grade)")
"""The columns that Moodle reads and that are written; what is in no column, such as comments, stays as it is there."""


def export(course: Course, name: str, worksheet: Path, path: Path) -> Path:
    """Write the grades, late penalties taken off, into the worksheet that Moodle gave out; other grades stay in it.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
        CourseError: it is no worksheet of Moodle's in English, counts to another maximum, or somebody has written rows into it.
        RosterError: the worksheet does not fit the class.
    """
    roster = known_class(course, name, Roster.read(worksheet))
    numbers = {each.participant: each.id for each in roster.people} if roster else {}
    text = table_text(worksheet)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)  # Excel may have saved it anew
    headings, *lines = filter(None, rows_of(text, delimiter))
    if missing := {*READ} - {*headings}:
        raise CourseError(f"{worksheet} has no column {min(missing)!r}: download and upload it with Moodle in English.")
    rows = [dict(zip(headings, line, strict=False)) for line in lines]
    of = Counter(map(_participant, rows))
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=2):
        if len(line) != len(headings) or of[_participant(row)] > 1:
            message = f"{worksheet}: row {number} is not as Moodle writes it, or its participant is in two rows, as where what a student has written passes for rows: look at it, and mend it by hand."
            raise CourseError(message)
    marks = read_marks(course, name)
    points = marks.max
    heading = next((each for each in rows[0] if each.casefold() == "maximum grade"), "")  # Grade in older versions
    for most in {row.get(heading) or f"{points:g}" for row in rows}:
        if not re.fullmatch(r"\d+(\.\d+)?", most) or round(float(most), 2) != round(points, 2):
            message = f"{name} is worth {points:g} points, in Moodle {most}: set its maximum grade to {points:g}, and download the worksheet again."
            raise CourseError(message)
    for row in rows:
        student = numbers.get(_participant(row), "")
        own = marks.submissions.get(student)
        if own and own.complete and student not in marks.excused | marks.withdrawn:
            row["Grade"] = f"{min(own.score, points):.2f}"  # Moodle leaves out what is above its maximum
    write_atomically(path, spreadsheet([READ, *([row[column] for column in READ] for row in rows)]))
    return path


def _participant(row: Mapping[str, str]) -> str:
    """The number of whose row it is."""
    return re.sub(r"\D", "", row.get("Identifier", ""))
