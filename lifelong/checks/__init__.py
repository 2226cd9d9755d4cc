"""Public checks: `check("ewc")` tells a student within a second what an exercise does not do yet.

The check of an exercise is the function ``check`` of the module here that has the exercise's id as its name; a module
without one holds what several checks share. Checks hold examples worked out by hand, never an implementation of an
answer; the marks come from other inputs.
"""

import importlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from lifelong.checks.crash import crashed, unwritten_function
from lifelong.checks.failure import CheckFailed, NotYet, Unfinished, UnknownExercise, meant
from lifelong.checks.language import told
from lifelong.checks.outcomes import CELLS, GREEN, OUTCOMES, RECORDED, Recorded
from lifelong.checks.quiz import recorded
from lifelong.checks.shown import CRASHED, show_box, watched
from lifelong.checks.time_limit import SECONDS, OutOfTime, time_limit


def exercises() -> list[str]:
    """The ids of all exercises that have a check, sorted; no check is imported for it."""
    modules = sorted(Path(__file__).parent.glob("[!_]*.py"))
    return [path.stem for path in modules if re.search(r"^def check\(", path.read_text(encoding="utf-8"), re.M)]


def check(exercise: str, *, quiet: bool = False) -> None:
    """Try what the notebook defines for an exercise on small examples, and say in one line what came of it.

    In a notebook that somebody looks at, an exercise that is not right yet is a box in the output, and the next cell
    runs.

    Args:
        exercise: the id in the exercise's first line, e.g. ``"ewc"`` or ``"quiz-05"``.
        quiet: print nothing if all is well, and raise in a notebook, too.

    Raises:
        CheckFailed: with what was expected of which input, and what was received; or that it crashed, and where.
        NotImplementedError: if the exercise has not been written yet.
        ValueError: if there is no exercise of that id.
    """
    caller = sys._getframe(1)
    names = {**caller.f_globals, **caller.f_locals}
    try:
        if exercise in CRASHED:  # what the notebook still holds is of an earlier run
            raise CheckFailed(f"{exercise}: {CRASHED[exercise]}")
        holds = recorded(names, exercise) if re.fullmatch(r"quiz-\d\d", exercise) else outcome(names, exercise)
    except NotYet as said:
        if quiet or not watched():
            raise
        show_box(said._render_traceback_()[0])
        return
    if not quiet:
        print(told(f"{_sign(holds)} {exercise}: {holds}"))


def outcome(names: Mapping[str, Any], exercise: str) -> str:
    """What holds of an exercise, in a few words; torch's random numbers go on afterwards as if it had not been tried.

    Raises:
        CheckFailed, NotImplementedError, ValueError: as ``check`` raises them.
    """
    if exercise not in exercises():
        raise UnknownExercise(_unknown(exercise, names))
    CELLS[exercise] = {}
    try:
        holds = _tried(names, exercise)
    except NotYet as said:
        OUTCOMES[exercise] = said.sign
        raise
    OUTCOMES[exercise] = _sign(holds)
    return holds


def _sign(holds: str) -> str:
    return RECORDED if isinstance(holds, Recorded) else GREEN


def _tried(names: Mapping[str, Any], exercise: str) -> str:
    """What an exercise's check says; whatever else the student's code raises becomes one sentence, too."""
    module = importlib.import_module(f"lifelong.checks.{exercise}")
    random = torch.random.get_rng_state()
    try:
        with time_limit(SECONDS):
            holds: str = module.check(names)
    except CheckFailed:
        raise
    except OutOfTime as late:
        late_words = f"did not finish in time ({SECONDS:.0f} s): look for a loop that never ends"
        raise CheckFailed(f"{exercise}: {crashed(late, late_words)}") from None
    except KeyboardInterrupt as stop:
        said = f"✗ {exercise}: {crashed(stop, 'was interrupted')}"
        stop._render_traceback_ = lambda *_: [told(said)]  # type: ignore[attr-defined]
        raise
    except BaseException as error:  # SystemExit included
        unwritten = unwritten_function(error) if isinstance(error, NotImplementedError) else ""
        if unwritten:
            raise Unfinished(f"{exercise}: `{unwritten}` is not written yet.") from None
        raise CheckFailed(f"{exercise}: {crashed(error)}") from None
    finally:
        torch.random.set_rng_state(random)
    return holds


def _unknown(exercise: str, names: Mapping[str, Any]) -> str:
    """That there is no such exercise, which one is meant, and which there are where the homework says so."""
    own = list(names.get("EXERCISES", ()))
    quiz = [each for each in own if each.startswith("quiz-")]
    listed = [each for each in own if each not in quiz] + ([f"{quiz[0]} … {quiz[-1]}"] if quiz else [])
    there = f" There are {', '.join(listed)}." if listed else ""
    return f"There is no exercise {exercise!r}.{meant(exercise, own or exercises())}{there}"
