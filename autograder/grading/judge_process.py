"""Judging apart, in a fork with limits of its own: what student code returned is hostile data."""

import gc
import json
import os
import resource
import signal
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, NoReturn

from autograder.judging.exercise import Case, Exercise, Reply
from autograder.judging.judge import judge, unjudged
from autograder.judging.verdict import CheckResult, State, Verdict
from autograder.sandbox.inside.jail import die_with_parent

TOO_LARGE = "What your code returned is too large to be judged: return what is asked for, and no more than that."
NOT_ENDED = "Judging this exercise did not end on the machine that graded this: a person will look."

THREAD_BYTES = 64 << 20
"""For the stack and the buffer of a thread of linear algebra; a fork starts as many as there were."""

LINES = 3
"""The file descriptor into which a fork writes a line for each exercise."""

Task = tuple[str, Callable[[], Any]]
"""The exercise that a fork is at, and what it does there; that returns JSON values."""


@dataclass(frozen=True)
class Allowance:
    """What judging one exercise may use: bytes beyond those of the grader, processor time, time on the clock."""

    memory: int = 1 << 30
    cpu_seconds: float = 10.0
    seconds: float = 120.0


class JudgeFailed(Exception):
    """A judge raised, which is its author's error: the text says what, a note where."""

    def __repr__(self) -> str:
        return str(self)


def judge_apart(
    exercises: Sequence[Exercise],
    cases: Mapping[str, Sequence[Case]],
    replies: Mapping[str, Sequence[Reply]],
    points: Mapping[str, float],
    allowance: Allowance = Allowance(),
    public: bool = False,
    likely: Mapping[str, Verdict] = MappingProxyType({}),
) -> dict[str, Verdict]:
    """What ``judge`` says of each exercise, by its id; one that goes over a limit costs only itself.

    A fork of this process judges one after the other, with all that is imported and drawn; if it dies, the next fork
    goes on behind the exercise that it died of.

    Args:
        exercises, cases, replies, points, public: see ``judge``.
        allowance: what each exercise may use.
        likely: what was said of other answers by the same code: if its mistakes explain these as well, no others are
            tried; nor are they where it had none.

    Raises:
        JudgeFailed: a judge is at fault, not what it was given.
    """
    left, judged = list(exercises), list[Verdict]()

    def task(each: Exercise) -> Task:
        given = cases[each.id], replies[each.id], points[each.id], public
        return each.id, lambda: asdict(_as_before(each, *given, likely.get(each.id)) or judge(each, *given))

    while left:
        found, code = _in_a_fork([task(each) for each in left], allowance)
        for each, told in zip(left, found, strict=False):
            judged.append(_verdict(told) if told else unjudged(each, points[each.id], TOO_LARGE))
        left = left[len(found) :]
        if left:
            exercise = left.pop(0)
            worth = points[exercise.id]
            if code >= 0:
                raise JudgeFailed(f"the process that judges {exercise.id} ended with {code}")
            if -code in (signal.SIGALRM, signal.SIGKILL):  # it waits, or the machine has no memory: no student's fault
                judged.append(Verdict(exercise.id, 0.0, worth, State.UNGRADABLE, (NOT_ENDED,)))
            else:
                judged.append(unjudged(exercise, worth, TOO_LARGE))
    return {verdict.exercise: verdict for verdict in judged}


def _as_before(
    exercise: Exercise,
    cases: Sequence[Case],
    replies: Sequence[Reply],
    points: float,
    public: bool,
    before: Verdict | None,
) -> Verdict | None:
    """The verdict, if the mistakes that were named before explain every check that they did, and every other one that fails now.

    A check for which nothing was found is not searched again: what explains one draw alone does so by chance.
    """
    if before is None:
        return None
    named = tuple(each for each in exercise.mistakes if each.name in before.mistakes)
    verdict = judge(replace(exercise, mistakes=named, variants=(), formulas=()), cases, replies, points, public)
    nameless = {check.name for check in before.checks if not check.passed and not check.mistake}
    explained = all(check.passed or check.mistake or check.name in nameless for check in verdict.checks)
    return verdict if explained else None


def work_apart(task: Task) -> Any:
    """What a task on hostile data returns, done in such a fork.

    Raises:
        JudgeFailed: it raises, or goes over a limit.
    """
    found, code = _in_a_fork([task], Allowance())
    if not found or found[0] is None:
        raise JudgeFailed(f"{TOO_LARGE} (The process that looked at it ended with {code}.)")
    return found[0]


def _in_a_fork(tasks: Sequence[Task], allowance: Allowance) -> tuple[list[Any], int]:
    """What the tasks return that a fork does before it ends, None for want of memory; and its exit code, negative for a signal."""
    reader, writer = os.pipe()
    parent, threads = os.getpid(), len(os.listdir("/proc/self/task"))
    child = os.fork()
    if child == 0:
        _do_all(tasks, writer, parent, allowance, allowance.memory + threads * THREAD_BYTES)
    os.close(writer)
    try:
        with open(reader, "rb") as lines:
            found = [_returned(json.loads(line)) for line in lines]
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        status = os.waitpid(child, 0)[1]
    return found, os.waitstatus_to_exitcode(status)


def _do_all(tasks: Sequence[Task], writer: int, parent: int, allowance: Allowance, memory: int) -> NoReturn:
    """The fork's part."""
    try:
        die_with_parent(signal.SIGKILL)
        warnings.simplefilter("ignore")  # NumPy's, of numbers that a student has sent, are nothing for the instructor
        gc.freeze()  # collecting what is inherited would copy it
        os.dup2(writer, LINES)
        os.closerange(LINES + 1, os.sysconf("SC_OPEN_MAX"))  # a sandbox's socket must not stay open for its sake
        for number in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        with open("/proc/self/statm") as file:
            most = int(file.read().split()[5]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open(LINES, "wb") as lines:
            for task in tasks:
                signal.setitimer(signal.ITIMER_PROF, allowance.cpu_seconds)
                signal.setitimer(signal.ITIMER_REAL, allowance.seconds)
                if os.getppid() == parent:  # else it was killed before it could take this process with it
                    lines.write(json.dumps(_told(task)).encode() + b"\n")
                    lines.flush()
        os._exit(0)
    finally:
        os._exit(1)


def _told(task: Task) -> dict[str, Any]:
    """What a task returns, or what it raises."""
    exercise, work = task
    try:
        return {"returned": work()}
    except MemoryError:
        return {"returned": None}
    except Exception as error:
        return {"raised": repr(error), "trace": f"judging {exercise}:\n{traceback.format_exc()}"}


def _returned(told: dict[str, Any]) -> Any:
    if "raised" in told:
        failure = JudgeFailed(told["raised"])
        failure.add_note(told["trace"])
        raise failure
    return told["returned"]


def _verdict(told: dict[str, Any]) -> Verdict:
    checks = tuple(CheckResult(**each) for each in told["checks"])
    return Verdict(**{**told, "state": State(told["state"]), "messages": tuple(told["messages"]), "checks": checks})
