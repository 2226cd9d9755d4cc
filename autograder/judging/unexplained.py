"""What is told of a check whose answers no known mistake explains: what relates them to the right ones, and an example."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.judging.answer import leaves
from autograder.judging.compare import ANSWER, NOT_RIGHT, Difference, differences, spoken
from autograder.judging.complaint import outputs_of
from autograder.judging.evidence import Evidence
from autograder.judging.example import example, given, size
from autograder.judging.exercise import Case, Exercise, Oracle, Outcome, Reply
from autograder.judging.relations import SOME, Wrong, is_name, numbers, relation, reshaped
from autograder.judging.suspects import PLENTY, telling
from autograder.judging.verdict import LONGEST_MESSAGE, CheckResult

SHOWN = ("type", "shape", "finite", "value")
"""The kinds of difference in which there are two answers to show."""

BEFORE = "the answer of the call before"


def named_by_relation(evidence: Evidence, result: CheckResult) -> CheckResult:
    """A result that no mistake explains, named after what relates all wrong answers to the right ones, if that says it."""
    if result.passed or evidence.known is None or not evidence.has_only(Outcome.OK):
        return result
    words = _relation(evidence, evidence.known)[1]
    worth = sum(telling(case.told(evidence.known)) for case, _ in evidence.pairs)
    return replace(result, mistake=words.rstrip("."), quotes=True) if is_name(words) and worth >= PLENTY else result


def shown(exercise: Exercise, evidence: Evidence, result: CheckResult) -> CheckResult:
    """A result that no known mistake explains, with what relates all wrong answers to the right ones, and the smallest."""
    answered = evidence.has_only(Outcome.OK, Outcome.ERROR)  # how else it ended has been told
    if result.passed or not answered or (result.mistake and not result.quotes):
        return result
    found = zip(evidence.pairs, evidence.faults, strict=True)
    wrong = [(case, reply, fault) for (case, reply), fault in found if fault]
    if not wrong:
        return result
    case, reply, fault = min(reversed(wrong), key=lambda each: (not each[1].error, size(each[0].inputs)))
    if not reply.error and fault.mistake:
        return result
    try:
        if reply.error:
            about = given(exercise, case.inputs)
            said = [f"{result.message}; for example {about}." if about else result.message]
        else:
            own = "" if fault.text.endswith(NOT_RIGHT) else fault.text
            said = [f"{result.title}:", related(evidence) or own, _example(exercise, evidence, case, reply)]
    except MemoryError:
        raise
    except Exception:  # the outputs come from untrusted code, and may be anything
        return result
    return replace(result, message=" ".join(filter(None, said))[:LONGEST_MESSAGE])


def related(evidence: Evidence) -> str:
    """What relates the first output that is wrong to the right one, in all wrong cases; a sentence, or nothing."""
    subject, words = _relation(evidence, evidence.known) if evidence.known else ("", "")
    return f"{subject} {words}" if words else ""


def _example(exercise: Exercise, evidence: Evidence, case: Case, reply: Reply) -> str:
    """The first difference of an answer from the right one, where there are two answers to show."""
    found = next(_differences(evidence, evidence.known, case, reply), None) if evidence.known else None
    return example(exercise, evidence.known, case, found) if evidence.known and found and found.kind in SHOWN else ""


def _differences(evidence: Evidence, known: Oracle, case: Case, reply: Reply) -> Iterator[Difference]:
    """Where an answer differs from the right one."""
    check = evidence.check
    finest = check.accepted if check.expected else check.recognised
    return differences(case.told(known), outputs_of(reply), finest)


def _relation(evidence: Evidence, known: Oracle) -> tuple[str, str]:
    """Which output it is of, and the relation's words; nothing where the outputs make that fail."""
    try:
        return _found_relation(evidence, known)
    except MemoryError:
        raise
    except Exception:  # the outputs come from untrusted code, and may be anything
        return "", ""


def _found_relation(evidence: Evidence, known: Oracle) -> tuple[str, str]:
    """The same, of outputs that are what they seem."""
    likeness = evidence.check.recognised
    found, every, name, before, parts = list[Wrong](), list[Wrong](), "", dict[str, Any](), 0
    for (case, reply), fault in zip(evidence.pairs, evidence.faults, strict=True):
        right = case.told(known)
        differing = [*_differences(evidence, known, case, reply)] if fault else []
        name = name or next((each.where.split("[")[0] for each in differing), "")
        parts += len(leaves(right.get(name))) if differing else 0
        for each in differing:
            if each.where.split("[")[0] == name:
                if each.kind == "shape" and (words := reshaped(each.right, np.asarray(each.got), likeness)):
                    return ANSWER if len(right) == 1 else spoken(name), words
                if each.kind != "value" or not isinstance(each.right, np.ndarray):
                    return "", ""
                others = {**right, BEFORE: before.get(name)}
                found.append(Wrong(each.right, each.got, likeness, case.inputs, others))
        before = {**right}
    for case, reply in evidence.pairs if name else ():
        whole, got = numbers(case.told(known).get(name)), numbers(outputs_of(reply).get(name))
        if whole is not None and got is not None and whole.shape == got.shape and np.isfinite(got).all():
            every.append(Wrong(whole, got, likeness, case.inputs, {}))
    words, subject = relation(found, every), ANSWER if len(before) == 1 else spoken(name)
    if len(found) < parts and words.startswith("is right"):
        words = f"{SOME}."
    elif len(found) < parts:
        subject = f"what is wrong of {subject}"
    return subject, words
