"""The commands that make notebooks and prove the judges: build, lectures, verify."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.tables import promise_table
from autograder.cli.terminal import Jobs, console, fail, progress_bar, say
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.processors import processors
from autograder.publish.build import build as build_assignments
from autograder.publish.build import drift
from autograder.publish.lecture_pages import convert
from autograder.verify.bank import Sample

app = typer.Typer()
Names = Annotated[list[str] | None, typer.Argument(help="Assignments; all of the course's when none is named.")]


@app.command()
def build(
    names: Names = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the committed notebooks are up to date.")
    ] = False,
) -> None:
    """Make the notebooks that students get from the sources in solutions/ and lectures/."""
    course = Course.find()
    if check:
        stale = drift(course)
        if stale:
            raise fail(f"Not as their sources say: {', '.join(stale)}. Run: autograder build")
        console.print("every generated notebook is as its source says")
        return
    for path in build_assignments(course, names or None):
        console.print(f"built {path.relative_to(course.root)}")
    console.print("next: autograder verify, autograder release FOLDER")


@app.command()
def lectures(
    names: Annotated[list[str] | None, typer.Argument(help="Lectures; all of the course's when none is named.")] = None,
    to: Annotated[Path, typer.Option(help="The folder for NAME.html and NAME.slides.html.")] = Path("pages"),
) -> None:
    """Run lectures and write each as a page and as slides; any error or warning in one is refused."""
    course = Course.find()
    for name in names or course.lectures:
        for path in convert(course, name, to):
            console.print(f"wrote {path}")


@app.command()
def verify(
    names: Names = None,
    jobs: Jobs = None,
    only: Annotated[
        str | None, typer.Option(help="The exercise whose bank is tried, e.g. ewc; all of them by default.")
    ] = None,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Mutate right answers instead, and list those that keep full marks.")
    ] = False,
    most: Annotated[int, typer.Option(help="Mutants per exercise.")] = 200,
    checks: Annotated[
        bool, typer.Option("--checks", help="Ask the cells that students run whether they say what marks say.")
    ] = False,
) -> None:
    """Hold the graders' promises against their bank of right and wrong implementations; exit code 0 if all hold."""
    from autograder.verify.mutants import mutants as mutants_of
    from autograder.verify.promises import bank_of

    course = Course.find()
    chosen = [Assignment.load(course, name) for name in names or course.assignments]
    if mutants or checks:
        samples = [mutants_of(each, only, most) if mutants else bank_of(each, only) for each in chosen]
        broken = [each.name for each, tried in zip(chosen, samples, strict=True) if _tried(each, tried, jobs, checks)]
    else:
        broken = list(_broken(course, chosen, jobs, only))
    if broken:
        what = "\n".join(broken)
        raise fail(f"Not all holds: mend the judge, or the sample of its bank, then verify again.\n{what}")
    console.print("next: autograder release FOLDER, for students; after the deadline: autograder collect")


def _broken(course: Course, chosen: list[Assignment], jobs: int | None, only: str | None) -> Iterator[str]:
    """The promises that are broken, all shown as a table; assignments with the same limits share their warm sandboxes."""
    from autograder.verify.promises import Pool, bank_of
    from autograder.verify.promises import verify as verify_assignment

    for _, group in groupby(chosen, lambda assignment: course.sandbox_setup(assignment.name).limits):
        assignments = list(group)
        with Pool(course, [each.name for each in assignments], jobs) as pool:
            for assignment in assignments:
                with progress_bar() as progress:
                    task = progress.add_task(f"verify {assignment.name}", total=len(bank_of(assignment, only)))
                    promises = verify_assignment(assignment, pool, partial(progress.advance, task), only)
                console.print(promise_table(assignment.name, promises))
                for promise in promises:
                    if not promise.holds:
                        yield "\n    ".join(
                            (f"{assignment.name}: {promise.text}: {promise.figure}", *promise.exceptions)
                        )


def _tried(assignment: Assignment, chosen: Sequence[Sample], jobs: int | None, checks: bool) -> bool:
    """Try samples and show what is odd; whether that breaks a promise.

    Odd are mutants that keep full marks, broken where they do so with some draws and not with others, and those on which
    nothing but a sentence is said; where checks are asked, those that say something else than the marks.
    """
    from autograder.verify.mutants import SENTENCE, trials

    ends = Counter[tuple[str, str]]()
    with progress_bar() as progress:
        task = progress.add_task(f"{'checks' if checks else 'mutants'} of {assignment.name}", total=len(chosen))
        for trial in trials(assignment, chosen, jobs or processors()):
            sample, scores = trial.sample, trial.scores
            end = trial.disagreement or "as marked" if checks else trial.end
            ends[sample.exercise, end] += 1
            ends["altogether", end] += 1
            progress.advance(task)
            if trial.disagreement if checks else max(scores) == 1 or end == SENTENCE:
                said = f": {' '.join(trial.told.messages)}" if trial.told and not checks else ""
                say(f"{end} ({scores.count(1)} of {len(scores)}): {sample.exercise}/{sample.name}{said}")
    for (exercise, end), count in sorted(ends.items(), key=lambda row: (row[0][0] == "altogether", row)):
        console.print(f"{count:5} {end:16} {exercise}", highlight=False)
    return any(not end.startswith(("caught", "equal", "as marked")) for _, end in ends)
