"""Judge one exercise: from the replies of the sandbox to a verdict. Trusted, pure, and blind to solutions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.judging.complaint import Complaint, outputs_of
from autograder.judging.diagnosis import diagnosed
from autograder.judging.evidence import Evidence, gathered
from autograder.judging.exercise import CHANGED, CHANGED_TOLD, Case, Exercise, Outcome, Reply
from autograder.judging.failures import FAILURES, crash, error_of, error_text
from autograder.judging.unexplained import named_by_relation, shown
from autograder.judging.verdict import LONGEST_MESSAGE, CheckResult, State, Verdict

SLIPS = 3
"""So many slips that one check finds are told; they may be one for each case."""

UNCHANGED = CheckResult(
    "unchanged", "What your functions are given stays as it was", 0.05, False, CHANGED_TOLD, "changes-arguments"
)
"""Of an answer that is right in all else, but was found with arguments that it has changed, where no check asks for that."""

ONLY_HIDDEN = "this holds for other inputs, but not for the ones that you were graded with."


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
    if all(reply.outcome is Outcome.ERROR and error_of(reply).get("type") in unwritten for reply in replies):
        return Verdict(exercise.id, 0.0, points, State.MISSING, ("This exercise has not been written yet.",))
    evidence = gathered(exercise, cases, replies)
    results: dict[str, CheckResult] = {}
    for each in evidence:
        results[each.check.name] = _check(exercise, each, results)
    results = diagnosed(exercise, evidence, results)
    for each in evidence if not any(result.mistake for result in results.values()) else ():
        results[each.check.name] = named_by_relation(each, results[each.check.name])
    alike = len(replies) > 1 and all(each.error and each.error == replies[0].error for each in replies)
    for each in evidence if public and not alike else ():  # what inputs do not change, no example explains
        results[each.check.name] = shown(exercise, each, results[each.check.name])
    earned = sum(result.share for result in results.values() if result.passed)
    changed = any(outputs_of(each).get(CHANGED) is True for each in replies)
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
        return replace(check, message=f"{check.title}: {ONLY_HIDDEN}", mistake=None, quotes=False)
    return replace(check, message=other.message, mistake=other.mistake, quotes=False)


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


def _check(exercise: Exercise, evidence: Evidence, earlier: Mapping[str, CheckResult]) -> CheckResult:
    check = evidence.check

    def failed(message: str, quotes: bool = False, mistake: str | None = None) -> CheckResult:
        return CheckResult(check.name, check.title, check.share, False, message[:LONGEST_MESSAGE], mistake, quotes)

    for _, reply in evidence.pairs:
        if reply.outcome in FAILURES:
            return failed(FAILURES[reply.outcome][1])
        if reply.outcome is Outcome.ERROR:
            name, says = crash(error_of(reply), exercise)
            text = error_text(reply)
            text = f"{says} {text[0].upper()}{text[1:]}" if says else text
            return failed(f"{check.title}: {text}", quotes=True, mistake=name)
    excuses, slips, quotes = [], dict[str, str | None](), False
    for fault in evidence.found:
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
