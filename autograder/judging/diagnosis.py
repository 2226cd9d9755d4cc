"""What is wrong with a reply, and which known mistakes explain it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from autograder.judging.compare import Difference, Excused, compare
from autograder.judging.exercise import Case, Check, Exercise, Mistake, Oracle, Outcome, Reply, Tree
from autograder.judging.suspects import PLENTY, guarded, suspects, telling
from autograder.judging.verdict import CheckResult

Pair = tuple[Case, Reply]

FEW = 4
"""Checks for which pairs of mistakes are tried: what two mistakes have made shows early, and trying takes time."""

CONSEQUENCE = "{}: this may only follow from what is wrong with “{}”; mend that first."


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one reply; ``quotes`` as in CheckResult."""

    text: str
    quotes: bool


def complaint(check: Check, case: Case, reply: Reply) -> Complaint | None:
    """What is wrong with one reply, or None."""
    fault = found(check, case, reply)
    return fault if isinstance(fault, Complaint) else None


def found(check: Check, case: Case, reply: Reply) -> Complaint | Excused | None:
    """What is wrong with one reply, or what is excused."""
    outputs = outputs_of(reply)
    if check.complaint is not None:
        try:
            fault = check.complaint(case.inputs, outputs)
        except MemoryError:
            raise
        except Exception:  # the outputs come from untrusted code: a property of them may not even be well defined
            return Complaint("the answer does not have the form that was asked for.", quotes=True)
        if isinstance(fault, Excused):
            return fault
        if fault:
            quotes = isinstance(fault, Difference) or not check.fixed
            return Complaint(fault.text if isinstance(fault, Difference) else fault, quotes)
    if check.expected is not None:
        difference = compare(case.told(check.expected), outputs, check.accepted)
        if difference:
            return Complaint(difference.text, quotes=True)
    return None


def outputs_of(reply: Reply) -> Tree:
    """What a reply holds, if it is an answer."""
    return reply.value if isinstance(reply.value, Mapping) else {}


def diagnosed(
    exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], results: Mapping[str, CheckResult]
) -> dict[str, CheckResult]:
    """The results with the known mistakes that explain them.

    Where several explain a check, the one that explains the most checks is named; among equals, the first in the bank.
    """
    exercise = with_suspects(exercise, by_name, results)
    explained = explanations(exercise, by_name, results)
    against = objections(exercise, by_name, results, explained)
    counts = Counter(index for found in explained.values() for index in found)
    told = dict(results)
    for name, found in explained.items():
        left = [index for index in found if index not in against]
        if left:
            best = [index for index in left if counts[index] == max(counts[each] for each in left)]
            mistake = min((exercise.mistakes[index] for index in best), key=partial(_spoken_against, exercise, by_name))
            told[name] = replace(results[name], message=mistake.message, mistake=mistake.name, quotes=False)
        elif causes := {against[index] for index in found if against[index] in exercise.mistakes[index].unless}:
            words = CONSEQUENCE.format(results[name].title, results[min(causes)].title)
            told[name] = replace(results[name], message=words, quotes=False)
    return told


def _spoken_against(exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], mistake: Mistake) -> int:
    """In how many checks, kept ones too, a mistake would give other answers than came."""
    return sum(
        any(_is_refuted(mistake, check, *pair) for pair in pairs_of(check, by_name))
        for check in exercise.checks
        if concerns(mistake, check)
    )


def with_suspects(
    exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], results: Mapping[str, CheckResult]
) -> Exercise:
    """The exercise with those mistakes that are on no list, but give all answers of a check which no known one explains."""
    explained = explanations(exercise, by_name, results)
    found: dict[Mistake, tuple[Mistake, ...]] = {}
    for number, check in enumerate(each for each in exercise.checks if explained.get(each.name) == []):
        pairs = pairs_of(check, by_name)
        likely = partial(_is_likely, check, pairs, [complaint(check, *pair) for pair in pairs])
        elsewhere = {replace(guarded(each), checks=()): () for each in exercise.mistakes}  # not named here on purpose
        if any(likely(*each) for each in (found | elsewhere).items()):
            continue
        paired, shows = number < FEW and _has_form(check, pairs), cache(partial(_shows, check, pairs))
        for each, parts in suspects(replace(exercise, id="")):
            if (not parts or (paired and all(map(shows, parts)))) and likely(each, parts):
                found[each] = parts
    return replace(exercise, mistakes=(*exercise.mistakes, *found))


def _has_form(check: Check, pairs: Sequence[Pair]) -> bool:
    """Whether all that is wrong with the answers are their values."""
    known = check.expected or check.example or dict
    found = [compare(case.told(known), outputs_of(reply), check.recognised) for case, reply in pairs]
    return all(not each or each.kind == "value" for each in found)


