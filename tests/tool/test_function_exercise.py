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
SAME = {
    "a number": (2.5, [2.5, np.float64(2.5), np.float32(2.5), np.array(2.5), torch.tensor(2.5)]),
    "a whole number": (7, [7, 7.0, np.int64(7), torch.tensor(7), np.uint8(7)]),
    "a truth": (True, [True, np.bool_(True), np.array(True), torch.tensor(True)]),
    "a NumPy truth": (np.bool_(False), [False, torch.tensor(False)]),
    "None": (None, [None]),
    "text": ("a", ["a"]),
    "an array": (
        ARRAY,
        [ARRAY, [1, 2, 4], (1.0, 2.0, 4.0), torch.tensor(ARRAY), [np.float64(1), 2, torch.tensor(4.0)]],
    ),
    "a list": ([1.0, 2.0, 4.0], [ARRAY, [1, 2, 4], (1.0, 2.0, 4.0), torch.tensor(ARRAY)]),
    "a list of lists": ([[1, 2], [3, 4]], [np.array([[1, 2], [3, 4]]), [(1, 2), np.array([3, 4])], ((1, 2), (3, 4))]),
    "lists of many lengths": ([[1], [2, 3]], [[[1], [2, 3]], ([1], np.array([2, 3]))]),
    "truths": (np.array([True, False]), [np.array([True, False]), [True, False], torch.tensor([True, False])]),
    "a tuple": ((1000.0, 0.001), [(1000.0, 0.001), [1000.0, 0.001], np.array([1000.0, 0.001])]),
    "a tuple of arrays": (
        (ARRAY, 2 * ARRAY),
        [(ARRAY, 2 * ARRAY), [[1, 2, 4], [2, 4, 8]], np.stack([ARRAY, 2 * ARRAY])],
    ),
    "nothing in it": ([], [[], (), np.zeros(0)]),
    "a dict": ({"mean": 1.5, "all": ARRAY}, [{"mean": np.array(1.5), "all": [1, 2, 4]}]),
    "texts and None": (["a", None], [["a", None], ("a", None)]),
    "NaN": (NAN, [NAN, np.float32("nan"), torch.tensor(NAN)]),
    "NaN and infinity in it": (
        np.array([NAN, INF, -INF, 3.0]),
        [[NAN, INF, -INF, 3.0], torch.tensor([NAN, INF, -INF, 3.0])],
    ),
}


