"""Judge one exercise: from the replies of the sandbox to a verdict. Trusted, pure, and blind to solutions."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.judging.compare import ANSWER, NOT_RIGHT, Difference, Excused, compare, differences, spoken
from autograder.judging.example import example, given, size
from autograder.judging.exercise import CHANGED, CHANGED_TOLD, Case, Check, Exercise, Mistake, Outcome, Reply, Tree
from autograder.judging.relations import Wrong, relation
from autograder.judging.verdict import CheckResult, State, Verdict

FAILURES = {
    Outcome.TIMEOUT: (State.TIMEOUT, "Your code did not finish in time: look for a loop that never ends."),
    Outcome.MEMORY: (
        State.MEMORY,
        "Your code ran out of memory: look for a tensor that grows, or a graph that is kept.",
    ),
    Outcome.DIED: (State.ERROR, "Your code ended the Python process."),
}

LONGEST_ERROR, LONGEST_MESSAGE = 300, 500
"""Characters of a student's error message that are repeated in the feedback, and of any message."""

NUMBERS = re.compile(r"(?<=0x)[0-9a-fA-F]{6,}|\d*\.\d+(?:[eE][-+]?\d+)?|\d{5,}")
"""Numbers that an error message might repeat of the hidden inputs, and addresses, which are others in every run; shapes and indices are short integers."""

NO_GPU = "there is no GPU while this is graded: take cuda only where torch.cuda.is_available(), or the device of what you are given"

SHOWN = ("type", "shape", "finite", "value")
"""The kinds of difference in which there are two answers to show."""

BEFORE = "the answer of the call before"

UNCHANGED = CheckResult(
    "unchanged", "What your functions are given stays as it was", 0.05, False, CHANGED_TOLD, "changes-arguments"
)
"""Of an answer that is right in all else, but was found with arguments that it has changed, where no check asks for that."""

HARDLY = 3
"""A mistake that explains fewer than one in so many of the failing checks that it could is not named."""

ONLY_HIDDEN = "this holds for other inputs, but not for the ones that you were graded with."

CUDA = re.compile("re-initialize CUDA|no NVIDIA driver|not compiled with CUDA|No CUDA GPUs|CUDA driver")
PLACE = re.compile(r" \(<[^>]*>, (line \d+)\)")

