"""What the float64 oracles of hw14 are made of, against autograd; examples by hand are those of the public checks."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from solutions.hw14.judges import ewc, importance, mas, network
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


def test_the_oracle_does_not_depend_on_the_batches() -> None:
    drawn = problem("relu", 0.0, 3)
    for rule in (ewc.rule, mas.rule):
        views = [importance.View({**drawn, "batch_sizes": sizes}) for sizes in ([7], [1] * 7, [3, 4])]
        for name, value in rule(views[0]).items():
            for view in views[1:]:
                np.testing.assert_array_equal(value, rule(view)[name])
