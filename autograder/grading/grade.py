"""Grade one submission: from its bytes to its verdicts. It records nothing and depends on nothing but its arguments."""

import copy
import hashlib
import hmac
import shutil
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.grading.asking import ask, ask_alone, outcomes, was_alone
from autograder.grading.execution import Execution
from autograder.grading.exercises import exercises_of
from autograder.grading.judge_process import judge_apart
from autograder.grading.rehearsal import Rehearsal, public_cases, rehearse
from autograder.grading.remarks import cells_until_taken, remark
from autograder.grading.result import QUIZ, Result
from autograder.ingest import Ungradable, ingest
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.failures import missing_package
from autograder.judging.judge import retold
from autograder.judging.verdict import CheckResult, State, Verdict
from autograder.sandbox import Sandbox, SandboxFailed, Use

AGAIN = "While this was graded, the sandbox itself failed ({}); it was started anew, and this graded again."
"""A repair of the grader's own."""

NO_PACKAGE = "Your code needs the package `{}`, which the machine that graded this does not have: a person will look. (Instructors: `pip install -e '.[colab]'` brings the usual ones; then grade again.)"

Evidence = tuple[Exercise, Sequence[Case], Sequence[Reply], Sequence[Case], Sequence[Reply]]
"""What a verdict rests on: the hidden inputs and the replies, then the rehearsal's; for instructors alone."""


def grade_submission(
    data: bytes,
    assignment: Assignment,
    student: str,
    sandbox: Sandbox,
    filename: str = "",
    evidence: dict[str, Evidence] | None = None,
) -> Result:
    """The result of one submission; a submission that cannot be graded gives one too, with the reason.

    Args:
        data: the submitted file, as it came.
        assignment: what it should be.
        student: the submitter's id; with the course's seed it decides the hidden inputs.
        sandbox: where student code runs.
        filename: the submitted file's name, for what its ending says.
        evidence: gets what each verdict rests on, by the exercise's id.

    Raises:
        SandboxFailed: the sandbox has failed twice, and is started anew once more.
        SandboxClosed: somebody has closed the sandbox.
    """
    said: tuple[str, ...] = ()
    while True:
        try:
            ingested = ingest(data, assignment, filename)
            repairs = (*ingested.repairs, *said)
            return grade_notebook(ingested.notebook, assignment, student, sandbox, repairs, evidence=evidence)
        except Ungradable as reason:
            return ungradable(assignment, student, str(reason))
        except SandboxFailed as failure:
            sandbox.restart()
            if said:
                raise SandboxFailed(f"Twice the sandbox itself failed while this was graded: {failure}.") from None
            said = (AGAIN.format(failure),)


def ungradable(assignment: Assignment, student: str, reason: str) -> Result:
    """The result of a submission that cannot be graded: kept, named, and left to a person."""
    notebook = copy.deepcopy(assignment.release)
    verdicts = tuple(Verdict(name, 0.0, points, State.UNGRADABLE, (reason,)) for name, points in assignment.exercises)
    return Result(assignment.name, student, notebook, verdicts, problem=reason, enough=assignment.enough)


def grade_notebook(
    notebook: NotebookNode,
    assignment: Assignment,
    student: str,
    sandbox: Sandbox,
    repairs: tuple[str, ...] = (),
    only: Collection[str] | None = None,
    rehearsed: bool = True,
    evidence: dict[str, Evidence] | None = None,
) -> Result:
    """The result of a rebuilt notebook, whose cells get their outputs here.

    Args:
        notebook: what ``ingest`` has rebuilt.
        assignment: what it should be.
        student: the submitter's id.
        sandbox: where student code runs.
        repairs: what was mended.
        only: the exercises that are asked; all if not given.
        rehearsed: False where no student reads the messages, which may give hidden inputs away then.
        evidence: gets what each verdict rests on, by the exercise's id.
    """
    asked = [each for each in exercises_of(assignment) if only is None or each.id in only]
    exercises = [each for each in asked if not each.program or shutil.which(each.program)]
    points = dict(assignment.exercises)
    drawn = {each.id: each.draw(generator(assignment, student, each.id)) for each in exercises}
    stubs = {each: assignment.release.cells[at].source for each, at in assignment.solution_cells.items()}
    seed = int.from_bytes(hashlib.sha256(f"{assignment.name}/{student}".encode()).digest()[:4])
    with Execution(sandbox, notebook, stubs, assignment.defines, seed) as execution:
        execution.run()
        rehearsal = rehearse(execution, [each for each in exercises if rehearsed or each.id.startswith(QUIZ)])
        judged, replies = _judge(execution, exercises, drawn, rehearsal, points)
        failures = execution.failures
    heard = rehearsal.replies
    for each in exercises:
        end = 0 if judged[each.id].state is State.CORRECT else cells_until_taken(each.id, notebook, assignment)
        if end:  # it counts if it is right behind its own cell
            cells = NotebookNode(cells=copy.deepcopy(notebook.cells[:end]))
            with Execution(sandbox, cells, stubs, assignment.defines, seed, execution.deadline) as alone:
                alone.run()
                there, came = _judge(alone, [each], drawn, Rehearsal(), points)
            if there[each.id].state is State.CORRECT:  # of others words are told, and hidden inputs have been sent
                judged, replies = judged | there, replies | came
    if evidence is not None:
        for each in exercises:
            public, own = [*chain(*public_cases(each))], heard.get(each.id, [])
            evidence[each.id] = each, drawn[each.id], replies[each.id], public[: len(own)], own
    for name in {each.id for each in exercises if judged[each.id].state is not State.CORRECT} & set(heard):
        if package := missing_package(heard[name]):
            judged[name] = Verdict(name, 0.0, points[name], State.UNGRADABLE, (NO_PACKAGE.format(package),))
    judged |= {each.id: _without_program(each, points[each.id]) for each in asked if each not in exercises}
    verdicts = {each.id: remark(judged[each.id], notebook, assignment, failures) for each in asked}
    verdicts |= {name: _written(name, notebook, assignment) for name in assignment.written if only is None}
    ordered = tuple(verdicts[each] for each in points if each in verdicts)
    return Result(assignment.name, student, notebook, ordered, repairs, enough=assignment.enough)