Pair = tuple[Case, Reply]


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one reply; ``quotes`` as in CheckResult."""

    text: str
    quotes: bool


def judge(
    exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply], points: float, public: bool = False
) -> Verdict:
    """The verdict on one exercise.

    Args:
        exercise: what is promised, and the mistake bank.
        cases: what was sent, as drawn by ``exercise.draw``, or by several draws.
        replies: what came back, one per case; any content at all is survived.
        points: what the exercise is worth.
        public: whether the inputs are no secret, so that what no known mistake explains is shown by an example.

    Raises:
        ValueError: there are not as many replies as cases, or a check names a case that was not drawn.
    """
    if len(replies) != len(cases):
        raise ValueError(f"{exercise.id}: {len(cases)} cases were sent, but {len(replies)} replies came back")
    unwritten = ("NotImplementedError", "NotDefined")
    if all(reply.outcome is Outcome.ERROR and _error(reply).get("type") in unwritten for reply in replies):
        return Verdict(exercise.id, 0.0, points, State.MISSING, ("This exercise has not been written yet.",))
    by_name: dict[str, list[Pair]] = {}
    for case, reply in zip(cases, replies, strict=True):
        by_name.setdefault(case.name, []).append((case, _read(exercise, case, reply)))
    results: dict[str, CheckResult] = {}
    for check in exercise.checks:
        for name in check.cases:
            if name not in by_name:
                raise ValueError(f"{exercise.id}: the check {check.name!r} names the case {name!r}, which `draw` lacks")
        results[check.name] = _check(check, _pairs(check, by_name), results)
    results = _diagnosed(exercise, by_name, results)
    for each in exercise.checks if public else ():
        results[each.name] = _shown(exercise, each, _pairs(each, by_name), results[each.name])
    earned = sum(result.share for result in results.values() if result.passed)
    changed = any(_outputs(each).get(CHANGED) is True for each in replies)
    if changed and all(result.passed for result in results.values()):
        earned, results[UNCHANGED.name] = earned - UNCHANGED.share, UNCHANGED
    score = round(points * earned, 2)
    return Verdict(exercise.id, score, points, _state(results, replies), _messages(results), tuple(results.values()))


def unjudged(exercise: Exercise, points: float, reason: str) -> Verdict:
    """The verdict where judging an answer took more than it may: every check fails, for this reason."""
    checks = tuple(CheckResult(each.name, each.title, each.share, False, reason) for each in exercise.checks)
    return Verdict(exercise.id, 0.0, points, State.WRONG, (reason,), checks)


def retold(verdict: Verdict, rehearsal: Verdict) -> Verdict:
    """The verdict in the words of another, on answers to inputs that are no secret, wherever its own words quote."""
    other = {check.name: check for check in rehearsal.checks if not check.passed}
    results = {check.name: _retold(check, other.get(check.name)) for check in verdict.checks}
    return replace(verdict, messages=_messages(results), checks=tuple(results.values()))


def _retold(check: CheckResult, other: CheckResult | None) -> CheckResult:
    if not check.quotes:
        return check
    if other is None:
        return replace(check, message=f"{check.title}: {ONLY_HIDDEN}", quotes=False)
    return replace(check, message=other.message, mistake=other.mistake, quotes=False)


def _pairs(check: Check, by_name: Mapping[str, Sequence[Pair]]) -> list[Pair]:
    return [pair for name in check.cases for pair in by_name[name]]


def _shown(exercise: Exercise, check: Check, pairs: Sequence[Pair], result: CheckResult) -> CheckResult:
    """A result that no known mistake explains, with what relates all wrong answers to the right ones, and the smallest."""
    wrong = [(case, reply) for case, reply in pairs if reply.error or _complaint(check, case, reply)]
    if result.passed or result.mistake or not wrong:
        return result
    case, reply = min(wrong, key=lambda pair: (not pair[1].error, size(pair[0].inputs)))
    try:
        if reply.error:
            about = given(exercise, case.inputs).removesuffix(",")
            said = [f"{result.message}; for example {about}." if about else result.message]
        else:
            complaint, oracle = _complaint(check, case, reply), check.expected or check.example
            own = "" if complaint is None or complaint.text.endswith(NOT_RIGHT) else complaint.text
            found = next(_differences(check, case, reply), None)
            said = [f"{check.title}:", _related(check, pairs, [case for case, _ in wrong]) or own]
            said += [example(exercise, oracle, case, found)] if oracle and found and found.kind in SHOWN else []
    except MemoryError:
        raise
    except Exception:  # the outputs come from untrusted code, and may be anything
        return result
    return replace(result, message=" ".join(filter(None, said))[:LONGEST_MESSAGE])


def _differences(check: Check, case: Case, reply: Reply) -> Iterator[Difference]:
    """Where an answer differs from the right one, if that is known."""
    oracle, finest = check.expected or check.example, check.accepted if check.expected else check.recognised
    return differences(case.told(oracle), _outputs(reply), finest) if oracle else iter(())


def _related(check: Check, pairs: Sequence[Pair], wrong: Sequence[Case]) -> str:
    """What relates the first output that is wrong to the right one, in all wrong cases."""
    found, name, before = list[Wrong](), "", dict[str, Any]()
    for case, reply in pairs:
        right = case.told(check.expected or check.example or dict)
        for each in _differences(check, case, reply) if any(case is other for other in wrong) else ():
            name = name or each.where.split("[")[0]
            if each.where.split("[")[0] == name:
                if each.kind != "value" or not isinstance(each.right, np.ndarray):
                    return ""
                others = {**right, BEFORE: before.get(name)}
                found.append(Wrong(each.right, each.got, check.recognised, case.inputs, others))
        before = {**right}
    words = relation(found)
    return f"{ANSWER if len(before) == 1 else spoken(name)} {words}" if words else ""


def _read(exercise: Exercise, case: Case, reply: Reply) -> Reply:
    """The reply with what the exercise reads out of its outputs in their place."""
    if exercise.read is None or reply.outcome is not Outcome.OK:
        return reply
    try:
        return replace(reply, value=exercise.read(case.inputs, _outputs(reply)))
    except MemoryError:
        raise
    except Exception:  # the outputs come from untrusted code, and may be anything
        return replace(reply, value={})


def _state(results: Mapping[str, CheckResult], replies: Sequence[Reply]) -> State:
    if all(result.passed for result in results.values()):
        return State.CORRECT
    if any(result.passed for result in results.values()):
        return State.PARTIAL
    for reply in replies:
        if reply.outcome in FAILURES:
            return FAILURES[reply.outcome][0]
    return State.ERROR if all(reply.outcome is Outcome.ERROR for reply in replies) else State.WRONG


def _messages(results: Mapping[str, CheckResult]) -> tuple[str, ...]:
    """Every message once: known mistakes first, for they say what to do, and of those the one that explains most."""
    counts = Counter(result.mistake for result in results.values())
    said = (result for result in results.values() if result.message)
    ordered = sorted(said, key=lambda result: -counts[result.mistake] if result.mistake else 1)
    return tuple(dict.fromkeys(result.message for result in ordered))


def _check(check: Check, pairs: Sequence[Pair], earlier: Mapping[str, CheckResult]) -> CheckResult:
    def failed(message: str, quotes: bool = False) -> CheckResult:
        return CheckResult(check.name, check.title, check.share, False, message[:LONGEST_MESSAGE], quotes=quotes)

    for _, reply in pairs:
        if reply.outcome in FAILURES:
            return failed(FAILURES[reply.outcome][1])
        if reply.outcome is Outcome.ERROR:
            return failed(f"{check.title}: {_error_text(reply)}", quotes=True)
    excuses = []
    for case, reply in pairs:
        found = _found(check, case, reply)
        if isinstance(found, Complaint):
            return failed(f"{check.title}: {found.text}", found.quotes)
        excuses += [found.text] if found else []
    missing = [name for name in check.needs if not earlier[name].passed]
    if missing:
        titles = " and ".join(f"“{earlier[name].title}”" for name in missing)
        return failed(f"{check.title}: counts once {titles} holds.")
    return CheckResult(check.name, check.title, check.share, True, " ".join(dict.fromkeys(excuses)))


def _complaint(check: Check, case: Case, reply: Reply) -> Complaint | None:
    """What is wrong with one reply, or None."""
    found = _found(check, case, reply)
    return found if isinstance(found, Complaint) else None


def _found(check: Check, case: Case, reply: Reply) -> Complaint | Excused | None:
    """What is wrong with one reply, or what is excused."""
    outputs = _outputs(reply)
    if check.complaint is not None:
        try:
            found = check.complaint(case.inputs, outputs)
        except MemoryError:
            raise
        except Exception:  # the outputs come from untrusted code: a property of them may not even be well defined
            return Complaint("the answer does not have the form that was asked for.", quotes=False)
        if isinstance(found, Excused):
            return found
        if found:
            quotes = isinstance(found, Difference) or not check.fixed
            return Complaint(found.text if isinstance(found, Difference) else found, quotes)
    if check.expected is not None:
        difference = compare(case.told(check.expected), outputs, check.accepted)
        if difference:
            return Complaint(difference.text, quotes=True)
    return None


def _outputs(reply: Reply) -> Tree:
    return reply.value if isinstance(reply.value, Mapping) else {}


def _diagnosed(
    exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], results: Mapping[str, CheckResult]
) -> dict[str, CheckResult]:
    """The results with the known mistakes that explain them.

    Where several explain a check, the one that explains the most checks is named; among equals, the first in the bank.
    None is named that explains hardly any of the failing checks that it could: it fits by chance.
    """
    explained, could = dict[str, list[int]](), Counter[int]()
    for check in exercise.checks:
        pairs = _pairs(check, by_name)
        if results[check.name].passed or any(reply.outcome is not Outcome.OK for _, reply in pairs):
            continue
        complaints = [_complaint(check, case, reply) for case, reply in pairs]
        for index, mistake in enumerate(exercise.mistakes) if any(complaints) else ():
            if _concerns(mistake, check) and any(case.told(mistake.expected) for case, _ in pairs):
                could[index] += 1
                if _explains_all(mistake, check, pairs, complaints):
                    explained.setdefault(check.name, []).append(index)
    counts, diagnosed = Counter(index for found in explained.values() for index in found), dict(results)
    for name, found in explained.items():
        if likely := [index for index in found if HARDLY * counts[index] >= could[index]]:
            mistake = exercise.mistakes[min(likely, key=lambda index: (-counts[index], index))]
            diagnosed[name] = replace(results[name], message=mistake.message, mistake=mistake.name, quotes=False)
    return diagnosed


def _concerns(mistake: Mistake, check: Check) -> bool:
    """Whether a mistake may explain a check; one without an oracle has nothing to compare, and must be listed."""
    return check.name in mistake.checks or (not mistake.checks and bool(check.expected or check.example))


def _explains_all(mistake: Mistake, check: Check, pairs: Sequence[Pair], faults: Sequence[Complaint | None]) -> bool:
    """Whether the mistake's oracle gives the received answers on every case, those included where it does not show."""
    return all(
        _explains(mistake, check, case, reply, complaint)
        for (case, reply), complaint in zip(pairs, faults, strict=True)
    )


