"""What all commands share: the console, errors in red, the course around the working directory, progress bars."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import progress
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course.course import Course
from autograder.render.unseen import visible

Jobs = Annotated[
    int | None, typer.Option(help="Processes at a time; one per processor of the machine or container by default.")
]
CLASS_LIST = "CSV of the class: ids, names, e-mails, Canvas ids; Canvas's own export will do. Several times for several lists; what was said once is kept."
ClassList = Annotated[list[Path] | None, typer.Option(help=CLASS_LIST)]


class Confinement(StrEnum):
    """Where student code runs."""

    bubblewrap = "bubblewrap"
    none = "none"


console = Console(width=None if Console().is_terminal else 120)


def fail(message: str) -> typer.Exit:
    """Say what is wrong and what to do, and end with exit code 1."""
    Console(stderr=True).print(visible(message), style="red", markup=False, highlight=False)
    return typer.Exit(1)


def stopped(message: str) -> typer.Exit:
    """Say what an interrupt has left, and end as programs do that one interrupts."""
    console.print(message)
    return typer.Exit(130)


def say(*lines: str) -> None:
    """Print each line as it is: whole, and nothing in it taken for markup."""
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def show_results(course: Course, table: Table) -> None:
    """Show a table of results below the name and the folder of the course that graded."""
    say(visible(f"graded by {course.name}, the course in {course.root}"))
    console.print(table)


def progress_bar() -> progress.Progress:
    """Done of all, how many a minute, the time taken and the time left."""
    done = ("{task.description}", progress.BarColumn(), progress.MofNCompleteColumn(), _Rate())
    columns = (*done, progress.TimeElapsedColumn(), "left:", progress.TimeRemainingColumn())
    return progress.Progress(*columns, console=console, speed_estimate_period=60.0)


class _Rate(progress.ProgressColumn):
    """How many a minute; as long as none is done, nothing."""

    def render(self, task: progress.Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.0f}/min" if speed else "", style="progress.data.speed")


def graded_course(name: str) -> Course:
    """The course, in whose gradebook there is something of this assignment; the command fails where there is not."""
    course = Course.find()
    course.entry(name)
    if not course.gradebook.is_file():
        raise fail(f"Nothing has been graded yet: run autograder grade {name}")
    return course