def _written(name: str, notebook: NotebookNode, assignment: Assignment) -> Verdict:
    """The verdict on a written answer: nothing where nothing was written, else a person gives the points."""
    stub, points = assignment.release.cells[assignment.solution_cells[name]], dict(assignment.exercises)[name]
    if any((cell.id, cell.source) == (stub.id, stub.source) for cell in notebook.cells):
        return Verdict(name, 0.0, points, State.MISSING, ("This question has not been answered yet.",))
    rubric = tuple(CheckResult("", text, worth / (points or 1.0), False) for worth, text in assignment.rubrics[name])
    return Verdict(name, 0.0, points, State.WAITING, ("A person reads your answer and gives the points.",), rubric)


def _without_program(exercise: Exercise, points: float) -> Verdict:
    """The verdict where this machine lacks what an exercise needs: it says so, and is left to a person."""
    reason = f"The machine that graded this has no {exercise.program}, which this exercise needs: a person will look."
    return Verdict(exercise.id, 0.0, points, State.UNGRADABLE, (reason,))


def _judge(
    execution: Execution,
    exercises: Sequence[Exercise],
    drawn: Mapping[str, list[Case]],
    rehearsal: Rehearsal,
    points: Mapping[str, float],
) -> tuple[dict[str, Verdict], dict[str, list[Reply]]]:
    """The verdicts, in the words of the rehearsal wherever their own would quote, and the replies that they rest on.

    What was right in the rehearsal is asked in the fork that it left, else in a new one; an exercise that is not right
    there, or was not in the rehearsal, counts in a fork of its own.
    """
    heard = rehearsal.replies
    replies = {each.id: heard[each.id] for each in exercises if each.id.startswith(QUIZ)}
    others = [each for each in exercises if each.id not in replies]
    fine = [each for each in others if each.id in rehearsal.right or each.id not in heard]
    together = {each.id for each in fine}
    replies |= ask(execution, fine, drawn, Use.RESUME)
    for each in others:
        if each.id not in together:
            replies |= ask_alone(execution, each, drawn, heard)
    judged = judge_apart(exercises, drawn, replies, points, likely=rehearsal.wrong)
    wrong = [each for each in fine if judged[each.id].state is not State.CORRECT]
    if not heard:  # else it was behind others, if only what it was asked in public
        late = {each.id for each in wrong if Outcome.TIMEOUT in outcomes(replies[each.id])}
        wrong = [each for each in wrong if each.id in late or not was_alone(execution, [each], together)]
    for each in wrong:
        replies |= ask_alone(execution, each, drawn, heard)
    judged |= judge_apart(wrong, drawn, replies, points)
    quoting = [each for each in exercises if judged[each.id].quotes and each.id in heard]
    public = {each.id: [*chain(*public_cases(each))][: len(heard[each.id])] for each in quoting}
    rehearsed = judge_apart(quoting, public, heard, points, public=True, likely=rehearsal.wrong)
    return judged | {name: retold(judged[name], verdict) for name, verdict in rehearsed.items()}, replies


def generator(assignment: Assignment, student: str, exercise: str) -> np.random.Generator:
    """The generator of hidden inputs: the same for every regrade, another for every student and exercise."""
    text = f"{assignment.name}/{student}/{exercise}".encode()
    return np.random.default_rng(int.from_bytes(hmac.digest(assignment.course.seed(), text, "sha256")))
