"""The float64 oracles against autograd, and against figures worked out by hand."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from solutions.hw14.judges import ewc, importance, mas, metrics, network, penalty
from solutions.hw14.probes.common import build_model


def problem(activation: str, dropout: float, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    spec = network.draw_spec(rng, (5, 6, 4, 3), activation, dropout=dropout, spare=True)
    return network.draw_problem(rng, spec, (3, 3, 1), "float64")


@pytest.mark.parametrize("activation", network.ACTIVATIONS)
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_example_gradients_are_those_of_autograd(activation: str, dropout: float) -> None:
    drawn = problem(activation, dropout, 1)
    model = build_model(drawn["spec"], {n: torch.from_numpy(v) for n, v in drawn["parameters"].items()}).eval()
    inputs, labels = torch.from_numpy(drawn["inputs"]), torch.from_numpy(drawn["labels"])
    outputs = network.forward(drawn["spec"], drawn["parameters"], drawn["inputs"]).output
    cases = {
        "cross-entropy": (network.cross_entropy_cotangent(outputs, drawn["labels"]), F.cross_entropy),
        "squared norm": (2 * outputs, lambda f, y: (f**2).sum()),
    }
    for cotangent, loss in cases.values():
        gradients = network.example_gradients(drawn["spec"], drawn["parameters"], drawn["inputs"], cotangent)
        assert list(gradients) == [name for name, _ in model.named_parameters()]
        for n in range(len(inputs)):
            value = loss(model(inputs[n : n + 1]), labels[n : n + 1])
            for name, parameter in model.named_parameters():
                got = torch.autograd.grad(value, parameter, retain_graph=True, allow_unused=True)[0]
                np.testing.assert_allclose(gradients[name][n], 0 if got is None else got.numpy(), atol=1e-12)


def test_the_jacobian_of_the_mean_output_is_that_of_autograd() -> None:
    drawn = problem("tanh", 0.0, 2)
    model = build_model(drawn["spec"], {n: torch.from_numpy(v) for n, v in drawn["parameters"].items()})
    jacobian = network.output_jacobian(drawn["spec"], drawn["parameters"], drawn["inputs"])
    mean = model(torch.from_numpy(drawn["inputs"])).mean(dim=0)
    for k in range(3):
        for name, parameter in model.named_parameters():
            got = torch.autograd.grad(mean[k], parameter, retain_graph=True, allow_unused=True)[0]
            np.testing.assert_allclose(jacobian[name][k].mean(axis=0), 0 if got is None else got.numpy(), atol=1e-12)


def linear(weight: Any, bias: Any, inputs: Any, labels: Any, batch_sizes: list[int]) -> dict[str, Any]:
    weight = np.asarray(weight, dtype=np.float64)
    spec = network.draw_spec(np.random.default_rng(0), weight.shape[::-1], "identity")
    parameters = {"0.weight": weight, "0.bias": np.asarray(bias, dtype=np.float64)}
    data = {"inputs": np.asarray(inputs, dtype=np.float64), "labels": np.asarray(labels)}
    return {"spec": spec, "parameters": parameters, **data, "batch_sizes": batch_sizes}


def by_mistake(module: Any, name: str, inputs: dict[str, Any]) -> Any:
    return next(each for each in module.mistake if each.name == name).expected(inputs)["omega"]


def test_ewc_by_hand() -> None:
    inputs = linear(np.zeros((3, 1)), np.zeros(3), [[1.0], [2.0]], [0, 0], [2])
    omega = ewc.rule(importance.View(inputs))
    np.testing.assert_allclose(omega["0.weight"].ravel(), [10 / 9, 5 / 18, 5 / 18])
    np.testing.assert_allclose(omega["0.bias"], [4 / 9, 1 / 9, 1 / 9])
    np.testing.assert_allclose(by_mistake(ewc, "squared-batch-mean", inputs)["0.weight"].ravel(), [1, 1 / 4, 1 / 4])
    np.testing.assert_allclose(by_mistake(ewc, "model-fisher", inputs)["0.weight"].ravel(), [5 / 9] * 3)
    np.testing.assert_allclose(by_mistake(ewc, "model-fisher", inputs)["0.bias"], [2 / 9] * 3)


def test_opposite_gradients_do_not_cancel_in_the_fisher() -> None:
    inputs = linear(np.zeros((2, 1)), np.zeros(2), [[1.0], [1.0]], [0, 1], [2])
    np.testing.assert_allclose(ewc.rule(importance.View(inputs))["0.weight"], 1 / 4)
    np.testing.assert_allclose(by_mistake(ewc, "squared-batch-mean", inputs)["0.weight"], 0, atol=1e-15)


def test_mas_by_hand() -> None:
    inputs = linear([[1, 0], [0, 3]], [0, 1], [[1, 1], [1, -1]], [0, 1], [2])
    omega = mas.rule(importance.View(inputs))
    np.testing.assert_allclose(omega["0.weight"], [[2, 2], [6, 6]])
    np.testing.assert_allclose(omega["0.bias"], [2, 6])
    np.testing.assert_allclose(by_mistake(mas, "absolute-batch-mean", inputs)["0.weight"], [[2, 0], [2, 6]])
    np.testing.assert_allclose(by_mistake(mas, "absolute-batch-mean", inputs)["0.bias"], [2, 2])
    np.testing.assert_allclose(by_mistake(mas, "squared-gradient", inputs)["0.weight"], [[4, 4], [40, 40]])
    rows = by_mistake(mas, "norm-not-squared", inputs)["0.weight"]
    np.testing.assert_allclose(rows, [[0.345, 0.345], [0.932, 0.932]], atol=5e-4)


def test_metrics_by_hand() -> None:
    R = np.array([[0.95, 0.10, 0.12], [0.98, 0.97, 0.14], [0.92, 0.80, 0.96]])
    assert metrics.average_accuracy(R) == pytest.approx(0.8933, abs=5e-5)
    assert metrics.backward_transfer(R) == pytest.approx(-0.10)
    assert metrics.forgetting(R) == pytest.approx(0.115)


def test_the_penalty_by_hand_and_by_finite_differences() -> None:
    spec = network.draw_spec(np.random.default_rng(0), (1, 1), "identity")

    def one_by_one(weight: float, bias: float) -> dict[str, Any]:
        return {"0.weight": np.array([[weight]]), "0.bias": np.array([bias])}

    theta = one_by_one(2.0, 1.0)
    first = {"parameters": one_by_one(9.0, 9.0), "importance": one_by_one(1.0, 0.5)}
    last = {"parameters": one_by_one(1.0, 3.0), "importance": one_by_one(2.0, 0.0)}
    inputs = {"spec": spec, "parameters": theta, "tasks": [first, last]}
    right = penalty.penalty(inputs)
    assert right["value"] == pytest.approx(3.0 * 1.0 + 0.5 * 4.0)
    step = 1e-6
    for name in theta:
        moved = {**inputs, "parameters": {**theta, name: theta[name] + step}}
        slope = (penalty.penalty(moved)["value"] - right["value"]) / step
        assert slope == pytest.approx(float(right["gradient"][name].sum()), abs=1e-4)


def test_the_oracle_does_not_depend_on_the_batches() -> None:
    drawn = problem("relu", 0.0, 3)
    for rule in (ewc.rule, mas.rule):
        views = [importance.View({**drawn, "batch_sizes": sizes}) for sizes in ([7], [1] * 7, [3, 4])]
        for name, value in rule(views[0]).items():
            for view in views[1:]:
                np.testing.assert_array_equal(value, rule(view)[name])
