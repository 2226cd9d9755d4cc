"""When the deadline has passed for everybody; until then students are told their quiz's total only.

All have the same quiz: with marks per question, a few hand-ins that try one answer after another spell out its key.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment

from autograder.course.course import Course
from autograder.course.exceptions import NEVER, read


def quiz_is_open(
    course: Course, name: str, *, now: datetime | None = None, dues: Iterable[datetime] | None = None
) -> bool:
    """Whether students may read question by question how they answered.

    That is after ``quiz_opens`` of course.toml where it is set; else after the latest deadline and the grace, and never
    where no deadline is known. ``dues`` are those beside course.toml's: by default the gradebook's and extensions'.
    """
    entry = course.entry(name)
    known = [each for each in (entry.due, *(_dues(course, name) if dues is None else dues)) if each]
    grace = timedelta(minutes=course.late.grace_minutes if course.late else 0)
    opens = entry.quiz_opens or (max(known) + grace if known else None)
    return opens is not None and (now or datetime.now(UTC)) > opens


def _dues(course: Course, name: str) -> list[datetime]:
    """The deadline with every extension; one who pays nothing for lateness holds nobody up."""
    due = course.entry(name).due_utc
    with Gradebook(course.db_url, course.name) as gradebook:
        due = due or gradebook.db.query(Assignment.duedate).filter(Assignment.name == name).scalar()
    more = [timedelta(0), *extensions(course, name).values()]
    return [(due + max(each, more[0])).replace(tzinfo=UTC) for each in more if each != NEVER] if due else []


def extensions(course: Course, name: str, gradebook: Gradebook | None = None) -> dict[str, timedelta]:
    """Who has more time for an assignment, and how much: as exceptions.toml says, else the gradebook, if there is one."""
    if gradebook is None and course.gradebook.is_file():
        with Gradebook(course.db_url, course.name) as opened:
            return extensions(course, name, opened)
    found = dict[str, timedelta]()
    if gradebook is not None:
        rows = gradebook.db.query(SubmittedAssignment.student_id, SubmittedAssignment.extension).join(Assignment)
        given = rows.filter(Assignment.name == name, SubmittedAssignment.extension.is_not(None))  # once per hand-in
        found = {student: more for student, more in given if more}
    exceptions = read(course, name)
    found |= exceptions.extensions(course.entries[name].due_utc if name in course.entries else None)
    for members in exceptions.groups:  # who has most time has it for all
        found |= dict.fromkeys(members, max(found.get(each, timedelta(0)) for each in members))
    return found
