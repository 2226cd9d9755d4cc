"""What the tests of this course's judges share: another source in an exercise's place, tried for real."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from autograder.course.assignment import Assignment
from autograder.judging.verdict import Verdict
from autograder.sandbox import Sandbox
from autograder.verify.bank import Kind, Sample
from autograder.verify.promises import _try
from tests.course.bank_reference import ASSIGNMENT, COURSE, Tried
from tests.tool.sandboxes import require_sandbox, setup


@pytest.fixture(scope="module")
def tried() -> Iterator[Tried]:
    """The verdict on a source in an exercise's place, by the real judge, from a sandbox that stays warm."""
    require_sandbox()
    with ExitStack() as stack:
        sandbox = cache(lambda name: stack.enter_context(Sandbox(setup(name), private=[COURSE.root])))

        def verdict(exercise: str, source: str) -> Verdict:
            assignment = Assignment.load(COURSE, ASSIGNMENT[exercise])
            return _try(assignment, sandbox(assignment.name), Sample(exercise, Kind.NOTHING, "tried", source))

        yield verdict
