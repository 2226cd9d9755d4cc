"""Right answers with a bomb in the place of one part: every judge must give a verdict within limits, and not full marks.

Nor may what is told of hidden inputs repeat digits that student code has chosen.
"""

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.course.assignment import Assignment
from autograder.grading.execution import Execution
from autograder.grading.exercises import exercises_of
from autograder.grading.judge_process import TOO_LARGE, Allowance, JudgeFailed, judge_apart
from autograder.judging.exercise import Case, Exercise, Reply
from autograder.judging.verdict import State
from autograder.sandbox import Sandbox

ALLOWED = Allowance(memory=1 << 28)
"""What judging a bomb may use: a quarter of the memory, as bombs are a sixteenth of what fits through the sandbox's
wall, but all of the time, as processors that others use, too, take twice as long."""

BOMBS: dict[str, Any] = {
    **{"None": None, "True": True, "an empty list": [], "NaN": math.nan},
    **{"a number of 62 bits": (1 << 62) - 1, "a number of 4000 digits": 10**4000},
    **{"a number of 60000 digits in text": "9" * 60_000, "a huge exponent in text": "1e999999999"},
    **{"a deep list": json.loads("[" * 300 + "]" * 300), "a deep dict": json.loads('{"x":' * 300 + "0" + "}" * 300)},
    **{"a dict of many": {str(key): 0 for key in range(6000)}, "a list of many": [0.5] * 10_000},
    **{"a ragged list": [0, [0], [0, [0]]] * 2000, "a list's column": [[0]] * 10_000, "a list's row": [[0] * 20_000]},
    **{"a column": np.zeros((1 << 20, 1), np.uint8), "a row": np.zeros((1, 1 << 20), np.uint8)},
    **{"an array of 32 dimensions": np.ones((1,) * 32), "an array of nothing": np.zeros((0, 1 << 20))},
}

MARK = 7391
"""What student code writes into an answer, to read it on its feedback's page."""
MARKED = {"a marked text": lambda part: f"{MARK}", "marked numbers": lambda part: _marked(part)}
"""In place of a part."""


def _marked(part: Any) -> Any:
    """The part, its numbers multiplied and its keys longer."""
    if isinstance(part, dict):
        return {f"{key}{MARK}": _marked(each) for key, each in part.items()}
    if isinstance(part, list):
        return [_marked(each) for each in part]
    if isinstance(part, np.ndarray) and part.dtype.kind in "iu":
        return part.astype(np.int64) * MARK
    numbers = isinstance(part, int | float) and not isinstance(part, bool)
    return part * MARK if numbers or (isinstance(part, np.ndarray) and part.dtype.kind == "f") else part


def solved(
    assignment: Assignment, sandbox: Sandbox, only: str | None = None, seed: int = 0
) -> Iterator[tuple[Exercise, list[Case], list[Reply]]]:
    """The exercises, or one of them: each with cases and how the solution replies to them, from a real sandbox."""
    with Execution(sandbox, assignment.solution_notebook(), {}, assignment.defines, seed) as execution:
        execution.run()
        for exercise in exercises_of(assignment):
            if only in (None, exercise.id):
                cases = exercise.draw(np.random.default_rng(seed))
                calls = [(exercise.id, exercise.sent(each.inputs)) for each in cases]
                yield exercise, cases, execution.probe(calls, 60.0)


def bombed(value: Any, bomb: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """A right answer with a bomb in the place of one part, for each part of it; of those that look alike the first.

    A text of JSON has parts, too. What is right there is no bomb. One may be made of the part.
    """
    both = isinstance(bomb, int) and isinstance(value, int)
    right = bomb == value if both else bomb is BOMBS["an empty list"] and str(value) == "[]"
    if where and not right:
        yield where, bomb(value) if callable(bomb) else bomb
    if isinstance(value, dict):
        alike: set[str] = set()
        for key, part in value.items():
            if not where or _looks(part) not in alike:
                alike.add(_looks(part))
                yield from ((place, {**value, key: new}) for place, new in bombed(part, bomb, f"{where}/{key}"))
    elif isinstance(value, list) and value:
        yield from ((place, [new, *value[1:]]) for place, new in bombed(value[0], bomb, f"{where}/0"))
    elif isinstance(value, str) and value.startswith("{"):
        with suppress(ValueError):
            for place, new in bombed(json.loads(value), bomb, f"{where} in JSON"):
                yield place, json.dumps(new, default=lambda array: None)


def _looks(value: Any) -> str:
    if isinstance(value, dict):
        return str({key: _looks(part) for key, part in value.items()})
    return f"[{_looks(value[0])}]" if isinstance(value, list) and value else str(type(value))


def unendured(exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply]) -> tuple[int, list[str]]:
    """How many bombs were tried on an exercise's judge, and a line for each that it does not endure.

    Marks must depend on a part wherever they do so when it is None.
    """
    tried: dict[tuple[str, str], list[Reply]] = {}
    for name, bomb in (BOMBS | MARKED).items():
        for at, reply in enumerate(replies):
            for place, answer in bombed(reply.value, bomb):
                tried.setdefault((place, name), list(replies))[at] = replace(reply, value=answer)
    ids = {each: f"{exercise.id}: {each[1]} at {each[0]}" for each in tried}
    answers = {ids[each]: answer for each, answer in tried.items()}
    variants = [replace(exercise, id=name) for name in answers]
    try:
        judged = judge_apart(variants, dict.fromkeys(answers, cases), answers, dict.fromkeys(answers, 1.0), ALLOWED)
    except JudgeFailed as failure:
        return len(tried), [f"{exercise.id}: {failure}"]
    lines = []
    for (place, kind), name in ids.items():
        verdict, without = judged[name], ids.get((place, "None"), name)
        if verdict.messages == (TOO_LARGE,) or verdict.state is State.UNGRADABLE:
            lines.append(f"{name}: {verdict.messages[0]}")
        elif kind in MARKED:
            told = (f"{check.message} {check.mistake}" for check in verdict.checks if not check.quotes)
            lines += [f"{name}: repeats it: {words}" for words in told if f"{MARK}" in words]
        elif verdict.score == 1 > judged[without].score and all(
            a is not b for a, b, c in zip(answers[name], replies, answers[without], strict=True) if c is not b
        ):
            lines.append(f"{name}: full marks")
    return len(tried), lines
