"""hw14, regularisation methods against forgetting: its exercises in the notebook's order."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from autograder.exercise import Exercise

MODULES = ("permutation", "metrics", "penalty", "ewc", "mas", "si", "rwalk", "scp")


def _exercises() -> tuple[Exercise, ...]:
    found = []
    for module in MODULES:
        if find_spec(f"{__name__}.{module}") is not None:
            found.append(import_module(f"{__name__}.{module}").EXERCISE)
    return tuple(found)


EXERCISES: tuple[Exercise, ...] = _exercises()
"""Every exercise of the assignment that is judged by running code."""
