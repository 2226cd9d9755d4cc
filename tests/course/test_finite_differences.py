"""finite_differences: the lecture measures what theory says, every topic has its place, the oracles hold."""

import numpy as np
import pytest

from solutions.finite_differences.judges import gradient, landscape, richardson, smooth
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
