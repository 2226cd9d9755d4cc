"""finite_differences, from the secant to a gradient checker: its exercises in the notebook's order."""

from __future__ import annotations

from autograder.exercise import Exercise
from autograder.units.finite_differences import (
    best_h,
    complex_step,
    gradcheck,
    gradient,
    remainder,
    richardson,
    schemes,
    stencil,
)

EXERCISES: tuple[Exercise, ...] = tuple(
    module.EXERCISE for module in (schemes, best_h, remainder, stencil, richardson, gradient, complex_step, gradcheck)
)
"""Every exercise of the assignment that is judged by running code."""
