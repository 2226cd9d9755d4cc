"""Judging apart: limits cost the exercise that meets them and nothing else, and an author's error reaches the author."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.grading.judge_process import NOT_ENDED, TOO_LARGE, Allowance, JudgeFailed, judge_apart
from autograder.judging.exercise import Case, Check, Exercise, Outcome, Reply, Tree
from autograder.judging.judge import judge
from autograder.judging.verdict import State, Verdict

CASES = [Case("one", {"x": 1})]
RIGHT = [Reply(Outcome.OK, {"y": 1, "text": "\ud800"})]


def oracle(inputs: Tree) -> Tree:
    return {"y": inputs["x"]}


def exercise(name: str, act: Callable[[], Any] = lambda: None, *, reads: bool = False) -> Exercise:
    """One that does something, where what came back is read or else where the right answer is computed."""

    def expected(inputs: Tree) -> Tree:
        act()
        return oracle(inputs)

    def read(inputs: Tree, outputs: Tree) -> Tree:
        act()
        return outputs

    check = Check("y", "The answer", share=1.0, cases=("one",), expected=oracle if reads else expected)
    return Exercise(name, lambda rng: CASES, (check,), read=read if reads else None)


def judged(*exercises: Exercise, **limits: Any) -> list[Verdict]:
    names = [each.id for each in exercises]
    cases = {name: [replace(case) for case in CASES] for name in names}
    found = judge_apart(exercises, cases, dict.fromkeys(names, RIGHT), dict.fromkeys(names, 3.0), Allowance(**limits))
    assert list(found) == names
    return list(found.values())


def spin() -> None:
    while True:
        pass


def allocate() -> None:
    np.ones(10 << 27)


def grow() -> None:
    held = []
    while True:
        held.append(bytearray(1 << 20))


@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("act", [spin, allocate, grow, lambda: os.kill(os.getpid(), signal.SIGSEGV)])
def test_what_goes_over_a_limit_costs_itself_only(act: Callable[[], None], reads: bool) -> None:
    first, bad, last = judged(exercise("a"), exercise("b", act, reads=reads), exercise("c"), cpu_seconds=1.0)
    assert (first.score, last.score) == (3.0, 3.0)
    assert (bad.score, bad.state, bad.messages) == (0.0, State.WRONG, (TOO_LARGE,))
    assert [check.passed for check in bad.checks] == [False]


@pytest.mark.parametrize("reads", [False, True])
def test_what_waits_for_ever_is_left_to_a_person(reads: bool) -> None:
    (found,) = judged(exercise("a", lambda: time.sleep(1000), reads=reads), seconds=0.2)
    assert (found.score, found.state, found.messages) == (0.0, State.UNGRADABLE, (NOT_ENDED,))


def test_an_authors_error_reaches_the_author() -> None:
    with pytest.raises(JudgeFailed, match="ZeroDivisionError") as failure:
        judged(exercise("a"), exercise("b", lambda: 1 / 0))
    assert repr(failure.value) == "ZeroDivisionError('division by zero')"
    assert "in expected" in "".join(failure.value.__notes__)


def test_a_verdict_is_that_of_the_judge() -> None:
    wrong = replace(exercise("a"), checks=(replace(exercise("a").checks[0], expected=lambda inputs: {"text": "é"}),))
    for each in (wrong, exercise("a")):
        assert judged(each) == [judge(each, CASES, RIGHT, 3.0)]


def test_it_holds_no_file_of_the_graders() -> None:
    def look() -> None:
        assert max(map(int, os.listdir("/proc/self/fd"))) <= 4  # the verdicts', and this listing's

    with Path(__file__).open():
        assert judged(exercise("a", look))[0].score == 3.0


def test_it_ends_with_the_grader() -> None:
    script = "import time; from tests.tool.test_judge_process import exercise, judged; print(flush=True); judged(exercise('a', lambda: (print(__import__('os').getpid(), flush=True), time.sleep(1000))))"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        grader.stdout.readline()
        child = int(grader.stdout.readline())
        grader.kill()
        grader.wait()
    while Path(
        f"/proc/{child}"
    ).exists():  # it waits for as long as the kernel needs; a judge that stays hangs the test
        time.sleep(0.01)
