"""How far a homework is: a row for each exercise, green, red or not tried, and how much of the quiz is answered."""

import html
import os
import sys
from collections.abc import Mapping
from typing import Any

from lifelong.checks.failure import CheckFailed
from lifelong.checks.language import told
from lifelong.checks.outcomes import GREEN, OUTCOMES, RECORDED, RED, UNWRITTEN, stale
from lifelong.checks.quiz import chosen_letters
from lifelong.checks.shown import CRASHED, show, watched

WORDS = {GREEN: "all is well", RED: "its check is not content", UNWRITTEN: "not written yet"}
WORDS[RECORDED] = "recorded; only the marks will say whether it is right"
UNTRIED = "–"

Row = tuple[str, str, str, str]
"""✓, •, ✗, … or –; an exercise or the quiz; what it is worth; how it is."""


def progress() -> None:
    """Show what the checks said last, what of that is stale, and what of the quiz is open; to a grader nothing."""
    caller = sys._getframe(1)
    if "NBGRADER_EXECUTION" in os.environ:
        return
    rows, total = table({**caller.f_globals, **caller.f_locals})
    rows, total = [(sign, what, told(points), told(words)) for sign, what, points, words in rows], told(total)
    text = "\n".join([*(f"{sign}  {what:20} {points:>9}   {words}" for sign, what, points, words in rows), total])
    cells = ("".join(f'<td style="text-align: left">{html.escape(each)}</td>' for each in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    show(f"<table>{body}</table><p>{html.escape(total)}</p>", text) if watched() else print(text)


def table(names: Mapping[str, Any]) -> tuple[list[Row], str]:
    """The rows, and a sentence with the sum; the notebook's EXERCISES says which there are, id → points."""
    points: Mapping[str, float] = names.get("EXERCISES", {})
    quiz = [each for each in points if each.startswith("quiz-")]
    rows = [_row(each, points[each], names) for each in points if each not in quiz]
    green = sum(points[exercise] for sign, exercise, *_ in rows if sign == GREEN)
    enough = names.get("ENOUGH")
    counts = f", of which {enough:g} are full marks: {min(green, enough):g} count" if enough else ""
    total = f"Passed: {green:g} of {sum(points[row[1]] for row in rows):g} points{counts}. Checks try small examples; marks come from other inputs."
    if why := stale("training", names, "the training cells"):
        rows.append((UNTRIED, "training", "", why))
    if quiz:
        waiting = [each for each in quiz if not _answered(each.replace("-", "_"), names)]
        numbers = ", ".join(each.removeprefix("quiz-").lstrip("0") for each in waiting)
        words = f"{len(quiz) - len(waiting)} of {len(quiz)} answered" + f"; open: {numbers}" * bool(waiting)
        rows.append((UNTRIED if waiting else RECORDED, "quiz", _worth(sum(points[each] for each in quiz)), words))
    return rows, total


def _worth(points: float) -> str:
    return f"{points:g}\N{NO-BREAK SPACE}point{'s' * (points != 1)}"


def _row(exercise: str, points: float, names: Mapping[str, Any]) -> Row:
    """How an exercise is; one whose check has spoken of other code counts as not tried."""
    if exercise in CRASHED:
        return RED, exercise, _worth(points), CRASHED[exercise]
    sign = OUTCOMES.get(exercise, UNTRIED)
    call = f'check("{exercise}")'
    why = stale(exercise, names, call) if exercise in OUTCOMES else f"not tried: run {call}"
    return UNTRIED if why else sign, exercise, _worth(points), why or WORDS[sign]


def _answered(variable: str, names: Mapping[str, Any]) -> bool:
    try:
        return bool(chosen_letters(names.get(variable, ""), variable))
    except CheckFailed:
        return False
