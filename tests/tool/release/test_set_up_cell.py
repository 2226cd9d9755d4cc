"""The set-up cell of a published notebook finds or fetches the package."""

import re
import subprocess
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.course.setup_cell import setup_cell
from autograder.publish.students_repo import release
from tests.places import written
from tests.tool.release.published import BARE, git, python

pytestmark = pytest.mark.heavy


def set_up(repository: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up cell where ``lifelong`` is not installed."""
    cell = setup_cell("lifelong").replace("{{repository}}", repository).replace("{{tag}}", "v1")
    return python("-c", f"{cell}\nprint(lifelong.__file__, lifelong.WORD)", folder=folder, **environment)


def test_the_set_up_cell_finds_the_copy_that_it_lies_in(tmp_path: Path) -> None:
    written(tmp_path / "lifelong" / "__init__.py", "WORD = 'above'\n")
    (tmp_path / "assignments" / "hw1").mkdir(parents=True)
    for folder in (tmp_path / "assignments" / "hw1", tmp_path):
        done = set_up("https://github.invalid/a/b", folder)
        assert done.stdout == f"{tmp_path / 'lifelong' / '__init__.py'} above\n", done.stderr


def test_the_set_up_cell_fetches_the_package_and_nothing_else(course: Course, tmp_path: Path) -> None:
    students, empty, place = tmp_path / "students", tmp_path / "empty", tmp_path / "place"
    release(course, students)
    empty.mkdir()
    git("init", "--quiet", "--initial-branch", "v1", students)
    git("add", "--all", folder=students)
    git("commit", "--quiet", "--message", "release", folder=students)
    options = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_TARGET": str(place), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    path = f"{place}:{BARE['PYTHONPATH']}"
    done = set_up(students.as_uri(), empty, **options, PYTHONPATH=path, HOME=str(empty))
    assert done.returncode == 0, done.stderr
    assert f"{place / 'lifelong' / '__init__.py'} hello" in done.stdout
    assert {entry.name.split("-")[0] for entry in place.iterdir()} == {"lifelong"}
    again = set_up("https://github.invalid/a/b", empty, PYTHONPATH=path)
    assert again.stdout == f"{place / 'lifelong' / '__init__.py'} hello\n"


@pytest.mark.parametrize(
    ("repository", "reason"),
    [("https://github.invalid/ada/course", "github.invalid"), ("file:///nowhere/at/all", "/nowhere/at/all")],
)
def test_the_set_up_cell_says_what_to_do(repository: str, reason: str, tmp_path: Path) -> None:
    done = set_up(repository, tmp_path)
    assert done.returncode == 1
    said = done.stderr.split("ImportError: ")[1]
    assert re.match(r"The course's package `lifelong` could not be fetched. fatal: .*" + re.escape(reason), said)
    assert f"download {repository} elsewhere, put its folder `lifelong` beside this notebook" in said
    assert "\nDuring handling" not in done.stderr
