"""What is said of wrong answers that nobody foresaw: how they relate to the right ones, and a public example."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.judging.example import given, shown, size
from autograder.judging.exercise import Case, Check, Exercise, Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.relations import Wrong, relation
from autograder.judging.verdict import LONGEST_MESSAGE
from tests.course.bank_reference import BY_ID
from tests.places import table

RELATIONS = table("tool/relations.toml")
CALLED = {"schemes": "f(x) = ", "complex_step": "f(x) = ", "richardson": "A(h) = ", "remainder": ", h = 1/"}
"""What a student who wants to try an example has to be told of it."""


@pytest.mark.parametrize("words", RELATIONS)
@pytest.mark.parametrize("seed", range(20))
def test_a_relation_of_all_wrong_answers_is_found(words: str, seed: int) -> None:
    rng, wrong = np.random.default_rng(seed), []
    for count in (3, 5, 6):
        x, right = rng.normal(size=(2, 4, 4))
        inputs = {"x": x, "strength": float(rng.uniform(2.1, 9)), "batches": rng.integers(2, 9, count).tolist()}
        got = np.asarray(eval(RELATIONS[words], {"x": right, "i": inputs, "np": np}), dtype=np.float64)
        wrong.append(Wrong(right, got, 1e-9, inputs, {"slope": 5 * x}))
    assert relation(wrong) == words
    assert relation([*wrong[:2], replace(wrong[2], got=np.cos(wrong[2].got) + wrong[2].right)]) == ""
    assert "times" not in relation([replace(each, got=1.004 * each.right, tolerance=1e-3) for each in wrong])
    one = [replace(each, right=np.array(4.0), got=np.array(2.0)) for each in wrong]
    assert relation(one) == ""  # many ways lead to one number


SCALE = Exercise(
    "scale",
    lambda rng: [Case("one", {"x": rng.normal(size=int(rng.integers(2, 9))), "key": 7})],
    (Check("scaled", "Scaling", share=1.0, cases=("one",), tolerance=1e-9, expected=lambda it: {"y": 3 * it["x"]}),),
)


def told(value: Callable[[Any], Any], exercise: Exercise = SCALE) -> str:
    cases = [case for seed in range(3) for case in exercise.draw(np.random.default_rng(seed))]
    replies = [Reply(Outcome.OK, {"y": value(case.inputs["x"])}) for case in cases]
    (message,) = judge(exercise, cases, replies, 1.0, public=True).messages
    return message


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda x: 3 * x + 1, "is too large by 1, always. For example, with x = ["),
        (lambda x: 3 * np.where(x > 0, x, x + 1), "entry ["),
        (lambda x: [1], "should be an array of numbers, but is a list of 1. For example, with"),
        (lambda x: "<b>`" * 99, "your answer is '<b>`<b>`"),
        (lambda x: x[:1], "is an array of shape [1]; right is an array of shape ["),
        (lambda x: 1.0, "is the number 1; right is an array of shape ["),
        (lambda x: x * np.nan, "is nan; right is"),
    ],
)
def test_the_smallest_wrong_answer_is_shown(value: Callable[[Any], Any], words: str) -> None:
    message = told(value)
    assert words in message
    assert message.startswith("Scaling: ")
    assert len(message) <= LONGEST_MESSAGE


def test_of_long_lists_that_begin_alike_the_lengths_are_shown() -> None:
    rows = [[each / 7] * 6 for each in range(20)]
    check = replace(SCALE.checks[0], expected=lambda it: {"y": rows if it["x"][0] > 0 else rows[:9]})
    assert "your answer is a list of 30; right is a list of " in told(
        lambda x: [*rows, *rows[:10]], replace(SCALE, checks=(check,))
    )


def test_what_is_too_large_to_be_compared_relates_nothing() -> None:
    right = np.array([-1000.0, 400, 500])
    assert relation([Wrong(right, right + np.array([0, 0, 7]), 1e-6, {}, {})]) == "is right, but for its last entry."


def test_an_error_that_comes_whatever_is_given_has_no_example() -> None:
    cases, error = 2 * SCALE.draw(np.random.default_rng(0)), {"type": "TypeError", "message": "no"}
    verdict = judge(SCALE, cases, [Reply(Outcome.ERROR, error=error) for _ in cases], 1.0, public=True)
    assert verdict.messages == ("Scaling: your code raised TypeError: no",)


def test_of_an_answer_that_does_not_end_nothing_else_is_told() -> None:
    cases = SCALE.draw(np.random.default_rng(0))
    (message,) = judge(SCALE, cases, [Reply(Outcome.TIMEOUT)] * len(cases), 1.0, public=True).messages
    assert message.startswith("Your code did not finish in time")


def test_what_is_right_for_everybody_is_not_told() -> None:
    fixed = replace(SCALE, checks=(replace(SCALE.checks[0], expected=lambda it: {"y": 2017}),))
    assert "2017" not in told(lambda x: 2016, fixed)


def test_of_an_answer_that_is_half_right_the_other_half_is_spoken_of() -> None:
    halves = replace(SCALE.checks[0], expected=lambda it: {"y": {"left": it["x"], "right": it["x"] + 9}})
    message = told(lambda x: {"left": x, "right": 0 * x}, replace(SCALE, checks=(halves,)))
    assert "what is wrong of your answer is zero everywhere" in message


def test_numbers_are_told_in_so_many_digits_that_they_differ() -> None:
    first = replace(SCALE, checks=(replace(SCALE.checks[0], expected=lambda it: {"y": 3 + it["x"][0] / 1e6}),))
    assert " is 3; right is 3.000001." in told(lambda x: 3.0, first)
    many = [0.123456, [1, 2], "0.12345678901234567890", *range(9)]
    assert size({"x": np.zeros((2, 9)), "many": [10, {"y": "abc"}]}) == 18 + 2 + 3
    assert shown(many) == "[0.1235, [1, 2], 0.1235, 0, 1, 2, 3, 4, …]"


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_every_case_can_be_told(exercise: Exercise) -> None:
    for seed in range(3):
        drawn = exercise.draw(np.random.default_rng(seed))
        told = [given(exercise, case.inputs) for case in (*drawn, *exercise.small)]
        assert all(len(each) < 300 and not re.search(r"\b(ask|host|kind|name|what) = ", each) for each in told)
        assert CALLED.get(exercise.id, "") in " ".join(told)
    for small in exercise.small:
        assert any((check.expected or check.example) and small.name in check.cases for check in exercise.checks)
        assert size(small.inputs) <= min(size(case.inputs) for case in drawn if case.name == small.name)
