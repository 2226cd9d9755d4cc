"""The probes of hw14: how each exercise's student code is driven with a case's inputs. They run inside the sandbox.

A probe is a module of the exercise's name with ``probe(names, inputs) -> outputs``. It is imported when it is first
called, so that one exercise's probe costs and breaks no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Probe = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]

EXERCISES = ("permutation", "metrics", "penalty", "ewc", "mas", "si", "rwalk", "scp")
QUIZ = tuple(f"quiz-{number:02d}" for number in range(1, 26))


def _probe_of(module: str) -> Probe:
    def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = import_module(f".{module}", __package__).probe(names, inputs)
        return result

    return probe


PROBES: dict[str, Probe] = {exercise: _probe_of(exercise) for exercise in EXERCISES} | {
    question: _probe_of("quiz") for question in QUIZ
}
"""By exercise id: the student's namespace and a case's inputs (tensors for arrays) → outputs."""
