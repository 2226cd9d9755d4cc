"""The small course's assignment and class list, for tests of collecting."""

from pathlib import Path

import pytest

from autograder.collect import Roster
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from tests.places import written
from tests.tool.collect.downloads import ROSTER


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return Assignment.load(course, "hw1")


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster.read(written(tmp_path / "roster.csv", ROSTER.encode()))
