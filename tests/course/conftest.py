"""What the tests of this course's judges share: another source in an exercise's place, tried for real."""

import pytest

from autograder.course.assignment import Assignment
from autograder.judging.verdict import Verdict
from autograder.sandbox import Sandbox
from autograder.verify.bank import Kind, Sample
from autograder.verify.promises import _try
from tests.course.bank_reference import ASSIGNMENT, COURSE, Tried


@pytest.fixture
def tried(course_sandbox: Sandbox) -> Tried:
    """The verdict on a source in an exercise's place, by the real judge, from the real sandbox."""

    def verdict(exercise: str, source: str) -> Verdict:
        assignment = Assignment.load(COURSE, ASSIGNMENT[exercise])
        return _try(assignment, course_sandbox, Sample(exercise, Kind.NOTHING, "tried", source))

    return verdict
