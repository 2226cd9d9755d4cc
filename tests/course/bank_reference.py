"""Judge an implementation of one exercise in this process, by the real probe and judge, among the reference cells."""

import io
import linecache
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from functools import cache, partial
from importlib import import_module
from typing import Any

import jupytext
import numpy as np
import torch

from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.modules import judges
from autograder.judging.verdict import Verdict
from autograder.sandbox.inside import call
from autograder.sandbox.inside.plain import to_arrays, to_plain
from autograder.sandbox.inside.probe import Names
from autograder.verify.reference import definitions
from tests.places import COURSE

JUDGES = {name: judges(COURSE.judges(name)) for name in COURSE.assignments}
ASSIGNMENT = {exercise: name for name, found in JUDGES.items() for exercise in found}
"""Exercise id → its assignment; ids are unique over the whole course."""

BY_ID: dict[str, Exercise] = {exercise: judge for found in JUDGES.values() for exercise, judge in found.items()}
POINTS = 4.0
Tried = Callable[[str, str], Verdict]
"""An exercise's id and a source for its place → the verdict, from a real sandbox."""


@cache
def cells(assignment: str) -> tuple[tuple[str, str], ...]:
    """The solution's cells that define something, as (grade_id or "", source); of the given cells only definitions."""
    found = []
    for cell in jupytext.read(COURSE.instructors_source(assignment), fmt="py:percent").cells:
        if cell.cell_type != "code":
            continue
        tags = cell.metadata.get("nbgrader", {})
        if tags.get("solution") and tags["grade_id"] in BY_ID:
            found.append((tags["grade_id"], cell.source))
        else:
            found.append(("", definitions(cell.source)))
    return tuple(found)


@cache
def compiled(source: str) -> Any:
    """The cell's code; like IPython, keep its text where ``inspect`` looks for it."""
    name = f"<cell {compiled.cache_info().currsize}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return compile(source, name, "exec")


def namespace(assignment: str, replaced: Mapping[str, str]) -> dict[str, Any]:
    """What a notebook would have defined, with other sources in place of some exercises' cells."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for grade_id, own in cells(assignment):
        exec(compiled(replaced.get(grade_id, own)), names)
    return names


def ask(exercise: Exercise, names: dict[str, Any], cases: list[Case]) -> list[Reply]:
    """The probe's replies, as the sandbox would send them."""
    probe, source = _probe(exercise.id)
    replies = []
    for case in cases:
        sent, asked = exercise.sent(case.inputs), list[Any]()
        inputs = _copy({**sent, "host": partial(_noted, sent.get("host"), asked)})
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                given = Names(to_plain(source(Names(names)))) if source else Names(names)
                outputs = probe(given, to_arrays(inputs, tensors=True))
            replies.append(Reply(Outcome.OK, value=to_plain(outputs) | ({"asked": asked} if exercise.host else {})))
        except Exception as error:
            described = {"type": type(error).__name__, "message": str(error), "where": ""}
            replies.append(Reply(Outcome.ERROR, error=described))
    return replies


def _noted(host: Any, asked: list[Any], question: Any) -> Any:
    asked.append(deepcopy(to_plain(question)))  # as it was when it was sent
    return host(asked[-1])


def _probe(exercise: str) -> tuple[Callable[..., Any], Callable[..., Any] | None]:
    """The exercise's probe, and what takes out for it what it is called with apart, if there is such a thing."""
    if BY_ID[exercise].plain_call:
        return call.probe, None
    module = import_module(f"solutions.{ASSIGNMENT[exercise]}.probes.{exercise}")
    return module.probe, getattr(module, "source", None)


def _copy(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _copy(value) for key, value in tree.items()}
    return [_copy(value) for value in tree] if isinstance(tree, list | tuple) else tree


def verdict(exercise_id: str, replaced: Mapping[str, str], seed: int) -> Verdict:
    """The verdict on one exercise with the cases of a seed, in a notebook where some exercises' cells are replaced."""
    torch.manual_seed(seed)
    exercise = BY_ID[exercise_id]
    cases = exercise.draw(np.random.default_rng(seed))
    return judge(exercise, cases, ask(exercise, namespace(ASSIGNMENT[exercise_id], replaced), cases), POINTS)
