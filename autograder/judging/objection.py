"""What speaks against the names of mistakes that explain a check."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.judging.evidence import Evidence
from autograder.judging.exercise import Mistake


@dataclass(frozen=True)
class Objection:
    """A check that shows that a mistake which explains another one is not what was made.

    Attributes:
        check: its name.
        is_cause: whether it fails, and what the mistake gives only follows from that; else the mistake would give
            other answers there than came.
    """

    check: str
    is_cause: bool


def objections(
    evidence: Sequence[Evidence],
    failing: Collection[str],
    found: Mapping[str, Sequence[Mistake]],
    guessed: Collection[Mistake] = (),
) -> dict[Mistake, Objection]:
    """Of the mistakes that explain a check, those whose names would be wrong, each with what speaks against it.

    A known one is refuted by as many checks as it explains; one that is guessed by a single check, as a change of a
    formula may give all answers of another check by chance.

    Args:
        evidence: what may refute a mistake.
        failing: the names of all checks that fail.
        found: for each check the mistakes that explain it.
        guessed: of these, those that are on no list.
    """
    against: dict[Mistake, Objection] = {}
    for mistake, number in Counter(mistake for some in found.values() for mistake in some).items():
        causes = [name for name in mistake.unless if name in failing]
        refuting = _refuting(mistake, evidence, found, guessed)
        if causes:
            against[mistake] = Objection(causes[0], is_cause=True)
        elif len(refuting) >= (1 if mistake in guessed else number):
            against[mistake] = Objection(refuting[0], is_cause=False)
    return against


def _refuting(
    mistake: Mistake, evidence: Sequence[Evidence], found: Mapping[str, Sequence[Mistake]], guessed: Collection[Mistake]
) -> list[str]:
    """The checks where a mistake would show and did not; or, if it is guessed, where other answers came, right or wrong.

    Where another mistake explains the answers, these say nothing; but a guess says nothing for a guess.
    """
    ignored = {*guessed} - {mistake} if mistake in guessed else set()
    unexplained = [each for each in evidence if not {*found.get(each.check.name, ())} - ignored]
    speaks = Evidence.contradicts if mistake in guessed else Evidence.refutes
    return [each.check.name for each in unexplained if speaks(each, mistake)]
