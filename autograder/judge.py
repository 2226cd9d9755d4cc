"""Judge one exercise: from the replies of the sandbox to a verdict. Trusted, pure, and blind to solutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.compare import compare
from autograder.exercise import Case, Check, Exercise, Mistake, Outcome, Reply
from autograder.verdict import CheckResult, State, Verdict

FAILURES = {
    Outcome.TIMEOUT: (State.TIMEOUT, "Your code did not finish in time: look for a loop that never ends."),
    Outcome.MEMORY: (State.MEMORY, "Your code ran out of memory: look for a tensor that grows, or a graph that is kept."),
    Outcome.DIED: (State.ERROR, "Your code ended the Python process."),
}


def judge(exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply], points: float) -> Verdict:
    """The verdict on one exercise.

    Args:
        exercise: what is promised, and the mistake bank.
        cases: what was sent, as drawn by ``exercise.draw``.
        replies: what came back, one per case.
        points: what the exercise is worth.
    """
    if len(replies) != len(cases):
        raise ValueError(f"{exercise.id}: {len(cases)} cases were sent, but {len(replies)} replies came back")
    if all(_not_written(reply) for reply in replies):
        return Verdict(exercise.id, 0.0, points, State.MISSING, ("This exercise has not been written yet.",))
    by_name = {case.name: (case, reply) for case, reply in zip(cases, replies, strict=True)}
    results: dict[str, CheckResult] = {}
    for check in exercise.checks:
        results[check.name] = _check(exercise, check, by_name, results)
    score = round(points * sum(result.share for result in results.values() if result.passed), 2)
    return Verdict(
        exercise.id,
        score,
        points,
        _state(results, replies),
        tuple(dict.fromkeys(result.message for result in results.values() if result.message)),
        tuple(results.values()),
    )


def _not_written(reply: Reply) -> bool:
    return reply.outcome is Outcome.ERROR and (reply.error or {}).get("type") in ("NotImplementedError", "NotDefined")


def _state(results: Mapping[str, CheckResult], replies: Sequence[Reply]) -> State:
    if all(result.passed for result in results.values()):
        return State.CORRECT
    if any(result.passed for result in results.values()):
        return State.PARTIAL
    for reply in replies:
        if reply.outcome in FAILURES:
            return FAILURES[reply.outcome][0]
    return State.ERROR if all(reply.outcome is Outcome.ERROR for reply in replies) else State.WRONG


def _check(
    exercise: Exercise,
    check: Check,
    by_name: Mapping[str, tuple[Case, Reply]],
    earlier: Mapping[str, CheckResult],
) -> CheckResult:
    def failed(message: str, mistake: str | None = None) -> CheckResult:
        return CheckResult(check.name, check.title, check.share, False, message, mistake)

    pairs = [by_name[name] for name in check.cases]
    for _, reply in pairs:
        if reply.outcome in FAILURES:
            return failed(FAILURES[reply.outcome][1])
        if reply.outcome is Outcome.ERROR:
            return failed(_error_text(reply))
    complaint = _complaint(check, pairs)
    if complaint:
        mistake = _diagnose(exercise, check, pairs)
        if mistake:
            return failed(mistake.message, mistake.name)
        return failed(f"{check.title}: {complaint}")
    missing = [name for name in check.needs if not earlier[name].passed]
    if missing:
        titles = " and ".join(f"“{earlier[name].title}”" for name in missing)
        return failed(f"{check.title}: counts once {titles} holds.")
    return CheckResult(check.name, check.title, check.share, True)


def _complaint(check: Check, pairs: Sequence[tuple[Case, Reply]]) -> str | None:
    for case, reply in pairs:
        outputs = reply.value or {}
        if check.complaint is not None:
            text = check.complaint(case.inputs, outputs)
            if text:
                return text
        if check.expected is not None:
            difference = compare(check.expected(case.inputs), outputs, check.tolerance)
            if difference:
                return difference.text
    return None


def _diagnose(exercise: Exercise, check: Check, pairs: Sequence[tuple[Case, Reply]]) -> Mistake | None:
    """The first known mistake whose oracle gives the received answers on every case of the check."""
    for mistake in exercise.mistakes:
        if mistake.checks and check.name not in mistake.checks:
            continue
        if all(_explains(mistake, check, case, reply) for case, reply in pairs):
            return mistake
    return None


def _explains(mistake: Mistake, check: Check, case: Case, reply: Reply) -> bool:
    """Whether the mistake's oracle gives the received answer here, and not also the right one.

    An oracle may return a subset of the outputs; an empty one means that the mistake does not show in this case.
    """
    wrong = mistake.expected(case.inputs)
    if not wrong or compare(wrong, reply.value or {}, check.tolerance) is not None:
        return False
    if check.expected is None:
        return True
    right = check.expected(case.inputs)
    return compare({key: right[key] for key in wrong if key in right}, wrong, check.tolerance) is not None


def _error_text(reply: Reply) -> str:
    error = reply.error or {}
    where = f" ({error['where']})" if error.get("where") else ""
    return f"Your code raised {error.get('type', 'an error')}: {error.get('message', '')}{where}"
