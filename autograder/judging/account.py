"""Why an exercise has its marks: inputs, what came, what is right, and what each step of explaining said.

It tells hidden inputs: of what students read nothing comes from here.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.judging.complaint import outputs_of
from autograder.judging.diagnosis import Explanations, explanations
from autograder.judging.evidence import Evidence, concerns, gathered
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.unexplained import related

MOST = 1000
"""Entries of an array that are written out."""


def account(
    exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply], public: Sequence[Case], heard: Sequence[Reply]
) -> list[dict[str, Any]]:
    """For each check plain data: its result, its cases, and what each step of explaining said of one that fails.

    What was ``heard`` came back of the ``public`` inputs, of which the smallest example is one.
    """
    results = {each.name: each for each in judge(exercise, cases, replies, 1.0).checks}
    if not results:
        return []
    rehearsed = judge(exercise, public, heard, 1.0, public=True).checks if heard else ()
    explained, told = explanations(exercise, gathered(exercise, cases, replies), results), []
    for each in explained.evidence:
        result = results[each.check.name]
        steps = {} if result.passed else _steps(explained, each)
        if not result.passed:
            example = next((one.message for one in rehearsed if one.name == result.name and not one.passed), "")
            steps["a public example"] = example or "it is right with all public inputs that were tried"
        told.append({**result.to_json(), "cases": _cases(each), "steps": steps})
    return told


def _cases(evidence: Evidence) -> list[dict[str, Any]]:
    """Of each case what was given, what came, what is right, and what is wrong."""
    told = []
    for (case, reply), fault in zip(evidence.pairs, evidence.faults, strict=True):
        came: Any = reply.error or outputs_of(reply) or str(reply.outcome)
        wrong = str(reply.outcome) if reply.outcome is not Outcome.OK else fault.text if fault else ""
        right = case.told(evidence.known) if evidence.known else None
        row = {"case": case.name, "wrong": wrong, "inputs": written(case.inputs)}
        told.append({**row, "came": written(came), "expected": written(right)})
    return told


def _steps(explained: Explanations, evidence: Evidence) -> dict[str, str]:
    """What the known mistakes and the relations say of a check that fails, with the hidden inputs."""
    if not evidence.has_only(Outcome.OK, Outcome.ERROR) or not any(evidence.faults):
        return {"known mistakes": "not tried: there is no answer, or the check fails for what it needs"}
    said = []
    for mistake in explained.mistakes:
        if concerns(mistake, evidence.check):
            fitting = sum(evidence.given_by(mistake))
            objection = explained.against.get(mistake)
            but = f", but “{objection.check}” speaks against it" if objection else ""
            said.append((-fitting, f"{mistake.name} gives {fitting} of {len(evidence.pairs)} answers{but}"))
    words = related(evidence)
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
