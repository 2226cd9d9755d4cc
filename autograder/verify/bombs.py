"""Right answers with a bomb in the place of one part: every judge must give a verdict within limits, and not full marks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
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

ALLOWED = Allowance(memory=1 << 28, cpu_seconds=2.0)
"""What judging a bomb may use: bombs are a sixteenth of what fits through the sandbox's wall."""


def _deep(bracket: Any) -> Any:
    value: Any = 0
    for _ in range(300):
        value = bracket(value)
    return value


BOMBS: dict[str, Any] = {
    "None": None,
    "True": True,
    "an empty list": [],
    "NaN": math.nan,
    "a number of 62 bits": (1 << 62) - 1,
    "a number of 4000 digits": 10**4000,
    "a number of 60000 digits in text": "9" * 60_000,
    "a huge exponent in text": "1e999999999",
    "a deep list": _deep(lambda inner: [inner]),
    "a deep dict": _deep(lambda inner: {"x": inner}),
    "a dict of many": {str(key): 0 for key in range(6000)},
    "a list of many": [0.5] * 10_000,
    "a ragged list": [0, [0], [0, [0]]] * 2000,
    "a list's column": [[0]] * 10_000,
    "a list's row": [[0] * 20_000],
    "a column": np.zeros((1 << 20, 1), np.uint8),
    "a row": np.zeros((1, 1 << 20), np.uint8),
    "an array of 32 dimensions": np.ones((1,) * 32),
    "an array of nothing": np.zeros((0, 1 << 20)),
}

Path = tuple[str | int, ...]
"""Keys of dicts and places in lists; JSON for what a text of JSON holds."""

JSON = -1


def solved(
    assignment: Assignment, sandbox: Sandbox, only: str | None = None, seed: int = 0
) -> Iterator[tuple[Exercise, list[Case], list[Reply]]]:
    """The exercises, or one of them: each with cases and how the solution replies to them, from a real sandbox."""
    with Execution(sandbox, assignment.solution_notebook(), {}, assignment.defines, seed) as execution:
        execution.run()
        for exercise in exercises_of(assignment):
            if only in (None, exercise.id):
                cases = exercise.draw(np.random.default_rng(seed))
                yield exercise, cases, execution.probe([(exercise.id, case.inputs) for case in cases], 60.0)


def parts(value: Any, above: Path = ()) -> dict[Path, Any]:
    """The parts of an answer by where they are; of those within one part that look alike, the first."""
    inner = {JSON: json.loads(value)} if isinstance(value, str) and value[:1] in ("{", "[") else value
    entries = enumerate(inner[:1]) if isinstance(inner, list) else inner.items() if isinstance(inner, dict) else ()
    found: dict[Path, Any] = {}
    alike: set[str] = set()
    for key, part in entries:
        below = parts(part, (*above, key))
        looks = f"{type(part)} {[path[len(above) + 1 :] for path in below]}"
        if not above or looks not in alike:
            found |= {(*above, key): part, **below}
        alike.add(looks)
    return found


def bombed(value: Any, path: Path, bomb: Any) -> Any:
    """An answer with a bomb in this place; as it is where it has no such place."""
    if not path:
        return bomb
    key, rest = path[0], path[1:]
    if key == JSON and isinstance(value, str):
        return json.dumps(bombed(json.loads(value), rest, bomb), default=lambda array: None)  # which is no JSON
    if (isinstance(value, dict) and key in value) or (isinstance(value, list) and value and key == 0):
        copy: Any = value.copy()
        copy[key] = bombed(copy[key], rest, bomb)
        return copy
    return value


def _says_the_same(bomb: Any, part: Any) -> bool:
    """Whether a bomb is what is right there, or as true as the 1 of a switch."""
    switch = isinstance(bomb, int | float) and type(part) is int and part == 1
    return switch or (type(bomb) is type(part) and str(bomb) == str(part))


def unendured(exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply]) -> tuple[int, list[str]]:
    """How many bombs were tried on an exercise's judge, and a line for each that it does not endure.

    No marks depend on a part that may be None.
    """
    found: dict[Path, Any] = {}
    for reply in replies:
        found = parts(reply.value) | found
    asked = {
        (path, name): [replace(reply, value=bombed(reply.value, path, bomb)) for reply in replies]
        for path in found
        for name, bomb in BOMBS.items()
    }
    names = {each: f"{exercise.id}: {each[1]} at {'/'.join(map(str, each[0]))}" for each in asked}
    variants = [replace(exercise, id=name) for name in names.values()]
    answers = {names[each]: answer for each, answer in asked.items()}
    try:
        judged = judge_apart(
            variants, dict.fromkeys(answers, cases), answers, dict.fromkeys(answers, 1.0), allowance=ALLOWED
        )
    except JudgeFailed as failure:
        return len(asked), [f"{exercise.id}: {failure}"]
    lines = []
    for (path, name), told in names.items():
        verdict, bomb = judged[told], BOMBS[name]
        if verdict.messages == (TOO_LARGE,) or verdict.state is State.UNGRADABLE:
            lines.append(f"{told}: {verdict.messages[0]}")
        elif verdict.state is State.CORRECT and judged[names[path, "None"]].state is not State.CORRECT:
            lines += [] if _says_the_same(bomb, found[path]) else [f"{told}: full marks"]
    return len(asked), lines
