"""This course as published, and a small one to publish."""

import shutil
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.publish.students_repo import Release, release
from tests.places import ROOT
from tests.tool.release.published import COURSE
from tests.tool.small_course import write_course


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(COURSE, tmp_path_factory.mktemp("students"))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The small course, with a package of its own in place of ``lifelong``."""
    root = tmp_path / "course"
    write_course(root)
    description = root / "course.toml"
    description.write_text(description.read_text().replace("[course]", '[course]\npackage = "lifelong"'))
    shutil.copyfile(ROOT / "pyproject.toml", root / "pyproject.toml")
    shutil.copyfile(ROOT / "LICENSE", root / "LICENSE")
    shutil.copytree(ROOT / "LICENSES", root / "LICENSES")
    (root / "lifelong" / "data").mkdir(parents=True)
    (root / "lifelong" / "__init__.py").write_text("WORD = 'hello'\n")
    (root / "lifelong" / "data" / "digits.npz").write_bytes(b"digits")
    (root / "lifelong" / "notes.txt").write_text("to myself")
    return Course.at(root)
