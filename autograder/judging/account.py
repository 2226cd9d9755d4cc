"""Why an exercise has its marks: inputs, what came, what is right, and what each step of explaining said.

It tells hidden inputs: of what students read nothing comes from here.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.judging.diagnosis import (
    Explanations,
    Pair,
    complaint,
    concerns,
    explains,
    explanations,
    outputs_of,
    pairs_of,
)
from autograder.judging.exercise import Case, Check, Exercise, Outcome, Reply
from autograder.judging.judge import answers, judge, related

MOST = 1000
"""Entries of an array that are written out."""


def account(
    exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply], public: Sequence[Case], heard: Sequence[Reply]
) -> list[dict[str, Any]]:
    """For each check plain data: its result, its cases, and what each step of explaining said of one that fails.

    What was ``heard`` came back of the ``public`` inputs, of which the smallest example is one.
    """
    by_name = answers(exercise, cases, replies)
    results = {each.name: each for each in judge(exercise, cases, replies, 1.0).checks}
    if not results:
        return []
    rehearsed = judge(exercise, public, heard, 1.0, public=True).checks if heard else ()
    explained, told = explanations(exercise, by_name, results), []
    for check in exercise.checks:
        result, pairs = results[check.name], pairs_of(check, by_name)
        steps = {} if result.passed else _steps(explained, check, pairs)
        if not result.passed:
            example = next((each.message for each in rehearsed if each.name == check.name and not each.passed), "")
            steps["a public example"] = example or "it is right with all public inputs that were tried"
        told.append({**result.to_json(), "cases": [_case(check, *pair) for pair in pairs], "steps": steps})
    return told


def _case(check: Check, case: Case, reply: Reply) -> dict[str, Any]:
    oracle, fault = check.expected or check.example, complaint(check, case, reply)
    came: Any = reply.error or outputs_of(reply) or str(reply.outcome)
    answered = reply.outcome is Outcome.OK
    told = {"case": case.name, "wrong": fault.text if fault and answered else "" if answered else str(reply.outcome)}
    right = case.told(oracle) if oracle else None
    return told | {"inputs": written(case.inputs), "came": written(came), "expected": written(right)}


def _steps(explained: Explanations, check: Check, pairs: Sequence[Pair]) -> dict[str, str]:
    """What the known mistakes and the relations say of a check that fails, with the hidden inputs."""
    faults = [complaint(check, case, reply) for case, reply in pairs]
    if any(reply.outcome not in (Outcome.OK, Outcome.ERROR) for _, reply in pairs) or not any(faults):
        return {"known mistakes": "not tried: there is no answer, or the check fails for what it needs"}
    said = []
    for mistake in explained.mistakes:
        if concerns(mistake, check):
            fitting = sum(explains(mistake, check, *pair, fault) for pair, fault in zip(pairs, faults, strict=True))
            but = f", but “{explained.against[mistake]}” speaks against it" if mistake in explained.against else ""
            said.append((-fitting, f"{mistake.name} gives {fitting} of {len(pairs)} answers{but}"))
    words = related(check, pairs, [case for (case, _), fault in zip(pairs, faults, strict=True) if fault])
    known = "; ".join(text for fitting, text in sorted(said, key=lambda each: each[0]) if fitting)
    tried = f"{len(said)} tried; {known or 'none gives any of the answers'}" if said else "none is known of this check"
    return {"known mistakes": tried, "relations": words or "none of those that are looked for holds"}


def written(value: Any) -> Any:
    """A value as JSON values; a long array is cut, and its shape said."""

    def plain(each: Any) -> Any:
        if isinstance(each, np.ndarray) and each.size > MOST:
            return {"shape": list(each.shape), "first": each.ravel()[:20].tolist()}
        return each.tolist() if isinstance(each, np.ndarray | np.generic) else str(each)

    return json.loads(json.dumps(value, default=plain))
