"""Do judges see mistakes that are on no list? Right answers of an assignment are mutated, and judged on many draws."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, pairwise
from random import Random

import numpy as np

from autograder.course.assignment import Assignment
from autograder.course.source import is_graded, is_solution
from autograder.grading.exercises import exercises_of
from autograder.grading.rehearsal import public_cases
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.mutation import mutations
from autograder.judging.verdict import State, Verdict
from autograder.sandbox import Sandbox, Session
from autograder.sandbox.inside.probe import SOURCE
from autograder.verify.bank import SOLUTION, Kind, Sample, samples
from autograder.verify.promises import Pool, among_solutions, groups

AT_ONCE = 40
"""Samples that the same process tries, one after the other."""
STAGES = (0, 1, 6, 20)
"""Draws are asked in three stages: what never answers, or does not end, on the first one or is wrong on the first six is caught."""
BROKEN = (State.ERROR, State.MISSING)
SECONDS = 10.0
"""That the calls of a draw may take; a mutant may never end."""
LIMITS = {"submission_seconds": 3600.0, "cpu_seconds": 3600, "output_mb": 2048}
TENTH = 0.1
SAID, SENTENCE = {"caught, error": "your code ", "caught, example": "example"}, "caught, sentence"
"""What is in the words on a wrong answer that has no name, and the end of one where nothing of that is."""
KEEP = "_kept = dict(globals())"
RESTORE = "globals().update(_kept) or [globals().pop(_) for _ in {*globals()} - {*_kept, '_kept'}] and None"

Ask = Callable[[Sequence[Case], float], list[Reply]]
"""Has cases asked, within so many seconds."""

Scores = tuple[float, ...]
"""The share of the points with each public draw; of few draws where it is below 1 with each of them."""


@dataclass(frozen=True)
class Trial:
    """What became of a sample: its marks, whether the notebook's own cell finds it right (then it is ``green``), and what is told of one that is caught."""

    sample: Sample
    scores: Scores
    green: bool
    told: Verdict | None = None

    @property
    def disagreement(self) -> str:
        """Where what students are told is not what marks say; empty where it is, but for less than a tenth of them."""
        if self.green and max(self.scores) <= 1 - TENTH:
            return "green, but loses marks"
        return "not green, but full marks" if not self.green and min(self.scores) == 1 else ""

    @property
    def end(self) -> str:
        """Its fate, and whether what is said of one that is caught has a name (of a mistake or a relation), an example, an error."""
        if self.told is None:
            return fate(self.scores)
        said = " ".join(self.told.messages).lower()
        return (
            "caught, named"
            if self.told.mistakes
            else next((end for end, text in SAID.items() if text in said), SENTENCE)
        )


def fate(scores: Scores) -> str:
    """What becomes of a mutant; an equal one is a right answer, or all draws are blind to what is wrong with it."""
    return "caught" if max(scores) < 1 else "equal" if min(scores) == 1 else "lucky"


def mutants(assignment: Assignment, only: str | None = None, most: int = 200, seed: int = 0) -> list[Sample]:
    """Mutants of the exercises' solutions, and of the styles in their banks, drawn by a seed.

    Of each exercise, or of ``only`` that one, there are at most so many; half of them are the solution's. A mutant's
    name is that of what it was made of, and the lines that differ.
    """
    right: dict[str, dict[str, str]] = {}
    for sample in samples(assignment):
        if only in (None, sample.exercise):
            found = right.setdefault(sample.exercise, {SOLUTION: assignment.solved[sample.exercise]})
            if sample.kind is Kind.STYLE:
                found[sample.name] = sample.source
    chosen = []
    for exercise, sources in right.items():
        public, drawn = sorted(assignment.defines[exercise]), Random(f"{seed}/{exercise}")
        for base, source in sources.items():
            few = most // 2 if base == SOLUTION else most // (2 * (len(sources) - 1))
            for after, change in mutations(source, public, few, drawn).items():
                chosen.append(Sample(exercise, Kind.MISTAKE, f"{base}: {change}", after))
    return chosen


