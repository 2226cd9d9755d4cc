"""What tests of damaged notebooks share; a module may have an assignment of its own instead."""

import pytest

from autograder.course.assignment import Assignment
from autograder.publish.build import build
from tests.tool.damage import Notebook
from tests.tool.rebuilt import answered
from tests.tool.small_course import write_course


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    course = write_course(tmp_path_factory.mktemp("course"))
    build(course)
    return Assignment.load(course, "hw1")


@pytest.fixture
def submission(assignment: Assignment) -> Notebook:
    return answered(assignment)
