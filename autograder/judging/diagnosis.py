"""Which known mistakes explain what is wrong with an exercise's answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from autograder.judging.evidence import Evidence
from autograder.judging.exercise import Exercise, Mistake, Outcome
from autograder.judging.objection import Objection, objections
from autograder.judging.suspects import guarded, suspects
from autograder.judging.verdict import CheckResult

FEW = 4
"""Checks for which pairs of mistakes are tried: what two mistakes have made shows early, and trying takes time."""

CONSEQUENCE = "{}: this may only follow from what is wrong with “{}”; mend that first."


@dataclass(frozen=True)
class Explanations:
    """What explains the checks of an exercise that answers fail.

    Attributes:
        evidence: what came of each check.
        mistakes: what was tried: the known ones, then those on no list that give all answers of a check.
        by_check: for each of the checks that fail the mistakes that give all of its answers.
        against: of those, the ones whose names would be wrong, each with what speaks against it.
    """

    evidence: Sequence[Evidence]
    mistakes: tuple[Mistake, ...]
    by_check: Mapping[str, Sequence[Mistake]]
    against: Mapping[Mistake, Objection]

    def likeliest(self, mistakes: Sequence[Mistake]) -> Mistake:
        """The one that explains the most checks; among equals, the one that the fewest refute, then the first in the bank."""
        counts = Counter(mistake for found in self.by_check.values() for mistake in found)
        most = max(counts[mistake] for mistake in mistakes)
        first, *others = (mistake for mistake in mistakes if counts[mistake] == most)
        return min((first, *others), key=self._refuting) if others else first

    def _refuting(self, mistake: Mistake) -> int:
        return sum(each.refutes(mistake) for each in self.evidence)


def diagnosed(
    exercise: Exercise, evidence: Sequence[Evidence], results: Mapping[str, CheckResult]
) -> dict[str, CheckResult]:
    """The results with the known mistakes that explain them."""
    explained = explanations(exercise, evidence, results)
    against, told = explained.against, dict(results)
    for name, found in explained.by_check.items():
        if left := [mistake for mistake in found if mistake not in against]:
            mistake = explained.likeliest(left)
            told[name] = replace(results[name], message=mistake.message, mistake=mistake.name, quotes=False)
        elif causes := {against[mistake].check for mistake in found if against[mistake].is_cause}:
            words = CONSEQUENCE.format(results[name].title, results[min(causes)].title)
            told[name] = replace(results[name], message=words, quotes=False)
    return told


@np.errstate(all="ignore")  # mistakes may compute what overflows
def explanations(exercise: Exercise, evidence: Sequence[Evidence], results: Mapping[str, CheckResult]) -> Explanations:
    """What explains the checks that answers fail: known mistakes, and, where these explain nothing, those on no list."""
    failing = {name for name, result in results.items() if not result.passed}
    lost = [each for each in evidence if each.check.name in failing]
    failed = [each for each in lost if each.has_only(Outcome.OK, Outcome.ERROR) and any(each.faults)]
    found = {each.check.name: [*filter(each.is_explained_by, exercise.mistakes)] for each in failed}
    # an error shows little, and speaks against no mistake
    answered = [each for each in failed if each.has_only(Outcome.OK)]
    telling = [*answered, *(each for each in evidence if each.check.name not in failing)]
    against = objections(telling, failing, found)
    wrongly = {mistake for mistake, objection in against.items() if not objection.is_cause}
    left = [each for each in answered if wrongly.issuperset(found[each.check.name])]
    unlisted = _unlisted([each for each in exercise.mistakes if each not in wrongly], exercise, left)
    for each in failed:
        found[each.check.name] += filter(each.is_explained_by, unlisted)
    guessed = {*unlisted} - {guarded(each) for each in exercise.variants}
    against = objections(telling, failing, found, guessed)
    return Explanations(evidence, (*exercise.mistakes, *unlisted), found, against)


def _unlisted(known: Sequence[Mistake], exercise: Exercise, unexplained: Sequence[Evidence]) -> list[Mistake]:
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