def _shows(check: Check, pairs: Sequence[Pair], mistake: Mistake) -> bool:
    """Whether a mistake gives other answers than the right ones."""
    known = check.expected or check.example or dict
    with np.errstate(all="ignore"):  # it may concern other checks
        return any(differs(known, check, case, case.told(mistake.expected)) for case, _ in pairs)


def _is_likely(
    check: Check, pairs: Sequence[Pair], faults: Sequence[Complaint | None], suspect: Mistake, parts: Sequence[Mistake]
) -> bool:
    """Whether a suspect gives all answers of a check, too many to do so by chance, and others than each of its parts."""
    known, worth = check.expected or check.example, 0
    if known is None or not concerns(suspect, check):
        return False
    for (case, reply), fault in zip(pairs, faults, strict=True):
        if not explains(suspect, check, case, reply, fault):
            return False
        wrong, right = case.told(suspect.expected), case.told(known)
        if fault and differs(known, check, case, wrong):
            worth += telling({key: value for key, value in wrong.items() if key in right})
    apart = (
        any(differs(each.expected, check, case, case.told(suspect.expected)) for case, _ in pairs) for each in parts
    )
    return worth >= PLENTY and all(apart)


def explanations(
    exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], results: Mapping[str, CheckResult]
) -> dict[str, list[int]]:
    """For each check that answers fail, the places in the bank of the mistakes that give all of its answers."""
    explained: dict[str, list[int]] = {}
    for check in exercise.checks:
        pairs = pairs_of(check, by_name)
        if results[check.name].passed or not _answered(pairs):
            continue
        complaints = [complaint(check, case, reply) for case, reply in pairs]
        if any(complaints):
            explained[check.name] = [
                index
                for index, mistake in enumerate(exercise.mistakes)
                if concerns(mistake, check)
                and all(map(partial(explains, mistake, check), *zip(*pairs, strict=True), complaints))
            ]
    return explained


def objections(
    exercise: Exercise,
    by_name: Mapping[str, Sequence[Pair]],
    results: Mapping[str, CheckResult],
    explained: Mapping[str, Sequence[int]],
) -> dict[int, str]:
    """Of the mistakes that explain a check, those whose names would be wrong, each with the check that shows it.

    It fails, and then a mistake that follows from it is no cause; or it is one of many, as many as the mistake explains
    or more, where the mistake would give other answers than came, and no other mistake accounts for that.
    """
    found: dict[int, str] = {}
    for index, number in Counter(index for some in explained.values() for index in some).items():
        mistake = exercise.mistakes[index]
        causes = [name for name in mistake.unless if not results[name].passed]
        others = [check for check in exercise.checks if explained.get(check.name) == [] and concerns(mistake, check)]
        against = [
            check.name
            for check in others
            if any(_is_refuted(mistake, check, *pair) for pair in pairs_of(check, by_name))
        ]
        if causes or len(against) >= number:
            found[index] = (causes or against)[0]
    return found


def pairs_of(check: Check, by_name: Mapping[str, Sequence[Pair]]) -> list[Pair]:
    """The cases of a check with their replies."""
    return [pair for name in check.cases for pair in by_name[name]]


def _answered(pairs: Sequence[Pair]) -> bool:
    return all(reply.outcome is Outcome.OK for _, reply in pairs)


def concerns(mistake: Mistake, check: Check) -> bool:
    """Whether a mistake may explain a check; one without an oracle has nothing to compare, and must be listed."""
    return check.name in mistake.checks or (not mistake.checks and bool(check.expected or check.example))


def _is_refuted(mistake: Mistake, check: Check, case: Case, reply: Reply) -> bool:
    """Whether the mistake would show in a case, and the answer is another one; not where nothing says what is right."""
    wrong = case.told(mistake.expected)
    known = check.expected or check.example
    if not wrong or known is None or not differs(known, check, case, wrong):
        return False
    return compare(wrong, outputs_of(reply), check.recognised) is not None


def explains(mistake: Mistake, check: Check, case: Case, reply: Reply, complaint: Complaint | None) -> bool:
    """Whether the mistake's oracle gives the received answer of one case.

    An oracle may return a subset of the outputs; none means that the mistake does not show in this case, and then
    nothing may be wrong with the answer.
    """
    wrong = case.told(mistake.expected)
    if not wrong:
        return complaint is None
    if compare(wrong, outputs_of(reply), check.recognised) is not None:
        return False
    return complaint is None or differs(check.expected, check, case, wrong)


def differs(known: Oracle | None, check: Check, case: Case, wrong: Tree) -> bool:
    """Whether a mistake's outputs are not also right ones, as far as these are known."""
    right = case.told(known) if known is not None else {}
    if any(key not in right for key in wrong):
        return True
    return compare({key: right[key] for key in wrong}, wrong, check.recognised) is not None
