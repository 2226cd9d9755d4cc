"""What a worker does, on any machine: grade a submission, a pure function of bytes, in a sandbox that it keeps warm."""

from __future__ import annotations

import atexit
import gc
import os
import threading
import zlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.doctor import open_sandbox
from autograder.files import scratch
from autograder.grading.fingerprint import fingerprint, judge_hash
from autograder.grading.grade import grade_submission, ungradable
from autograder.grading.result import Result
from autograder.sandbox import Sandbox, SandboxClosed, SandboxFailed, SandboxUnavailable

KEPT = 3
"""Warm workers per thread, each of another run; of older ones the runs were killed, or they have to start anew."""


@dataclass(frozen=True)
class Bundle:
    """Everything of a course that grading one assignment needs, sent to workers.

    Attributes:
        name: the assignment.
        files: path in the course's folder → contents, compressed by zlib.
        seed: the course's secret.
        root: the course's own folder, which student code must not see where the worker has it too.
        confined: False switches the sandbox's isolation off; only for one's own files.
        judge: the hash of the judge; a worker whose code has another refuses to grade.
    """

    name: str
    files: Mapping[str, bytes] = field(repr=False)
    seed: bytes = field(repr=False)
    root: Path
    confined: bool
    judge: str

    @classmethod
    def of(cls, assignment: Assignment, confined: bool = True) -> Bundle:
        """The bundle of an assignment in its present state."""
        course, name = assignment.course, assignment.name
        others = [path for each in course.assignments if (path := course.release_path(each)).is_file()]
        paths = {*course.files_for_grading(name), *others}  # a notebook may be another assignment's
        files = {str(path.relative_to(course.root)): zlib.compress(path.read_bytes()) for path in paths}
        return cls(name, files, course.seed(), course.root, confined, judge_hash(assignment, confined))

    def unpack(self, folder: Path) -> Assignment:
        """The assignment, in a course of its own in this folder."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(zlib.decompress(data))
        home = self.root if self.root.is_dir() else None  # on another machine it is not
        return Assignment.load(replace(Course.at(folder), secret=self.seed, home=home), self.name)


@dataclass(frozen=True)
class Task:
    """One submission, as a worker gets it.

    Attributes:
        student: the student's id.
        filename: the submitted file's name.
        data: its bytes.
    """

    student: str
    filename: str
    data: bytes = field(repr=False)


class OtherCode(SandboxUnavailable):
    """A worker's code or libraries are not those of the machine that sends it work."""


class WarmWorker:
    """An assignment and a warm sandbox, kept between two submissions. Use as a context manager.

    Raises:
        SandboxUnavailable: this machine cannot isolate student code, or its marks might differ.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._stack = ExitStack()
        with self._stack:
            self._assignment = bundle.unpack(self._stack.enter_context(scratch()))
            if judge_hash(self._assignment, bundle.confined) != bundle.judge:
                message = f"{os.uname().nodename} has another version of autograder, the course's package, Python, PyTorch or NumPy than the machine that sends the work, or files of them have just been changed; marks might differ. Install the same on both, and grade again."
                raise OtherCode(message)
            self._sandbox = self._stack.enter_context(sandbox_of(self._assignment, bundle.confined))
            self._judge = bundle.judge
            gc.freeze()  # what is loaded by now stays; collecting it again takes a fiftieth of all time
            self._stack = self._stack.pop_all()

    def __enter__(self) -> WarmWorker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox."""
        self._stack.close()

    def grade(self, task: Task) -> Result:
        """The result of one submission; an error gives one too."""
        return grade_safely(task, self._assignment, self._sandbox, self._judge)


def grade_safely(task: Task, assignment: Assignment, sandbox: Sandbox, judge: str) -> Result:
    """The result of one submission; where the grader itself fails, one that says so and is not kept for a regrade.

    Raises:
        SandboxClosed: somebody has closed the sandbox.
    """
    try:
        graded = grade_submission(task.data, assignment, task.student, sandbox, task.filename)
    except SandboxClosed:
        raise
    except SandboxFailed as failure:
        return ungradable(assignment, task.student, str(failure))
    except Exception as error:
        return ungradable(assignment, task.student, f"The grader itself failed: {error!r}")
    return replace(graded, fingerprint=fingerprint(judge, task.student, task.filename, task.data))


def sandbox_of(assignment: Assignment, confined: bool = True) -> Sandbox:
    """A sandbox for the submissions of an assignment, closed off unless it is said that it need not be.

    Raises:
        SandboxUnavailable: this machine cannot isolate student code.
    """
    course = assignment.course
    setup = course.sandbox_setup(assignment.name)
    if not confined:
        return Sandbox(setup, confined=False)
    return open_sandbox(setup, course.home or course.root, course.root)


_desks: dict[tuple[str, int], WarmWorker] = {}
_ended: set[str] = set()


def work(run: str, bundle: Bundle, task: Task) -> bytes:
    """Grade in a worker process, which keeps a warm worker per run and thread; returns what ``Result.unpack`` reads.

    Raises:
        SandboxUnavailable: this worker cannot grade.
        SandboxClosed: the run has ended here, or somebody closed its sandbox meanwhile.
    """
    desk = run, threading.get_ident()
    worker = _desks.pop(desk, None) or WarmWorker(bundle)
    _desks[desk] = worker  # the last one used is the last one in it
    _close([each for each in list(_desks) if each[1] == desk[1]][:-KEPT])
    if run in _ended:  # perhaps meanwhile
        close_desks(run)
    graded = worker.grade(task)
    if desk not in _desks:
        raise SandboxClosed("The run that this is for has ended here.")
    return graded.pack()


def close_desks(run: str) -> None:
    """End what a run has in this process, for good: a submission of it that is being graded here has no result."""
    _ended.add(run)
    _close([each for each in list(_desks) if each[0] == run])


def _close(desks: Iterable[tuple[str, int]]) -> None:
    for desk in desks:
        worker = _desks.pop(desk, None)
        if worker is not None:
            worker.close()


atexit.register(lambda: _close(list(_desks)))
