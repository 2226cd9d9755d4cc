"""A course of one small assignment, for tests of what happens to a notebook on its way through the tools."""

import json
from pathlib import Path

from autograder.course.course import Course
from tests.places import ROOT

COURSE = """
[course]
name = "small"
title = "A small course"
repository = "https://github.com/example/small/"
tag = "v1"

[assignments.hw1]
unit = "first"
title = "HW 1"
quiz_points = 1
quiz_opens = 2000-01-01T00:00:00Z
"""


def question(number: int) -> str:
    """A question on four numbers, of which the even ones are right."""
    evens = [(value, "true" if value % 2 == 0 else "false") for value in range(number, number + 4)]
    options = [
        f'[[questions.options]]\nletter = "{letter}"\ntext = "{value}"\nright = {right}\nwhy = "so"'
        for letter, (value, right) in zip("ABCD", evens, strict=True)
    ]
    head = f'[[questions]]\nid = "quiz-{number:02d}"\ntopic = "Basics"\ntext = "Which are even? (number {number})"'
    return "\n".join([head, *options])


def cell(kind: str, identity: str, points: float | None = None) -> str:
    """The header of a percent cell of nbgrader's: ``solution``, ``test`` or ``given``."""
    solution = kind == "solution"
    nbgrader = {"grade": kind == "test", "grade_id": identity, "locked": not solution, "schema_version": 3}
    nbgrader |= {"solution": solution, "task": False}
    return f"# %% nbgrader={json.dumps(nbgrader | ({'points': points} if points is not None else {}))}"


SOURCE = Path(__file__).with_suffix(".percent").read_text()
"""The notebook's source, whose headers are those that ``cell`` gives."""


def write_course(folder: Path, source: str = SOURCE) -> Course:
    """The small course in a folder of its own, not yet built."""
    solutions = folder / "solutions" / "hw1"
    solutions.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(COURSE)
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    (solutions / "quiz.toml").write_text("\n".join([question(1), question(2)]))
    (solutions / "hw1.py").write_text(source)
    return Course.at(folder)
