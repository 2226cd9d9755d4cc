"""Grades as Canvas's gradebook imports them (Grades › Import).

Canvas, lib/gradebook_importer.rb: the columns Student, ID, SIS User ID, SIS Login ID and Section in this order, then
one per assignment, called ``title (number)``; below the headings a row “Points Possible”. A student is found by ID,
else by SIS ids, else by name; an assignment by its number, else by its title.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, Student

from autograder.collect.roster import Person, Roster
from autograder.course.course import Course
from autograder.course.settings import AssignmentEntry
from autograder.files import write_atomically
from autograder.handback.grades_csv import class_of, grade_row, neutral

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"
"""With the four spaces that Canvas itself writes."""


def export(course: Course, name: str, path: Path, roster: Roster | None = None) -> Path:
    """Write an assignment's grades for Canvas's gradebook, late penalties taken off.

    A score is left empty, by which Canvas changes nothing, where nothing was handed in, and where a person still has to
    give a mark.

    Args:
        course: whose gradebook it is.
        name: the assignment.
        path: the CSV file.
        roster: the class, for its SIS ids and sections; Canvas's own export is best.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
    """
    people = {person.id: person for person in roster.people} if roster else {}
    with Gradebook(course.db_url, course.name) as gradebook:
        possible = gradebook.find_assignment(name).max_score
        rows = [_row(gradebook, name, student, people) for student in class_of(gradebook)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, _csv(course.entry(name), possible, rows).encode())
    return path


def _row(gradebook: Gradebook, name: str, student: Student, people: Mapping[str, Person]) -> list[str | float]:
    person = people.get(student.id, Person(student.id))
    names = [part for part in (student.last_name or person.last, student.first_name or person.first) if part]
    return [
        ", ".join(names) or student.id,
        _text(student.lms_user_id) or person.canvas,
        person.sis if person.sis or person.login else student.id,
        person.login,
        person.section,
        _score(gradebook, name, student),
    ]


def _score(gradebook: Gradebook, name: str, student: Student) -> str | float:
    """The score with its penalty; empty while there is none."""
    try:
        submission = gradebook.find_submission(name, student.id)
    except MissingEntry:
        return ""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    unmarked = any(grade.auto_score is None and grade.manual_score is None for grade in grades)
    if unmarked or not grades:
        return ""
    return round(float(grade_row(gradebook, submission.assignment, student)["score"]), 4)


def _csv(entry: AssignmentEntry, possible: float, rows: list[list[str | float]]) -> str:
    column = entry.title if entry.canvas_id is None else f"{entry.title} ({entry.canvas_id})"
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([*COLUMNS, neutral(column)])
    writer.writerow([POINTS_POSSIBLE, "", "", "", "", round(possible, 4)])
    writer.writerows([neutral(value) for value in row] for row in rows)
    return file.getvalue()


def _text(value: object) -> str:
    return "" if value is None else str(value)
