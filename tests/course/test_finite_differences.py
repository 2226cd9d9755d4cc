"""finite_differences: the lecture measures what theory says, every topic has its place, the oracles hold."""

from typing import Any

import numpy as np
import pytest

from autograder.judging import Case, Outcome, Reply
from autograder.judging.judge import judge
from solutions.finite_differences.judges import complex_step, gradient, landscape, richardson, schemes, smooth
from solutions.finite_differences.judges.fit import order_complaint, slope
from tests.course.lecture_reference import defined


@pytest.mark.parametrize(("scheme", "order"), [("forward", 1), ("backward", 1), ("central", 2), ("five-point", 4)])
def test_the_lecture_measures_the_slopes(scheme: str, order: int) -> None:
    assert defined("finite_differences")["slopes"][scheme] == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(("scheme", "root"), [("forward", 2), ("central", 3), ("five-point", 5)])
def test_the_lecture_finds_the_best_step(scheme: str, root: int, precision: str) -> None:
    theory = float(np.finfo(precision).eps) ** (1 / root)
    assert 0.1 < defined("finite_differences")["best"][precision][scheme] / theory < 10


def test_the_lecture_s_errors_are_as_its_table_says() -> None:
    names = defined("finite_differences")
    for scheme, low, high in (("forward", 1e-9, 1e-7), ("central", 3e-12, 3e-10), ("five-point", 2e-14, 2e-12)):
        near = abs(np.log(names["grid"]["float64"] / names["best"]["float64"][scheme])) < 0.4
        assert low < np.median(names["errors"]["float64"][scheme][near]) < high
    assert names["complex_errors"][0] < 1e-15


def test_drawn_functions_have_the_derivatives_that_the_oracle_says() -> None:
    spec, h = smooth.draw_smooth(np.random.default_rng(0)), 1e-4
    for order in range(5):
        up, down = (smooth.derivative(spec, 0.7 + step, order) for step in (h, -h))
        assert (up - down) / (2 * h) == pytest.approx(float(smooth.derivative(spec, 0.7, order + 1)), rel=1e-6)
    many = landscape.draw_landscape(np.random.default_rng(0), (2, 3), 1e3)
    for index, slope_there in np.ndenumerate(landscape.gradient(many)):
        step = h * (np.arange(6).reshape(2, 3) == np.ravel_multi_index(index, (2, 3)))
        down, here, up = (landscape.value(many, many["x"] + shift * step) for shift in (-1, 0, 1))
        assert (up - down) / (2 * h) == pytest.approx(slope_there, rel=1e-5)
        bend = float(landscape.curvature(many)[index])
        assert (up - 2 * here + down) / h**2 == pytest.approx(bend, rel=1e-3, abs=1.0)


def test_no_slope_is_drawn_beside_which_truncation_is_large() -> None:
    for seed in range(300):
        for case in gradient.draw(np.random.default_rng(seed)):
            assert np.abs(landscape.gradient(case.inputs)).min() > 0.1 * case.inputs["scale"]


def test_the_remainder_that_richardson_leaves_is_the_one_foreseen() -> None:
    for case in richardson.draw(np.random.default_rng(1)):
        if case.name in richardson.LADDERS:
            inputs = case.inputs
            left = richardson.extrapolated(inputs)["values"] - inputs["limit"]
            assert left[-1] / richardson.leading(inputs)[-1] == pytest.approx(1, abs=0.2)


def test_orders_are_fitted_and_wrong_ones_told() -> None:
    h = 0.1 * 0.5 ** np.arange(5)
    assert slope(h, 3 * h**4) == pytest.approx(4)
    assert order_complaint(h, 0.5 * h**2, order=2, leading=0.5 * h**2) is None
    told = [(0.5 * h, "measured is 1.00"), (-0.5 * h**2, "other sign"), (2 * h**2, "4 times as large")]
    for errors, words in (*told, (0 * h, "no error at all"), (h * np.nan, "NaN")):
        assert words in str(order_complaint(h, errors, order=2, leading=0.5 * h**2))


def hostile(case: Case) -> dict[str, Any]:
    """An answer whose steps, or points and weights, are digits that student code has chosen."""
    steps = case.inputs.get("steps", np.zeros(0))
    if "levels" in case.inputs:
        return {"values": 0 * steps, "asked": [float(31.41 * h) for h in steps]}
    ladder, x = case.name == "ladder", case.inputs.get("x", 0.0)
    if np.ndim(x) or "spec" not in case.inputs:
        return {"estimates": 0 * steps, "asked": []}
    at = x + (3.14159j if ladder else 3.14159) * steps
    values = complex_step.function(case.inputs["spec"])(at)
    asked = [[[each.real, each.imag]] if ladder else [float(each)] for each in at]
    values = values.imag if ladder else values
    return {"estimates": 3141 * values / 240 / steps, "asked": asked}


@pytest.mark.parametrize("exercise", [richardson.EXERCISE, schemes.EXERCISE, complex_step.EXERCISE])
def test_what_repeats_digits_that_student_code_has_chosen_is_told_of_public_inputs_alone(exercise: Any) -> None:
    cases = exercise.draw(np.random.default_rng(0))
    told = judge(exercise, cases, [Reply(Outcome.OK, hostile(case)) for case in cases], 4.0)
    repeated = [check for check in told.checks if "3.14159" in check.message or "31.41" in check.message]
    assert {(check.quotes, bool(check.mistake)) for check in repeated} == {(True, True)}
