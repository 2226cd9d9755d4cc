"""A sample class, so that one sees in a minute what grading, feedback and the gradebook look like."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.demo.roster import roster
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.result import Result
from autograder.handback.feedback import feedback
from autograder.handback.grades_csv import export
from autograder.handback.report import report


def hand_in(course: Course, directory: Path) -> Assignment:
    """Make a course folder in which a sample class has handed in the assignment that course.toml names, else the first.

    Whatever is in the folder is deleted.

    Raises:
        CourseError: the assignment has not been built, or the folder is not one to be deleted.
    """
    name = course.demo or course.assignments[0]
    if directory.is_symlink() or course.root.is_relative_to(directory.resolve()):
        raise CourseError(f"{directory} is a link or holds the course, and would be deleted: name another folder.")
    shutil.rmtree(directory, ignore_errors=True)
    assignment = Assignment.load(course.clone_to(directory), name)
    for student, (filename, data) in roster(assignment).items():
        path = assignment.course.submitted / student / name / filename
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    register(assignment.course, name)
    return assignment


def hand_back(results: Sequence[Result], assignment: Assignment) -> Path:
    """Record the results, write feedback pages, grades.csv and the report; the report's path."""
    course, name = assignment.course, assignment.name
    record(sorted(results, key=lambda result: result.student), course)
    feedback(course, name)
    export(course, name, course.root / "grades.csv")
    return report(course, name)
