"""Recognise which of a course's assignments a notebook of any name is."""

from __future__ import annotations

from autograder.assignment import Assignment
from autograder.course import Course


def recognise(data: bytes, course: Course, filename: str = "") -> Assignment:
    """The assignment whose exercises these bytes hold most of.

    Raises:
        Ungradable: there is no notebook in them, or it holds no exercise of this course.
    """
    raise NotImplementedError
