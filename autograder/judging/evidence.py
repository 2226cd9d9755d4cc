"""What came of a check, and whether a known mistake would have given it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.judging.compare import Excused, compare
from autograder.judging.complaint import Complaint, fault_of, outputs_of
from autograder.judging.exercise import RAISED, Case, Check, Exercise, Facts, Mistake, Oracle, Outcome, Reply, Tree
from autograder.judging.suspects import PLENTY, telling

Pair = tuple[Case, Reply]


@dataclass(frozen=True, eq=False)
class Evidence:
    """A check, and its cases with the replies."""

    check: Check
    pairs: Sequence[Pair]

    @cached_property
    def found(self) -> Sequence[Complaint | Excused | None]:
        """What is wrong with each reply, or what is excused."""
        return [fault_of(self.check, *pair) for pair in self.pairs]

    @cached_property
    def faults(self) -> Sequence[Complaint | None]:
        """What is wrong with each reply, if anything is."""
        return [each if isinstance(each, Complaint) else None for each in self.found]

    @property
    def is_right(self) -> bool:
        """Whether all of it is answered, and nothing is wrong; then only what the check needs can fail it."""
        return self.has_only(Outcome.OK) and not any(self.faults)

    @cached_property
    def known(self) -> Oracle | None:
        """What is right, where that is known."""
        return self.check.expected or self.check.example

    def has_only(self, *outcomes: Outcome) -> bool:
        """Whether no reply has another outcome."""
        return all(reply.outcome in outcomes for _, reply in self.pairs)

    def has_form(self) -> bool:
        """Whether all that is wrong with the answers are their values."""
        if self.known is None:
            return False
        told = [(case.told(self.known), outputs_of(reply)) for case, reply in self.pairs]
        differing = [compare(*each, self.check.recognised) for each in told]
        return all(not each or each.kind == "value" for each in differing)

    def given_by(self, mistake: Mistake) -> Iterator[bool]:
        """Whether a mistake that concerns the check gives the answer, of one case after another."""
        for pair, fault in zip(self.pairs, self.faults, strict=True):
            yield explains(mistake, self.check, *pair, fault)

    def is_explained_by(self, mistake: Mistake) -> bool:
        """Whether a mistake gives all of its answers."""
        return concerns(mistake, self.check) and all(self.given_by(mistake))

    def is_likely(self, suspect: Mistake, parts: Sequence[Mistake]) -> bool:
        """Whether a suspect gives all of its answers, too many to do so by chance, and others than each of its parts."""
        if self.known is None or not self.is_explained_by(suspect):
            return False
        worth = 0
        for (case, _), fault in zip(self.pairs, self.faults, strict=True):
            wrong, right = case.told(suspect.expected), case.told(self.known)
            if fault and differs(self.known, self.check, case, wrong):
                worth += telling({key: value for key, value in wrong.items() if key in right})
        return worth >= PLENTY and all(self._is_apart(each.expected, suspect) for each in parts)

    def shows(self, mistake: Mistake) -> bool:
        """Whether a mistake gives other answers than the right ones."""
        return self.known is not None and self._is_apart(self.known, mistake)

    def refutes(self, mistake: Mistake) -> bool:
        """Whether a mistake would show, and an answer is another; not where nothing says what is right."""
        return any(differs(self.known, self.check, case, wrong) for case, wrong in self._otherwise(mistake))

    def contradicts(self, mistake: Mistake) -> bool:
        """Whether an answer is another than a mistake gives, be that the right one or not."""
        return any(True for _ in self._otherwise(mistake))

    def _is_apart(self, known: Oracle, mistake: Mistake) -> bool:
        return any(differs(known, self.check, case, case.told(mistake.expected)) for case, _ in self.pairs)

    def _otherwise(self, mistake: Mistake) -> Iterator[tuple[Case, Tree]]:
        """What a mistake gives in the cases whose answers are others.

        What a probe reports of itself, beside the answer, it need not see in every check; nor an error in one that is wrong.
        """
        if self.known is None or not concerns(mistake, self.check):
            return
        for case, reply in self.pairs:
            wrong = case.told(mistake.expected)
            is_seen = not wrong.keys().isdisjoint(case.told(self.known)) or (self.is_right and RAISED in wrong)
            if wrong and is_seen and compare(wrong, outputs_of(reply), self.check.recognised):
                yield case, wrong


def gathered(exercise: Exercise, cases: Sequence[Case], replies: Sequence[Reply]) -> list[Evidence]:
    """What came of each check, as the exercise reads it out of the replies.

    Raises:
        ValueError: a check names a case that was not drawn.
    """
    by_name: dict[str, list[Pair]] = {}
    for case, reply in zip(cases, replies, strict=True):
        by_name.setdefault(case.name, []).append((case, _read(exercise, case, reply)))
    for check in exercise.checks:
        for name in check.cases:
            if name not in by_name:
                raise ValueError(f"{exercise.id}: the check {check.name!r} names the case {name!r}, which `draw` lacks")
    return [Evidence(each, [pair for name in each.cases for pair in by_name[name]]) for each in exercise.checks]


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


def concerns(mistake: Mistake, check: Check) -> bool:
    """Whether a mistake may explain a check; one without an oracle has nothing to compare, and must be listed."""
    return check.name in mistake.checks or (not mistake.checks and bool(check.expected or check.example))


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
