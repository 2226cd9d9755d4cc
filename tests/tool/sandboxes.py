"""The sandbox of this course's assignments, with other limits where a test wants them, or a test skipped without one."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.sandbox import Limits, SandboxUnavailable, Setup
from autograder.sandbox.wall import strongest

COURSE = Course.at(Path(__file__).parents[2])


def setup(name: str, limits: Limits | None = None) -> Setup:
    """What the sandbox of an assignment holds."""
    made = COURSE.sandbox_setup(name)
    return made if limits is None else replace(made, limits=limits)


def require_sandbox() -> None:
    """Skip a test where student code cannot be closed off."""
    try:
        strongest()
    except SandboxUnavailable as reason:
        pytest.skip(str(reason))
