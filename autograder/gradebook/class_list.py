"""The class in nbgrader's gradebook: names, e-mail and the learning platform's number, for the exports."""

from __future__ import annotations

from nbgrader.api import Gradebook

from autograder.collect.roster import Roster
from autograder.course.course import Course
from autograder.publish.build import create_gradebook


def enter(roster: Roster, course: Course) -> None:
    """Enter everybody of the class into the gradebook; what a list leaves empty stays as it is there."""
    create_gradebook(course)
    with Gradebook(course.db_url, course.name) as gradebook:
        for person in roster.people:
            fields = {
                "first_name": person.first,
                "last_name": person.last,
                "email": person.email,
                "lms_user_id": person.canvas,
            }
            gradebook.update_or_create_student(person.id, **{key: text for key, text in fields.items() if text})
