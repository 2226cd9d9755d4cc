"""What all commands share: the console, errors in red, the course around the working directory, a progress bar."""

from __future__ import annotations

from enum import StrEnum

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder import sanitise
from autograder.course import Course, CourseError


class Confinement(StrEnum):
    """Where student code runs."""

    bubblewrap = "bubblewrap"
    none = "none"


console = Console(width=None if Console().is_terminal else 120)


def fail(message: str) -> typer.Exit:
    """Say what is wrong and what to do, and end with exit code 1."""
    Console(stderr=True).print(sanitise.visible(message), style="red", markup=False, highlight=False)
    return typer.Exit(1)


def find_course() -> Course:
    """The course around the working directory; the command fails where there is none."""
    try:
        return Course.find()
    except CourseError as error:
        raise fail(str(error)) from None


def progress_bar() -> Progress:
    """Done of all, the time taken and the time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console)


def graded_course(name: str) -> Course:
    """The course, in whose gradebook there is something of this assignment; the command fails where there is not."""
    course = find_course()
    try:
        course.entry(name)
    except CourseError as error:
        raise fail(str(error)) from None
    if not course.gradebook.is_file():
        raise fail(f"Nothing has been graded yet: run autograder grade {name}")
    return course
