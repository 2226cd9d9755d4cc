"""The promises of the mistake bank, held against the real sandbox and the real judges."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from threading import local
from typing import Any, TypeVar

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.cell_text import defined_names
from autograder.course.course import Course
from autograder.course.source import is_graded, is_solution
from autograder.grading.execution import Execution
from autograder.grading.exercises import exercises_of
from autograder.grading.grade import generator, grade_notebook, grade_submission
from autograder.grading.judge_process import judge_apart
from autograder.grading.result import Result, total
from autograder.grading.skippable import display_only
from autograder.judging.exercise import Case, Exercise, Outcome, Reply
from autograder.judging.verdict import State, Verdict
from autograder.processors import processors
from autograder.sandbox import Sandbox
from autograder.sandbox.inside.pages import collapse
from autograder.verify.bank import Kind, Sample, samples, samples_of
from autograder.verify.bombs import solved, unendured

NAMED_RIGHTLY = 0.9
TOGETHER = 8
"""Samples that share a process and hidden inputs."""

T = TypeVar("T")


@dataclass(frozen=True)
class Promise:
    """A promise; what was found, e.g. ``"74 of 76"``; whether it is enough; a line on all that is not as promised."""

    text: str
    figure: str
    holds: bool
    exceptions: tuple[str, ...] = ()


def verify(
    assignment: Assignment, pool: Pool, tick: Callable[[], None] = lambda: None, only: str | None = None
) -> list[Promise]:
    """Check every promise of an assignment.

    Args:
        assignment: which.
        pool: sandboxes with its probes.
        tick: called after every graded sample, for a progress bar.
        only: the exercise whose bank is tried; every exercise's when not given. The solution and the release are
            always graded whole.

    Raises:
        CourseError: ``only`` is no exercise with a bank, or the notebook and the judges do not have the same exercises.
    """
    bank = bank_of(assignment, only)
    exercises_of(assignment)
    collapse()  # each sample is judged in forks of this process
    whole = pool.submit(lambda sandbox: _whole(assignment, sandbox, assignment.solution_notebook(), "solution"))
    bombs = pool.submit(lambda sandbox: [unendured(*each) for each in solved(assignment, sandbox, only)])
    empty = pool.submit(lambda sandbox: _whole(assignment, sandbox, assignment.release, "release"))
    verdicts = []
    for judged in pool.map(lambda sandbox, group: _try_together(assignment, sandbox, group), groups(bank)):
        verdicts += judged
        for _ in judged:
            tick()
    promises = [*_whole_promises(whole.result(), empty.result()), _bombs(bombs.result())]
    known = {each.id: {*(known.name for known in each.mistakes), *each.slips} for each in exercises_of(assignment)}
    return promises + _bank(list(zip(bank, verdicts, strict=True)), known)


def bank_of(assignment: Assignment, only: str | None) -> list[Sample]:
    """The samples of an assignment's bank, or of one exercise's."""
    return samples(assignment) if only is None else list(samples_of(assignment, only).values())


class Pool(ThreadPoolExecutor):
    """Threads, each with a sandbox of its own, which every call gets first; the work is done in their processes.

    The sandboxes, by default one per processor, have the probes of all these assignments, if they have the same limits.
    """

    def __init__(self, course: Course, names: Sequence[str], jobs: int | None = None, **limits: Any) -> None:
        setup, jobs = course.sandbox_setup(*names), jobs or processors()
        setup = replace(setup, limits=replace(setup.limits, **limits))
        self._sandboxes = [Sandbox(setup, private=[course.root]) for _ in range(jobs)]
        self._own, free = local(), iter(self._sandboxes)
        super().__init__(jobs, initializer=lambda: setattr(self._own, "sandbox", next(free)))

    def submit(self, task: Callable[..., T], *arguments: Any) -> Future[T]:  # type: ignore[override]
        """Call the task with a sandbox of its thread's own, then the arguments."""
        return super().submit(lambda: task(self._own.sandbox, *arguments))

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        for sandbox in self._sandboxes:
            sandbox.close()


def _whole(assignment: Assignment, sandbox: Sandbox, notebook: NotebookNode, student: str) -> Result:
    return grade_submission(nbformat.writes(notebook).encode(), assignment, student, sandbox)


def groups(bank: Sequence[Sample], most: int = TOGETHER) -> Iterator[list[Sample]]:
    """The bank in its order, at most so many samples of one exercise at a time."""
    for _, each in groupby(bank, lambda sample: sample.exercise):
        found = list(each)
        yield from (found[at : at + most] for at in range(0, len(found), most))


def _try_together(assignment: Assignment, sandbox: Sandbox, group: Sequence[Sample]) -> list[Verdict]:
    """The verdicts on samples of one exercise, judged in one fork; one that has no answers so is tried alone."""
    exercise = next(each for each in exercises_of(assignment) if each.id == group[0].exercise)
    points, cases, replies = dict(assignment.exercises)[exercise.id], {}, {}
    for at, drawn, came in _answers(assignment, sandbox, exercise, group):
        if {reply.outcome for reply in came} <= {Outcome.OK, Outcome.ERROR}:
            cases[at], replies[at] = drawn, came
    judged = judge_apart([replace(exercise, id=at) for at in cases], cases, replies, dict.fromkeys(cases, points))
    together = {at: replace(verdict, exercise=exercise.id) for at, verdict in judged.items()}
    return [together.get(str(at)) or _try(assignment, sandbox, sample) for at, sample in enumerate(group)]


