"""The course of another author, to begin with: one assignment of one exercise, with its judge and its bank."""

import re
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course.course import CourseError

FILES = {
    "course.toml": "course.toml",
    "README.md": "README.md",
    "nbgrader_config.py": "nbgrader_config.py",
    ".gitignore": "gitignore",
    "solutions/hw1/hw1.py": "source.py",
    "solutions/hw1/judges/weighted_mean.py": "judge.py",
    "solutions/hw1/bank/weighted_mean.py": "bank.py",
}
"""Path in the new course → template."""

COMMANDS = ("autograder build", "autograder verify", "autograder demo")
"""What to run in the new course."""


def new(directory: Path) -> list[str]:
    """Write a course into a folder that is empty or not there yet; returns the paths in it.

    Raises:
        CourseError: the folder holds something, or its name has no letter or digit.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CourseError(f"{directory} is not empty: name a folder that is empty or not there yet.")
    words = re.findall(r"[A-Za-z0-9]+", directory.resolve().name)
    if not words:
        raise CourseError(f"{directory} cannot name a course: it needs a letter or a digit.")
    values = {"name": "-".join(words).lower(), "title": " ".join(words).capitalize()}
    loader = PackageLoader("autograder", "templates/new")
    templates = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)
    for name, template in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(templates.get_template(f"{template}.j2").render(values), encoding="utf-8")
    return list(FILES)
