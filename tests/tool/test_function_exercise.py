"""An exercise that is one function: every kind of argument and answer, and what is said of a wrong one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judging.exercise import Exercise, Outcome, Reply
from autograder.judging.function import CHANGED, Function
from autograder.judging.judge import judge
from autograder.judging.verdict import State, Verdict
from autograder.sandbox.inside.call import probe
from autograder.sandbox.inside.probe import answer
from autograder.sandbox.inside.wire import LENGTH, pack, unpack
from tests.places import table
from tests.tool.test_function_author import one_draw

NAN, INF = float("nan"), float("inf")


def over_the_wire(body: Any) -> Any:
    """A tree as the other side of the sandbox's wall gets it."""
    return unpack(pack("x", body)[LENGTH.size :])[1]


def verdict(exercise: Exercise, names: dict[str, Any], *, seed: int = 1, tensors: bool = False) -> Verdict:
    """The verdict on a namespace, by the real probe and judge."""
    cases = exercise.draw(np.random.default_rng(seed))
    replies = [over_the_wire(answer(probe, names, over_the_wire(case.inputs), tensors)) for case in cases]
    found = [Reply(Outcome(each["outcome"]), each.get("value"), each.get("error")) for each in replies]
    return judge(exercise, cases, found, 10.0)


def of(right: Callable[..., Any], *arguments: Any, **settings: Any) -> Exercise:
    """An exercise whose function ``f`` is asked once, for these arguments."""
    return one_draw(arguments, right, **settings)


def constant(value: Any) -> Callable[..., Any]:
    return lambda *arguments: value


def said(right: Any, wrong: Any, *arguments: Any, **settings: Any) -> str:
    """What is said of a wrong answer; nothing where it counts as right."""
    found = verdict(of(constant(right), *(arguments or (1.0,)), **settings), {"f": constant(wrong)})
    assert (found.state is State.CORRECT) == (not found.messages)
    return "".join(found.messages).removeprefix("It is right: ")


ARRAY = np.array([1.0, 2.0, 4.0])
TABLES = table("tool/answers.toml")
SAME = TABLES["same"]


@pytest.mark.parametrize("kind", SAME)
def test_the_same_in_another_form_is_right(kind: str) -> None:
    right, answers = map(eval, SAME[kind])
    assert [said(right, each) for each in answers] == [""] * len(answers)


@pytest.mark.parametrize(("right", "wrong", "words"), TABLES["wrong"])
def test_what_is_said_of_a_wrong_answer(right: str, wrong: str, words: str) -> None:
    assert said(eval(right), eval(wrong)).startswith(words)


def test_floats_are_compared_by_their_precision() -> None:
    assert said(1.0, 1.0 + 1e-7) == ""
    assert said(1.0, 1.0 + 1e-5) != ""
    assert said(1.0, 1.0 + 1e-4, np.float32([1.0])) == ""
    assert said(1.0, 1.01, np.float32([1.0])) != ""
    assert said(1.0, 1.01, tolerance=0.1) == ""
    assert said(3, 3.0000001) != ""


ARGUMENTS = [2, 2.5, True, None, "a", [1, [2.0, None]], {"a": [1], "b": {"c": ARRAY}}, ARRAY, np.float32([1.0])]
ARGUMENTS += [NAN, INF]


@pytest.mark.parametrize("tensors", [False, True])
def test_arguments_arrive_as_they_were_drawn(tensors: bool) -> None:
    drawn = (*ARGUMENTS, np.int64(3), np.float32(0.5), np.bool_(True), (1, 2), np.array(4.0), np.array([True]))
    drawn += ([NAN, {"a": NAN}], np.array([NAN]))  # which are no change of theirs
    got: list[Any] = []

    def f(*arguments: Any) -> float:
        got.extend(arguments)
        return 1.0

    assert verdict(of(constant(1.0), *drawn), {"f": f}, tensors=tensors).state is State.CORRECT
    assert repr(got[:6]) == repr(ARGUMENTS[:6])
    assert repr(got[11:15]) == repr([3, 0.5, True, [1, 2]])
    arrays = [got[7], got[8], got[15], got[16]]
    assert {type(each) for each in arrays} == {torch.Tensor if tensors else np.ndarray}
    assert [str(each.dtype).removeprefix("torch.") for each in arrays] == ["float64", "float32", "float64", "bool"]
    assert arrays[2].shape == ()


