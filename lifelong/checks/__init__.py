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

from lifelong.checks.failure import CheckFailed, unfinished, unwritten_function
from lifelong.checks.quiz import recorded


def exercises() -> list[str]:
    """The ids of all exercises that have a check, sorted; no check is imported for it."""
    modules = sorted(Path(__file__).parent.glob("[!_]*.py"))
    return [path.stem for path in modules if re.search(r"^def check\(", path.read_text(encoding="utf-8"), re.M)]


def check(exercise: str, *, quiet: bool = False) -> None:
    """Try what the notebook defines for an exercise on small examples, and print one line if all is well.

    Args:
        exercise: the id in the exercise's first line, e.g. ``"ewc"`` or ``"quiz-05"``.
        quiet: print nothing if all is well.

    Raises:
        CheckFailed: with what was expected of which input, and what was received.
        NotImplementedError: if the exercise has not been written yet.
        ValueError: if there is no exercise of that id.
    """
    caller = sys._getframe(1)
    names = {**caller.f_globals, **caller.f_locals}
    holds = recorded(names, exercise) if re.fullmatch(r"quiz-\d\d", exercise) else outcome(names, exercise)
    if not quiet:
        print(f"✓ {exercise}: {holds}")


def outcome(names: Mapping[str, Any], exercise: str) -> str:
    """What holds of an exercise, in a few words; torch's random numbers go on afterwards as if it had not been tried.

    Args:
        names: the names that the notebook defines.
        exercise: its id, e.g. ``"ewc"``.

    Raises:
        CheckFailed, NotImplementedError, ValueError: as ``check`` raises them.
    """
    known = exercises()
    if exercise not in known:
        raise ValueError(f"There is no exercise {exercise!r}; there are {', '.join(known)} and quiz-01, quiz-02, …")
    module = importlib.import_module(f"lifelong.checks.{exercise}")
    state = torch.random.get_rng_state()
    try:
        holds: str = module.check(names)
    except NotImplementedError as error:
        raise unfinished(f"{exercise}: `{unwritten_function(error)}` is not written yet.") from None
    finally:
        torch.random.set_rng_state(state)
    return holds