def trials(
    assignment: Assignment, chosen: Sequence[Sample], jobs: int, stages: Sequence[int] = STAGES
) -> Iterator[Trial]:
    """The marks of mutants, or other samples, in the sandbox in place of their exercise's cell, among the solution's.

    As many sandboxes work at a time as there are jobs; after each stage what never had full marks is given up.
    """
    with Pool(assignment.course, [assignment.name], jobs, **LIMITS) as pool:
        grouped = groups(chosen, AT_ONCE)
        for tried in pool.map(lambda sandbox, group: [*_tried(assignment, sandbox, group, stages)], grouped):
            yield from tried


def _tried(assignment: Assignment, sandbox: Sandbox, group: Sequence[Sample], stages: Sequence[int]) -> Iterator[Trial]:
    """The trials of one exercise's samples, in one process as long as it lives; each cell finds the same names."""
    exercise = next(each for each in exercises_of(assignment) if each.id == group[0].exercise)
    plain = replace(exercise, mistakes=(), variants=(), formulas=())  # whether marks are lost, not why
    cells = among_solutions(assignment, exercise.id, "").cells
    before = [cell.source for cell in cells if cell.cell_type == "code" and (is_solution(cell) or not is_graded(cell))]
    cell = assignment.release.cells[assignment.graded_cells[exercise.id]].source
    session: Session | None = None
    for sample in group:
        if session is None or not session.alive:
            session = sandbox.open()
            for source in (*before, KEEP):
                session.run(source)
        session.run(RESTORE)
        session.run(sample.source)
        ask = partial(_replies, sandbox, session, exercise)
        scores, first = _scores(ask, plain, stages)
        told = _told(ask, exercise, first) if fate(scores) == "caught" else None
        green = not _hangs(first) and session.run(cell, SECONDS).outcome is Outcome.OK
        yield Trial(sample, scores, green, told)
    if session is not None:
        session.close()


def _scores(ask: Ask, exercise: Exercise, stages: Sequence[int]) -> tuple[Scores, list[Reply]]:
    """The marks with each draw, and the replies to the first one."""
    scores: list[float] = []
    first: list[Reply] = []
    for start, end in pairwise(stages):
        drawn = [_cases(exercise, seed) for seed in range(start, end)]
        replies = ask([*chain(*drawn)], SECONDS * (end - start))
        first = first or replies[: len(drawn[0])]
        for cases in drawn:
            verdict = judge(exercise, cases, [replies.pop(0) for _ in cases], 1.0)
            scores.append(verdict.score)
        if max(scores) < 1 and (start > 0 or verdict.state in BROKEN or _hangs(first)):
            break
    return tuple(scores), first


def _hangs(replies: Sequence[Reply]) -> bool:
    """Whether a call has no end that tells anything."""
    return not {reply.outcome for reply in replies} <= {Outcome.OK, Outcome.ERROR}


def _told(ask: Ask, exercise: Exercise, first: list[Reply]) -> Verdict:
    """What is said of wrong answers to a rehearsal's inputs, of which more are asked where the first show no name."""
    drawn = public_cases(exercise)
    told = judge(exercise, drawn[0], first, 1.0, public=True)
    more = [*chain(*drawn[1:])]
    if not told.quotes or {reply.outcome for reply in first} != {Outcome.OK}:
        return told
    replies = ask(more, SECONDS * len(drawn))
    if {reply.outcome for reply in replies} != {Outcome.OK}:
        return told
    return judge(exercise, [*drawn[0], *more], first + replies, 1.0, public=True)


def _replies(
    sandbox: Sandbox, session: Session, exercise: Exercise, cases: Sequence[Case], seconds: float
) -> list[Reply]:
    calls = [(exercise.id, exercise.sent(case.inputs)) for case in cases]
    if not session.alive:
        return [Reply(Outcome.DIED)] * len(calls)
    if exercise.id not in sandbox.apart:
        return session.probe(calls, seconds)
    (source,) = session.probe([(SOURCE + exercise.id, {})], SECONDS)
    if source.value is None:
        return [source] * len(calls)
    with sandbox.open() as fresh:
        return fresh.probe(calls, seconds, source.value)


@cache
def _cases(exercise: Exercise, seed: int) -> list[Case]:
    """The cases of a public draw; what oracles say of them is kept with them."""
    return exercise.draw(np.random.default_rng(seed))
