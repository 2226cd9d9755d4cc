"""The class in the gradebook: names, e-mail and the learning platform's number, for the exports."""

from collections.abc import Iterable

from nbgrader.api import Gradebook

from autograder.course.course import Course
from autograder.gradebook.generate import create_gradebook
from autograder.gradebook.marks import Student
from autograder.render.sanitise import visible


def enter(students: Iterable[Student], course: Course) -> None:
    """Enter students into the gradebook; a field that is empty stays as it is there."""
    create_gradebook(course)
    with Gradebook(course.db_url, course.name) as gradebook:
        for each in students:
            fields = {"first_name": each.first, "last_name": each.last, "email": each.email, "lms_user_id": each.canvas}
            gradebook.update_or_create_student(each.id, **{key: visible(text) for key, text in fields.items() if text})
