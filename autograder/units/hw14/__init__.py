"""hw14, regularisation methods against forgetting: its exercises in the notebook's order (the quiz is in a file)."""

from __future__ import annotations

from autograder.exercise import Exercise
from autograder.units.hw14 import ewc, mas, metrics, penalty, permutation, rwalk, scp, si

EXERCISES: tuple[Exercise, ...] = tuple(
    module.EXERCISE for module in (permutation, metrics, penalty, ewc, mas, si, rwalk, scp)
)
"""Every exercise of the assignment that is judged by running code."""
