"""Kill the grading of a class with SIGKILL at random moments, grade it again, and look for what was lost or left.

``python -m benchmarks.kill [--moments 20] [--size 30] [--seed 0] [--course .]``; exit code 1 if anything was.
"""

import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path

import nbformat
import typer
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.course import SEED_FILE, Course
from autograder.demo.roster import roster
from tests.places import ROOT, written
from tests.processes import descendants, wait_for

SLOW = "eve-loop"  # waits out time limits that have nothing to do with being killed
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 120.0
"""Seconds that whatever the killed process had started has to end."""

Marks = dict[str, list[tuple[str, float | None, bool]]]
"""Student → (graded cell, automatic mark, whether a person has to look), a row for each."""


@dataclass(frozen=True)
class Trial:
    """What one kill did.

    Attributes:
        moment: seconds after the start.
        recorded: submissions that had marks in the gradebook at the kill.
        faults: what was not as it should be after the rerun, one sentence each.
    """

    moment: float
    recorded: int
    faults: tuple[str, ...]


def name_of(course: Course) -> str:
    """The assignment that is graded: the one of the course's demo."""
    return course.demo or next(iter(course.assignments))


def sample_class(assignment: Assignment, size: int) -> dict[str, tuple[str, bytes]]:
    """Student → (file name, bytes) of so many submissions: right, wrong, mangled, broken and hostile ones."""
    known = {student: file for student, file in roster(assignment).items() if student != SLOW}
    copies = ((f"copy-{number}", known["ada-as-taught"]) for number in count(1))
    return dict(islice(chain(known.items(), copies), size))


def hand_in(origin: Course, folder: Path, files: dict[str, tuple[str, bytes]]) -> Course:
    """A fresh course in which these files have been handed in and nothing has been graded."""
    course = origin.clone_to(folder)
    for student, (name, data) in files.items():
        written(course.submitted / student / name_of(course) / name, data)
    return course


def start_grading(course: Course, temporary: Path) -> subprocess.Popen[bytes]:
    """``autograder grade`` on two processes, with a folder of its own for temporary files."""
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "autograder", "grade", name_of(course), "--jobs", "2"]
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=course.root, env=environment, **pipes)


def marks(course: Course) -> Marks:
    """Every mark in the gradebook; a submission that is there twice has each of its rows twice."""
    found: Marks = {}
    if not course.gradebook.is_file():
        return found
    with Gradebook(course.db_url, course.name) as gradebook:
        if not any(each.name == name_of(course) for each in gradebook.assignments):
            return found
        for submission in gradebook.assignment_submissions(name_of(course)):
            rows = found.setdefault(submission.student.id, [])
            for notebook in submission.notebooks:
                rows += [(grade.name, grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades]
    return {student: sorted(rows, key=lambda row: row[0]) for student, rows in found.items()}


def listing(folder: Path) -> list[str]:
    """Every path under a folder, hidden ones included, but the marks of earlier gradings, which are named by their time."""
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    return sorted(str(path) for path in paths if path.parts[0] != "gradings")


def wait_for_the_end() -> dict[int, str]:
    """The descendants that are still alive when the patience with them is over."""
    wait_for(lambda: not descendants(os.getpid()), PATIENCE)
    return descendants(os.getpid())


def kill_at(moment: float, course: Course, reference: Course, temporary: Path) -> Trial:
    """Kill the grading at a moment, grade again, and compare with a course whose grading nobody disturbed."""
    grading = start_grading(course, temporary)
    try:
        grading.wait(moment)
    except subprocess.TimeoutExpired:
        grading.kill()
        grading.wait()
    assert grading.stderr is not None
    grading.stderr.close()
    alive = wait_for_the_end()
    faults = [f"{len(alive)} processes outlived the killed one"] if alive else []
    recorded = len(marks(course))
    rerun = start_grading(course, temporary)
    _, words = rerun.communicate()
    if rerun.returncode != 0:
        faults.append(f"the rerun ended with exit code {rerun.returncode}: {words.decode()[-400:]}")
    faults += differences(course, reference)
    if left := listing(temporary):
        faults.append(f"temporary files were left: {', '.join(left[:3])}")
    if alive := wait_for_the_end():
        faults.append(f"{len(alive)} processes outlived the rerun")
    return Trial(moment, recorded, tuple(faults))


def differences(course: Course, reference: Course) -> list[str]:
    """Where a graded course is not as the undisturbed one: lost, doubled and wrong marks, files too many or too few."""
    found, expected = marks(course), marks(reference)
    faults, name = [f"lost: {student}" for student in expected.keys() - found.keys()], name_of(course)
    for student, rows in found.items():
        doubled = [name for name, times in Counter(name for name, *_ in rows).items() if times > 1]
        if doubled:
            faults.append(f"doubled: {student}, {doubled[0]}")
        elif rows != expected.get(student):
            faults.append(f"other marks: {student}")
    faults += [f"odd file: {name}" for name in sorted(set(listing(course.root)) ^ set(listing(reference.root)))]
    for path in course.autograded.glob(f"*/{name}/{name}.ipynb"):
        title = nbformat.read(path, as_version=4).cells[0].source
        twin = reference.root / path.relative_to(course.root)
        if twin.is_file() and title != nbformat.read(twin, as_version=4).cells[0].source:
            faults.append(f"another graded copy: {path.parent.parent.name}")
    return faults


def undisturbed(origin: Course, folder: Path, files: dict[str, tuple[str, bytes]]) -> tuple[Course, float]:
    """A course that was graded in peace, and how many seconds that took.

    Raises:
        RuntimeError: grading failed.
    """
    course = hand_in(origin, folder / "reference", files)
    begin = time.monotonic()
    grading = start_grading(course, folder / "reference-tmp")
    _, words = grading.communicate()
    if grading.returncode != 0:
        raise RuntimeError(f"grading fails even undisturbed: {words.decode()[-1000:]}")
    return course, time.monotonic() - begin


def trials(origin: Course, folder: Path, size: int, moments: int, seed: int) -> Iterator[Trial]:
    """One after the other, each in a fresh course."""
    # from now on every process that a killed child leaves behind becomes a child of this one; Linux only
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    files = sample_class(Assignment.load(origin, name_of(origin)), size)
    reference, seconds = undisturbed(origin, folder, files)
    generator = random.Random(seed)
    for number in range(moments):
        course = hand_in(origin, folder / f"course-{number}", files)
        shutil.copy2(reference.root / SEED_FILE, course.root)  # other inputs may give a wrong answer other marks
        yield kill_at(generator.uniform(0.0, seconds), course, reference, folder / f"tmp-{number}")


def main(moments: int = 20, size: int = 30, seed: int = 0, course: Path = ROOT) -> None:
    """Print a row per kill and the sum; exit code 0 if nothing was lost, doubled or left behind."""
    broken = 0
    print("| killed after, s | submissions recorded by then | after the rerun |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        for trial in trials(Course.at(course), Path(folder), size, moments, seed):
            broken += bool(trial.faults)
            found = "; ".join(trial.faults) or "every mark right, once"
            print(f"| {trial.moment:.2f} | {trial.recorded} | {found} |", flush=True)
    print(f"{moments - broken} of {moments} kills of a batch of {size} did no harm.")
    raise typer.Exit(bool(broken))


if __name__ == "__main__":
    typer.run(main)
