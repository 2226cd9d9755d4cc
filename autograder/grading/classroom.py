"""Grade a class: what was handed in goes to a pool of workers, results come back as they are ready, none is lost."""

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.files import own_files
from autograder.grading.grade import ungradable
from autograder.grading.pools import Here, Pool, Processes
from autograder.grading.result import Result
from autograder.grading.worker import Bundle, Task, close_desks, work
from autograder.ingest import Ungradable
from autograder.ingest.read import MAX_BYTES
from autograder.processors import processors
from autograder.sandbox import SandboxClosed

SUFFIXES = (".ipynb", ".py")
AHEAD = 2
"""Submissions that the pool has for each that it grades at a time, so that no worker waits while another is read."""


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
        files = [path for path in own_files(folder, course.submitted) if path.name != "timestamp.txt"]
        notebooks = [path for path in files if path.suffix.lower() in SUFFIXES]
        exact = [path for path in notebooks if path.name == f"{name}.ipynb"]
        newest = max(notebooks, key=lambda path: path.stat().st_mtime, default=None)
        found.append(Submission(folder.parent.name, exact[0] if exact else newest or next(iter(files), None)))
    return found


def read(submission: Submission) -> Task:
    """The submission as a worker gets it.

    Raises:
        Ungradable: there is no file, or it cannot be read.
    """
    if submission.path is None:
        raise Ungradable("The submission's folder holds no file.")
    try:
        with submission.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # ingest refuses what is longer
    except OSError as error:
        raise Ungradable(f"{submission.path.name} cannot be read: {error.strerror}.") from None
    return Task(submission.student, submission.path.name, data)


def grade_all(
    assignment: Assignment,
    submissions: Sequence[Submission],
    jobs: int | None = None,
    confined: bool = True,
    pool: Pool | None = None,
) -> Generator[Result, None, None]:
    """Grade the submissions in parallel and yield each result as soon as it is there, in no particular order.

    Closing the generator ends all work at once. A submission during whose grading a worker died, or its sandbox was
    closed, is graded once more, by itself: whose work it is that kills workers shows then, and costs nobody else anything.

    Args:
        assignment: what they are.
        submissions: what to grade.
        jobs: worker processes; by default one per processor.
        confined: False switches the sandbox's isolation off; only for one's own files.
        pool: where to grade in place of ``jobs`` processes.

    Raises:
        SandboxUnavailable: a worker cannot keep a promise; the message says which and what to do.
        ClusterError: the cluster is gone.
    """
    if pool is None:
        most = min(jobs or processors(), len(submissions))
        pool = Processes(most) if most > 1 or len(submissions) > 1 else Here()
    bundle = Bundle.of(assignment, confined)
    waiting, suspects = deque(submissions), list[Submission]()
    while waiting:
        suspects += yield from _grade_on(pool, AHEAD * pool.slots, bundle, assignment, waiting)
    waiting.extend(suspects)
    while waiting:  # one after the other: whoever is being graded when a worker dies is the one
        for culprit in (yield from _grade_on(pool.alone(), 1, bundle, assignment, waiting)):
            yield ungradable(assignment, culprit.student, "Grading it ends the grader's own process.")


def _grade_on(
    pool: Pool, most: int, bundle: Bundle, assignment: Assignment, waiting: deque[Submission]
) -> Generator[Result, None, list[Submission]]:
    """Grade what waits, so many at a time; returns what was being graded when a worker died.

    A pool that breaks then leaves the rest waiting.
    """
    running: dict[Future[bytes], Submission] = {}
    suspects = []
    broken = False
    run = uuid4().hex  # others may be at work in the same processes
    with pool.open(partial(close_desks, run)) as executor:
        while running or (waiting and not broken):
            while waiting and not broken and len(running) < most:
                submission = waiting.popleft()
                try:
                    running[executor.submit(work, run, bundle, read(submission))] = submission
                except Ungradable as reason:
                    yield ungradable(assignment, submission.student, str(reason))
                except BrokenExecutor:
                    suspects.append(submission)
                    broken = True
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                submission = running.pop(future)
                if isinstance(future.exception(), (*pool.deaths, SandboxClosed)):
                    suspects.append(submission)
                    broken = broken or isinstance(future.exception(), BrokenExecutor)
                else:
                    yield Result.unpack(future.result())
    return suspects