@pytest.mark.parametrize("tensors", [False, True])
@pytest.mark.parametrize(("argument", "change"), TABLES["changes"])
def test_a_changed_argument_costs_its_share_and_is_named(argument: str, change: str, tensors: bool) -> None:
    def f(x: Any, y: Any) -> float:
        eval(change)
        return 1.0

    found = verdict(of(constant(1.0), eval(argument), ARRAY), {"f": f}, tensors=tensors)
    assert (found.score, found.mistakes, found.messages) == (9.5, ("changes-arguments",), (CHANGED.message,))


def test_what_cannot_be_changed_is_no_check() -> None:
    assert [check.name for check in of(constant(1.0), 1, "a", None, []).checks] == ["drawn"]
    assert [check.share for check in of(constant(1.0), [1], unchanged=0.2).checks] == [0.8, 0.2]
    assert [check.name for check in of(constant(1.0), [1], unchanged=0).checks] == ["drawn"]


@pytest.mark.parametrize(("names", "state", "words"), TABLES["failing"])
def test_a_function_that_is_none_or_fails(names: str, state: str, words: str) -> None:
    found = verdict(of(constant(1.0), 1.0), eval(names))
    assert found.state is State[state]
    assert words in "".join(found.messages)


def test_an_answer_of_any_form_is_survived() -> None:
    exercise = of(constant({"a": (1.0, ARRAY)}), 1.0)
    deep: list[Any] = []
    for _ in range(1000):
        deep = [deep]
    hostile = [deep, {"a": deep}, {"a": {"$opaque": 3}}, {"a": (NAN, "x" * 1000)}, 10**400, object(), [True, 2, "a"]]
    for value in hostile:
        assert verdict(exercise, {"f": constant(value)}).score == 0
    cases = exercise.draw(np.random.default_rng(0))
    for outputs in ({}, {"value": 1.0}, {"value": {"a": [10**30, 1]}, "changed": ARRAY}, None):
        assert judge(exercise, cases, [Reply(Outcome.OK, outputs)], 1.0).score == 0


def mean_judge() -> Function:
    mean = Function("mean")

    @mean.oracle
    def right(values: list[float], weights: list[float]) -> float:
        return float(np.average(values, weights=weights)) if sum(weights) else 0.0

    @mean.draw(0.8)
    def positive(rng: np.random.Generator) -> list[tuple[Any, ...]]:
        """The weighted mean."""
        return [(rng.normal(size=n).tolist(), rng.uniform(1, 2, size=n).tolist()) for n in (3, 5)]

    @mean.draw(0.2, needs=("positive",))
    def no_weight(rng: np.random.Generator) -> tuple[Any, ...]:
        """It is 0 where all weights are 0."""
        return rng.normal(size=3).tolist(), [0.0, 0.0, 0.0]

    @mean.mistake()
    def unweighted(values: list[float], weights: list[float]) -> float:
        """You take the plain mean; multiply each value by its weight."""
        return float(np.mean(values)) if sum(weights) else 0.0

    @mean.mistake("no-weight")
    def zero_by_zero(values: Any, weights: Any) -> Any:
        """You divide 0 by 0 where all weights are 0; return 0 there."""
        weights *= 0
        return np.float64(0) / np.float64(0)  # it warns nobody

    return mean


def right(values: Any, weights: Any) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 0.0


def test_shares_needs_and_mistakes() -> None:
    exercise = mean_judge().exercise()
    shares = {check.name: round(check.share, 4) for check in exercise.checks}
    assert shares == {"positive": 0.76, "no-weight": 0.19, "unchanged": 0.05}
    assert verdict(exercise, {"mean": right}).score == 10
    zeros = verdict(exercise, {"mean": lambda values, weights: 0.0})
    assert (zeros.score, zeros.state) == (0, State.WRONG)
    plain = verdict(exercise, {"mean": lambda values, weights: np.mean(values) if any(weights) else 0.0})
    assert (plain.score, plain.mistakes) == (0, ("unweighted",))
    half = verdict(exercise, {"mean": lambda v, w: np.average(v, weights=w) if any(w) else NAN})
    assert (half.score, half.mistakes) == (pytest.approx(8.1), ("zero-by-zero",))

    def greedy(values: list[float], weights: list[float]) -> float:
        answer = right(values, weights)
        if answer:
            values.pop()
        return answer

    taken = verdict(exercise, {"mean": greedy})
    assert (taken.score, taken.mistakes) == (pytest.approx(9.5), ("changes-arguments",))


def test_tensors_become_arrays_for_functions_in_numpy() -> None:
    inputs = {"function": "f", "arguments": [torch.ones(1), [torch.ones(1)], {"x": torch.ones(1)}], "numpy": True}
    first, (second,), third = probe({"f": lambda *arguments: arguments}, inputs)["value"]
    assert {type(each) for each in (first, second, third["x"])} == {np.ndarray}
