"""What is wrong with a reply, and which known mistakes explain it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from autograder.judging.compare import Difference, Excused, Slip, compare
from autograder.judging.exercise import (
    RAISED,
    Case,
    Check,
    Exercise,
    Facts,
    Mistake,
    Oracle,
    Outcome,
    Reply,
    Tree,
    ended,
)
from autograder.judging.suspects import PLENTY, guarded, suspects, telling
from autograder.judging.verdict import CheckResult

Pair = tuple[Case, Reply]

FEW = 4
"""Checks for which pairs of mistakes are tried: what two mistakes have made shows early, and trying takes time."""

CONSEQUENCE = "{}: this may only follow from what is wrong with “{}”; mend that first."


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one reply; ``quotes`` and ``mistake`` as in CheckResult."""

    text: str
    quotes: bool
    mistake: str | None = None


def complaint(check: Check, case: Case, reply: Reply) -> Complaint | None:
    """What is wrong with one reply, or None."""
    fault = found(check, case, reply)
    return fault if isinstance(fault, Complaint) else None


def found(check: Check, case: Case, reply: Reply) -> Complaint | Excused | None:
    """What is wrong with one reply, or what is excused."""
    if reply.outcome is Outcome.ERROR:
        return Complaint("your code ends in an error.", quotes=True)
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
        if isinstance(fault, Slip):
            return Complaint(fault.text, fault.quotes, fault.name)
        if fault:
            quotes = isinstance(fault, Difference) or not check.fixed or check.example is not None
            return Complaint(fault.text if isinstance(fault, Difference) else fault, quotes)
    if check.expected is not None:
        difference = compare(case.told(check.expected), outputs, check.accepted)
        if difference:
            return Complaint(difference.text, quotes=True)
    return None


def outputs_of(reply: Reply) -> Tree:
    """What a reply holds, if it is an answer; which error was raised, if it is none."""
    if reply.outcome is Outcome.ERROR and isinstance(reply.error, Mapping):
        told = {key: each for key, each in reply.error.items() if isinstance(each, str)}  # it may hold anything
        return ended(told.get("type"), told.get("message"))
    return reply.value if isinstance(reply.value, Mapping) else {}


@dataclass(frozen=True)
class Failed:
    """A check that answers fail, its cases with the replies, and what is wrong with each, if anything is."""

    check: Check
    pairs: Sequence[Pair]
    faults: Sequence[Complaint | None]

    def is_explained_by(self, mistake: Mistake) -> bool:
        """Whether a mistake gives all of its answers."""
        told = zip(self.pairs, self.faults, strict=True)
        about = concerns(mistake, self.check)
        return about and all(explains(mistake, self.check, *pair, fault) for pair, fault in told)

    def has_form(self) -> bool:
        """Whether all that is wrong with the answers are their values."""
        told = [(case.told(self._known), outputs_of(reply)) for case, reply in self.pairs]
        found = [compare(*each, self.check.recognised) for each in told]
        return all(not each or each.kind == "value" for each in found)

    def shows(self, mistake: Mistake) -> bool:
        """Whether a mistake gives other answers than the right ones."""
        return self._is_apart(self._known, mistake)

    def is_likely(self, suspect: Mistake, parts: Sequence[Mistake]) -> bool:
        """Whether a suspect gives all of its answers, too many to do so by chance, and others than each of its parts."""
        if self._known is dict or not self.is_explained_by(suspect):
            return False
        worth = 0
        for (case, _), fault in zip(self.pairs, self.faults, strict=True):
            wrong, right = case.told(suspect.expected), case.told(self._known)
            if fault and differs(self._known, self.check, case, wrong):
                worth += telling({key: value for key, value in wrong.items() if key in right})
        return worth >= PLENTY and all(self._is_apart(each.expected, suspect) for each in parts)

    @property
    def _known(self) -> Oracle:
        """What is right; nothing where that is not known."""
        return self.check.expected or self.check.example or dict

    def _is_apart(self, known: Oracle, mistake: Mistake) -> bool:
        return any(differs(known, self.check, case, case.told(mistake.expected)) for case, _ in self.pairs)


