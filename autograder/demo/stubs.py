"""What replaces the solution of an exercise that nobody here knows, made from the cell that students are given."""

import re

from autograder.course.assignment import Assignment
from autograder.grading.result import QUIZ

_HEADER = re.compile(r"^(?:def|class)\s+(\w+).*:$", re.MULTILINE)


def exercise(assignment: Assignment, number: int) -> str:
    """The id of an exercise by its position, the quiz left out; counts around where there are fewer."""
    names = exercises(assignment)
    return names[number % len(names)]


def middle(assignment: Assignment) -> int:
    """The position of the exercise in the middle."""
    return (len(exercises(assignment)) - 1) // 2


def exercises(assignment: Assignment) -> list[str]:
    """The ids of the exercises that are code: no questions of the quiz, no written ones."""
    return [name for name, _ in assignment.exercises if not name.startswith(QUIZ) and name not in assignment.written]


def empty(assignment: Assignment, name: str) -> str:
    """The functions and classes of an exercise, with nothing in them."""
    headers = [match[0] for match in _HEADER.finditer(assignment.stubs[name])] or ["def answer():"]
    return "\n".join(f"{header}\n    pass" for header in headers)


def all_equal(assignment: Assignment, name: str, value: str) -> str:
    """Each name that an exercise defines, bound to the same value."""
    found = _HEADER.findall(assignment.stubs[name]) or sorted(assignment.defines[name])
    return " = ".join([*found, value])
