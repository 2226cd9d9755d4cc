"""The commands that grade and show what came of it: doctor, grade, explain, report, demo."""

import json
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from autograder.cli.appeal import appeal_lines
from autograder.cli.tables import class_table, doctor_table, result_table
from autograder.cli.terminal import Confinement, Jobs, console, fail, graded_course, progress_bar, show_results, stopped
from autograder.course.assignment import Assignment
from autograder.course.course import OVERRIDE, Course, CourseError
from autograder.course.exceptions import read as exceptions
from autograder.grading.classroom import Submission, find_submissions, grade_all, read
from autograder.grading.cluster import Cluster, ClusterError
from autograder.grading.fingerprint import judge_hash
from autograder.grading.result import Result
from autograder.ingest import Ungradable, recognise
from autograder.judging.verdict import State
from autograder.render.unseen import visible
from autograder.sandbox import Sandbox, SandboxUnavailable

app = typer.Typer()


@app.command()
def doctor() -> None:
    """Say whether this machine can keep the promises of grading, what is missing, and how to get it."""
    from autograder.doctor import broken, machine, trial

    course = Course.find()
    setup = course.sandbox_setup(*course.assignments)
    findings = machine(course.root, setup.limits)
    problem = ""
    if not broken(findings):
        try:
            with Sandbox(setup, private=[course.root]) as sandbox:
                findings += trial(sandbox, course.root)
        except SandboxUnavailable as error:
            problem = str(error)
    console.print(doctor_table(findings))
    found = len(broken(findings))
    if found or problem:
        raise fail(problem or f"{found} broken: grading refuses to start until that is mended.")
    console.print("Grading can start. Next, after a deadline: autograder collect ARCHIVE --assignment NAME")


@app.command()
def grade(
    target: Annotated[str, typer.Argument(help="A notebook file, or an assignment's name for all that was submitted.")],
    assignment: Annotated[
        str | None, typer.Option(help="The assignment of a single file; recognised if not said.")
    ] = None,
    student: Annotated[
        str | None, typer.Option(help="Whose hidden inputs a single file gets; by default those of the file's name.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--json", help="Write the results there as JSON.")] = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None, typer.Option(help="Grade on the Dask cluster with this scheduler, e.g. tls://10.0.0.1:8786.")
    ] = None,
    trusted_network: Annotated[
        bool, typer.Option("--trusted-network", help="Allow --cluster tcp://… on other machines: nobody else is there.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Grade everything; else only what is not as it was when last graded.")
    ] = False,
    sandbox: Annotated[
        Confinement, typer.Option(help="'none' runs the code with YOUR rights.")
    ] = Confinement.bubblewrap,
) -> None:
    """Grade one file (nothing is recorded) or everything under submitted/STUDENT/NAME/; Ctrl-C keeps what is done."""
    course = Course.find()
    confined = sandbox is Confinement.bubblewrap
    if not confined:
        console.print(
            "[bold white on red] NO SANDBOX [/] The submitted code runs with your own rights: only for your own files."
        )
    try:
        if target in course.assignments and not Path(target).is_file():
            pool = Cluster.at(cluster, trusted_network) if cluster else None
            results = _grade_class(course, target, jobs, confined, pool, force)
        elif Path(target).is_file():
            results = _grade_file(course, Path(target), assignment, student, confined)
        else:
            known = ", ".join(course.assignments)
            raise CourseError(f"{target} is neither a file nor an assignment of this course ({known}).")
    except (CourseError, SandboxUnavailable, ClusterError, Ungradable, OSError) as error:
        if output:  # no older result stays there
            failed = {"assignment": assignment, "student": Path(target).stem, "state": "ungradable"}
            output.write_text(json.dumps(failed | {"problem": str(error)}, ensure_ascii=False) + "\n", encoding="utf-8")
        raise fail(str(error)) from None
    if output:
        plain = [result.to_json() for result in results]
        whole = plain if target in course.assignments else plain[0]
        output.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _grade_class(
    course: Course, name: str, jobs: int | None, confined: bool, pool: Cluster | None, force: bool
) -> list[Result]:
    from autograder.collect import hand_ins
    from autograder.collect.misplaced import misplaced
    from autograder.gradebook.generate import register
    from autograder.gradebook.marks import Marks, read_marks
    from autograder.gradebook.record import RecordError, record
    from autograder.gradebook.reuse import unchanged
    from autograder.handback.changes import keep

    assignment = Assignment.load(course, name)
    gone = exceptions(course, name).those("withdrawn")
    submissions = [each for each in find_submissions(course, name) if each.student not in gone]
    for sentence in misplaced(course, name):
        console.print(visible(sentence), markup=False, highlight=False)
    if not submissions:
        raise CourseError(f"There is nothing to grade: put notebooks into {course.submitted.name}/STUDENT/{name}/.")
    register(course, name)
    results = [] if force else unchanged(assignment, submissions, judge_hash(assignment, confined))
    kept = {result.student for result in results}
    waiting = [each for each in submissions if each.student not in kept]
    problem = ""
    with progress_bar() as progress:
        task = progress.add_task(f"grade {name}", total=len(submissions), completed=len(kept))

        def as_they_come() -> Generator[Result, None, None]:
            with closing(grade_all(assignment, waiting, jobs, confined, pool)) as grading:
                for result in grading:
                    yield result
                    results.append(result.without_notebook())
                    progress.advance(task)

        try:
            with closing(as_they_come()) as grading:
                record(grading, course)
        except RecordError as error:
            problem = str(error)
        except KeyboardInterrupt:
            raise stopped(f"Stopped: {len(results)} of {len(submissions)} are graded. Run it again to go on.") from None
    results.sort(key=lambda result: result.student)
    keep(course, name)
    of_class = read_marks(course, name)
    marks = of_class.submissions
    own = {each.student: each for each in results}
    counts = {each: marks.get(each, Marks(None, 0.0)) for each in own}  # of a group the hand-in of one, for all
    results = [counts[each].given(replace(own.get(counts[each].owner, own[each]), student=each)) for each in own]
    show_results(course, class_table(results, hand_ins(course, name), marks, console.width))
    asked = (each for each in results if each.student not in of_class.excused and not counts[each.student].owner)
    unread = sum(verdict.state is State.WAITING for result in asked for verdict in result.verdicts)
    if unread:
        wait = "written answer waits" if unread == 1 else "written answers wait"
        console.print(f"{unread} {wait} for a person: autograder by-hand {name}; Formgrader, Manual Grading.")
    if kept:
        console.print(f"{len(kept)} of {len(submissions)} are as they were and were not graded again; --force does it.")
    if problem:
        raise fail(problem)
    console.print(f"next: autograder feedback {name}, autograder export {name}")
    return results