@dataclass(frozen=True)
class Explanations:
    """What explains the checks of an exercise that answers fail.

    Attributes:
        mistakes: what was tried: the known ones, then those on no list that give all answers of a check.
        by_check: for each of these checks the mistakes that give all of its answers.
        against: of those, the ones whose names would be wrong, each with the check that shows it.
    """

    mistakes: tuple[Mistake, ...]
    by_check: Mapping[str, Sequence[Mistake]]
    against: Mapping[Mistake, str]


def diagnosed(
    exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], results: Mapping[str, CheckResult]
) -> dict[str, CheckResult]:
    """The results with the known mistakes that explain them.

    Where several explain a check, the one that explains the most checks is named; among equals, the first in the bank.
    """
    explained = explanations(exercise, by_name, results)
    against = explained.against
    counts = Counter(mistake for found in explained.by_check.values() for mistake in found)
    told = dict(results)
    for name, found in explained.by_check.items():
        left = [mistake for mistake in found if mistake not in against]
        if left:
            mistake, *others = (each for each in left if counts[each] == max(map(counts.__getitem__, left)))
            if others:
                refuted = {
                    each: sum(_refutes(check, by_name, each) for check in exercise.checks)
                    for each in (mistake, *others)
                }
                mistake = min(refuted, key=refuted.__getitem__)
            told[name] = replace(results[name], message=mistake.message, mistake=mistake.name, quotes=False)
        elif causes := {against[mistake] for mistake in found if against[mistake] in mistake.unless}:
            words = CONSEQUENCE.format(results[name].title, results[min(causes)].title)
            told[name] = replace(results[name], message=words, quotes=False)
    return told


@np.errstate(all="ignore")  # mistakes may compute what overflows
def explanations(
    exercise: Exercise, by_name: Mapping[str, Sequence[Pair]], results: Mapping[str, CheckResult]
) -> Explanations:
    """What explains the checks that answers fail: known mistakes, and, where these explain nothing, those on no list."""
    failed = []
    for check in exercise.checks:
        pairs = pairs_of(check, by_name)
        if not results[check.name].passed and {reply.outcome for _, reply in pairs} <= {Outcome.OK, Outcome.ERROR}:
            failed.append(Failed(check, pairs, [complaint(check, *pair) for pair in pairs]))
    failed = [each for each in failed if any(each.faults)]
    found = {each.check.name: [*filter(each.is_explained_by, exercise.mistakes)] for each in failed}
    # an error shows little, and speaks against no mistake
    answered = [each for each in failed if all(reply.outcome is Outcome.OK for _, reply in each.pairs)]
    checks = [*(each.check for each in answered), *(each for each in exercise.checks if results[each.name].passed)]
    against = _objections(checks, by_name, results, found)
    wrongly = {mistake for mistake, check in against.items() if check not in mistake.unless}
    left = [each for each in answered if wrongly.issuperset(found[each.check.name])]
    unlisted = _unlisted([each for each in exercise.mistakes if each not in wrongly], exercise, left)
    for each in failed:
        found[each.check.name] += filter(each.is_explained_by, unlisted)
    guessed = {*unlisted} - {guarded(each) for each in exercise.variants}
    against = _objections(checks, by_name, results, found, guessed)
    return Explanations((*exercise.mistakes, *unlisted), found, against)


def _unlisted(known: Sequence[Mistake], exercise: Exercise, unexplained: Sequence[Failed]) -> list[Mistake]:
    """Those mistakes that are on no list, but give all answers of a check which no known one explains."""
    found: dict[Mistake, tuple[Mistake, ...]] = {}
    elsewhere = {replace(guarded(each), checks=()): () for each in known}  # not named here on purpose
    tried = 0
    for failed in unexplained:
        if any(failed.is_likely(*each) for each in (found | elsewhere).items()):
            continue
        paired, shows = tried < FEW and failed.has_form(), cache(failed.shows)
        tried += 1
        for each, parts in suspects(replace(exercise, id="")):
            if (not parts or (paired and all(map(shows, parts)))) and failed.is_likely(each, parts):
                found[each] = parts
    return [*found]


