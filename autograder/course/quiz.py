"""The quiz of an assignment: read from TOML, rendered to notebook cells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.course import CourseError

LETTERS = "ABCDE"
FEWEST_OPTIONS = 4

QUESTION_KEYS = {"id", "topic", "text", "options", "proof"}
OPTION_KEYS = {"letter", "text", "right", "why"}


class QuizError(CourseError):
    """The quiz file is not as it should be; the message names the question and what is wrong."""


@dataclass(frozen=True)
class Option:
    """One option of a question.

    Attributes:
        letter: "A" … "E".
        text: Markdown with LaTeX in $…$.
        right: whether it belongs to the key.
        why: the reason, for instructors; it never reaches the notebook.
    """

    letter: str
    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """One question, of which all and only the right options count.

    Attributes:
        id: the exercise id, e.g. ``"quiz-05"``.
        topic: what it is about, e.g. ``"EWC"``.
        text: Markdown with LaTeX in $…$ and fenced code.
        options: four or five, in the order of their letters.
        proof: the test that proves the key by running code; empty where there is none.
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
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise QuizError(f"{path.name} is not valid TOML: {error}") from error
        tables = content.get("questions")
        if not isinstance(tables, list) or not tables:
            raise QuizError(f"{path.name} holds no [[questions]]")
        return cls(tuple(_question(table, number) for number, table in enumerate(tables, start=1)))

    def __getitem__(self, question_id: str) -> Question:
        """The question of that id; KeyError where there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


def _question(table: Any, number: int) -> Question:
    expected_id = f"quiz-{number:02d}"
    where = f"question {number} ({table.get('id', 'no id') if isinstance(table, Mapping) else 'no table'})"
    _expect_keys(table, QUESTION_KEYS, QUESTION_KEYS - {"proof"}, where)
    if table["id"] != expected_id:
        raise QuizError(f"{where}: the id should be {expected_id!r}, since the questions are numbered in their order")
    options = table["options"]
    if not isinstance(options, list) or not FEWEST_OPTIONS <= len(options) <= len(LETTERS):
        raise QuizError(f"{where}: there should be {FEWEST_OPTIONS} to {len(LETTERS)} options")
    offered = tuple(_option(option, letter, where) for option, letter in zip(options, LETTERS, strict=False))
    topic, text, proof = (_text(table, key, where) if key in table else "" for key in ("topic", "text", "proof"))
    question = Question(expected_id, topic, text, offered, proof)
    if not question.key:
        raise QuizError(f"{where}: no option is right")
    if len({option.text for option in question.options}) < len(question.options):
        raise QuizError(f"{where}: two options have the same text")
    return question


def _option(table: Any, letter: str, question: str) -> Option:
    where = f"{question}, option {letter}"
    _expect_keys(table, OPTION_KEYS, OPTION_KEYS, where)
    if table["letter"] != letter:
        raise QuizError(f"{where}: its letter is {table['letter']!r}, but the letters should go A, B, C … in order")
    if not isinstance(table["right"], bool):
        raise QuizError(f"{where}: 'right' should be true or false")
    return Option(letter, _text(table, "text", where), table["right"], _text(table, "why", where))


def _expect_keys(table: Any, known: set[str], required: set[str], where: str) -> None:
    if not isinstance(table, Mapping):
        raise QuizError(f"{where}: should be a table")
    if missing := sorted(required - table.keys()):
        raise QuizError(f"{where}: {missing[0]!r} is missing")
    if unknown := sorted(table.keys() - known):
        raise QuizError(f"{where}: {unknown[0]!r} is not a key of this table")


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise QuizError(f"{where}: {key!r} should be a text that is not empty")
    return value.strip()


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
