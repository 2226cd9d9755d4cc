"""Hand in, grade, hand back and show the sample class."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track

from autograder.cli.tables import class_table
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo.roster import roster
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.classroom import find_submissions, grade_all
from autograder.handback.feedback import feedback
from autograder.handback.grades_csv import export
from autograder.handback.report import report

NAME = "hw14"


def demo(course: Course, directory: Path, jobs: int | None, console: Console) -> None:
    """Make a course folder with a sample class in ``directory``, grade it and say where the results are."""
    shutil.rmtree(directory, ignore_errors=True)
    sample = course.clone_to(directory)
    assignment = Assignment.load(sample, NAME)
    for student, (filename, data) in roster(assignment).items():
        path = sample.submitted / student / NAME / filename
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    register(sample, NAME)
    submissions = find_submissions(sample, NAME)
    start = time.monotonic()
    grading = grade_all(assignment, submissions, jobs)
    results = list(track(grading, f"grade {NAME}", len(submissions), console=console))
    seconds = time.monotonic() - start
    results.sort(key=lambda result: result.student)
    record(results, sample)
    feedback(sample, NAME)
    export(sample, NAME, directory / "grades.csv")
    page = report(sample, NAME)
    console.print(class_table(results))
    console.print(f"{len(results)} submissions in {seconds:.0f} s, each in a sandbox of its own.")
    console.print("✓ right  ◐ partly right  ✗ wrong  – not written  ? cannot be graded, left to a person\n")
    console.print(f"gradebook    {sample.gradebook}   (open it: cd {directory} && jupyter lab, then Formgrader)")
    console.print(f"grades       {directory / 'grades.csv'}")
    console.print(f"feedback     {sample.feedback}/STUDENT/{NAME}/{NAME}.html")
    console.print(f"report       {page}   (what the class misunderstood; open it in a browser)")
