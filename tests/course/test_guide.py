"""The guide "add an exercise" does what it says: its blocks, applied to a copy of the course, build and verify."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.verify.promises import size

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "adding-an-exercise.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^\*\*`(?P<path>[^`]+)`\*\*(?P<where>[^\n]*):\n\n```\w+\n(?P<text>.*?)^```$", re.M | re.S)
BLOCKS = [(found["path"], found["where"], found["text"]) for found in BLOCK.finditer(GUIDE)]
EXERCISE = "interference"


def once(text: str, old: str, new: str) -> str:
    """The text with its one occurrence of ``old`` replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def patched(text: str, diff: str) -> str:
    """The text with a difference of a few lines applied to it, wherever its old lines stand."""
    lines = diff.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
    return once(text, old, new)


def apply(folder: Path, path: str, where: str, text: str) -> None:
    """Do what a block of the guide says: write a new file, put cells below a cell, or change some lines."""
    target = folder / path
    if where == ", a new file":
        assert not target.exists()
        target.write_text(text, encoding="utf-8")
        return
    below = re.fullmatch(r", below the cell of `(.+)`", where)
    assert below or not where, where
    source = target.read_text(encoding="utf-8")
    change = once(source, f"{below[1]}\n", f"{below[1]}\n\n{text}") if below else patched(source, text)
    target.write_text(change, encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course and its packages with the guide's exercise in it, built; of the other banks nothing."""
    folder = tmp_path_factory.mktemp("guide") / "course"
    for name in ("lifelong", "autograder", "solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", "nbgrader_config.py", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    for block in BLOCKS:
        apply(folder, *block)
    run(folder, "-m", "autograder", "build", "hw14")
    return folder


def run(course: Path, *arguments: str) -> str:
    """What a Python command prints in the copy, whose packages go before the installed ones."""
    environment = os.environ | {"PYTHONPATH": str(course), "AUTOGRADER_COURSE": str(course), "COLUMNS": "120"}
    done = subprocess.run([sys.executable, *arguments], cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def promises(text: str) -> list[str]:
    """The lines of a table of promises that end in yes or no, with single spaces."""
    lines = [" ".join(re.sub("[│┃|]", " ", line).split()) for line in text.splitlines()]
    return [line for line in lines if line.endswith((" yes", " no"))]


def test_every_block_has_its_place() -> None:
    assert len(BLOCKS) == 12
    assert len(re.findall(r"^```(?:python|diff)$", GUIDE, re.MULTILINE)) == len(BLOCKS)


def test_the_new_exercise_is_in_the_notebook_without_its_solution(course: Path) -> None:
    released = (course / "assignments" / "hw14" / "hw14.ipynb").read_text(encoding="utf-8")
    assert f"# exercise: {EXERCISE}" in released
    assert "lengths = [" not in released
    assert "9 exercises (32 points)" in released


def test_the_guide_s_promises_hold(course: Path) -> None:
    found = promises(run(course, "-m", "autograder", "verify", "hw14", "--only", EXERCISE))
    assert found == promises(GUIDE.split("## 6 ")[1])
    assert all(line.endswith(" yes") for line in found)


def test_the_course_s_own_tests_judge_it(course: Path) -> None:
    shutil.copytree(ROOT / "tests", course / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    chosen = ["tests/course/test_bank.py", "tests/lifelong/test_checks.py", "-k", EXERCISE]
    assert " passed" in run(course, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *chosen)


def test_its_code_is_in_the_course_s_style(course: Path) -> None:
    new = [path for path, where, _ in BLOCKS if where == ", a new file" and "/bank/" not in path]
    assert len(new) == 3
    run(course, "-m", "ruff", "check", *new)
    run(course, "-m", "ruff", "format", "--check", *new)


def test_verify_names_the_banks_that_there_are() -> None:
    with pytest.raises(CourseError, match="no bank for 'interference'; it has them for: ewc, "):
        size(Assignment.load(Course.at(ROOT), "hw14"), EXERCISE)
