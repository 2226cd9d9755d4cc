"""The command for what a person marks: by-hand."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.terminal import fail, graded_course, say
from autograder.gradebook.by_hand import merge
from autograder.gradebook.marks import ClassMarks, read_marks
from autograder.gradebook.shares import By, Item, deal, read_shares, write_shares
from autograder.render.unseen import visible

app = typer.Typer()
SHARE = "Deal what waits among these people, e.g. ada,bob,chen: a list for each in marking/NAME/; who has something keeps it."
COPIES = "Copies of gradebook.db to take in; the file's name, or a folder of its path, says whose each is."


@app.command("by-hand")
def marks_by_hand(
    name: Annotated[str, typer.Argument(help="The assignment.")],
    copies: Annotated[list[Path] | None, typer.Argument(exists=True, help=COPIES)] = None,
    share: Annotated[str, typer.Option(help=SHARE)] = "",
    by: Annotated[By, typer.Option(help="Whether a student, or a question, has one marker.")] = By.student,
) -> None:
    """Take in what others have marked in copies of the gradebook, conflicts named; list what waits for a person."""
    course = graded_course(name)
    dealt, left, said = read_shares(course, name), list[str](), list[str]()
    for copy in copies or ():
        disputed, taken = merge(course, name, copy)
        left += disputed
        said += _outside(copy, taken, dealt)
    waiting = _waiting(read_marks(course, name))
    if share:
        people, before = share.split(","), dealt
        dealt = deal(waiting, people, by, before)
        folder = write_shares(course, name, people, dealt)
        moved = {item: f"{person} to {dealt[item]}" for item, person in before.items() if person != dealt[item]}
        said += [f"{exercise} moves from {way}: {whose}" for exercise, way, whose in _grouped(moved)]
    to = {item: dealt.get(item, "a person") for item in waiting}
    said += [f"{exercise} waits for {person}: {whose}" for exercise, person, whose in _grouped(to)]
    said += [f"lists: {folder.relative_to(course.root)}/PERSON.csv"] if share else []
    say(*map(visible, (*left, *said)))
    if left:
        raise fail(f"{len(left)} marks are as they were in the gradebook: settle them in formgrader.")


def _outside(copy: Path, taken: Iterable[Item], dealt: Mapping[Item, str]) -> list[str]:
    """A sentence on what somebody has marked that is another's share."""
    of = next((each for each in (copy.stem, *reversed(copy.parent.parts)) if each in dealt.values()), str(copy))
    others = {item: dealt[item] for item in taken if dealt.get(item, of) != of}
    return [f"{of} has marked {each} of {whose}, {person}'s: taken in" for each, person, whose in _grouped(others)]


def _grouped(items: Mapping[Item, str]) -> Iterator[tuple[str, str, str]]:
    """What items have in common, in their order: exercise, what is said of them, and the students."""
    students: dict[tuple[str, str], list[str]] = {}
    for (student, exercise), said in items.items():
        students.setdefault((exercise, said), []).append(student)
    return ((*of, ", ".join(whose)) for of, whose in students.items())


def _waiting(marks: ClassMarks) -> list[Item]:
    """What waits for a person, exercise by exercise, of those for whom the assignment counts."""
    gone = marks.excused | marks.withdrawn
    asked = {who: own.exercises for who, own in marks.submissions.items() if not own.owner and who not in gone}
    return [(who, it) for it in marks.points for who, own in asked.items() if it in own and own[it].needs_person]
