"""Comparing answers: what passes, what does not, and that words for the student give no expected number away."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.answer import comparable, gaps, is_finite, plain
from autograder.judging.compare import compare, describe

EXPECTED = {"omega": {"0.weight": np.array([[1.0, 1.0], [3.0, 5.0]]), "0.bias": np.array([0.5, 0.25])}}

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


def received(**changes: object) -> dict[str, object]:
    return {"omega": {**EXPECTED["omega"], **{key.replace("_", "."): value for key, value in changes.items()}}}


def kind(got: object) -> str | None:
    difference = compare(EXPECTED, got, 1e-3)
    return difference.kind if difference else None


def test_the_same_agrees_in_any_precision() -> None:
    assert kind(received()) is None
    assert kind({"omega": {name: value.astype(np.float32) for name, value in EXPECTED["omega"].items()}}) is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (received(**{"0_bias": np.array([0.5, 0.26])}), "value"),
        (received(**{"0_bias": np.array([0.5])}), "shape"),
        (received(**{"0_bias": np.array([[0.5, 0.25]])}), "shape"),
        (received(**{"0_bias": np.array([0.5, math.nan])}), "finite"),
        (received(**{"0_bias": np.array([0.5, math.inf])}), "finite"),
        (received(**{"0_bias": np.array([True, False])}), "type"),
        (received(**{"0_bias": np.array([0.5, 0.25j])}), "type"),
        (received(**{"0_bias": np.array([1e308, 1e308])}), "value"),
        (received(**{"0_bias": np.array([0x7FA00000] * 2, np.uint32).view(np.float32)}), "finite"),  # a signalling NaN
        (received(**{"0_bias": [0.5, 0.25]}), "type"),
        (received(**{"0_bias": None}), "type"),
        (received(**{"2_bias": np.array([0.0])}), "extra"),
        ({"omega": {"0.weight": EXPECTED["omega"]["0.weight"]}}, "missing"),
        ({"omega": {"$opaque": "torch.Generator"}}, "missing"),
        ({"omega": None}, "type"),
        ({}, "missing"),
    ],
)
def test_what_differs_is_told_by_its_kind(got: object, expected: str) -> None:
    assert kind(got) == expected


def test_further_outputs_of_a_probe_are_not_looked_at() -> None:
    assert kind({**received(), "entries": {}}) is None


@pytest.mark.parametrize("name", "result results value values outputs".split())
def test_what_a_function_returned_is_told_as_the_answer(name: str) -> None:
    difference = compare({name: [1.0]}, {name: [2.0]}, 1e-3)
    assert difference is not None
    assert difference.text == "your answer[0] is not right."


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1.0, 1e6])
def test_the_tolerance_is_relative_so_that_zeros_never_pass(scale: float) -> None:
    expected = {"omega": scale * np.array([1.0, 2.0, 3.0])}
    assert compare(expected, {"omega": expected["omega"] * (1 + 1e-4)}, 1e-3) is None
    assert compare(expected, {"omega": np.zeros(3)}, 1e-3) is not None
    assert compare(expected, {"omega": expected["omega"] * 1.01}, 1e-3) is not None


USED = np.ones(4)


@pytest.mark.parametrize(
    ("expected", "got", "alike"),
    [
        ({"large": 1e3 * USED, "small": 1e-3 * USED}, {"large": 1e3 * USED, "small": 0 * USED}, False),  # its own norm
        ({"used": USED, "frozen": 0 * USED}, {"used": USED, "frozen": 1e-6 * USED}, True),  # zeros: their siblings'
        ({"used": USED, "frozen": 0 * USED}, {"used": USED, "frozen": 1e-2 * USED}, False),
        ({"whole": np.array([100], np.int8), "none": 0 * USED}, {"whole": np.array([100]), "none": 1e-2 * USED}, True),
        ([[], 0 * USED], [[], 1e-6 * USED], False),  # beside nothing a zero must be zero
        (np.array([math.inf, 1.0]), USED[:2], False),
        (0.0, 0, True),
        (0.0, 1e-9, False),
        (["A", "C"], ["A", "C"], True),
        (["A", "C"], ["A"], False),
        (["A", "C"], ["A", "B"], False),
    ],
)
def test_what_each_entry_is_held_against(expected: object, got: object, alike: bool) -> None:
    assert (compare({"omega": expected}, {"omega": got}, 1e-3) is None) == alike


def test_an_output_is_not_held_against_another_one() -> None:
    expected = {"large": 1e6 * USED, "zeros": 0 * USED}
    assert compare(expected, {**expected, "zeros": 1e-3 * USED}, 1e-3) is not None


def test_any_leaf_can_be_asked_for_its_form() -> None:
    odd = [10**400, np.array(["x"]), np.array(2.0), "x", None, -math.inf]
    assert is_finite(odd[:-1])
    assert not is_finite(odd)
    assert gaps([math.nan, math.inf, -math.inf, 0.0]) == [1, 2, 3, 0]
    assert comparable(np.array(2.0), (1.0,)) == 2.0
    assert plain(((1,), [np.float64(2)]), tuples=False) == [[1], [2.0]]
    assert len(describe({"$opaque": "x" * 999})) < 120
    words = ["a string", "None", "True", "a number", "a list of 1"]
    assert [describe(each) for each in ("x", None, True, 3, [1])] == words


@pytest.mark.parametrize("got", [True, "1.0", None, [1.0], 10**400, math.nan, {"$opaque": "Always.equal"}])
def test_a_number_is_a_number(got: object) -> None:
    assert compare({"value": 1.0}, {"value": got}, 1e-3) is not None


@pytest.mark.parametrize(("expected", "got"), [(True, 1), (False, 0), (False, None), ("a", "b"), (None, False)])
def test_facts_must_be_equal_and_of_one_type(expected: object, got: object) -> None:
    assert compare({"fact": expected}, {"fact": got}, 1e-3) is not None


@given(json)
def test_no_text_holds_the_expected_number(got: object) -> None:
    difference = compare({"value": 0.7351946}, {"value": got}, 1e-9)
    assert difference is not None
    assert "735" not in difference.text or "735" in repr(got)


@given(json)
def test_anything_can_be_compared_and_described(got: object) -> None:
    assert len(describe(got)) < 120
    for tree in (got, {"omega": got}, received(**{"0_weight": got})):
        assert kind(tree) is not None
