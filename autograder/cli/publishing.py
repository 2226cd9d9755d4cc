"""The commands for what is published: release, site."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.terminal import console, fail, say
from autograder.course.course import Course
from autograder.publish.students_repo import EXAMPLE, next_commands
from autograder.publish.students_repo import release as run_release

app = typer.Typer()


@app.command()
def release(
    directory: Annotated[Path, typer.Argument(help="An empty folder, a fresh clone, or an earlier release.")],
    with_outputs: Annotated[
        bool, typer.Option("--with-outputs", help="Run the lectures and publish what their cells show.")
    ] = False,
) -> None:
    """Write the students' repository: notebooks with Colab badges, their package, README and licences, no secrets."""
    course = Course.find()
    done = run_release(course, directory, with_outputs)
    console.print(
        f"{directory}: {len(done.written)} files written, {done.same} as they were, {len(done.removed)} removed; {done.size / 1e6:.1f} MB in all, for {done.course.repository} at {done.course.tag}",
        markup=False,
        highlight=False,
    )
    if done.origin and done.origin != done.course.repository:
        console.print(f"But {directory} is a clone of {done.origin}, and not of what course.toml names.")
    if done.course.repository.startswith(EXAMPLE):
        console.print("But course.toml still names the example's repository: set-up cells and badges lead nowhere yet.")
    elif done.course.repository != course.repository:
        console.print("course.toml names the example's repository: write this one there, so that graders know it, too.")
    console.print("Publish it:")
    say(*(f"  {command}" for command in next_commands(done)))


@app.command()
def site(
    directory: Annotated[
        Path, typer.Argument(help="Where the pages are put; an earlier site there is replaced.")
    ] = Path("build/site"),
) -> None:
    """Write the course's site: lectures, slides, homework, documents and docstrings as static pages."""
    from autograder.publish.site import build_site

    try:
        pages = build_site(Course.find(), directory)
    except ModuleNotFoundError as error:
        raise fail(f"{error.name} is missing: pip install 'lifelong[site]'") from None
    except FileExistsError as error:
        raise fail(str(error)) from None
    console.print(f"{len(pages)} pages; open {directory / 'index.html'}", markup=False, highlight=False)
