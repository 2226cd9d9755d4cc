"""A course of one small assignment, for tests of what happens to a notebook on its way through the tools."""

from pathlib import Path

from autograder.course.course import Course
from tests.places import ROOT

COURSE = Path(__file__).with_suffix(".toml").read_text()
"""The course's course.toml."""


def question(number: int) -> str:
    """A question on four numbers, of which the even ones are right."""
    evens = [(value, "true" if value % 2 == 0 else "false") for value in range(number, number + 4)]
    options = [
        f'[[questions.options]]\nletter = "{letter}"\ntext = "{value}"\nright = {right}\nwhy = "so"'
        for letter, (value, right) in zip("ABCD", evens, strict=True)
    ]
    head = f'[[questions]]\nid = "quiz-{number:02d}"\ntopic = "Basics"\ntext = "Which are even? (number {number})"'
    return "\n".join([head, *options])


SOURCE = Path(__file__).with_suffix(".percent").read_text()
"""The notebook's source."""


def write_course(folder: Path, source: str = SOURCE) -> Course:
    """The small course in a folder of its own, not yet built."""
    solutions = folder / "solutions" / "hw1"
    solutions.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(COURSE)
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    (solutions / "quiz.toml").write_text("\n".join([question(1), question(2)]))
    (solutions / "hw1.py").write_text(source)
    return Course.at(folder)
