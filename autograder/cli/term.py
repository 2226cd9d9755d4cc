"""The commands over a term: changes, final, rollover."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.tables import rows_table
from autograder.cli.terminal import console, graded_course, say
from autograder.course.course import Course
from autograder.course.term import rollover as begin
from autograder.files import write_atomically
from autograder.handback import changes as kept
from autograder.handback.final import COLUMNS, EXCUSED, WAITS, final_rows
from autograder.handback.grades_csv import to_csv

app = typer.Typer()


@app.command()
def changes(
    name: Annotated[str, typer.Argument(help="The assignment.")],
    messages: Annotated[Path | None, typer.Option(help="Write STUDENT.txt there, for those concerned only.")] = None,
) -> None:
    """List the marks that have changed since an earlier grading, before and after, with the cause."""
    course = graded_course(name)
    stem, found = kept.changes(course, name)
    since = f"{name} since the grading of {stem[:13]}:{stem[14:16]} UTC"
    console.print(rows_table(since, found) if found else f"No mark has changed in {since}.")
    if messages:
        kept.messages(course, name, found, messages)
        console.print(f"messages: {messages}/STUDENT.txt; next: autograder feedback {name}, autograder export {name}")
    elif found:
        console.print(
            f"next: autograder changes {name} --messages FOLDER tells them; then feedback {name}, export {name}"
        )


@app.command()
def final(output: Annotated[Path, typer.Option("--output", "-o", help="The CSV file.")] = Path("final.csv")) -> None:
    """Show and write final marks over all homeworks, weighed and the worst dropped as course.toml says."""
    course = Course.find()
    rows = final_rows(course)
    write_atomically(output, to_csv(rows, COLUMNS))
    names = list(rows[0])[len(COLUMNS) :]
    signs, shown = {EXCUSED: "–", WAITS: "…"}, []
    for row in sorted(rows, key=lambda row: str(row["student_id"])):
        cells = {name: f"{value:.0f}" if not isinstance(value := row[name], str) else signs[value] for name in names}
        cells |= {name: f"({cells[name]})" for name in str(row["dropped"]).split()}
        numbered = {str(at): cell for at, cell in enumerate(cells.values(), 1)}
        shown.append({"student": row["student_id"], "final": row["final"], **numbered})
    console.print(rows_table("final marks, in percent", shown), crop=False)
    weighed = ", ".join(f"{at} {name} × {course.entry(name).weight:g}" for at, name in enumerate(names, 1))
    console.print(f"{weighed}; ( ) dropped, – excused, … waits for a person", highlight=False, soft_wrap=True)
    console.print(f"final marks: {output}; next, when the term is over: autograder rollover TAG --dry-run")


@app.command()
def rollover(
    tag: Annotated[str, typer.Argument(help="The new term's branch or tag, e.g. autumn-2027.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Put the last term aside, whole, and begin a new one: no students, a new seed, a new tag; sources stay."""
    course = Course.find()
    archive, moved = begin(course, tag, dry_run=dry_run)
    dated = [name for name, entry in course.entries.items() if entry.due or entry.quiz_opens or entry.canvas_id]
    judged = sorted(f"{path.parents[1].name}/{path.stem}" for path in course.solutions.glob("*/judges/[a-z]*.py"))
    console.print("Nothing has been done yet. Without --dry-run:" if dry_run else "Done:")
    say(
        f"put aside in {archive.relative_to(course.root)}, where every command goes on working: {', '.join(moved) or 'nothing'}",
        f"kept: all sources, and course.toml with the tag {tag} in place of {course.tag}",
        f"new hidden inputs, since the next grading draws another seed; what notebooks show stays: {', '.join(judged)}",
        f"still the last term's in course.toml: due, quiz_opens or canvas_id of {', '.join(dated) or 'none'}",
        f"next: new dates in course.toml, autograder build, verify, and a branch or tag {tag} of the students' repository",
    )
