"""The rehearsal: inputs that are no secret, the same for everybody, before any hidden one is sent."""

import hashlib
import pickle
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

import numpy as np

from autograder.grading.asking import ask, outcomes, was_alone
from autograder.grading.execution import Execution
from autograder.grading.judge_process import judge_apart
from autograder.grading.result import QUIZ
from autograder.judging.evidence import concerns
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.verdict import State, Verdict
from autograder.sandbox import Use

REHEARSAL = (0, 1, 2)
"""Seed the inputs of rehearsals, which are no secret: the first for all, the others where something is wrong with it."""

MOST_KEPT = 1000
"""Verdicts that are kept of an exercise."""


@dataclass(frozen=True)
class Rehearsal:
    """What came of public inputs, by the exercise's id.

    Attributes:
        replies: to them; of these alone a student's own words are quoted.
        right: the exercises that are right there.
        wrong: the verdicts on those whose answers are wrong.
    """

    replies: Mapping[str, list[Reply]] = field(default_factory=dict)
    right: Collection[str] = ()
    wrong: Mapping[str, Verdict] = field(default_factory=dict)


def rehearse(execution: Execution, exercises: Sequence[Exercise]) -> Rehearsal:
    """Ask all exercises for public inputs, before any hidden one is sent.

    Afterwards nothing that a process of the submission says is repeated: clocks, caches and counters of the machine would
    tell it what another process of the same student has seen. All are asked in one fork, the quiz, which has no hidden
    inputs, first; others that fail there are asked again in a fork of their own, as long as there is time, and those
    whose answers are wrong in a way that has no name are asked more.
    """
    public = {each.id: public_cases(each)[0] for each in exercises}
    quiz = [each for each in exercises if each.id.startswith(QUIZ)]
    others = [each for each in exercises if not each.id.startswith(QUIZ)]
    with execution.unbilled() as in_time:
        replies = ask(execution, [*quiz, *others], public, Use.WAIT)
        for each in others:  # the quiz had none before it
            if outcomes(replies[each.id]) != {Outcome.OK} and in_time() and not was_alone(execution, [each], public):
                replies |= ask(execution, [each], public, Use.BESIDE)
        right, wrong = _tried(others, public, replies)
        unnamed = [each for each in others if each.id in wrong and wrong[each.id].quotes]
        for each in unnamed if in_time() else ():
            more = ask(execution, [each], {each.id: [*chain(*public_cases(each)[1:])]}, Use.BESIDE)[each.id]
            if in_time() and outcomes(more) == {Outcome.OK}:
                replies[each.id] += more
    return Rehearsal(replies, right, wrong)


def _tried(
    exercises: Sequence[Exercise], cases: Mapping[str, list[Case]], replies: Mapping[str, list[Reply]]
) -> tuple[set[str], dict[str, Verdict]]:
    """The exercises whose answers to public inputs are right, and the verdicts on those that are wrong.

    The inputs are the same for everybody, and so are many answers, to the last bit: those are judged once.
    """
    answered = [each for each in exercises if outcomes(replies[each.id]) == {Outcome.OK}]
    digests = {each.id: _digest(replies[each.id]) for each in answered}
    told = {each.id: _told(each).get(digests[each.id]) for each in answered}
    new = [each for each in answered if told[each.id] is None]
    judged = judge_apart(new, cases, replies, {each.id: 1.0 for each in new})
    for each in new:
        _keep(_told(each), digests[each.id], judged[each.id])
        if judged[each.id].state is not State.CORRECT:
            _foresee(each)
    verdicts = {name: verdict or judged[name] for name, verdict in told.items()}
    wrong = {name: verdict for name, verdict in verdicts.items() if verdict.state is not State.CORRECT}
    return {*verdicts} - {*wrong}, wrong


@cache
def _told(exercise: Exercise) -> dict[bytes, Verdict]:
    """The latest verdicts on answers to its public inputs, by their digests."""
    return {}


def _keep(verdicts: dict[bytes, Verdict], digest: bytes, verdict: Verdict) -> None:
    if digest and verdict.state is not State.UNGRADABLE:  # another time the machine may be less busy
        verdicts[digest] = verdict
    if len(verdicts) > MOST_KEPT:
        del verdicts[next(iter(verdicts))]


def _digest(replies: Sequence[Reply]) -> bytes:
    """Of plain data that came from outside; nothing where it is nested too deep."""
    try:
        return hashlib.sha256(pickle.dumps(replies)).digest()
    except RecursionError:
        return b""


@cache
def public_cases(exercise: Exercise) -> list[list[Case]]:
    """The cases of each draw of a rehearsal and the small ones, the same for everybody; what oracles say of the first draw is kept with them, for all forks."""
    draws = [exercise.draw(np.random.default_rng(seed)) for seed in REHEARSAL]
    for check in exercise.checks:
        for case in draws[0]:
            if check.expected is not None and case.name in check.cases:
                case.told(check.expected)
    return [*draws, [*exercise.small]]


@cache
def _foresee(exercise: Exercise) -> None:
    """Have what known mistakes make of the first draw kept with it as well, once somebody has made one."""
    cases = {case.name: case for case in public_cases(exercise)[0]}
    for check in exercise.checks:
        for mistake in filter(lambda each: concerns(each, check), exercise.mistakes):
            for name in check.cases:
                with suppress(Exception):  # then whoever is judged by it is told so
                    cases[name].told(mistake.expected)