def _answers(
    assignment: Assignment, sandbox: Sandbox, exercise: Exercise, group: Sequence[Sample]
) -> Iterator[tuple[str, list[Case], list[Reply]]]:
    """The samples by number, with cases and replies, each run and asked in a fork of a process that has run the cells above it.

    All get the same hidden inputs, drawn anew where a host counts what it is asked. Left out are those that are
    incomplete, and all if a cell below would have to be run as well or this machine lacks what the exercise needs.
    """
    notebook = among_solutions(assignment, exercise.id, "\n".join(sample.source for sample in group))
    own = assignment.solution_cells[exercise.id]
    below = [cell for cell in notebook.cells[own + 1 :] if cell.cell_type == "code" and not is_graded(cell)]
    if any(cell.source for cell in below) or (exercise.program and not shutil.which(exercise.program)):
        return
    del notebook.cells[own:]
    student, cases = f"{group[0].kind}/{group[0].name}", list[Case]()
    with Execution(sandbox, notebook, {}, assignment.defines, seed=0) as execution:
        for at, sample in enumerate(group):
            if not cases or any("host" in case.inputs for case in cases):
                cases = exercise.draw(generator(assignment, student, exercise.id))
            if assignment.defines[exercise.id] <= defined_names(sample.source):
                calls = [(exercise.id, exercise.sent(case.inputs)) for case in cases]
                yield str(at), cases, execution.probe(calls, exercise.seconds, sample.source)


def _try(assignment: Assignment, sandbox: Sandbox, sample: Sample) -> Verdict:
    """The verdict on a sample in the place of the solution's own cell."""
    notebook, student = among_solutions(assignment, sample.exercise, sample.source), f"{sample.kind}/{sample.name}"
    return grade_notebook(notebook, assignment, student, sandbox, only={sample.exercise}, rehearsed=False).verdicts[0]


def among_solutions(assignment: Assignment, name: str, source: str) -> NotebookNode:
    """The solution with another cell for an exercise; what comes after it, or only shows something, is not needed."""
    end = assignment.graded_cells[name]
    notebook: NotebookNode = nbformat.from_dict({**assignment.release, "cells": assignment.release.cells[: end + 1]})
    for exercise, position in assignment.solution_cells.items():
        if position <= end:
            notebook.cells[position].source = source if exercise == name else assignment.solved[exercise]
    for position in display_only(notebook.cells, [not is_solution(cell) for cell in notebook.cells]):
        notebook.cells[position].source = ""
    return notebook


def _whole_promises(solution: Result, graded: Result) -> list[Promise]:
    """What is promised of the solution, and of the untouched release; written answers have no points yet."""
    judged = [verdict for verdict in solution.verdicts if verdict.state is not State.WAITING]
    lost = [_line(verdict) for verdict in judged if verdict.score < verdict.max]
    gained = [_line(verdict) for verdict in graded.verdicts if verdict.score > 0]
    errors = [
        f"{output.ename}: {output.evalue}"
        for cell in graded.notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" and output.ename != "NotImplementedError"
    ]
    errors += [_line(verdict) for verdict in graded.verdicts if verdict.state is not State.MISSING]
    figure = f"{solution.score + solution.beyond:g} of {total(each.max for each in judged):g}"
    return [
        Promise("The solution gets full marks", figure, not lost, tuple(lost)),
        Promise("The untouched release gets nothing", f"{graded.score:g} of {graded.max:g}", not gained, tuple(gained)),
        Promise("… and fails only by NotImplementedError", f"{len(errors)} others", not errors, tuple(errors)),
    ]


def _bombs(endured: Sequence[tuple[int, Sequence[str]]]) -> Promise:
    tried, lines = sum(number for number, _ in endured), tuple(line for _, found in endured for line in found)
    text = "Bombs in the place of any part of an answer are judged within limits, and get no full marks"
    return Promise(text, f"{tried - len(lines)} of {tried}", not lines, lines)


def _bank(tried: Sequence[tuple[Sample, Verdict]], known: Mapping[str, Collection[str]]) -> list[Promise]:
    wrong, right, void = ([pair for pair in tried if pair[0].kind is kind] for kind in Kind)
    missed = [_pair(*pair) for pair in wrong if pair[1].score >= pair[1].max]
    misnamed = [_misnamed(*pair, known[pair[0].exercise]) for pair in wrong if pair[1].mistakes[:1] != (pair[0].name,)]
    lost = [_pair(*pair) for pair in right if pair[1].score < pair[1].max]
    gained = [_pair(*pair) for pair in void if pair[1].score > 0]
    named, text = len(wrong) - len(misnamed), f"… and at least {NAMED_RIGHTLY:.0%} are named rightly"
    figure = f"{named} of {len(wrong)} ({named / max(len(wrong), 1):.0%})"
    return [
        _count("Known mistakes lose marks", wrong, missed),
        Promise(text, figure, named >= NAMED_RIGHTLY * len(wrong), tuple(misnamed)),
        _count("Right implementations in other styles get full marks", right, lost),
        _count("Zeros, constants, NaN, transposes and wrong signs get nothing", void, gained),
    ]


def _count(text: str, pairs: Sequence[object], exceptions: Sequence[str]) -> Promise:
    figure = f"{len(pairs) - len(exceptions)} of {len(pairs)}"
    return Promise(text, figure, bool(pairs) and not exceptions, tuple(exceptions))


def _misnamed(sample: Sample, verdict: Verdict, known: Collection[str]) -> str:
    if sample.name in known:
        return _pair(sample, verdict)
    return f"{sample.exercise}/{sample.name}: its judge knows no mistake of this name, but {', '.join(sorted(known)) or 'none'}."


def _pair(sample: Sample, verdict: Verdict) -> str:
    return f"{sample.exercise}/{sample.name}: {_line(verdict)}"


def _line(verdict: Verdict) -> str:
    words = "; ".join([*verdict.mistakes, *verdict.messages])
    return f"{verdict.exercise} {verdict.state} {verdict.score:g}/{verdict.max:g} {words}"[:400]
