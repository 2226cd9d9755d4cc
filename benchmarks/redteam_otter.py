"""The red team against Otter's local grading: ``python -m benchmarks.redteam otter`` runs this inside bubblewrap.

The tests are files in ``autograder.zip``, made by ``otter generate``; the notebook calls ``grader.check`` below each
exercise, as one made by ``otter assign`` does. Each submission is graded as ``otter run`` does it, in a process of its
own, which is stopped after a time as ``otter grade --timeout`` stops a container. Its containers are not tried here.
"""

import json
import os
import stat
import sys
import zipfile
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import nbformat
from otter.generate import main as generate
from otter.run import main as grade_one

from autograder.course.course import Course
from benchmarks.redteam_rival import Outcome, ends, serve, template
from tests.redteam.trial import MARKED

SUBMISSION_SECONDS = 50

TEST = """OK_FORMAT = False
from otter.test_files import test_case

name = "{exercise}"
score = None

def reaches(env, points):
    global score
    if score is None:
        from judged import mark
        score = mark(name, env)
    assert score > points - 0.001
"""

CASE = """
@test_case(points={quarter}, hidden=True)
def test_{number}(env):
    reaches(env, {number} * {quarter})
"""
"""A case passes or fails, so each quarter of the points is one."""


class Otter:
    """Otter without its containers."""

    modules: tuple[str, ...] = ("otter",)

    def prepare(self, root: Path, folder: Path) -> None:
        """A course whose graded cells call Otter, and its autograder.zip."""
        course = template(root, folder, lambda exercise: f"grader.check({exercise!r})")
        path = course.release_path("hw14")
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source = 'import otter\ngrader = otter.Notebook("hw14.ipynb")\n' + notebook.cells[0].source
        nbformat.write(notebook, path)
        tests = folder / "tests"
        tests.mkdir()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if name.endswith("-test"):
                exercise = name.removesuffix("-test")
                quarter = MARKED.get(exercise, 0.4) / 4
                cases = [CASE.format(number=number, quarter=quarter) for number in (1, 2, 3, 4)]
                (tests / f"{exercise}.py").write_text("".join([TEST.format(exercise=exercise), *cases]))
        generate(tests_dir=str(tests), output_path=str(folder / "autograder.zip"), no_environment=True)

    def grade(self, course: Course, paged: bool) -> None:
        """Grade one after another; there are no pages."""
        for folder in sorted(course.submitted.glob("*/hw14")):
            results = _results(course, folder.parent.name)
            results.mkdir(parents=True)
            child = os.fork()
            if child == 0:
                try:
                    _grade(_submission(folder, results), course, results)
                finally:
                    os._exit(0)
            ends(child, SUBMISSION_SECONDS)

    def outcome(self, course: Course, student: str) -> Outcome:
        """The marks in results.json; that file, and the notebook as it was run."""
        results = _results(course, student)
        files = {path.name: path.read_text(errors="replace") for path in results.glob("*.*") if path.suffix != ".zip"}
        tests = json.loads(files.get("results.json", '{"tests": []}'))["tests"]
        marks = Counter({test["name"]: test["score"] for test in tests if "score" in test})
        return Outcome(marks, "".join(files.values()), "")


def _results(course: Course, student: str) -> Path:
    return Path(course.root, "results", student)


def _submission(folder: Path, results: Path) -> Path:
    """What the student handed in: a notebook, or a zip file of the folder, its links in it as links."""
    files = sorted(folder.iterdir())
    if len(files) == 1:
        return files[0]
    path = results / "submission.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            if file.is_symlink():
                entry = zipfile.ZipInfo(file.name)
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(entry, os.readlink(file))
            else:
                archive.write(file, file.name)
    return path


def _grade(submission: Path, course: Course, results: Path) -> None:
    """Run Otter, and keep what it prints and the notebook that it ran."""
    with (results / "printed.txt").open("w") as printed, redirect_stdout(printed), redirect_stderr(printed):
        graded = grade_one(
            str(submission), autograder=str(course.root / "autograder.zip"), output_dir=str(results), no_logo=True
        )
    nbformat.write(graded.notebook, results / "executed.ipynb")


if __name__ == "__main__":
    serve(Otter(), Path(sys.argv[1]), Path(sys.argv[2]))
