"""The small course, a notebook of it to be damaged, a session in a module's sandbox; a module may have its own instead."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.sandbox import Sandbox, Session
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


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[Session]:
    with sandbox.open() as session:
        yield session
