"""When the deadline has passed for everybody; until then students are told their quiz's total only.

All have the same quiz: with marks per question, a few hand-ins that try one answer after another spell out its key.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment

from autograder.course.course import Course


def quiz_is_open(
    course: Course, name: str, *, now: datetime | None = None, dues: Iterable[datetime] | None = None
) -> bool:
    """Whether students may read question by question how they answered.

    That is after ``quiz_opens`` of course.toml where it is set; else after the latest deadline and the grace, and never
    where no deadline is known.

    Args:
        course: whose assignment it is.
        name: the assignment.
        now: the time; by default the clock's.
        dues: deadlines beside course.toml's, such as those of extensions; by default the gradebook's.
    """
    entry = course.entry(name)
    known = [each for each in (entry.due, *(_in_gradebook(course, name) if dues is None else dues)) if each]
    grace = timedelta(minutes=course.late.grace_minutes if course.late else 0)
    opens = entry.quiz_opens or (max(known) + grace if known else None)
    return opens is not None and (now or datetime.now(UTC)) > opens


def _in_gradebook(course: Course, name: str) -> list[datetime]:
    """The deadline with every extension that was granted; course.toml's date comes before the gradebook's."""
    with Gradebook(course.db_url, course.name) as gradebook:
        rows = gradebook.db.query(Assignment.duedate, SubmittedAssignment.extension).outerjoin(SubmittedAssignment)
        found = [
            (course.entry(name).due_utc or due, late or timedelta(0))
            for due, late in rows.filter(Assignment.name == name)
        ]
    return [(due + max(late, timedelta(0))).replace(tzinfo=UTC) for due, late in found if due]


def extensions(course: Course, name: str) -> dict[str, timedelta]:
    """Who has more time for an assignment in the gradebook, and how much."""
    if not course.gradebook.is_file():
        return {}
    with Gradebook(course.db_url, course.name) as gradebook:
        rows = gradebook.db.query(SubmittedAssignment.student_id, SubmittedAssignment.extension).join(Assignment)
        return {student: more for student, more in rows.filter(Assignment.name == name) if more}
