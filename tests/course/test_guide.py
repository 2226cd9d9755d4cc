"""The guide "add an exercise" does what it says: its blocks, applied to a copy of the course, build and verify."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import CourseError
from autograder.verify.promises import bank_of
from tests.places import COURSE, ROOT

pytestmark = pytest.mark.heavy

GUIDE = (ROOT / "docs" / "adding-an-exercise.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^\*\*`(?P<path>[^`]+)`\*\*(?P<where>[^\n]*):\n\n```\w+\n(?P<text>.*?)^```$", re.M | re.S)
BLOCKS = [(found["path"], found["where"], found["text"]) for found in BLOCK.finditer(GUIDE)]
COUNT = re.search(r"`(?P<old>\d+ exercises \(\d+ points\))` becomes `(?P<new>[^`]+)`", GUIDE)
EXERCISE = "interference"


def once(text: str, old: str, new: str) -> str:
    """The text with its one occurrence of ``old`` replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def apply(folder: Path, path: str, where: str, text: str) -> None:
    """Do what a block of the guide says: write a new file, or put cells above a cell."""
    target = folder / path
    if where == ", a new file":
        assert not target.exists()
        target.write_text(text, encoding="utf-8")
        return
    above = re.fullmatch(r", above the cell of `(.+)`", where)
    assert above, where
    cell = f"# %% [markdown]\n{above[1]}\n"
    source = once(target.read_text(encoding="utf-8"), cell, f"{text}\n{cell}")
    assert COUNT
    target.write_text(once(source, COUNT["old"], COUNT["new"]), encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course and its packages with the guide's exercise in it, built; of the other banks nothing."""
    folder = tmp_path_factory.mktemp("guide") / "course"
    for name in ("lifelong", "autograder", "solutions", "assignments", "examples"):
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


def test_the_guide_is_short_and_every_block_has_its_place() -> None:
    assert GUIDE.count("\n") < 200
    assert len(BLOCKS) == 4
    assert len(re.findall(r"^```", GUIDE, re.MULTILINE)) == 2 * len(BLOCKS)
    assert sum(text.count("\n") for *_, text in BLOCKS) <= 120


def test_the_new_exercise_is_in_the_notebook_without_its_solution(course: Path) -> None:
    released = (course / "assignments" / "hw14" / "hw14.ipynb").read_text(encoding="utf-8")
    assert f"# exercise: {EXERCISE}" in released
    assert "lengths = g.norm()" not in released
    assert "9 exercises (32 points)" in released


def test_the_guide_s_promises_hold(course: Path) -> None:
    said = run(course, "-m", "autograder", "verify", "hw14", "--only", EXERCISE)
    assert (said.count(" yes "), said.count(" NO ")) == (8, 0), said
    assert "42 of 42" in said


def test_its_check_passes_the_solution_and_names_mistakes(course: Path) -> None:
    program = f"""
import torch, torch.nn.functional as F
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.verify.bank import samples_of
from lifelong.checks.failure import CheckFailed
from lifelong.checks.{EXERCISE} import check
bank = samples_of(Assignment.load(Course.find(), "hw14"), "{EXERCISE}")
for name in ("cosine_similarity", "Python floats", "magnitude"):
    exec(bank[name].source)
    try:
        print(name, check(globals()))
    except CheckFailed as failed:
        print(name, failed)
"""
    assert run(course, "-c", program).splitlines() == [
        "cosine_similarity the cosine is right, and 0 where there is no gradient.",
        "Python floats the cosine is right, and 0 where there is no gradient.",
        "magnitude interference(g, h), with g = [3, 4] and h = [0, -2], should be -0.8, but is 0.8. The sign is lost; it tells interference.",
    ]


def test_the_course_s_own_tests_judge_it(course: Path) -> None:
    shutil.copytree(ROOT / "tests", course / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    chosen = ["tests/course/test_bank.py", "tests/lifelong/test_checks.py", "-k", EXERCISE]
    assert " passed" in run(course, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *chosen)


def test_its_code_is_in_the_course_s_style(course: Path) -> None:
    new = [path for path, where, _ in BLOCKS if where == ", a new file" and "/bank/" not in path]
    assert len(new) == 2
    run(course, "-m", "ruff", "check", *new)
    run(course, "-m", "ruff", "format", "--check", *new)


def test_verify_names_the_banks_that_there_are() -> None:
    with pytest.raises(CourseError, match="no bank for 'interference'; it has them for: ewc, "):
        bank_of(Assignment.load(COURSE, "hw14"), EXERCISE)
