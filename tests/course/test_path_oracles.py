"""The oracles of SI, RWalk and SCP against examples worked by hand."""

from typing import Any

import numpy as np
import pytest

from solutions.hw14.judges import rwalk_oracles, scp, si
from solutions.hw14.judges.importance import View

STRENGTH = 0.1  # λ of the second task of the SI example


def script(tasks: list[tuple[list[float], list[float]]]) -> dict[str, Any]:
    """One weight that starts at 0."""
    spec = {"sizes": [1, 1], "activation": "identity", "bias": False, "dropout": 0.0, "frozen": [], "spare": False}
    return {
        "spec": spec,
        "parameters": {"0.weight": np.zeros((1, 1))},
        "tasks": [
            {
                kind: {"0.weight": np.reshape(each, (-1, 1, 1))}
                for kind, each in zip(("gradients", "steps"), task, strict=True)
            }
            for task in tasks
        ],
        "settings": {},
        "strength": STRENGTH,
        "direct": False,
    }


def quadratic() -> list[tuple[list[float], list[float]]]:
    """SGD at ¼ on (θ−1)², then on (θ+1)² with the penalty of the first task: two steps each."""
    first = 1.25 / (0.75**2 + 0.1)
    second = -(1.75 + 2 * STRENGTH * first * (-0.125 - 0.75)) / 4
    return [([-2.0, -1.0], [0.5, 0.25]), ([3.5, 1.75], [-0.875, second])]


def omega(outputs: dict[str, Any], task: int) -> float:
    return float(outputs[f"omega after task {task}"]["0.weight"].item())


def test_si_of_a_quadratic_and_with_what_students_get_wrong() -> None:
    outputs = si.oracle(script(quadratic()))
    assert omega(outputs, 1) == pytest.approx(1.886792, abs=1e-6)
    assert omega(outputs, 2) == pytest.approx(4.170835, abs=1e-6)
    total = si.SI.but(total_gradient="before")(script(quadratic()))
    assert omega(total, 2) - omega(total, 1) == pytest.approx(2.211372, abs=1e-6)
    lost = si.SI.but(path=lambda task: -(task.gradients * task.steps)[:-1].sum(axis=0))
    assert omega(lost(script(quadratic())), 1) == pytest.approx(1.509434, abs=1e-6)
    assert omega(si.oracle(script([([1.0], [0.5])])), 1) == 0.0  # clamped where the loss rose


def test_rwalk_scores_an_interval() -> None:
    path, fisher, moved = np.array([1.25]), np.array([2.8]), np.array([0.75])
    score = rwalk_oracles.ratio(path, fisher, moved, 0.1)
    assert score.item() == pytest.approx(1.408451, abs=1e-6)
    assert rwalk_oracles.ratio(path, 2 * fisher, moved, 0.1).item() == pytest.approx(0.746269, abs=1e-6)
    assert rwalk_oracles.RWalk.next_score(np.array([0.6]), score).item() == pytest.approx(1.004225, abs=1e-6)


def test_rwalk_of_one_weight_is_two_whenever_the_loss_fell() -> None:
    outputs = rwalk_oracles.RWalk.but()(script(quadratic()))
    assert (omega(outputs, 1), omega(outputs, 2)) == (2.0, 2.0)


def test_scp_of_a_linear_layer() -> None:
    spec = {"sizes": [2, 2], "activation": "identity", "bias": True, "dropout": 0.0, "frozen": [], "spare": False}
    view = View(
        {
            "spec": spec,
            "parameters": {"0.weight": np.diag([1.0, 3.0]), "0.bias": np.array([0.0, 1.0])},
            "inputs": np.array([[1.0, 1.0], [1.0, -1.0]]),
            "labels": np.array([0, 1]),
            "batch_sizes": [1, 1],
            "directions": np.array([[1.0, 0.0], [0.6, 0.8]]),
        }
    )
    right = scp.rule(view)
    np.testing.assert_allclose(right["0.bias"], [0.68, 0.32])
    np.testing.assert_allclose(right["0.weight"], [[0.68, 0.0], [0.32, 0.0]], atol=1e-12)
    np.testing.assert_allclose(np.abs(scp.mean_slices(view)["0.bias"].mean(axis=0)), [0.8, 0.4])