def _explains(mistake: Mistake, check: Check, case: Case, reply: Reply, complaint: Complaint | None) -> bool:
    """Whether the mistake's oracle gives the received answer of one case.

    An oracle may return a subset of the outputs; none means that the mistake does not show in this case, and then
    nothing may be wrong with the answer.
    """
    wrong = case.told(mistake.expected)
    if not wrong:
        return complaint is None
    if compare(wrong, _outputs(reply), check.recognised) is not None:
        return False
    return complaint is None or _differs(check, case, wrong)


def _differs(check: Check, case: Case, wrong: Tree) -> bool:
    """Whether a mistake's outputs are not also right ones."""
    right = case.told(check.expected) if check.expected is not None else {}
    if any(key not in right for key in wrong):
        return True
    return compare({key: right[key] for key in wrong}, wrong, check.recognised) is not None


def plainly(message: str) -> str:
    """An error's message, without what misleads in it."""
    return NO_GPU if CUDA.search(message) else PLACE.sub(r" (\1)", message)


def missing_package(replies: Sequence[Reply]) -> str:
    """The package for want of which the student's code failed; empty where it lacked none."""
    errors = [error.get("message", "") for error in map(_error, replies) if error.get("type") == "ModuleNotFoundError"]
    found = re.match(r"No module named '(\w{1,60})", errors[0]) if errors else None
    return found[1] if found else ""


def _error(reply: Reply) -> dict[str, str]:
    """What the reply tells of an error, as far as it is text."""
    if not isinstance(reply.error, Mapping):
        return {}
    return {key: value for key, value in reply.error.items() if isinstance(value, str)}


def _error_text(reply: Reply) -> str:
    error = _error(reply)
    where = f" ({error['where']})" if error.get("where") else ""
    text = f"your code raised {error.get('type', 'an error')}: {plainly(error.get('message', ''))}{where}"
    return NUMBERS.sub("…", text)[:LONGEST_ERROR]
