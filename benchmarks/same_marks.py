"""Does the code of today give the marks, states and messages that another commit gave?

``python -m benchmarks.same_marks COMMIT`` grades three classes with both, by the command line alone: every sample of
every bank, the sample class of `make demo`, and a synthetic class. It takes some 25 minutes on two cores; ends with
exit code 1 if anything differs.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo import mangle
from autograder.demo.roster import roster, with_sources
from autograder.verify.bank import samples
from benchmarks.synthetic_class import NAME, Drawer
from tests.places import COURSE, ROOT, written

SEED = "the same hidden inputs for both commits"
ADDRESS = re.compile(r"0x[0-9a-f…]+")
"""Of an object, in an error message of a student's own code: another one in each process."""
SHOWN = 10
"""Differences that are printed."""


def handins(course: Course, name: str, size: int) -> Iterator[tuple[str, str, bytes]]:
    """Student id, file name and bytes of all that is graded for an assignment."""
    assignment = Assignment.load(course, name)
    for number, sample in enumerate(samples(assignment)):
        solved = with_sources(assignment, {sample.exercise: sample.source})
        yield f"bank-{number:04d}-{sample.exercise}", f"{name}.ipynb", mangle.plain(solved)
    if name == NAME:
        for student, (filename, data) in roster(assignment).items():
            yield f"demo-{student}", filename, data
        for handin in Drawer(assignment, seed=0).draw(size):
            yield f"synthetic-{handin.number:04d}", handin.filename, handin.data


def graded(checkout: Path, folder: Path, name: str, submitted: Path) -> dict[str, Any]:
    """The results by student that the code of a checkout gives, in a course folder of its own."""
    for file in ("course.toml", "nbgrader_config.py"):
        shutil.copy(checkout / file, folder)
    for part in ("solutions", "assignments"):
        shutil.copytree(checkout / part, folder / part)
    (folder / "submitted").symlink_to(submitted)
    command = [sys.executable, "-m", "autograder", "grade", name, "--force", "--json", "results.json"]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "AUTOGRADER_SEED": SEED}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    text = ADDRESS.sub("0x…", (folder / "results.json").read_text(encoding="utf-8"))
    return {each["student"]: each for each in json.loads(text)}


def compare(before: Path, name: str, size: int, scratch: Path) -> int:
    """Grade an assignment's class with both, print what differs, return how many students are concerned."""
    submitted = scratch / "submitted"
    kinds: Counter[str] = Counter()
    for student, filename, data in handins(COURSE, name, size):
        written(submitted / student / name / filename, data)
        kinds[student.partition("-")[0]] += 1
    results = []
    for checkout, folder in ((before, scratch / "before"), (ROOT, scratch / "now")):
        folder.mkdir()
        results.append(graded(checkout, folder, name, submitted))
    was, now = results
    different = [student for student in sorted(was.keys() | now.keys()) if was.get(student) != now.get(student)]
    for student in different[:SHOWN]:
        print(f"{name} {student}\n  before {was.get(student)}\n  now    {now.get(student)}")
    print(f"{name}: {', '.join(f'{n} {kind}' for kind, n in kinds.items())}; {len(different)} differ", flush=True)
    return len(different)


def main(commit: str, names: Annotated[list[str] | None, typer.Argument()] = None, size: int = 200) -> None:
    """Compare today's marks of a synthetic class with a commit's, for all assignments of the course or those named."""
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "checkout"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(before)], check=True)
        subprocess.run(["git", "-C", str(before), "checkout", "--quiet", commit], check=True)
        for name in names or COURSE.assignments:
            scratch = Path(folder) / name
            scratch.mkdir()
            different += compare(before, name, size, scratch)
    raise typer.Exit(bool(different))


if __name__ == "__main__":
    typer.run(main)
