"""How far a homework is: a row for each exercise, green, red or not tried, and how much of the quiz is answered."""

import html
import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from lifelong.checks.failure import CheckFailed
from lifelong.checks.outcome import OUTCOMES, State, stale
from lifelong.checks.quiz import LETTERS, chosen_letters
from lifelong.checks.shown import show, watched

WORDS = {State.GREEN: "all is well", State.RED: "its check is not content", State.UNWRITTEN: "not written yet"}
UNTRIED = "–"


class Row(NamedTuple):
    """A line of the table.

    Attributes:
        sign: ✓, ✗, … or –.
        what: an exercise, or the quiz.
        points: what it is worth.
        words: how it is.
    """

    sign: str
    what: str
    points: str
    words: str


def progress() -> None:
    """Show what the checks of this homework said last, what is stale of that, and what of the quiz is open.

    A grader, which gives the marks themselves, is shown nothing.
    """
    caller = sys._getframe(1)
    if "NBGRADER_EXECUTION" in os.environ:
        return
    rows, total = table({**caller.f_globals, **caller.f_locals})
    text = "\n".join([*(f"{row.sign}  {row.what:20} {row.points:>10}   {row.words}" for row in rows), total])
    cell = '<td style="text-align: left">'
    body = "".join(f"<tr>{''.join(f'{cell}{html.escape(each)}</td>' for each in row)}</tr>" for row in rows)
    show(f"<table>{body}</table><p>{html.escape(total)}</p>", text) if watched() else print(text)


def table(names: Mapping[str, Any]) -> tuple[list[Row], str]:
    """The rows, and a sentence with the sums.

    Args:
        names: the notebook's; EXERCISES says which exercises there are: id → points.
    """
    points: Mapping[str, float] = names.get("EXERCISES", {})
    asked = [each for each in points if not each.startswith("quiz-")]
    quiz = [each for each in points if each not in asked]
    rows = [_row(each, points[each], names) for each in asked]
    green = sum(points[each] for each, row in zip(asked, rows, strict=True) if row.sign == State.GREEN.value)
    total = f"Green: {green:g} of {sum(points[each] for each in asked):g} points. Checks try small examples; marks come from other inputs."
    if quiz:
        waiting = [each for each in quiz if not _answered(each, names)]
        done = f"{len(quiz) - len(waiting)} of {len(quiz)} answered"
        numbers = ", ".join(each.removeprefix("quiz-").lstrip("0") for each in waiting)
        words = f"{done}; open: {numbers}" if waiting else done
        sign = UNTRIED if waiting else State.GREEN.value
        rows.append(Row(sign, "quiz", _points(sum(points[each] for each in quiz)), words))
    return rows, total


def _row(exercise: str, points: float, names: Mapping[str, Any]) -> Row:
    """How an exercise is; one whose check has spoken of other code is not tried."""
    if exercise not in OUTCOMES:
        return Row(UNTRIED, exercise, _points(points), f'not tried: run check("{exercise}")')
    why, state = stale(exercise, names), OUTCOMES[exercise].state
    return Row(UNTRIED if why else state.value, exercise, _points(points), why or WORDS[state])


def _points(value: float) -> str:
    return f"{value:g} point{'s' * (value != 1)}"


def _answered(question: str, names: Mapping[str, Any]) -> bool:
    variable = question.replace("-", "_")
    try:
        return bool(chosen_letters(names.get(variable, LETTERS[:0]), variable))
    except CheckFailed:
        return False
