"""The commands for what goes back: feedback, export, gradescope, similar."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.tables import similar_table
from autograder.cli.terminal import ClassList, console, fail, graded_course, say
from autograder.collect import Roster, known_class
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.deadline import quiz_is_open
from autograder.handback import canvas, moodle
from autograder.handback import grades_csv as grades
from autograder.handback.feedback import FeedbackError
from autograder.handback.feedback import feedback as write_feedback
from autograder.handback.gradescope import bundle, results
from autograder.handback.upload import Platform, upload
from autograder.render.unseen import visible

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="The assignment.")]
OUTPUT = "The file; for Gradescope the folder. Named after the assignment if not said."
FORMAT = "A table, Canvas's gradebook, Moodle's grading worksheet (give it as --roster), or Gradescope's results.json."


class Format(StrEnum):
    """For whom grades are written."""

    csv = "csv"
    canvas = "canvas"
    moodle = "moodle"
    gradescope = "gradescope"


@app.command()
def feedback(
    name: Name,
    platform: Annotated[Platform | None, typer.Option("--for", help="Put all together as it takes them back.")] = None,
) -> None:
    """Write each student's feedback page, with everything of the student's made harmless."""
    course = graded_course(name)
    try:
        pages = write_feedback(course, name)
    except FeedbackError as error:
        raise fail(str(error)) from None
    console.print(
        f"feedback pages: {course.feedback.relative_to(course.root)}/STUDENT/{name}/{name}.html; next: autograder export {name}"
    )
    if platform:
        written, left = upload(course, name, pages, platform, Path())
        console.print(f"{len(pages) - len(left)} pages together: {written}")
        if left:
            said = f"{platform.capitalize()} has given no name, or one to several, of {len(left)}: {visible(', '.join(left))}. Their pages are in {course.feedback.name}/ alone: collect its download, or hand them back one by one."
            say(said)
    if course.quiz_file(name) and not quiz_is_open(course, name):
        console.print(
            f"They show the quiz's total only: run it again when the deadline of {name} has passed for everybody (due or quiz_opens in course.toml, and extensions)."
        )


@app.command()
def export(
    name: Name,
    output: Annotated[Path | None, typer.Option("--output", "-o", help=OUTPUT)] = None,
    to: Annotated[Format, typer.Option("--format", help=FORMAT)] = Format.csv,
    roster: ClassList = None,
) -> None:
    """Write the class's grades, safe to open in a spreadsheet."""
    course = graded_course(name)
    people = known_class(course, name, Roster.read(*roster) if roster else None)
    if to is Format.csv:
        written = grades.export(course, name, output or Path(f"{name}.csv"))
    elif to is Format.canvas:
        written = canvas.export(course, name, output or Path(f"{name}-canvas.csv"), people)
    elif to is Format.moodle:
        if not roster:
            raise fail("Say which worksheet is filled in: --roster WORKSHEET.csv, as Moodle gave it out.")
        written = moodle.export(course, name, roster[0], output or Path(f"{name}-moodle.csv"))
    else:
        written = results.export(course, name, output or Path(f"{name}-gradescope"))
    console.print(f"grades: {written}; next: autograder similar {name}, autograder report {name}")


@app.command()
def gradescope(
    name: Name,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="NAME-gradescope.zip by default.")] = None,
) -> None:
    """Write the zip with which Gradescope grades an assignment; it holds the judges, so it is for instructors alone."""
    path = bundle.write(Assignment.load(Course.find(), name), output or Path(f"{name}-gradescope.zip"))
    console.print(f"upload this under Configure Autograder: {path}")


@app.command()
def similar(name: Name) -> None:
    """Show which submissions share uncommon code, side by side; whether that is a copy a person decides."""
    from autograder.handback.similar import similar_submissions, write

    course = Course.find()
    resemblance = similar_submissions(Assignment.load(course, name))
    page = write(resemblance, course, name)
    console.print(similar_table(name, resemblance))
    console.print(f"side by side: {page.relative_to(course.root)}; autograder report {name} lists them, too")
