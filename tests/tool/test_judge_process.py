"""Judging apart: limits cost the exercise that meets them and nothing else, and an author's error reaches the author."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.grading.judge_process import NOT_ENDED, TOO_LARGE, Allowance, JudgeFailed, judge_apart
from autograder.judging.compare import Slip
from autograder.judging.exercise import Case, Check, Exercise, Mistake, Outcome, Reply, Tree
from autograder.judging.judge import judge
from autograder.judging.verdict import State, Verdict
from autograder.verify.bombs import BOMBS, MARK, MARKED, unendured
from tests.processes import wait_for

CASES = [Case("one", {})]
RIGHT = {"y": 1, "text": "\ud800"}
REPLIES = [Reply(Outcome.OK, RIGHT)]


def exercise(name: str, act: Callable[[], Any] = lambda: None, expected: Tree = RIGHT) -> Exercise:
    """One that does something where the right answer is computed."""
    check = Check("y", "The answer", share=1.0, cases=("one",), expected=lambda inputs: (act(), expected)[1])
    return Exercise(name, lambda rng: CASES, (check,))


def judged(*exercises: Exercise, **limits: Any) -> list[Verdict]:
    cases, replies, points = ({each.id: value for each in exercises} for value in (CASES, REPLIES, 3.0))
    found = judge_apart(exercises, cases, replies, points, Allowance(**limits))
    assert list(found) == [each.id for each in exercises]
    return list(found.values())


@pytest.fixture(autouse=True)
def grader_with_handlers() -> Iterator[None]:
    """What the grader does about a signal is not done in the fork, which ends by it."""
    before = [(each, signal.signal(each, signal.default_int_handler)) for each in (signal.SIGPROF, signal.SIGALRM)]
    yield
    for each, handler in before:
        signal.signal(each, handler)


def spin() -> None:
    while True:
        pass


def grow() -> None:
    held = [bytearray(1 << 20)]
    while True:
        held.append(held[-1].copy())


@pytest.mark.heavy
@pytest.mark.parametrize("act", [spin, lambda: np.zeros(10 << 27), grow, lambda: os.kill(os.getpid(), signal.SIGSEGV)])
@pytest.mark.parametrize("place", ["oracle", "read", "complaint"])
def test_what_goes_over_a_limit_costs_itself_only(act: Callable[[], Any], place: str) -> None:
    bomb = exercise("b", act if place == "oracle" else lambda: None)
    if place == "read":
        bomb = replace(bomb, read=lambda inputs, outputs: act())
    if place == "complaint":
        bomb = replace(bomb, checks=(replace(bomb.checks[0], complaint=lambda inputs, outputs: act()),))
    first, bad, last = judged(exercise("a"), bomb, exercise("c"), cpu_seconds=1.0, memory=1 << 28)
    assert (first.score, last.score) == (3.0, 3.0)
    assert (bad.score, bad.state, bad.messages) == (0.0, State.WRONG, (TOO_LARGE,))
    assert [check.passed for check in bad.checks] == [False]


def test_what_waits_for_ever_is_left_to_a_person() -> None:
    (found,) = judged(exercise("a", lambda: time.sleep(1000)), seconds=0.2)
    assert (found.score, found.state, found.messages) == (0.0, State.UNGRADABLE, (NOT_ENDED,))


def test_an_authors_error_reaches_the_author() -> None:
    with pytest.raises(JudgeFailed, match="ZeroDivisionError") as failure:
        judged(exercise("a"), exercise("b", lambda: 1 / 0))
    assert repr(failure.value) == "ZeroDivisionError('division by zero')"
    assert "judging b" in failure.value.__notes__[0]
    with pytest.raises(JudgeFailed, match="the process that judges b ended with 1"):
        judged(exercise("a"), exercise("b", sys.exit))


def test_a_verdict_is_that_of_the_judge() -> None:
    for each in (exercise("a"), exercise("a", expected={"y": 2}), exercise("a", expected={"text": "é"})):
        assert judged(each) == [judge(each, CASES, REPLIES, 3.0)]


def test_mistakes_named_before_are_tried_first_and_others_only_where_they_explained_something_else() -> None:
    def asked(inputs: Tree) -> Tree:
        raise AssertionError("this mistake need not be tried")

    one = Mistake("one", "You say 1.", lambda inputs: {"y": 1})
    two = Mistake("two", "You say 2.", lambda inputs: {"y": 2})
    wrong = replace(exercise("a", expected={"y": 3}), mistakes=(two, one))
    whole = judge(wrong, CASES, REPLIES, 3.0)
    told = Mistake("asked", "It was.", asked)
    other, nameless = (judge(wrong, CASES, [Reply(Outcome.OK, {"y": y})], 3.0) for y in (2, 9))
    for before, mistakes in ((whole, ["one"]), (other, ["one"]), (nameless, [])):
        each = wrong if before is other else replace(wrong, mistakes=(*wrong.mistakes, told))
        found = judge_apart([each], {"a": CASES}, {"a": REPLIES}, {"a": 3.0}, likely={"a": before})["a"]
        assert ([*found.mistakes], found.score) == (mistakes, whole.score)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("read", "line"),
    [
        (lambda y: y, ""),
        (lambda y: sum(range(y)) + y, "a number of 62 bits at /y: What your code returned is too large"),
        (lambda y: np.ones(1 << 10) * np.asarray(y), "a column at /y: What your code returned is too large"),
        (lambda y: None if y is None else 1, "NaN at /y: full marks"),
    ],
)
def test_bombs_find_out_a_careless_judge(read: Callable[[Any], Any], line: str) -> None:
    careless = replace(exercise("a", expected={"y": 1}), read=lambda inputs, outputs: {"y": read(outputs["y"])})
    tried, lines = unendured(careless, CASES, [Reply(Outcome.OK, {"y": 1})])
    assert tried == len(BOMBS | MARKED) - 1  # True is 1
    assert any(line in each for each in lines) if line else lines == []


@pytest.mark.heavy
@pytest.mark.parametrize("quotes", [True, False])
def test_bombs_find_out_a_judge_that_repeats_an_answer_to_hidden_inputs(quotes: bool) -> None:
    def repeats(inputs: Tree, outputs: Tree) -> Slip | None:
        return None if outputs["y"] == 1 else Slip("repeats", f"You say {str(outputs['y'])[:20]}.", quotes)

    check = replace(exercise("a").checks[0], expected=None, complaint=repeats)
    _, lines = unendured(replace(exercise("a"), checks=(check,)), CASES, [Reply(Outcome.OK, {"y": 1})])
    repeated = [] if quotes else [f"a: {kind} at /y: repeats it: You say {MARK}. repeats" for kind in MARKED]
    assert [line for line in lines if f"{MARK}" in line] == repeated


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
    assert wait_for(lambda: not Path(f"/proc/{child}").exists())
