"""The command for what a person marks: by-hand."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.terminal import console, fail, graded_course
from autograder.gradebook.by_hand import merge
from autograder.gradebook.marks import read_marks
from autograder.render.unseen import visible

app = typer.Typer()


@app.command("by-hand")
def marks_by_hand(
    name: Annotated[str, typer.Argument(help="The assignment.")],
    copies: Annotated[list[Path] | None, typer.Argument(exists=True, help="Copies of gradebook.db to take in.")] = None,
) -> None:
    """Take in what others have marked in copies of the gradebook, conflicts named; list what waits for a person."""
    course = graded_course(name)
    left = [line for copy in copies or () for line in merge(course, name, copy)]
    marks = read_marks(course, name)
    gone = marks.excused | marks.withdrawn
    asked = {who: own.exercises for who, own in marks.submissions.items() if not own.owner and who not in gone}
    waits = {
        each: [who for who, own in asked.items() if each in own and own[each].needs_person] for each in marks.points
    }
    for line in (*left, *(f"{each} waits for a person: {', '.join(whose)}" for each, whose in waits.items() if whose)):
        console.print(visible(line), markup=False, highlight=False, soft_wrap=True)
    if left:
        raise fail(f"{len(left)} marks are as they were in the gradebook: settle them in formgrader.")
