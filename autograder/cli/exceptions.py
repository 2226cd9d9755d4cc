"""The command that writes exceptions.toml."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.cli.terminal import console, say
from autograder.course.course import Course
from autograder.course.exceptions import add, all_rows
from autograder.gradebook.marks import UnknownAssignment, read_marks
from autograder.render.unseen import visible

app = typer.Typer()
TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]


@app.command("except")
def write_exception(
    context: typer.Context,
    assignment: Annotated[str | None, typer.Argument(help="The assignment; a student's may be for all.")] = None,
    student: Annotated[str | None, typer.Option(help="The student's id.")] = None,
    members: Annotated[str | None, typer.Option("--group", help="One hand-in for all of these: ada,ben")] = None,
    exercise: Annotated[str | None, typer.Option(help="An exercise's id: for everybody.")] = None,
    due: Annotated[datetime | None, typer.Option(formats=TIMES, help="Extension: the new due date.")] = None,
    extra_hours: Annotated[float | None, typer.Option(help="Accommodation: more time.")] = None,
    late_penalty: Annotated[bool | None, typer.Option(help="Whether lateness costs the student points.")] = None,
    excused: Annotated[bool | None, typer.Option(help="It does not count for the student.")] = None,
    withdrawn: Annotated[bool | None, typer.Option(help="The student has left the course.")] = None,
    points: Annotated[float | None, typer.Option(help="What the exercise is worth now.")] = None,
    full_marks: Annotated[bool | None, typer.Option(help="Full marks for all who handed in.")] = None,
    dropped: Annotated[bool | None, typer.Option(help="The exercise does not count.")] = None,
    bonus: Annotated[bool | None, typer.Option(help="Its points count, but not to the maximum.")] = None,
    reason: Annotated[str | None, typer.Option(help="An exercise's is told to students; others are for you.")] = None,
    output: Annotated[Path | None, typer.Option("--json", help="Write all exceptions there as JSON.")] = None,
) -> None:
    """Make an exception for a student, a group or an exercise, and list all in exceptions.toml; nothing is regraded."""
    course = Course.find()
    row = {key: value for key, value in context.params.items() if value is not None and key != "output"}
    if due:
        row["due"] = (due if due.tzinfo or not assignment else due.replace(tzinfo=course.zone(assignment))).isoformat()
    if members:
        row["members"] = [each.strip() for each in members.split(",")]
    if row:
        add(course, "exercises" if exercise else "groups" if members else "students", row)
    for name in course.entries if course.gradebook.is_file() else ():
        with suppress(UnknownAssignment):
            read_marks(course, name)  # which tells formgrader
    found, known = all_rows(course), {path.name for path in course.submitted.glob("*")}
    for kind, rows in found.items():
        say(*(visible(_line(kind.removesuffix("s"), each, known)) for each in rows))
    if course.gradebook.is_file():
        console.print("next: autograder changes NAME says whose marks are others now; then feedback NAME, export NAME")
    if output:
        output.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _line(kind: str, row: Mapping[str, Any], known: Collection[str]) -> str:
    """An exception in words: for whom or what, where, and which; of students, who of them has handed in nothing."""
    about = row["members"] if kind == "group" else [row[kind]]
    absent = [] if kind == "exercise" else [each for each in about if each not in known]
    doubt = f" (nothing handed in yet: {', '.join(absent)})" if absent else ""
    more = {key.replace("_", " "): row[key] for key in row if key not in (kind, "members", "assignment")}
    told = ", ".join(key if value is True else f"{key} {value}" for key, value in more.items())
    return f"{kind} {', '.join(about)}, {row.get('assignment', 'all homework')}: {told or 'one hand-in'}{doubt}"
