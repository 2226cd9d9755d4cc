"""The sandbox of this course's assignments, with other limits where a test wants them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.course.course import Course
from autograder.sandbox import Limits, Setup

COURSE = Course.at(Path(__file__).parents[2])


def setup(name: str, limits: Limits | None = None) -> Setup:
    """What the sandbox of an assignment holds."""
    made = COURSE.sandbox_setup(name)
    return made if limits is None else replace(made, limits=limits)
