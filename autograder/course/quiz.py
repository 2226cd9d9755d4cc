"""The quiz of an assignment: read from TOML, rendered to notebook cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.course import CourseError
from autograder.course.schema import parse, refusal


class QuizError(CourseError):
    """The quiz file is not as it should be; the message names the question and what is wrong."""


@dataclass(frozen=True)
class Option:
    """One option of a question, in Markdown with LaTeX in $…$; ``why`` is for instructors, never for students."""

    letter: str
    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """One question, in Markdown with LaTeX in $…$ and fenced code, of which all and only the right options count.

    Its ``proof`` is the test that proves the key by running code; empty where there is none.
    """

    id: str
    topic: str
    text: str
    options: tuple[Option, ...]
    proof: str = ""

    @property
    def number(self) -> int:
        """Its place in the quiz, from 1."""
        return int(self.id.removeprefix("quiz-"))

    @property
    def variable(self) -> str:
        """The name which the student's cell defines, e.g. ``"quiz_05"``."""
        return self.id.replace("-", "_")

    @property
    def key(self) -> frozenset[str]:
        """The letters of the right options."""
        return frozenset(option.letter for option in self.options if option.right)


@dataclass(frozen=True)
class Quiz:
    """The questions of an assignment, in order."""

    questions: tuple[Question, ...]

    @classmethod
    def load(cls, path: Path) -> Quiz:
        """The quiz in a TOML file of ``[[questions]]``, each with ``[[questions.options]]``.

        Raises:
            QuizError: the file is no TOML, or a question is not well formed.
            FileNotFoundError: there is no such file.
        """
        try:
            tables = parse(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise QuizError(f"{path.name} is not valid TOML: {error}") from error
        if wrong := refusal(tables, "quiz"):
            raise QuizError(f"{path.name}: {wrong}")
        return cls(tuple(_question(table, number) for number, table in enumerate(tables["questions"], start=1)))

    def __getitem__(self, question_id: str) -> Question:
        """The question of that id; KeyError where there is none."""
        return {question.id: question for question in self.questions}[question_id]


def _question(table: Mapping[str, Any], number: int) -> Question:
    """A question, from a table that the schema allows."""
    expected, where = f"quiz-{number:02d}", f"question {number} ({table['id']})"
    if table["id"] != expected:
        raise QuizError(f"{where}: the id should be {expected!r}, since the questions are numbered in their order")
    rows = table["options"]
    options = tuple(Option(row["letter"], row["text"].strip(), row["right"], row["why"].strip()) for row in rows)
    if len({option.text for option in options}) < len(options):
        raise QuizError(f"{where}: two options have the same text")
    topic, text, proof = (table.get(key, "").strip() for key in ("topic", "text", "proof"))
    return Question(expected, topic, text, options, proof)


def question_cells(question: Question, points: float, solved: bool, *, checked: bool = True) -> list[NotebookNode]:
    """The notebook cells of a question: its text, the cell to choose in, and the graded cell.

    The cells' ids are their grade_ids, so that rendering twice gives the same bytes.

    Args:
        question: what to render.
        points: what it is worth, in the graded cell's metadata.
        solved: with the key's choices (the instructor's source) or with none (the release).
        checked: whether the notebook has a ``check``, from the course's package, that says which options are ticked.
    """
    lines = [f"### Question {question.number} · {question.topic}", question.text]
    lines.append("\n".join(f"- **{option.letter}.** {option.text}" for option in question.options))
    text = nbformat.v4.new_markdown_cell("\n\n".join(lines), id=f"{question.id}-text")
    text.metadata["nbgrader"] = _metadata(f"{question.id}-text", locked=True)
    choice = nbformat.v4.new_code_cell(_choice_source(question, solved), id=question.id)
    choice.metadata["nbgrader"] = _metadata(question.id, solution=True)
    ticked = f'assert any({question.variable}.values()), "Tick the right options of question {question.number}."'
    return [text, choice, check_cell(question.id, points, "" if checked else ticked)]


def check_cell(exercise: str, points: float, source: str = "") -> NotebookNode:
    """The graded cell of an exercise: the given source, else the check of the course's package."""
    cell: NotebookNode = nbformat.v4.new_code_cell(source or f'check("{exercise}")', id=f"{exercise}-test")
    cell.metadata["nbgrader"] = _metadata(f"{exercise}-test", locked=True, grade=True) | {"points": points}
    return cell


def _metadata(grade_id: str, *, locked: bool = False, grade: bool = False, solution: bool = False) -> dict[str, Any]:
    roles = {"grade": grade, "grade_id": grade_id, "locked": locked}
    return roles | {"schema_version": 3, "solution": solution, "task": False}


def _choice_source(question: Question, solved: bool) -> str:
    """The cell in which the options are ticked; `#@param` turns each line into a check-box in Colab."""
    ticks = [f'{each.letter} = {solved and each.right}  #@param {{type:"boolean"}}' for each in question.options]
    letters = ", ".join(f'"{each.letter}": {each.letter}' for each in question.options)
    return "\n".join([f"# exercise: {question.id}", *ticks, f"{question.variable} = {{{letters}}}"])


CHOICE = re.compile(r"^([A-E]) = (?:True|False)(  #@param \{type:\"boolean\"\})$", re.MULTILINE)
"""A line of the cell in which an option is ticked."""


def without_choices(source: str) -> str:
    """A choice cell's source with no option ticked.

    Raises:
        ValueError: the cell is not as `question_cells` makes it, so that a key could be left in it.
    """
    cleared = CHOICE.sub(r"\1 = False\2", source)
    if not CHOICE.search(cleared) or "True" in cleared:
        raise ValueError("a quiz cell whose choices cannot be cleared")
    return cleared
