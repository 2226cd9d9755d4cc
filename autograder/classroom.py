"""Grade many submissions at once: each worker process has a warm sandbox, and nothing is ever lost."""

from __future__ import annotations

import atexit
import os
import signal
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.doctor import open_sandbox
from autograder.grade import grade_submission, ungradable
from autograder.graded import Graded
from autograder.ingest.read import MAX_BYTES
from autograder.sandbox import Sandbox
from autograder.sandbox.inside.jail import die_with_parent

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
        files = [path for path in sorted(folder.rglob("*")) if _is_own_file(path, folder)]
        notebooks = [path for path in files if path.suffix.lower() in SUFFIXES]
        exact = [path for path in notebooks if path.name == f"{name}.ipynb"]
        newest = max(notebooks, key=lambda path: path.stat().st_mtime, default=None)
        found.append(Submission(folder.parent.name, exact[0] if exact else newest or next(iter(files), None)))
    return found


def _is_own_file(path: Path, folder: Path) -> bool:
    """A regular file that lies in the folder itself: a link might lead to another's work, or to the solution."""
    # realpath, for resolve raises where a link leads to itself
    inside = os.path.realpath(path) == os.path.join(os.path.realpath(folder), path.relative_to(folder))
    return inside and path.is_file() and path.name != "timestamp.txt"


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
        SandboxUnavailable: this machine cannot keep a promise; the message says which and what to do.
    """
    jobs = min(jobs or os.cpu_count() or 1, max(len(submissions), 1))
    checked = open_sandbox([assignment.name], assignment.course.root) if confined else _sandbox(assignment, confined)
    with checked as sandbox:  # what is broken has shown by now, before any worker starts
        if len(submissions) == 1:
            yield _grade(submissions[0], assignment, sandbox)
            return
    lost = yield from _grade_on(jobs, assignment, submissions, confined)
    lost = yield from _grade_on(jobs, assignment, lost, confined)
    for submission in lost:  # two pools of workers have died: find out whose work it is that kills them
        for culprit in (yield from _grade_on(1, assignment, [submission], confined)):
            yield ungradable(assignment, culprit.student, "Grading it ends the grader's own process.")


def _grade_on(
    jobs: int, assignment: Assignment, submissions: Sequence[Submission], confined: bool
) -> Generator[Graded, None, list[Submission]]:
    """Grade in worker processes; returns the submissions that were left when one of them died."""
    root, name = assignment.course.root, assignment.name
    lost = []
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_die_with_parent, initargs=(os.getpid(),)
    ) as executor:
        futures = {executor.submit(_work, root, name, confined, each): each for each in submissions}
        for future in as_completed(futures):
            if isinstance(future.exception(), BrokenExecutor):
                lost.append(futures[future])
            else:
                yield future.result()
    return lost


def _die_with_parent(parent: int) -> None:
    """A worker whose parent was killed would wait for work for ever, and its sandbox with it."""
    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before that
        os._exit(1)


_worker: tuple[Assignment, Sandbox] | None = None


def _work(root: Path, name: str, confined: bool, submission: Submission) -> Graded:
    """Grade in a worker process, which keeps its assignment and its sandbox for the next one."""
    global _worker
    if _worker is None:
        assignment = Assignment.load(Course.at(root), name)
        sandbox = _sandbox(assignment, confined)
        atexit.register(sandbox.close)
        _worker = assignment, sandbox
    return _grade(submission, *_worker)


def _sandbox(assignment: Assignment, confined: bool) -> Sandbox:
    return Sandbox([assignment.name], confined=confined, private=[assignment.course.root])


def _grade(submission: Submission, assignment: Assignment, sandbox: Sandbox) -> Graded:
    if submission.path is None:
        return ungradable(assignment, submission.student, "The submission's folder holds no file.")
    try:
        with submission.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # ingest refuses what is longer
    except OSError as error:
        return ungradable(assignment, submission.student, f"{submission.path.name} cannot be read: {error.strerror}.")
    try:
        return grade_submission(data, assignment, submission.student, sandbox, submission.path.name)
    except Exception as error:
        return ungradable(assignment, submission.student, f"The grader itself failed: {error!r}")
