"""Judge one exercise: from the replies of the sandbox to a verdict. Trusted, pure, and blind to solutions."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging.answer import leaves
from autograder.judging.compare import ANSWER, NOT_RIGHT, Difference, differences, spoken
from autograder.judging.complaint import Complaint, complaint, found, outputs_of
from autograder.judging.diagnosis import diagnosed
from autograder.judging.evidence import Pair, pairs_of
from autograder.judging.example import example, given, size
from autograder.judging.exercise import CHANGED, CHANGED_TOLD, Case, Check, Exercise, Outcome, Reply
from autograder.judging.relations import SOME, Wrong, is_name, numbers, relation, reshaped
from autograder.judging.suspects import PLENTY, telling
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

SLIPS = 3
"""So many slips that one check finds are told; they may be one for each case."""

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

ONLY_HIDDEN = "this holds for other inputs, but not for the ones that you were graded with."

CRASHES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("crashes.toml").read_text(encoding="utf-8"))
"""Errors with one cause, by the mistake's id."""

CUDA = re.compile("re-initialize CUDA|no NVIDIA driver|not compiled with CUDA|No CUDA GPUs|CUDA driver")
PLACE = re.compile(r" \(<[^>]*>, (line \d+)\)")


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
    by_name = answers(exercise, cases, replies)
    results: dict[str, CheckResult] = {}
    for check in exercise.checks:
        for name in check.cases:
            if name not in by_name:
                raise ValueError(f"{exercise.id}: the check {check.name!r} names the case {name!r}, which `draw` lacks")
        results[check.name] = _check(exercise, check, pairs_of(check, by_name), results)
    results = diagnosed(exercise, by_name, results)
    for each in exercise.checks if not any(result.mistake for result in results.values()) else ():
        results[each.name] = _named_by_relation(each, pairs_of(each, by_name), results[each.name])
    alike = len(replies) > 1 and all(each.error and each.error == replies[0].error for each in replies)
    for each in exercise.checks if public and not alike else ():  # what inputs do not change, no example explains
        results[each.name] = _shown(exercise, each, pairs_of(each, by_name), results[each.name])
    earned = sum(result.share for result in results.values() if result.passed)
    changed = any(outputs_of(each).get(CHANGED) is True for each in replies)
    if changed and all(result.passed for result in results.values()):
        earned, results[UNCHANGED.name] = earned - UNCHANGED.share, UNCHANGED
    score = round(points * earned, 2)
    return Verdict(exercise.id, score, points, _state(results, replies), _messages(results), tuple(results.values()))


def answers(exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply]) -> dict[str, list[Pair]]:
    """The cases by name, with what the exercise reads out of the replies."""
    by_name: dict[str, list[Pair]] = {}
    for case, reply in zip(cases, replies, strict=True):
        by_name.setdefault(case.name, []).append((case, _read(exercise, case, reply)))
    return by_name


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
        return replace(check, message=f"{check.title}: {ONLY_HIDDEN}", mistake=None, quotes=False)
    return replace(check, message=other.message, mistake=other.mistake, quotes=False)


def _named_by_relation(check: Check, pairs: Sequence[Pair], result: CheckResult) -> CheckResult:
    """A result that no mistake explains, named after what relates all wrong answers to the right ones, if that says it."""
    wrong = [case for case, reply in pairs if complaint(check, case, reply)]
    if result.passed or any(reply.outcome is not Outcome.OK for _, reply in pairs):
        return result
    try:
        words = _relation(check, pairs, wrong)[1]
    except MemoryError:
        raise
    except Exception:  # as above
        return result
    worth = sum(telling(case.told(check.expected or check.example or dict)) for case, _ in pairs)
    return replace(result, mistake=words.rstrip("."), quotes=True) if is_name(words) and worth >= PLENTY else result


def _shown(exercise: Exercise, check: Check, pairs: Sequence[Pair], result: CheckResult) -> CheckResult:
    """A result that no known mistake explains, with what relates all wrong answers to the right ones, and the smallest."""
    wrong = [(case, reply) for case, reply in pairs if reply.error or complaint(check, case, reply)]
    ended = any(reply.outcome in FAILURES for _, reply in pairs)  # which has been told
    if result.passed or ended or not (wrong and (result.quotes or not result.mistake)):
        return result
    case, reply = min(reversed(wrong), key=lambda pair: (not pair[1].error, size(pair[0].inputs)))
    try:
        if reply.error:
            about = given(exercise, case.inputs)
            said = [f"{result.message}; for example {about}." if about else result.message]
        else:
            fault, oracle = complaint(check, case, reply), check.expected or check.example
            if fault and fault.mistake:
                return result
            own = "" if fault is None or fault.text.endswith(NOT_RIGHT) else fault.text
            found = next(_differences(check, case, reply), None)
            said = [f"{check.title}:", related(check, pairs, [case for case, _ in wrong]) or own]
            said += [example(exercise, oracle, case, found)] if oracle and found and found.kind in SHOWN else []
    except MemoryError:
        raise
    except Exception:  # the outputs come from untrusted code, and may be anything
        return result
    return replace(result, message=" ".join(filter(None, said))[:LONGEST_MESSAGE])


def _differences(check: Check, case: Case, reply: Reply) -> Iterator[Difference]:
    """Where an answer differs from the right one, if that is known."""
    oracle, finest = check.expected or check.example, check.accepted if check.expected else check.recognised
    return differences(case.told(oracle), outputs_of(reply), finest) if oracle else iter(())


