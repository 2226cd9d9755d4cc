"""The lecture on lifelong learning: its numbers are what its cells compute, its table finds every topic."""

from typing import Any

import numpy as np
import pytest
import torch

from autograder.course.lecture import lecture_notebook
from lifelong import accuracy, normalise
from lifelong.data import load_importance_maps
from tests.course.bank_reference import COURSE
from tests.course.lecture_reference import defined

pytestmark = pytest.mark.heavy

TEXT = "\n".join(cell.source for cell in lecture_notebook(COURSE, "lifelong_learning").cells)
DRAWS = r"^(figures|plots|basins|guards|replay)\."


def lecture() -> dict[str, Any]:
    """What the lecture's cells define without drawing: forgetting, twins, the guard, five opinions."""
    return defined("lifelong_learning", drawing=DRAWS)


def test_a_is_learnt_and_forgotten_though_there_is_room_for_both() -> None:
    names = lecture()
    seen = np.array(names["seen"])
    learnt, soon, (end, other) = seen[20][0], seen[25][0], seen[-1]
    assert learnt > 0.93 > 0.5 > soon
    assert end < 0.3 < 0.85 < other
    assert accuracy(names["both"], names["A"].test) > 0.85
    assert accuracy(names["both"], names["B"].test) > 0.8


def test_a_twin_has_other_weights_and_the_same_function() -> None:
    names = lecture()
    inputs = normalise(names["B"].test.images)  # images that neither has been trained on
    with torch.no_grad():
        one, other = names["net_a"](inputs), names["twin"](inputs)
    assert torch.allclose(one, other, atol=1e-3)
    apart = names["flat"] - names["flat_twin"]
    assert float(apart.norm()) > 10
    grid, low, row = names["slice_loss"], names["slice_loss"].min(), len(names["vertical"]) // 2
    at = [int(np.abs(names["horizontal"] - place).argmin()) for place in (0.0, 0.5, 1.0)]
    basin, ridge, twin_basin = grid[row, at]
    assert basin == pytest.approx(twin_basin, abs=0.1)
    assert ridge > basin + 0.4
    assert basin < low + 0.2


def test_the_two_small_landscapes_have_the_minima_that_are_marked() -> None:
    names = lecture()
    w = names["w"]

    def at(grid: np.ndarray, first: float, second: float) -> float:
        return float(grid[np.abs(w - second).argmin(), np.abs(w - first).argmin()])

    for grid in (names["swap_loss"], names["scale_loss"]):
        twins = (0.5, 2.5) if grid is names["swap_loss"] else (0.5, 2.0)
        assert at(grid, *twins) < 2e-3
        assert at(grid, *twins[::-1]) < 2e-3
        assert at(grid, 0.0, 0.0) > 0.2


def test_the_guard_by_hand() -> None:
    names = lecture()
    assert names["plain"] == pytest.approx([2, 1, -1, 2], abs=1e-6)
    assert names["guarded"] == pytest.approx([1, 2, -2, 3], abs=1e-4)
    loss, J, y = names["loss_of"], names["J_A"], names["y_A"]
    assert loss(names["star"], J, y) == pytest.approx(0.5)
    assert loss(names["plain"], J, y) == pytest.approx(1.75)
    assert loss(names["guarded"], names["J_B"], names["y_B"]) < 1e-6


OMEGAS = {"EWC": [2, 0, 0, 0.5], "MAS": [4, 0, 0, 3], "SCP": [0.5, 0, 0, 0.125]}
OMEGAS |= {"RWalk": [1 + 1.269 / 3.299, 0, 0, 1.25], "SI": [4 / 3 / 1.1, 0, 0, 2.4 / 9.1]}


@pytest.mark.parametrize(("name", "omega"), OMEGAS.items())
def test_the_opinions_are_what_the_text_says(name: str, omega: list[float]) -> None:
    assert lecture()["omegas"][name] == pytest.approx(omega, rel=0.01, abs=1e-12)


def test_the_walk_by_hand() -> None:
    names = lecture()
    _, gradient, step = names["walk"][0]
    assert gradient == pytest.approx([-2, 0, 0, -1.5])
    assert step == pytest.approx([0.5, 0, 0, 0.375])
    assert names["credits"][1] == pytest.approx([1, 0, 0, 0.5625])
    assert names["credits"][-1] == pytest.approx([4 / 3, 0, 0, 2.4], rel=1e-3)
    assert names["F"] == pytest.approx([2, 0, 0, 0.5], rel=1e-3)


def test_small_steps_give_si_half_of_the_curvature() -> None:
    """What the text claims of tiny steps: ω → the fall of the loss, ω / way² → half of Ω of EWC."""
    names, theta, earned = lecture(), np.zeros(4), np.zeros(4)
    for _ in range(20_000):
        gradient = names["gradients"](theta, names["J_A"], names["y_A"]).mean(axis=0)
        theta, earned = theta - 1e-3 * gradient, earned + 1e-3 * gradient**2
    assert earned[[0, 3]] == pytest.approx([1, 2.25], rel=2e-3)
    assert (earned / np.maximum(theta**2, 1e-12))[[0, 3]] == pytest.approx(names["fisher"][[0, 3]] / 2, rel=2e-3)


def test_the_maps_look_at_the_middle_and_agree() -> None:
    maps = load_importance_maps()
    assert list(maps) == ["EWC", "MAS", "SI", "RWalk", "SCP"]
    for values in maps.values():
        assert values.shape == (784,)
        assert values.dtype == np.float32
        square = values.reshape(28, 28)
        assert square[7:21, 7:21].mean() > 1.5 * square[[0, 1, -2, -1]].mean()


def test_no_answer_of_the_homework_is_in_the_lecture() -> None:
    for given_away in ("images[:, permutation]", "gradient_factors", "class EWC", "class SCP", "omega.setdefault"):
        assert given_away not in TEXT
