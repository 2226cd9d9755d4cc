"""The command for what comes in: collect."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.tables import collected_table, leftovers
from autograder.cli.terminal import ClassList, console, fail
from autograder.collect import Policy, Roster
from autograder.collect import collect as run_collect
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.class_list import enter

app = typer.Typer()
SOURCE = "A zip of Canvas, Moodle, Blackboard, Brightspace, Classroom or Gradescope, nbgrader's inbound folder, or any folder."


@app.command()
def collect(
    source: Annotated[Path, typer.Argument(exists=True, help=SOURCE)],
    assignment: Annotated[str, typer.Option(help="What was handed in.")],
    roster: ClassList = None,
    policy: Annotated[
        Policy, typer.Option(help="Which attempt is graded: the latest, or the latest in time if there is one.")
    ] = Policy.latest,
) -> None:
    """Sort what students handed in into submitted/STUDENT/NAME/; every attempt is kept, in collected/NAME/."""
    course = Course.find()
    people = Roster.read(*roster) if roster else None
    collected = run_collect(source, Assignment.load(course, assignment), people, policy)
    if collected.people:
        enter(collected.people, course)
    console.print(collected_table(assignment, collected))
    for line in leftovers(collected):
        console.print(line, markup=False, highlight=False)
    if not collected.rows:
        raise fail(f"Nothing of {assignment} has been collected.")
    console.print(f"next: autograder grade {assignment}")