def related(check: Check, pairs: Sequence[Pair], wrong: Sequence[Case]) -> str:
    """What relates the first output that is wrong to the right one, in all wrong cases; a sentence, or nothing."""
    subject, words = _relation(check, pairs, wrong)
    return f"{subject} {words}" if words else ""


def _relation(check: Check, pairs: Sequence[Pair], wrong: Sequence[Case]) -> tuple[str, str]:
    """Which output it is of, and the relation's words."""
    found, every, name, before, parts = list[Wrong](), list[Wrong](), "", dict[str, Any](), 0
    for case, reply in pairs:
        right = case.told(check.expected or check.example or dict)
        differing = [*_differences(check, case, reply)] if any(case is other for other in wrong) else []
        name = name or next((each.where.split("[")[0] for each in differing), "")
        parts += len(leaves(right.get(name))) if differing else 0
        for each in differing:
            if each.where.split("[")[0] == name:
                if each.kind == "shape" and (words := reshaped(each.right, np.asarray(each.got), check.recognised)):
                    return ANSWER if len(right) == 1 else spoken(name), words
                if each.kind != "value" or not isinstance(each.right, np.ndarray):
                    return "", ""
                others = {**right, BEFORE: before.get(name)}
                found.append(Wrong(each.right, each.got, check.recognised, case.inputs, others))
        before = {**right}
    for case, reply in pairs if name else ():
        told = case.told(check.expected or check.example or dict)
        whole, got = numbers(told.get(name)), numbers(outputs_of(reply).get(name))
        if whole is not None and got is not None and whole.shape == got.shape and np.isfinite(got).all():
            every.append(Wrong(whole, got, check.recognised, case.inputs, {}))
    words, subject = relation(found, every), ANSWER if len(before) == 1 else spoken(name)
    if len(found) < parts and words.startswith("is right"):
        words = f"{SOME}."
    elif len(found) < parts:
        subject = f"what is wrong of {subject}"
    return subject, words


def _read(exercise: Exercise, case: Case, reply: Reply) -> Reply:
    """The reply with what the exercise reads out of its outputs in their place."""
    if exercise.read is None or reply.outcome is not Outcome.OK:
        return reply
    try:
        return replace(reply, value=exercise.read(case.inputs, outputs_of(reply)))
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
    """Every message once, behind the titles of all checks that say it: known mistakes first, for they say what to do, and of those the one that explains most."""
    counts = Counter(result.mistake for result in results.values())
    said = (result for result in results.values() if result.message)
    titles: dict[str, list[str]] = {}
    for result in sorted(said, key=lambda result: -counts[result.mistake] if result.mistake else 1):
        text = result.message.removeprefix(f"{result.title}: ")
        titles.setdefault(text, []).extend([result.title] if text != result.message else [])
    return tuple(": ".join(filter(None, ("; ".join(those), text))) for text, those in titles.items())


def _check(exercise: Exercise, check: Check, pairs: Sequence[Pair], earlier: Mapping[str, CheckResult]) -> CheckResult:
    def failed(message: str, quotes: bool = False, mistake: str | None = None) -> CheckResult:
        return CheckResult(check.name, check.title, check.share, False, message[:LONGEST_MESSAGE], mistake, quotes)

    for _, reply in pairs:
        if reply.outcome in FAILURES:
            return failed(FAILURES[reply.outcome][1])
        if reply.outcome is Outcome.ERROR:
            name, says = crash(_error(reply), exercise)
            text = _error_text(reply)
            text = f"{says} {text[0].upper()}{text[1:]}" if says else text
            return failed(f"{check.title}: {text}", quotes=True, mistake=name)
    excuses, slips, quotes = [], dict[str, str | None](), False
    for case, reply in pairs:
        fault = found(check, case, reply)
        if isinstance(fault, Complaint) and not fault.mistake:
            return failed(f"{check.title}: {fault.text}", fault.quotes)
        if isinstance(fault, Complaint):
            slips[fault.text], quotes = fault.mistake, quotes or fault.quotes
        else:
            excuses += [fault.text] if fault else []
    if slips:  # but for those of which another case tells more
        names = {text: set(str(name).split(" + ")) for text, name in slips.items()}
        told = {each: slips[each] for each in slips if not any(names[each] < other for other in names.values())}
        return failed(" ".join([*told][:SLIPS]), quotes, " + ".join(dict.fromkeys(map(str, told.values()))))
    missing = [name for name in check.needs if not earlier[name].passed]
    if missing:
        titles = " and ".join(f"“{earlier[name].title}”" for name in missing)
        return failed(f"{check.title}: counts once {titles} holds.")
    return CheckResult(check.name, check.title, check.share, True, " ".join(dict.fromkeys(excuses)))


def plainly(message: str) -> str:
    """An error's message, without what misleads in it."""
    return NO_GPU if CUDA.search(message) else PLACE.sub(r" (\1)", message)


def crash(error: Mapping[str, str], exercise: Exercise) -> tuple[str | None, str]:
    """The mistake behind an error that hardly has another cause, by its id, and what the student is told; else nothing."""
    said = f"{error.get('type', '')}: {error.get('message', '')}"
    known = {**exercise.crashes, **CRASHES}
    return next(((name, row["says"]) for name, row in known.items() if re.search(row["error"], said)), (None, ""))


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
