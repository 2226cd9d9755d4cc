"""Grade one submission: from its bytes to its verdicts. It records nothing and depends on nothing but its arguments."""

import copy
import hashlib
import hmac
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

import numpy as np
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.grading.execution import Execution
from autograder.grading.exercises import exercises_of
from autograder.grading.judge_process import judge_apart
from autograder.grading.result import QUIZ, Result
from autograder.ingest import Ungradable, ingest
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.judge import FAILURES, retold
from autograder.judging.verdict import State, Verdict
from autograder.sandbox import Sandbox

REHEARSAL = 0
"""Seeds the inputs of rehearsals, which are no secret."""


def grade_submission(data: bytes, assignment: Assignment, student: str, sandbox: Sandbox, filename: str = "") -> Result:
    """The result of one submission; a submission that cannot be graded gives one too, with the reason.

    Args:
        data: the submitted file, as it came.
        assignment: what it should be.
        student: the submitter's id; with the course's seed it decides the hidden inputs.
        sandbox: where student code runs.
        filename: the submitted file's name, for what its ending says.
    """
    try:
        ingested = ingest(data, assignment, filename)
    except Ungradable as reason:
        return ungradable(assignment, student, str(reason))
    return grade_notebook(ingested.notebook, assignment, student, sandbox, tuple(ingested.repairs))


def ungradable(assignment: Assignment, student: str, reason: str) -> Result:
    """The result of a submission that cannot be graded: kept, named, and left to a person."""
    notebook = copy.deepcopy(assignment.release)
    verdicts = tuple(Verdict(name, 0.0, points, State.UNGRADABLE, (reason,)) for name, points in assignment.exercises)
    return Result(assignment.name, student, notebook, verdicts, problem=reason)


def grade_notebook(
    notebook: NotebookNode,
    assignment: Assignment,
    student: str,
    sandbox: Sandbox,
    repairs: tuple[str, ...] = (),
    only: Collection[str] | None = None,
) -> Result:
    """The result of a rebuilt notebook, whose cells get their outputs here; of ``only`` some exercises if given."""
    asked = [each for each in exercises_of(assignment) if only is None or each.id in only]
    exercises = [each for each in asked if _can_run(each)]
    points = dict(assignment.exercises)
    drawn = {each.id: each.draw(_generator(assignment, student, each.id)) for each in exercises}
    stubs = {each: assignment.release.cells[at].source for each, at in assignment.solution_cells.items()}
    seed = int.from_bytes(hashlib.sha256(f"{assignment.name}/{student}".encode()).digest()[:4])
    with Execution(sandbox, notebook, stubs, assignment.defines, seed) as execution:
        execution.run()
        replies = _question(execution, exercises, drawn)
        judged = judge_apart(exercises, drawn, replies, points)
        judged |= _rehearse(execution, [each for each in exercises if judged[each.id].quotes], judged)
        failures = execution.failures
    judged |= {each.id: _without_program(each, points[each.id]) for each in asked if each not in exercises}
    verdicts = tuple(_with_failure(judged[each.id], failures.get(each.id)) for each in asked)
    return Result(assignment.name, student, notebook, verdicts, repairs)


def _can_run(exercise: Exercise) -> bool:
    return not exercise.program or shutil.which(exercise.program) is not None


def _without_program(exercise: Exercise, points: float) -> Verdict:
    """The verdict where this machine lacks what an exercise needs: it says so, and is left to a person."""
    reason = f"The machine that graded this has no {exercise.program}, which this exercise needs: a person will look."
    return Verdict(exercise.id, 0.0, points, State.UNGRADABLE, (reason,))


def _rehearse(execution: Execution, exercises: Sequence[Exercise], judged: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts in words that give no hidden input away, whatever the student's code made of them.

    Words of the student's code, the names of its types and the shapes of its answers are only repeated from a process
    that was never asked about hidden inputs: it is new, runs the notebook again and is asked about public ones.
    """
    if not exercises:
        return {}
    execution.afresh()
    public = {each.id: _public(each) for each in exercises}
    replies = _question(execution, exercises, public)
    heard = judge_apart(exercises, public, replies, {name: verdict.max for name, verdict in judged.items()})
    return {name: retold(judged[name], rehearsal) for name, rehearsal in heard.items()}


@cache
def _public(exercise: Exercise) -> list[Case]:
    """The cases of a rehearsal, the same for everybody; what oracles say of them is kept with them."""
    return exercise.draw(np.random.default_rng(REHEARSAL))


def _generator(assignment: Assignment, student: str, exercise: str) -> np.random.Generator:
    """The generator of hidden inputs: the same for every regrade, another for every student and exercise."""
    text = f"{assignment.name}/{student}/{exercise}".encode()
    return np.random.default_rng(int.from_bytes(hmac.digest(assignment.course.seed(), text, "sha256")))


def _question(
    execution: Execution, exercises: Sequence[Exercise], drawn: dict[str, list[Case]]
) -> dict[str, list[Reply]]:
    """The replies of every exercise; each is probed in a fork of its own, the quiz's questions all in one."""
    replies: dict[str, list[Reply]] = {}
    for _, group in groupby(exercises, key=lambda each: QUIZ if each.id.startswith(QUIZ) else each.id):
        members = list(group)
        calls = [(each.id, case.inputs) for each in members for case in drawn[each.id]]
        seconds = max(each.seconds for each in members)
        answered = execution.probe(calls, seconds)
        if any(reply.outcome is Outcome.TIMEOUT for reply in answered):  # a busy machine may cost no marks
            answered = execution.probe(calls, seconds)
        answers = iter(answered)
        for each in members:
            replies[each.id] = [next(answers) for _ in drawn[each.id]]
    return replies


def _with_failure(verdict: Verdict, failure: Reply | None) -> Verdict:
    """The verdict, which also says how the exercise's own cell failed when that cost points."""
    if failure is None or verdict.state in (State.CORRECT, State.UNGRADABLE):
        return verdict
    if failure.outcome is Outcome.ERROR:
        error = failure.error or {}
        state, text = State.ERROR, f"Your cell raised {error.get('type')}: {error.get('message')}"
    else:
        state, text = FAILURES[failure.outcome]
    keep = verdict.state if verdict.score > 0 else state
    return replace(verdict, state=keep, messages=(text, *verdict.messages))
