"""The tool knows no course: installed from its wheel, it builds, verifies and grades one that is not in this repository."""

import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.verify.bank import samples_of
from tests.places import EXAMPLE, ROOT, written
from tests.tool.sandboxes import require_sandbox

pytestmark = pytest.mark.heavy

COMMAND = """
import runpy, sys
sys.argv[0] = "autograder"
try:
    runpy.run_module("autograder", run_name="__main__")
except SystemExit as end:
    print("ended with", end.code)
import autograder
print("autograder is", autograder.__file__)
print("torch" in sys.modules, "lifelong" in sys.modules)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds, made from a copy of the two packages."""
    source, target = (tmp_path_factory.mktemp(name) for name in ("source", "installed"))
    for name in ("autograder", "lifelong"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    shutil.copytree(ROOT / "LICENSES", source / "LICENSES")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(source), str(source)]
    subprocess.run(wheel, check=True, capture_output=True)
    made = str(next(source.glob("*.whl")))
    subprocess.run([*pip, "install", "--no-deps", "--target", str(target), made], check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the example, outside the repository."""
    folder = tmp_path_factory.mktemp("elsewhere") / "numpy_course"
    ignored = shutil.ignore_patterns("build", "demo", "__pycache__", ".course-seed")
    shutil.copytree(EXAMPLE.root, folder, ignore=ignored)
    return Course.at(folder)


def run(installed: Path, course: Course, code: str, *arguments: str) -> str:
    """What a Python program prints in the course's folder, with the installed tool alone."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(course.root), "PYTHONPATH": str(installed), "COLUMNS": "120"}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def autograder(installed: Path, course: Course, *arguments: str) -> str:
    """What a command prints; it must be the installed one, and import nothing of this repository's course."""
    said = run(installed, course, COMMAND, *arguments)
    assert said.endswith(f"ended with 0\nautograder is {installed / 'autograder' / '__init__.py'}\nFalse False\n"), said
    return said


def test_the_wheel_holds_all_that_is_in_the_package(installed: Path) -> None:
    left = {".png"}  # a picture of README.md
    ours = {path.relative_to(ROOT) for path in (ROOT / "autograder").rglob("*") if "__pycache__" not in path.parts}
    files = {path for path in ours if (ROOT / path).is_file() and path.suffix not in left}
    assert {str(path) for path in files if not (installed / path).is_file()} == set()
    assert len([path for path in files if path.suffix == ".j2"]) > 20


def test_the_example_is_built_as_its_sources_say(installed: Path, course: Course) -> None:
    assert "every generated notebook is as its source says" in autograder(installed, course, "build", "--check")
    before = course.release_path("arrays").read_bytes()
    assert "built assignments/arrays/arrays.ipynb" in autograder(installed, course, "build")
    assert course.release_path("arrays").read_bytes() == before
    assert course.source_path("arrays").is_file()


def test_what_its_graders_promise_holds_and_work_gets_its_marks(installed: Path, course: Course) -> None:
    require_sandbox()
    assert autograder(installed, course, "verify").count(" yes ") == 8
    assignment = Assignment.load(course, "arrays")
    cosines, averages = (samples_of(assignment, name) for name in ("cosine", "moving_average"))
    classes = {
        "ada": {"cosine": cosines["unit vectors"].source, "moving_average": averages["plain Python"].source},
        "bob": {"cosine": cosines["zero-by-zero"].source, "moving_average": averages["sums"].source},
        "cem": {"cosine": cosines["zeros"].source},
    }
    for student, sources in classes.items():
        notebook = copy.deepcopy(assignment.release)
        for exercise, source in sources.items():
            notebook.cells[assignment.solution_cells[exercise]].source = source
        written(course.submitted / student / "arrays" / "arrays.ipynb", nbformat.writes(notebook).encode())
    autograder(installed, course, "grade", "arrays", "--json", "results.json", "--jobs", "1")
    assert "No mark has changed in arrays since the grading of" in autograder(installed, course, "changes", "arrays")
    results = {each["student"]: each for each in json.loads((course.root / "results.json").read_text())}
    assert {student: each["score"] for student, each in results.items()} == {"ada": 10, "bob": 3.24, "cem": 0}
    (told,) = results["bob"]["exercises"]["cosine"]["messages"]
    assert told == "You divide 0 by 0 where one vector is zero everywhere; return 0 there."
