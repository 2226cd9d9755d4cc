"""An exercise that is one function: what its author says and leaves out, and what is said of an author's mistakes."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judging.exercise import Exercise
from autograder.judging.function import Function


def test_silent_draws_share_what_is_left() -> None:
    one = Function("f")
    one.oracle(lambda x: x)
    with pytest.raises(ValueError, match="at least one @"):
        one.exercise()

    def drawn(rng: np.random.Generator) -> tuple[float]:
        """It is right."""
        return (1.0,)

    for name, share in (("a", 0.5), ("b", None), ("c", None)):
        drawn.__name__ = name
        one.draw(share)(drawn)
    with pytest.raises(ValueError, match="f: 'c' is drawn twice"):
        one.draw()(drawn)
    assert [check.share for check in one.exercise().checks] == [0.5, 0.25, 0.25]


def one_draw(draws: Any, right: Any = lambda x: 1.0, share: float | None = None, **settings: Any) -> Exercise:
    one = Function("f", **settings)
    one.oracle(right)

    @one.draw(share)
    def drawn(rng: np.random.Generator) -> Any:
        """It is right."""
        return draws(rng) if callable(draws) else draws

    return one.exercise()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Function("f").exercise(), "f: a judge needs one @….oracle and at least one @….draw()"),
        (lambda: one_draw((1.0,), None), "f: a judge needs one"),
        (lambda: one_draw([1.0]), "'drawn' must draw the arguments of each call as a tuple, (x,) where there is one"),
        (lambda: one_draw(({1, 2},)), "f: 'drawn' draws a set, which cannot be sent to the sandbox"),
        (lambda: one_draw(({1: 2},)), "f: 'drawn' draws a dict with other keys than text, which"),
        (lambda: one_draw((np.array(["a"]),)), "f: 'drawn' draws a ndarray, which"),
        (lambda: one_draw((torch.ones(2),)), "f: 'drawn' draws a Tensor, which"),
        (lambda: one_draw((1.0,), lambda x: {1}), "f: the oracle answers a set on 'drawn 1', which no student can"),
        (lambda: one_draw((1.0,), lambda x: 2**64), "f: the oracle answers a whole number of more than 63 bits on"),
        (lambda: one_draw((1.0, 2.0)), "f: the oracle fails on 'drawn 1': TypeError"),
        (lambda: one_draw((1.0,), share=0.5), "f: the shares of the checks add up to 0.5, not to 1"),
        (lambda: Function("f").draw()(lambda rng: (1.0,)), "has no docstring, which is the check's title"),
        (lambda: Function("f").mistake()(lambda x: 1.0), "has no docstring, which is what the student is told"),
    ],
)
def test_what_an_author_gets_wrong_is_said(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        make()


def test_a_mistake_that_fails_and_calls_that_vary_are_said() -> None:
    broken = Function("f")
    broken.oracle(lambda x: x)

    @broken.draw()
    def drawn(rng: np.random.Generator) -> tuple[float]:
        """It is right."""
        return (1.0,)

    @broken.mistake()
    def always_fails(x: float) -> float:
        """Never."""
        raise KeyError("x")

    with pytest.raises(ValueError, match=r"f: the mistake 'always-fails' fails on 'drawn 1': KeyError\('x'\)"):
        broken.exercise()
    varying = one_draw(lambda rng: [(1.0,)] * int(rng.integers(1, 100)))
    with pytest.raises(ValueError, match="f: 'drawn' must draw as many calls with every seed"):
        [varying.draw(np.random.default_rng(seed)) for seed in range(5)]


def test_decorators_need_no_brackets() -> None:
    judge = Function("double")
    judge.oracle(lambda x: 2 * x)

    @judge.draw
    def numbers(rng: np.random.Generator) -> tuple[float]:
        """Numbers."""
        return (float(rng.uniform(1, 2)),)

    @judge.mistake
    def once(x: float) -> float:
        """You return x itself."""
        return x

    made = judge.exercise()
    assert [check.name for check in made.checks] == ["numbers"]
    assert [(mistake.name, mistake.checks) for mistake in made.mistakes if mistake.name == "once"] == [("once", ())]