@pytest.mark.parametrize("kind", SAME)
def test_the_same_in_another_form_is_right(kind: str) -> None:
    right, answers = SAME[kind]
    assert [said(right, each) for each in answers] == [""] * len(answers)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (2.5, None, "f(…) is None: is a `return` missing?"),
        (ARRAY, None, "f(…) is None: is a `return` missing?"),
        ((1.0, 2.0), None, "f(…) is None: is a `return` missing?"),
        (None, 1.0, "f(…) is a number, which is not what was asked for."),
        (2.5, "2.5", "f(…) should be a number, but is a string."),
        (2.5, np.array([2.5]), "f(…) has shape [1], but should have []."),
        (2.5, True, "f(…) should be a number, but is True."),
        (2.5, -2.5, "f(…) is not right."),
        (2.5, NAN, "f(…) holds NaN or infinity."),
        (2.5, {1, 2}, "f(…) should be a number, but is an object of type set."),
        (2.5, 2.6, "f(…) is not right."),
        (ARRAY, 1.0, "f(…) has shape [], but should have [3]."),
        (ARRAY, (x for x in ARRAY), "f(…) should be an array of numbers, but is an object of type generator."),
        (ARRAY, [1.0, 2.0], "f(…) has shape [2], but should have [3]."),
        (ARRAY, ARRAY[:, None], "f(…) has shape [3, 1], but should have [3]."),
        (ARRAY, [1.0, None, 4.0], "f(…) should be an array of numbers, but is a list of 3."),
        ((1.0, 2.0), 1.0, "f(…) should be a list of 2, but is a number."),
        ((1.0, 2.0), (1.0, 2.0, 3.0), "f(…) should be a list of 2, but is an array of shape [3]."),
        ((1000.0, 0.001), (1000.0, 0.002), "f(…)[1] is not right."),
        (["a", "b"], [], "f(…) should be a list of 2, but is an array of shape [0]."),
        ({"mean": 1.5}, 1.5, "f(…) should be a dict, but is a number."),
        ({"mean": 1.5}, {}, "f(…) has no entry 'mean'."),
        ({"mean": 1.5}, {"mean": 1.6}, "f(…)['mean'] is not right."),
        ({"mean": 1.5}, {"mean": 1.5, "std": 0}, "f(…) has an entry 'std' that should not be there."),
        (NAN, 1.0, "f(…) should hold NaN or infinity here."),
        (NAN, INF, "where f(…) is NaN or infinite is not right."),
        (np.array([NAN, 2.0]), [2.0, NAN], "the finite part of f(…)"),
        ([1, 2, 1_000_000_000], [1, 3, 1_000_000_000], "f(…) is not right."),
        (1_000_000_000, 1_000_000_001, "f(…) is not right."),
        (ARRAY, torch.ones(3).to_sparse(), "f(…) should be an array of numbers, but is an object of type torch.Tensor (torch.sp"),
        (ARRAY, torch.ones(3) * 1j, "f(…) should be an array of numbers, but is an object of type torch.Tensor (torch.strided"),
        (ARRAY, torch.ones(3, device="meta"), "f(…) should be an array of numbers, but is an object of type torch.Tensor (torch.st"),
        (5, 10**30, "f(…) should be a number, but is an object of type int."),
    ],
)  # fmt: skip
def test_what_is_said_of_a_wrong_answer(right: Any, wrong: Any, words: str) -> None:
    assert said(right, wrong).startswith(words)


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
@pytest.mark.parametrize(
    ("argument", "change"),
    [
        ([3, 1, 2], lambda x: x.sort()),
        ([3, 1, 2], lambda x: x.append(4)),
        ([[1], [2]], lambda x: x[1].append(1)),
        ([1, 2], lambda x: x.__setitem__(0, 1.0)),
        ({"a": 1}, lambda x: x.pop("a")),
        ({"a": [1]}, lambda x: x.update(a=[2])),
        (np.array([1.0, 2.0]), lambda x: x.__imul__(2)),
        (np.array([1.0, 2.0]), lambda x: x.__setitem__(0, NAN)),
        (np.array([[1.0, 2.0]]), lambda x: x.resize((2, 1)) if isinstance(x, np.ndarray) else x.resize_(2, 1)),
    ],
)
def test_a_changed_argument_costs_its_share_and_is_named(argument: Any, change: Any, tensors: bool) -> None:
    def f(x: Any, y: Any) -> float:
        change(x)
        return 1.0

    found = verdict(of(constant(1.0), argument, ARRAY), {"f": f}, tensors=tensors)
    assert (found.score, found.mistakes, found.messages) == (9.5, ("changes-arguments",), (CHANGED.message,))


def test_what_cannot_be_changed_is_no_check() -> None:
    assert [check.name for check in of(constant(1.0), 1, "a", None, []).checks] == ["drawn"]
    assert [check.share for check in of(constant(1.0), [1], unchanged=0.2).checks] == [0.8, 0.2]
    assert [check.name for check in of(constant(1.0), [1], unchanged=0).checks] == ["drawn"]


@pytest.mark.parametrize(
    ("names", "state", "words"),
    [
        ({}, State.MISSING, "This exercise has not been written yet."),
        (
            {"f": lambda x: 1 / 0},
            State.ERROR,
            "It is right: Something is divided by 0: which of the numbers given may be 0? Your code raised ZeroDivisionError: division by zero",
        ),
        ({"f": lambda: 1.0}, State.ERROR, "takes 0 positional arguments but 1 was given"),
        ({"f": lambda x, y: 1.0}, State.ERROR, "missing 1 required positional argument: 'y'"),
        ({"f": lambda x: bytearray(1 << 60)}, State.MEMORY, "memory"),
        ({"f": lambda x: torch.empty(1 << 55)}, State.MEMORY, "memory"),
        ({"f": 1.0}, State.ERROR, "your code raised TypeError: `f` should be a function, but is a float"),
    ],
)
def test_a_function_that_is_none_or_fails(names: dict[str, Any], state: State, words: str) -> None:
    found = verdict(of(constant(1.0), 1.0), names)
    assert found.state is state
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