def _grade_file(course: Course, path: Path, name: str | None, student: str | None, confined: bool) -> list[Result]:
    if course.is_led_to(path):
        raise fail(f"{path} is reached by a link, which may be a student's: name the file that it leads to.")
    if course.may_have_come_with(path):
        message = f"{path} lies in the folder of the course that would grade it, {course.root}: both may have come from a student. Call this in your own course's folder; if this one is yours, set {OVERRIDE}={course.root} first."
        raise CourseError(message)
    submission = Submission(student or path.stem, path)
    try:
        assignment = Assignment.load(course, name) if name else recognise(read(submission).data, course, path.name)
    except Ungradable as reason:
        raise Ungradable(f"{path.name}: {reason}") from None
    results = list(grade_all(assignment, [submission], 1, confined))
    show_results(course, result_table(results[0]))
    return results


@app.command()
def explain(
    student: Annotated[str, typer.Argument(help="The student's id, as in submitted/STUDENT/.")],
    assignment: Annotated[str, typer.Argument(help="The assignment.")],
    exercise: Annotated[str, typer.Argument(help="The exercise's id.")],
    output: Annotated[Path | None, typer.Option("--json", help="Write everything there as JSON.")] = None,
) -> None:
    """Show why a recorded mark is what it is, for an appeal. It prints HIDDEN inputs: for instructors only."""
    from autograder.grading.judge_process import JudgeFailed
    from autograder.handback.appeal import appeal
    from autograder.sandbox.session import SandboxFailed

    try:
        found = appeal(Course.find(), student, assignment, exercise)
    except (JudgeFailed, SandboxFailed) as error:
        raise fail(str(error)) from None
    said = f"\nnext: if the mark is right, tell the student why; if the judge is wrong, mend it, autograder verify {assignment}, autograder grade {assignment}; points for this student alone: jupyter lab, Formgrader"
    for line in (*appeal_lines(found), said):
        console.print(visible(line), markup=False, highlight=False, soft_wrap=True)
    if output:
        output.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="The assignment.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The HTML file; report/NAME.html in the course by default.")
    ] = None,
) -> None:
    """Write the teacher's page: scores, item analysis, mistakes, quiz, repairs, failures, similar pairs."""
    from autograder.handback.report import report as write_report

    course = graded_course(name)
    try:
        path = write_report(course, name, output)
    except ValueError as error:
        raise fail(str(error)) from None
    console.print(f"report: {path}; next, when all is graded: autograder final")


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Where the sample class is put.")] = Path("demo"), jobs: Jobs = None
) -> None:
    """Grade a sample class: right, wrong, mangled, broken and hostile submissions."""
    from autograder.demo import hand_back, hand_in

    assignment = hand_in(Course.find(), directory)
    name, sample = assignment.name, assignment.course
    submissions = find_submissions(sample, name)
    start = time.monotonic()
    grading = grade_all(assignment, submissions, jobs)
    results = list(track(grading, f"grade {name}", len(submissions), console=console))
    seconds = time.monotonic() - start
    page = hand_back(results, assignment)
    console.print(class_table(sorted(results, key=lambda result: result.student), {}))
    console.print(f"{len(results)} submissions in {seconds:.0f} s, each in a sandbox of its own.")
    console.print(
        "✓ right  ◐ partly right  ✗ wrong  – not written  E error  T time is up  M out of memory  ? left to a person\n"
    )
    console.print(f"gradebook    {sample.gradebook}   (open it: cd {directory} && jupyter lab, then Formgrader)")
    console.print(f"grades       {directory / 'grades.csv'}")
    console.print(f"feedback     {sample.feedback}/STUDENT/{name}/{name}.html")
    console.print(f"report       {page}   (what the class misunderstood; open it in a browser)")
