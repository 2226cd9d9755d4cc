"""Judging apart: in a process of its own with limits, for what student code returned is hostile data."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from autograder.judging.exercise import Case, Exercise, Reply
from autograder.judging.judge import judge, unjudged
from autograder.judging.verdict import CheckResult, State, Verdict
from autograder.sandbox.inside.jail import die_with_parent

TOO_LARGE = "What your code returned is too large to be judged: return what is asked for, and no more than that."
NOT_ENDED = "Judging this exercise did not end on the machine that graded this: a person will look."

THREAD_BYTES = 64 << 20
"""What one thread of the linear algebra may take for its stack and buffer; a fork starts as many as there were."""

LINES = 3
"""The file descriptor into which a fork writes."""

Question = tuple[Exercise, Sequence[Case], Sequence[Reply], float]
"""What ``judge`` is asked."""


@dataclass(frozen=True)
class Allowance:
    """What the judging of one exercise may use.

    Attributes:
        memory: bytes beyond what the process has when it starts.
        cpu_seconds: processor time, which a busy machine does not use up.
        seconds: wall-clock time, for what waits and does nothing.
    """

    memory: int = 1 << 30
    cpu_seconds: float = 10.0
    seconds: float = 120.0


class JudgeFailed(Exception):
    """A judge raised: its author's mistake. The text is what it raised, a note holds the traceback."""

    def __repr__(self) -> str:
        return str(self)


def judge_apart(
    exercises: Sequence[Exercise],
    cases: Mapping[str, Sequence[Case]],
    replies: Mapping[str, Sequence[Reply]],
    points: Mapping[str, float],
    allowance: Allowance = Allowance(),
) -> dict[str, Verdict]:
    """The verdicts on some exercises, as ``judge`` gives them; one that goes over its limits costs only itself.

    All are judged in one fork of this process, which so knows the judges already; after a death in another one.

    Args:
        exercises: what is judged.
        cases: exercise id → what was sent.
        replies: exercise id → what came back.
        points: exercise id → what it is worth.
        allowance: what each exercise may use.

    Raises:
        JudgeFailed: a judge, not what it was given, is at fault.
    """
    left = [(each, cases[each.id], replies[each.id], points[each.id]) for each in exercises]
    judged: list[Verdict] = []
    while left:
        found, status = _in_a_fork(left, allowance)
        judged += found
        left = left[len(found) :]
        if left:
            exercise, _, _, worth = left.pop(0)
            judged.append(_ended(exercise, worth, os.waitstatus_to_exitcode(status)))
    return {verdict.exercise: verdict for verdict in judged}


def _in_a_fork(questions: Sequence[Question], allowance: Allowance) -> tuple[list[Verdict], int]:
    """The verdicts up to the one on which a fork of this process dies, and how it ends."""
    reader, writer = os.pipe()
    parent, threads = os.getpid(), len(os.listdir("/proc/self/task"))
    child = os.fork()
    if child == 0:
        _judge_all(questions, writer, parent, replace(allowance, memory=allowance.memory + THREAD_BYTES * threads))
    os.close(writer)
    try:
        with open(reader, "rb") as lines:
            found = [_heard(json.loads(line), question) for question, line in zip(questions, lines)]  # noqa: B905
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        status = os.waitpid(child, 0)[1]
    return found, status


def _judge_all(questions: Sequence[Question], writer: int, parent: int, allowance: Allowance) -> NoReturn:
    """The fork's part: a line for each question."""
    try:
        die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:  # it was killed before that
            os._exit(1)
        gc.freeze()  # collecting what is inherited would copy its pages
        os.dup2(writer, LINES)
        os.closerange(LINES + 1, os.sysconf("SC_OPEN_MAX"))  # sandboxes that end meanwhile must find nobody listening
        for number in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        in_use = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (in_use + allowance.memory,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open(LINES, "wb") as lines:
            for question in questions:
                signal.setitimer(signal.ITIMER_PROF, allowance.cpu_seconds)
                signal.setitimer(signal.ITIMER_REAL, allowance.seconds)
                lines.write(json.dumps(_told(question)).encode() + b"\n")
                lines.flush()
        os._exit(0)
    finally:
        os._exit(1)


def _told(question: Question) -> dict[str, Any]:
    """A verdict as plain data, or what the judge raised."""
    exercise, _, _, worth = question
    try:
        return {"verdict": asdict(judge(*question))}
    except MemoryError:
        return {"verdict": asdict(unjudged(exercise, worth, TOO_LARGE))}
    except Exception as error:
        return {"raised": repr(error), "trace": traceback.format_exc()}


def _heard(told: dict[str, Any], question: Question) -> Verdict:
    if "raised" in told:
        failure = JudgeFailed(told["raised"])
        failure.add_note(f"judging {question[0].id}:\n{told['trace']}")
        raise failure
    data = told["verdict"]
    checks = tuple(CheckResult(**each) for each in data["checks"])
    return Verdict(**{**data, "state": State(data["state"]), "messages": tuple(data["messages"]), "checks": checks})


def _ended(exercise: Exercise, points: float, code: int) -> Verdict:
    """The verdict on the exercise over which the fork ended with this code.

    Raises:
        JudgeFailed: it was no limit that ended it.
    """
    if code >= 0:
        raise JudgeFailed(f"the process that judges {exercise.id} ended with {code}")
    if -code in (signal.SIGALRM, signal.SIGKILL):  # it waited, or the machine has no memory left: no student's fault
        return Verdict(exercise.id, 0.0, points, State.UNGRADABLE, (NOT_ENDED,))
    return unjudged(exercise, points, TOO_LARGE)
