"""The command for what a person marks: by-hand."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.terminal import console, fail, graded_course
from autograder.gradebook.by_hand import merge
from autograder.gradebook.marks import ClassMarks, read_marks
from autograder.gradebook.shares import By, Item, deal, read_shares, write_shares
from autograder.render.unseen import visible

app = typer.Typer()
SHARE = "Deal what waits among these people, e.g. ada,bob,chen: a list for each in marking/NAME/; who has something keeps it."


@app.command("by-hand")
def marks_by_hand(
    name: Annotated[str, typer.Argument(help="The assignment.")],
    copies: Annotated[list[Path] | None, typer.Argument(exists=True, help="Copies of gradebook.db to take in.")] = None,
    share: Annotated[str, typer.Option(help=SHARE)] = "",
    by: Annotated[By, typer.Option(help="Whether a student, or a question, has one marker.")] = By.student,
) -> None:
    """Take in what others have marked in copies of the gradebook, conflicts named; list what waits for a person."""
    course = graded_course(name)
    left = [line for copy in copies or () for line in merge(course, name, copy)]
    marks = read_marks(course, name)
    waiting, dealt = _waiting(marks), read_shares(course, name)
    if share:
        people = share.split(",")
        dealt = deal(waiting, people, by, dealt)
        folder = write_shares(course, name, people, dealt)
    lines: dict[tuple[str, str], list[str]] = {}
    for student, exercise in waiting:
        lines.setdefault((exercise, dealt.get((student, exercise), "a person")), []).append(student)
    said = [f"{each} waits for {person}: {', '.join(whose)}" for (each, person), whose in lines.items()]
    for line in (*left, *said, *([f"lists: {folder.relative_to(course.root)}/PERSON.csv"] if share else [])):
        console.print(visible(line), markup=False, highlight=False, soft_wrap=True)
    if left:
        raise fail(f"{len(left)} marks are as they were in the gradebook: settle them in formgrader.")


def _waiting(marks: ClassMarks) -> list[Item]:
    """What waits for a person, exercise by exercise, of those for whom the assignment counts."""
    gone = marks.excused | marks.withdrawn
    asked = {who: own.exercises for who, own in marks.submissions.items() if not own.owner and who not in gone}
    return [
        (who, each) for each in marks.points for who, own in asked.items() if each in own and own[each].needs_person
    ]
