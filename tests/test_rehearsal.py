"""What a student is told of answers to hidden inputs comes from answers to public ones, wherever it quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from autograder.exercise import Case, Check, Exercise, Outcome, Reply
from autograder.judge import ONLY_HIDDEN, judge, retold

SECRET = "abcdefghijklmnop"
CASES = [Case("one", {"x": np.ones(3)})]


def _double(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"y": 2 * inputs["x"]}


EXERCISE = Exercise("double", ("double",), lambda _: CASES, (Check("doubles", "Doubling", 1.0, ("one",), _double),))


def _error(text: str) -> Reply:
    return Reply(Outcome.ERROR, error={"type": "ValueError", "message": text, "where": text})


@pytest.mark.parametrize(
    "reply",
    [
        _error(SECRET),
        Reply(Outcome.OK, value={"y": {"$opaque": SECRET}}),
        Reply(Outcome.OK, value={"y": np.zeros((7, 7, 7))}),
        Reply(Outcome.OK, value={"y": {SECRET: 1.0}}),
    ],
)
def test_what_quotes_an_answer_is_told_in_the_words_of_the_rehearsal(reply: Reply) -> None:
    hidden = judge(EXERCISE, CASES, [reply], 2.0)
    assert hidden.quotes
    public = judge(EXERCISE, CASES, [_error("shapes do not fit")], 2.0)
    told = retold(hidden, public)
    assert "shapes do not fit" in told.messages[0]
    assert SECRET not in str(told)
    assert (told.score, told.state, told.quotes) == (hidden.score, hidden.state, False)


def test_what_goes_wrong_on_hidden_inputs_only_is_told_without_details() -> None:
    hidden = judge(EXERCISE, CASES, [_error(SECRET)], 2.0)
    public = judge(EXERCISE, CASES, [Reply(Outcome.OK, value={"y": 2 * np.ones(3)})], 2.0)
    assert retold(hidden, public).messages == (f"Doubling: {ONLY_HIDDEN}",)


@pytest.mark.parametrize("value", [np.zeros(3), np.full(3, np.nan), -2 * np.ones(3), np.arange(3.0)])
def test_words_of_our_own_need_no_rehearsal(value: np.ndarray) -> None:
    assert not judge(EXERCISE, CASES, [Reply(Outcome.OK, value={"y": value})], 2.0).quotes


def test_a_right_answer_needs_no_rehearsal() -> None:
    assert not judge(EXERCISE, CASES, [Reply(Outcome.OK, value={"y": 2 * np.ones(3)})], 2.0).quotes
