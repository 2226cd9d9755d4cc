"""The instructor's command line: it knows the steps, the steps don't know it."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli import authoring, publishing
from autograder.cli import exchange as handing
from autograder.cli.tables import class_table, doctor_table, promise_table, result_table
from autograder.cli.terminal import Confinement, console, fail, find_course, graded_course, progress_bar, stopped
from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.course.lecture import LectureError
from autograder.grading.classroom import Submission, find_submissions, grade_all
from autograder.grading.cluster import Cluster, ClusterError
from autograder.grading.fingerprint import judge_hash
from autograder.grading.result import Graded
from autograder.ingest import Ungradable, recognise
from autograder.publish.build import BuildError, drift, register
from autograder.publish.build import build as build_assignments
from autograder.render.notebook import convert
from autograder.sandbox import Sandbox, SandboxUnavailable

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Build, verify, grade and hand back a course's homework."
)
app.add_typer(handing.app)
app.add_typer(publishing.app)
app.add_typer(authoring.app)
Names = Annotated[list[str] | None, typer.Argument(help="Assignments; all of the course's when none is named.")]


Jobs = Annotated[int | None, typer.Option(help="Processes at a time; one per processor by default.")]


@app.command()
def build(
    names: Names = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the committed notebooks are up to date.")
    ] = False,
) -> None:
    """Make the notebooks that students get from the sources in solutions/ and lectures/."""
    course = find_course()
    try:
        if check:
            stale = drift(course)
            if stale:
                raise fail(f"Not as their sources say: {', '.join(stale)}. Run: autograder build")
            console.print("every generated notebook is as its source says")
            return
        for path in build_assignments(course, names or None):
            console.print(f"built {path.relative_to(course.root)}")
    except (CourseError, ValueError, BuildError) as error:
        raise fail(str(error)) from None


@app.command()
def lectures(
    names: Annotated[list[str] | None, typer.Argument(help="Lectures; all of the course's when none is named.")] = None,
    to: Annotated[Path, typer.Option(help="The folder for NAME.html and NAME.slides.html.")] = Path("pages"),
) -> None:
    """Run lectures and write each as a page and as slides; any error or warning in one is refused."""
    course = find_course()
    try:
        for name in names or course.lectures:
            for path in convert(course, name, to):
                console.print(f"wrote {path}")
    except (CourseError, LectureError) as error:
        raise fail(str(error)) from None


@app.command()
def museum(
    only: Annotated[list[str] | None, typer.Argument(help="Modules, e.g. pytensor; all of them by default.")] = None,
    rooms: Annotated[Path, typer.Option(help="Where the environments are kept; some gigabytes.")] = Path(
        "build/museum"
    ),
) -> None:
    """Run the lecture's cells for old libraries where those still install; print how far they are from PyTorch."""
    from autograder.museum import table, tour

    course = find_course()
    findings = []
    try:
        for finding in tour(course, rooms, only or ()):
            console.print(f"{finding.library}: {finding.note or finding.installs}", markup=False, highlight=False)
            findings.append(finding)
    except CourseError as error:
        raise fail(str(error)) from None
    if not findings:
        raise fail(f"The museum has nothing named {', '.join(only or ())}.")
    console.print(table(findings))


