"""The small course, and a notebook of it to be damaged; a module may have its own instead."""

from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from tests.tool.damage import Notebook
from tests.tool.graded_examples import small_course
from tests.tool.rebuilt import answered


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The small course, built and in its gradebook."""
    return small_course(tmp_path / "course")


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return Assignment.load(small_course(tmp_path_factory.mktemp("course")), "hw1")


@pytest.fixture
def submission(assignment: Assignment) -> Notebook:
    return answered(assignment)
