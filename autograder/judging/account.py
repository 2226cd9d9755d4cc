"""Why an exercise has its marks: inputs, what came, what is right, and what each step of explaining said.

It tells hidden inputs: of what students read nothing comes from here.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.judging.complaint import complaint, outputs_of
from autograder.judging.diagnosis import Explanations, explanations
from autograder.judging.evidence import Evidence, concerns
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
    for each in explained.evidence:
        check, result = each.check, results[each.check.name]
        steps = {} if result.passed else _steps(explained, each)
        if not result.passed:
            example = next((one.message for one in rehearsed if one.name == check.name and not one.passed), "")
            steps["a public example"] = example or "it is right with all public inputs that were tried"
        told.append({**result.to_json(), "cases": [_case(check, *pair) for pair in each.pairs], "steps": steps})
    return told


def _case(check: Check, case: Case, reply: Reply) -> dict[str, Any]:
    oracle, fault = check.expected or check.example, complaint(check, case, reply)
    came: Any = reply.error or outputs_of(reply) or str(reply.outcome)
    answered = reply.outcome is Outcome.OK
    told = {"case": case.name, "wrong": fault.text if fault and answered else "" if answered else str(reply.outcome)}
    right = case.told(oracle) if oracle else None
    return told | {"inputs": written(case.inputs), "came": written(came), "expected": written(right)}


def _steps(explained: Explanations, evidence: Evidence) -> dict[str, str]:
    """What the known mistakes and the relations say of a check that fails, with the hidden inputs."""
    check, pairs = evidence.check, evidence.pairs
    if not evidence.has_only(Outcome.OK, Outcome.ERROR) or not any(evidence.faults):
        return {"known mistakes": "not tried: there is no answer, or the check fails for what it needs"}
    said = []
    for mistake in explained.mistakes:
        if concerns(mistake, check):
            fitting = sum(evidence.given_by(mistake))
            objection = explained.against.get(mistake)
            but = f", but “{objection.check}” speaks against it" if objection else ""
            said.append((-fitting, f"{mistake.name} gives {fitting} of {len(pairs)} answers{but}"))
    words = related(check, pairs, [case for (case, _), fault in zip(pairs, evidence.faults, strict=True) if fault])
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
