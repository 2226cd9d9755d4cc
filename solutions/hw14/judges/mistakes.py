"""Known mistakes, in one statement each where the wrong formula is one expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder import judging
from autograder.judging.exercise import Oracle


@dataclass(frozen=True)
class Unsaid:
    """A mistake that lacks what the student is told."""

    mistakes: Mistakes
    name: str
    oracle: Oracle
    checks: tuple[str, ...]

    def says(self, message: str) -> None:
        """Add the mistake with its message."""
        self.mistakes.add(judging.Mistake(self.name, message, self.oracle, self.checks))


class Mistakes(judging.Mistakes):
    """Collects the mistakes of an exercise, as decorated functions or by ``named(…).says(…)``."""

    def named(self, name: str, wrong: Any, *checks: str) -> Unsaid:
        """A mistake by its id, what it replaces the right formula with, and the checks that it can explain."""
        return Unsaid(self, name, self._oracle(wrong), checks)
