"""A small course and its class list, for tests of collecting."""

import shutil
from pathlib import Path

import pytest

from autograder.collect import Roster
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from tests.tool.collect.downloads import ROSTER, written
from tests.tool.graded_examples import small_course


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return small_course(tmp_path_factory.mktemp("built") / "course")


@pytest.fixture
def course(built: Course, tmp_path: Path) -> Course:
    return Course.at(shutil.copytree(built.root, tmp_path / "course"))


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return Assignment.load(course, "hw1")


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster.read(written(tmp_path / "roster.csv", ROSTER.encode()))
