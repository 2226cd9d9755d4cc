"""A quiz of four questions, for tests of the report."""

import pytest

from autograder.course.quiz import Quiz
from tests.tool.graded_examples import small_course


@pytest.fixture(scope="module")
def quiz(tmp_path_factory):
    return Quiz.load(small_course(tmp_path_factory.mktemp("quiz")).solutions / "hw1" / "quiz.toml")