@app.command()
def verify(
    names: Names = None,
    jobs: Jobs = None,
    only: Annotated[
        str | None, typer.Option(help="The exercise whose bank is tried, e.g. ewc; all of them by default.")
    ] = None,
) -> None:
    """Hold the graders' promises against their bank of right and wrong implementations; exit code 0 if all hold."""
    from autograder.verify.promises import size
    from autograder.verify.promises import verify as verify_assignment

    course = find_course()
    broken = False
    try:
        for name in names or course.assignments:
            assignment = Assignment.load(course, name)
            with progress_bar() as progress:
                task = progress.add_task(f"verify {name}", total=size(assignment, only))
                promises = verify_assignment(assignment, jobs, partial(progress.advance, task), only)
            console.print(promise_table(name, promises))
            broken = broken or not all(promise.holds for promise in promises)
    except (CourseError, SandboxUnavailable) as error:
        raise fail(str(error)) from None
    if broken:
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Say whether this machine can keep the promises of grading, what is missing, and how to get it."""
    from autograder.doctor import broken, machine, trial

    course = find_course()
    findings = machine(course.root)
    problem = ""
    if not broken(findings):
        try:
            with Sandbox(course.sandbox_setup(*course.assignments), private=[course.root]) as sandbox:
                findings += trial(sandbox, course.root)
        except SandboxUnavailable as error:
            problem = str(error)
    console.print(doctor_table(findings))
    found = len(broken(findings))
    if found or problem:
        raise fail(problem or f"{found} broken: grading refuses to start until that is mended.")
    console.print("Grading can start.")


@app.command()
def grade(
    target: Annotated[str, typer.Argument(help="A notebook file, or an assignment's name for all that was submitted.")],
    assignment: Annotated[
        str | None, typer.Option(help="The assignment of a single file; recognised if not said.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--json", help="Write the results there as JSON.")] = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None, typer.Option(help="Grade on the Dask cluster with this scheduler, e.g. tcp://10.0.0.1:8786.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade everything; else only what is not as it was when last graded.")
    ] = False,
    sandbox: Annotated[
        Confinement, typer.Option(help="'none' runs the code with YOUR rights.")
    ] = Confinement.bubblewrap,
) -> None:
    """Grade one file (nothing is recorded) or everything under submitted/STUDENT/NAME/; Ctrl-C keeps what is done."""
    course = find_course()
    confined = sandbox is Confinement.bubblewrap
    if not confined:
        console.print(
            "[bold white on red] NO SANDBOX [/] The submitted code runs with your own rights: only for your own files."
        )
    try:
        if target in course.assignments and not Path(target).is_file():
            results = _grade_class(course, target, jobs, confined, cluster, force)
        elif Path(target).is_file():
            results = _grade_file(course, Path(target), assignment, confined)
        else:
            known = ", ".join(course.assignments)
            raise fail(f"{target} is neither a file nor an assignment of this course ({known}).")
    except (CourseError, BuildError, SandboxUnavailable, ClusterError) as error:
        raise fail(str(error)) from None
    if output:
        plain = [result.to_json() for result in results]
        whole = plain if target in course.assignments else plain[0]
        output.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _grade_class(
    course: Course, name: str, jobs: int | None, confined: bool, cluster: str | None, force: bool
) -> list[Graded]:
    from autograder.gradebook.record import RecordError, record, renew_lateness
    from autograder.gradebook.reuse import unchanged

    assignment = Assignment.load(course, name)
    submissions = find_submissions(course, name)
    if not submissions:
        raise fail(f"There is nothing to grade: put notebooks into {course.submitted.name}/STUDENT/{name}/.")
    pool = Cluster.at(cluster) if cluster else None
    register(course, name)
    results = [] if force else unchanged(assignment, submissions, judge_hash(assignment, confined))
    kept = {result.student for result in results}
    waiting = [each for each in submissions if each.student not in kept]
    problem = ""
    with progress_bar() as progress:
        task = progress.add_task(f"grade {name}", total=len(submissions), completed=len(kept))

        def as_they_come() -> Generator[Graded, None, None]:
            with closing(grade_all(assignment, waiting, jobs, confined, pool)) as grading:
                for result in grading:
                    yield result
                    results.append(result.without_notebook())
                    progress.advance(task)

        try:
            renew_lateness(course, name, kept)
            with closing(as_they_come()) as grading:
                record(grading, course)
        except RecordError as error:
            problem = str(error)
        except KeyboardInterrupt:
            raise stopped(f"Stopped: {len(results)} of {len(submissions)} are graded. Run it again to go on.") from None
    results.sort(key=lambda result: result.student)
    console.print(class_table(results))
    if kept:
        console.print(f"{len(kept)} of {len(submissions)} are as they were and were not graded again; --force does it.")
    if problem:
        raise fail(problem)
    return results


def _grade_file(course: Course, path: Path, name: str | None, confined: bool) -> list[Graded]:
    try:
        assignment = Assignment.load(course, name) if name else recognise(path.read_bytes(), course, path.name)
    except Ungradable as reason:
        raise fail(f"{path.name}: {reason}") from None
    results = list(grade_all(assignment, [Submission(path.stem, path)], 1, confined))
    console.print(result_table(results[0]))
    return results


@app.command()
def feedback(name: Annotated[str, typer.Argument(help="The assignment.")]) -> None:
    """Write each student's feedback page, with everything of the student's made harmless."""
    from nbgrader.converters.base import NbGraderException

    from autograder.handback.feedback import feedback as write_feedback

    course = graded_course(name)
    try:
        write_feedback(course, name)
    except NbGraderException as error:
        raise fail(str(error)) from None
    console.print(f"feedback pages: {course.feedback.relative_to(course.root)}/STUDENT/{name}/{name}.html")


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="The assignment.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The HTML file; report/NAME.html in the course by default.")
    ] = None,
) -> None:
    """Write the teacher's page: scores, item analysis, mistakes, quiz, repairs, failures, similar pairs."""
    from nbgrader.api import MissingEntry

    from autograder.handback.report import report as write_report

    course = graded_course(name)
    try:
        path = write_report(course, name, output)
    except MissingEntry:
        raise fail(f"Nothing of {name} has been graded yet: run autograder grade {name}") from None
    except (CourseError, ValueError) as error:
        raise fail(str(error)) from None
    console.print(f"report: {path}")


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Where the sample class is put.")] = Path("demo"), jobs: Jobs = None
) -> None:
    """Grade a sample class: right, wrong, mangled, broken and hostile submissions."""
    from autograder.demo import demo as run_demo

    try:
        run_demo(find_course(), directory, jobs, console)
    except (CourseError, SandboxUnavailable) as error:
        raise fail(str(error)) from None
