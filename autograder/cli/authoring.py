"""The commands of an author: a course to begin with, and the samples of an exercise's bank."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.terminal import fail, say
from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.course.new import COMMANDS
from autograder.course.new import new as write_course
from autograder.verify.bank import samples_of

app = typer.Typer()


@app.command()
def new(directory: Annotated[Path, typer.Argument(help="A folder that is empty or not there yet.")]) -> None:
    """Start a course: course.toml, one assignment of one exercise, its judge and its bank."""
    try:
        for name in write_course(directory):
            say(f"wrote {directory / name}")
    except (CourseError, OSError) as error:
        raise fail(str(error)) from None
    commands = "\n".join((f"cd {shlex.quote(str(directory))}", *COMMANDS))
    say(f"\nNext:\n{commands}")


@app.command()
def bank(
    assignment: Annotated[str, typer.Argument(help="The assignment.")],
    exercise: Annotated[str, typer.Argument(help="The exercise's id.")],
    name: Annotated[str | None, typer.Argument(help="A sample; without it, all are listed.")] = None,
) -> None:
    """Print a sample of an exercise's bank whole, its edits applied, or list the samples that there are."""
    found = samples_of(Assignment.load(Course.find(), assignment), exercise)
    if name is None:
        say(*(f"{sample.kind:8} {title}" for title, sample in found.items()))
    elif name in found:
        say(found[name].source)
    else:
        raise fail(f"The bank of {exercise} has no {name!r}; it has: {', '.join(found)}.")
