"""The commands for what is handed in and what is handed on: collect, export, similar, gradescope, feedback."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.tables import collected_table, leftovers, similar_table
from autograder.cli.terminal import console, fail, graded_course
from autograder.collect import Policy, Roster, known_class
from autograder.collect import collect as run_collect
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.by_hand import merge
from autograder.gradebook.class_list import enter
from autograder.gradebook.deadline import quiz_is_open
from autograder.gradebook.marks import read_marks
from autograder.handback import canvas, moodle
from autograder.handback import grades_csv as grades
from autograder.handback.feedback import FeedbackError
from autograder.handback.feedback import feedback as write_feedback
from autograder.handback.gradescope import bundle, results
from autograder.handback.upload import Platform, upload
from autograder.render.unseen import visible

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="The assignment.")]


class Format(StrEnum):
    """For whom grades are written."""

    csv = "csv"
    canvas = "canvas"
    moodle = "moodle"
    gradescope = "gradescope"


CLASS_LIST = "CSV of the class: ids, names, e-mails, Canvas ids; Canvas's own export will do. Several times for several lists; what was said once is kept."
ClassList = Annotated[list[Path] | None, typer.Option(help=CLASS_LIST)]
SOURCE = "A zip of Canvas, Moodle, Blackboard, Brightspace, Classroom or Gradescope, nbgrader's inbound folder, or any folder."
OUTPUT = "The file; for Gradescope the folder. Named after the assignment if not said."
FORMAT = (
    "A table, Canvas's gradebook, Moodle's grading worksheet (give it as --roster), or results.json for Gradescope."
)


@app.command()
def collect(
    source: Annotated[Path, typer.Argument(help=SOURCE)],
    assignment: Annotated[str, typer.Option(help="What was handed in.")],
    roster: ClassList = None,
    policy: Annotated[
        Policy, typer.Option(help="Which attempt is graded: the latest, or the latest in time if there is one.")
    ] = Policy.latest,
) -> None:
    """Sort what students handed in into submitted/STUDENT/NAME/; every attempt is kept, in collected/NAME/."""
    course = Course.find()
    try:
        people = Roster.read(*roster) if roster else None
        collected = run_collect(source, Assignment.load(course, assignment), people, policy)
        if collected.people:
            enter(collected.people, course)
    except FileNotFoundError:
        raise fail(f"There is no {source}.") from None
    console.print(collected_table(assignment, collected))
    for line in leftovers(collected):
        console.print(line, markup=False, highlight=False)
    console.print(f"next: autograder grade {assignment}")


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


@app.command("by-hand")
def marks_by_hand(
    name: Name,
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


@app.command()
def similar(name: Name) -> None:
    """Show which submissions share uncommon code, side by side; whether that is a copy a person decides."""
    from autograder.handback.similar import similar_submissions, write

    course = Course.find()
    resemblance = similar_submissions(Assignment.load(course, name))
    page = write(resemblance, course, name)
    console.print(similar_table(name, resemblance))
    console.print(f"side by side: {page.relative_to(course.root)}; autograder report {name} lists them, too")


@app.command()
def gradescope(
    name: Name,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="NAME-gradescope.zip by default.")] = None,
) -> None:
    """Write the zip with which Gradescope grades an assignment; it holds the judges, so it is for instructors alone."""
    path = bundle.write(Assignment.load(Course.find(), name), output or Path(f"{name}-gradescope.zip"))
    console.print(f"upload this under Configure Autograder: {path}")


@app.command()
def feedback(
    name: Annotated[str, typer.Argument(help="The assignment.")],
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
            console.print(said, markup=False, highlight=False, soft_wrap=True)
    if course.quiz_file(name) and not quiz_is_open(course, name):
        console.print(
            f"They show the quiz's total only: run it again when the deadline of {name} has passed for everybody (due or quiz_opens in course.toml, and extensions)."
        )
