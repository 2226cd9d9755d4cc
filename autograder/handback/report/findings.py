"""What was found in the submissions, each with the students whom it concerns: mistakes, failures and repairs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.handback.report.recorded import ClassRecord
from autograder.judging.verdict import State

Students = tuple[str, ...]


@dataclass(frozen=True)
class MistakeMade:
    """A known mistake, by its id within its exercise; what the students were told; and who made it, sorted."""

    exercise: str
    name: str
    message: str
    students: Students

    @property
    def title(self) -> str:
        """Its name as words."""
        return self.name.replace("-", " ")


@dataclass(frozen=True)
class Failure:
    """Code of an exercise that did not end as code should, or, without an exercise, work that could not be graded."""

    state: State
    exercise: str
    message: str
    students: Students


GRAVEST = (State.UNGRADABLE, State.MEMORY, State.TIMEOUT, State.ERROR)
"""The kinds of failures, the gravest first; the page's template says what a teacher can do about each."""


def mistakes(record: ClassRecord) -> list[MistakeMade]:
    """Every known mistake that was made, by exercise in the notebook's order, the most frequent first."""
    made: dict[tuple[str, str], list[str]] = defaultdict(list)
    messages: dict[tuple[str, str], str] = {}
    for entry in record.entries:
        for exercise, verdict in entry.verdicts.items():
            for name, message in verdict.explanations.items():
                made[exercise, name].append(entry.student)
                messages.setdefault((exercise, name), message)
    order = {item: position for position, item in enumerate(record.items)}
    found = [MistakeMade(*key, messages[key], tuple(students)) for key, students in made.items()]
    return sorted(found, key=lambda each: (order.get(each.exercise, len(order)), -len(each.students), each.name))


def failures(record: ClassRecord) -> list[Failure]:
    """Every failure, by its kind as in ``GRAVEST``, then the one that most students share."""
    found: dict[tuple[State, str, str], list[str]] = defaultdict(list)
    for entry in record.entries:
        if entry.problem:
            found[State.UNGRADABLE, "", entry.problem].append(entry.student)
            continue
        for exercise, verdict in entry.verdicts.items():
            if verdict.state in GRAVEST:
                found[verdict.state, exercise, next(iter(verdict.messages), "")].append(entry.student)
    ranked = sorted(found.items(), key=lambda each: (GRAVEST.index(each[0][0]), -len(each[1]), each[0][1:]))
    return [Failure(*key, tuple(students)) for key, students in ranked]


def repairs(record: ClassRecord) -> list[tuple[str, Students]]:
    """Every kind of repair made before grading, and in whose notebooks; the most frequent first."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in record.entries:
        for repair in dict.fromkeys(entry.repairs):
            found[repair].append(entry.student)
    ranked = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [(repair, tuple(students)) for repair, students in ranked]


def by_mistake(made: Sequence[MistakeMade]) -> dict[str, dict[str, MistakeMade]]:
    """The cells of the heat map: mistake → exercise → who made it there, the mistake made by most first."""
    cells: dict[str, dict[str, MistakeMade]] = defaultdict(dict)
    for each in made:
        cells[each.name][each.exercise] = each
    return dict(sorted(cells.items(), key=lambda row: (-sum(len(each.students) for each in row[1].values()), row[0])))
