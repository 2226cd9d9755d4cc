"""Grades as Canvas's gradebook imports them (Grades › Import).

Canvas, lib/gradebook_importer.rb: the columns Student, ID, SIS User ID, SIS Login ID and Section in this order, then
one per assignment, called ``title (number)``; below the headings a row “Points Possible”. A student is found by ID,
else by SIS ids, else by name; an assignment by its number, else by its title. Its CSV reader takes a byte order mark,
by which Excel sees UTF-8, for a part of the first heading, which need only include “Student”: so headings are not quoted.
"""

import csv
import io
from pathlib import Path

from autograder.collect.person import Person
from autograder.collect.roster import Roster
from autograder.course.course import Course
from autograder.course.settings import AssignmentEntry
from autograder.files import write_atomically
from autograder.gradebook.marks import ClassMarks, Student, read_marks
from autograder.render.table_cells import neutral

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"
"""With the four spaces that Canvas itself writes."""


def export(course: Course, name: str, path: Path, roster: Roster | None = None) -> Path:
    """Write an assignment's grades for Canvas's gradebook, late penalties taken off.

    A score is empty, by which Canvas changes nothing, where nothing was handed in or a mark is missing; EX is excused.
    Of a class on two platforms Moodle's students are left out: Canvas would take them for namesakes of theirs. SIS ids
    and sections are those of the class list, of which Canvas's own export is best.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
    """
    people = {person.id: person for person in roster.people} if roster else {}
    marks = read_marks(course, name)
    both = any(person.canvas for person in people.values())
    found = [(each, people.get(each.id, Person(each.id))) for each in marks.students]
    rows = [_row(each, marks, of) for each, of in found if each.canvas or of.canvas or not (both and of.participant)]
    write_atomically(path, _csv(course.entry(name), marks.max, rows))
    return path


def _row(student: Student, marks: ClassMarks, person: Person) -> list[str | float]:
    names = [part for part in (student.last or person.last, student.first or person.first) if part]
    sis = person.sis if person.sis or person.login else student.id
    own = marks.submissions.get(student.id)
    score = "EX" if student.id in marks.excused else round(own.score, 4) if own and own.complete else ""
    return [", ".join(names) or student.id, student.canvas or person.canvas, sis, person.login, person.section, score]


def _csv(entry: AssignmentEntry, possible: float, rows: list[list[str | float]]) -> bytes:
    column = entry.title if entry.canvas_id is None else f"{entry.title} ({entry.canvas_id})"
    file = io.StringIO(newline="")
    csv.writer(file).writerow([*COLUMNS, neutral(column)])
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([POINTS_POSSIBLE, "", "", "", "", round(possible, 4)])
    writer.writerows([neutral(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")
