"""Grade many submissions at once: each worker process has a warm sandbox, and nothing is ever lost."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.grade import grade_submission, ungradable
from autograder.graded import Graded
from autograder.sandbox import Sandbox

SUFFIXES = (".ipynb", ".py")


@dataclass(frozen=True)
class Submission:
    """A student's hand-in on disk.

    Attributes:
        student: the student's id.
        path: the file to grade, or None when the student's folder holds none.
    """

    student: str
    path: Path | None


def find_submissions(course: Course, name: str) -> list[Submission]:
    """Everything under ``submitted/STUDENT/NAME/``: the file NAME.ipynb, else the newest notebook or script there."""
    found = []
    for folder in sorted(course.submitted.glob(f"*/{name}")):
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in SUFFIXES]
        exact = [path for path in files if path.name == f"{name}.ipynb"]
        newest = max(files, key=lambda path: path.stat().st_mtime, default=None)
        others = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "timestamp.txt"]
        found.append(Submission(folder.parent.name, exact[0] if exact else newest or next(iter(others), None)))
    return found


def grade_all(
    assignment: Assignment, submissions: Sequence[Submission], jobs: int | None = None, confined: bool = True
) -> Iterator[Graded]:
    """Grade the submissions in parallel and yield each result as soon as it is there, in no particular order.

    Args:
        assignment: what they are.
        submissions: what to grade.
        jobs: worker processes; by default one per processor.
        confined: False switches the sandbox's isolation off; only for one's own files.

    Raises:
        SandboxUnavailable: this machine cannot close student code off.
    """
    jobs = min(jobs or os.cpu_count() or 1, max(len(submissions), 1))
    with Sandbox([assignment.name], confined=confined) as sandbox:  # fails here, before any worker starts
        if jobs == 1:
            for submission in submissions:
                yield _grade(submission, assignment, sandbox)
            return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as executor:
        yield from _grade_on(executor, assignment, submissions, confined)


def _grade_on(
    executor: Executor, assignment: Assignment, submissions: Sequence[Submission], confined: bool
) -> Iterator[Graded]:
    """Grade on any executor; a worker that dies costs no submission its result."""
    root, name = assignment.course.root, assignment.name
    futures = {executor.submit(_work, root, name, confined, submission): submission for submission in submissions}
    for future in as_completed(futures):
        error = future.exception()
        if error is None:
            yield future.result()
        else:
            yield ungradable(assignment, futures[future].student, f"The grader itself failed: {error!r}")


_worker: tuple[Assignment, Sandbox] | None = None


def _work(root: Path, name: str, confined: bool, submission: Submission) -> Graded:
    """Grade in a worker process, which keeps its assignment and its sandbox for the next one."""
    global _worker
    if _worker is None:
        sandbox = Sandbox([name], confined=confined)
        atexit.register(sandbox.close)
        _worker = Assignment.load(Course.at(root), name), sandbox
    return _grade(submission, *_worker)


def _grade(submission: Submission, assignment: Assignment, sandbox: Sandbox) -> Graded:
    if submission.path is None:
        return ungradable(assignment, submission.student, "The submission's folder holds no file.")
    try:
        data = submission.path.read_bytes()
    except OSError as error:
        return ungradable(assignment, submission.student, f"{submission.path.name} cannot be read: {error.strerror}.")
    try:
        return grade_submission(data, assignment, submission.student, sandbox, submission.path.name)
    except Exception as error:
        return ungradable(assignment, submission.student, f"The grader itself failed: {error!r}")
