"""This course as published, and a small one to publish."""

import shutil
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.publish.students_repo import Release, release
from tests.places import ROOT, described, written
from tests.tool.release.published import COURSE
from tests.tool.small_course import write_course


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(COURSE, tmp_path_factory.mktemp("students"))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The small course, with a package of its own in place of ``lifelong``."""
    root = tmp_path / "course"
    course = described(write_course(root), "[course]", '[course]\npackage = "lifelong"')
    shutil.copyfile(ROOT / "pyproject.toml", root / "pyproject.toml")
    shutil.copyfile(ROOT / "LICENSE", root / "LICENSE")
    shutil.copytree(ROOT / "LICENSES", root / "LICENSES")
    files = {"__init__.py": "WORD = 'hello'\n", "data/digits.npz": "digits", "notes.txt": "to myself"}
    for name, data in files.items():
        written(root / "lifelong" / name, data)
    return course
