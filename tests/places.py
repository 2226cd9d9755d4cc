"""This repository, its course, the example of another author's, and the tests' own tables."""

import tomllib
from pathlib import Path
from typing import Any

from autograder.course.course import Course

ROOT = Path(__file__).parents[1]
COURSE = Course.at(ROOT)
EXAMPLE = Course.at(ROOT / "examples" / "numpy_course")
"""For tests that need no PyTorch, with which a sandbox takes seconds to start; its one assignment is ``arrays``."""


def written(path: Path, data: bytes | str) -> Path:
    """The file, with its folders, holds these bytes now, or this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def described(course: Course, old: str, new: str) -> Course:
    """The course once its course.toml says something else."""
    file = course.root / "course.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return Course.at(course.root)


def table(name: str) -> dict[str, Any]:
    """What a TOML file among the tests holds, by its path below ``tests``."""
    return tomllib.loads((ROOT / "tests" / name).read_text(encoding="utf-8"))