def _objections(
    checks: Sequence[Check],
    by_name: Mapping[str, Sequence[Pair]],
    results: Mapping[str, CheckResult],
    found: Mapping[str, Sequence[Mistake]],
    guessed: Collection[Mistake] = (),
) -> dict[Mistake, str]:
    """Of the mistakes that explain a check, those whose names would be wrong, each with the check that shows it.

    It fails, and then a mistake that follows from it is no cause; or it is one of many, as many as the mistake explains
    or more, where the mistake would give other answers than came, and no other mistake accounts for that. Against one
    that is guessed a single check speaks, were these the right answers, too: a change of a formula may give all answers
    of another check by chance.
    """
    against: dict[Mistake, str] = {}
    for mistake, number in Counter(mistake for some in found.values() for mistake in some).items():
        causes = [name for name in mistake.unless if not results[name].passed]
        guess = mistake in guessed
        refuting = [
            check.name
            for check in checks
            if not {*found.get(check.name, ())} - ({*guessed} - {mistake} if guess else set())
            and _refutes(check, by_name, mistake, results[check.name].passed, guess)
        ]
        if causes or len(refuting) >= (1 if guess else number):
            against[mistake] = (causes or refuting)[0]
    return against


def pairs_of(check: Check, by_name: Mapping[str, Sequence[Pair]]) -> list[Pair]:
    """The cases of a check with their replies."""
    return [pair for name in check.cases for pair in by_name[name]]


def concerns(mistake: Mistake, check: Check) -> bool:
    """Whether a mistake may explain a check; one without an oracle has nothing to compare, and must be listed."""
    return check.name in mistake.checks or (not mistake.checks and bool(check.expected or check.example))


def _refutes(
    check: Check, by_name: Mapping[str, Sequence[Pair]], mistake: Mistake, kept: bool = False, hidden: bool = False
) -> bool:
    """Whether a mistake would show in a check, kept or not, and an answer is another; not where nothing says what is right.

    With ``hidden``, it need not show.

    What a probe reports of itself, beside the answer, it need not see in every check.
    """
    known = check.expected or check.example
    if known is None or not concerns(mistake, check):
        return False
    told = ((case, reply, case.told(mistake.expected)) for case, reply in pairs_of(check, by_name))
    return any(
        wrong
        and (not wrong.keys().isdisjoint(case.told(known)) or (kept and RAISED in wrong))
        and (hidden or differs(known, check, case, wrong))
        and compare(wrong, outputs_of(reply), check.recognised)
        for case, reply, wrong in told
    )


def explains(mistake: Mistake, check: Check, case: Case, reply: Reply, complaint: Complaint | None) -> bool:
    """Whether the mistake's oracle gives the received answer of one case.

    An oracle may return a subset of the outputs; none means that the mistake does not show in this case, and then
    nothing may be wrong with the answer. Nor need what a mistake says does not hold be seen in every case.
    """
    wrong, facts = case.told(mistake.expected), isinstance(check.complaint, Facts)
    if not wrong or (facts and all(each is True for each in wrong.values())):  # it breaks no fact
        return complaint is None
    if complaint is None and facts:
        return True  # what is changed and put back may happen to be as it was
    if compare(wrong, outputs_of(reply), check.recognised) is not None:
        return False
    return complaint is None or differs(check.expected or check.example, check, case, wrong)


def differs(known: Oracle | None, check: Check, case: Case, wrong: Tree) -> bool:
    """Whether a mistake's outputs are not also right ones, as far as these are known."""
    right = case.told(known) if known is not None else {}
    if any(key not in right for key in wrong):
        return True
    return compare({key: right[key] for key in wrong}, wrong, check.recognised) is not None
