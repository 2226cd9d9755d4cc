"""Per-example gradients as factors, against autograd on one example at a time."""

import contextlib
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lifelong import evaluating, example_gradients, gradient_factors

SIZES = (5, 7, 3)


def network(inplace: bool = False) -> nn.Sequential:
    torch.manual_seed(0)
    first, middle = nn.Linear(SIZES[0], SIZES[1]), nn.Linear(SIZES[1], SIZES[1], bias=False)
    last = nn.Linear(SIZES[1], SIZES[2])
    return nn.Sequential(first, nn.ReLU(inplace=inplace), middle, nn.Tanh(), last).double()


def examples(count: int = 6) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(count, SIZES[0], generator=generator, dtype=torch.float64)
    return inputs, torch.randint(3, (count,), generator=generator)


def one_by_one(model: nn.Module, inputs: Tensor, labels: Tensor) -> list[dict[str, Tensor]]:
    """Each example's gradient by a backward pass of its own."""
    learnable = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    rows = []
    for x, y in zip(inputs, labels, strict=True):
        loss = F.cross_entropy(model(x[None]), y[None])
        rows.append(dict(zip(learnable, torch.autograd.grad(loss, list(learnable.values())), strict=True)))
    return rows


@pytest.mark.parametrize("inplace", [False, True], ids=["relu", "in-place relu"])
def test_factors_multiply_to_each_examples_gradient(inplace: bool) -> None:
    model, (inputs, labels) = network(inplace), examples()
    expected = one_by_one(model, inputs, labels)
    found = set()
    for name, delta, a in gradient_factors(model, inputs, lambda z: F.cross_entropy(z, labels, reduction="none")):
        found.add(name)
        for row, (d, factor) in enumerate(zip(delta, a, strict=True)):
            gradient = torch.outer(d, factor) if factor.ndim else d * factor
            torch.testing.assert_close(gradient, expected[row][name])
        torch.testing.assert_close(delta.T @ a, sum((row[name] for row in expected), start=torch.tensor(0.0)))
    assert found == dict(model.named_parameters()).keys()


def test_frozen_parameters_are_left_out_and_grads_stay() -> None:
    model, (inputs, labels) = network(), examples()
    model[0].requires_grad_(False)
    model[4].bias.requires_grad_(False)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 3.0)
    names = [n for n, *_ in gradient_factors(model, inputs, lambda z: F.cross_entropy(z, labels, reduction="none"))]
    assert sorted(names) == ["2.weight", "4.weight"]
    assert all(p.grad is not None and bool((p.grad == 3.0).all()) for p in model.parameters())
    assert not any(module._forward_hooks for module in model.modules())


def test_a_single_layer_has_plain_names() -> None:
    layer, (inputs, _) = nn.Linear(SIZES[0], 2).double(), examples()
    assert [name for name, *_ in gradient_factors(layer, inputs, lambda z: z.sum(dim=1))] == ["weight", "bias"]


def test_a_layer_that_the_loss_does_not_reach_has_gradient_zero() -> None:
    class Detour(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(SIZES[0], 2).double(), nn.Linear(SIZES[0], 2).double()

        def forward(self, x: Tensor) -> Tensor:
            self.idle(x)
            return self.used(x)

    factors = gradient_factors(Detour(), examples()[0], lambda z: z.sum(dim=1))
    totals = {name: (delta.T @ a).abs().sum() for name, delta, a in factors}
    assert totals["idle.weight"] == 0
    assert totals["used.weight"] > 0


def test_a_loss_that_is_not_one_number_an_example_is_refused() -> None:
    model, (inputs, labels) = network(), examples()
    with pytest.raises(ValueError, match="one number for each of the 6 examples"):
        list(gradient_factors(model, inputs, lambda z: F.cross_entropy(z, labels)))
    assert not any(module._forward_hooks for module in model.modules())


def test_evaluating_puts_every_module_back_into_its_own_mode() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(), nn.Sequential(nn.Dropout())).train()
    model[1].eval()
    modes = [module.training for module in model.modules()]
    with contextlib.suppress(KeyError), evaluating(model):  # also when the block fails
        assert not any(module.training for module in model.modules())
        raise KeyError
    assert [module.training for module in model.modules()] == modes


def convolutional() -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Unflatten(1, (1, SIZES[0])), nn.Conv1d(1, 2, 2), nn.Flatten(), nn.LayerNorm(8), nn.Linear(8, SIZES[2])]
    return nn.Sequential(*layers).double()


def test_a_layer_of_another_kind_is_refused_by_the_factors() -> None:
    inputs, labels = examples()
    with pytest.raises(ValueError, match=r"knows Linear layers only, and 1.weight is not in one"):
        list(gradient_factors(convolutional(), inputs, lambda z: F.cross_entropy(z, labels, reduction="none")))


@pytest.mark.parametrize("make", [network, convolutional])
def test_example_gradients_are_those_of_one_example_at_a_time(make: Callable[[], nn.Sequential]) -> None:
    model, (inputs, labels) = make(), examples(7)
    model[-1].bias.requires_grad_(False)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 3.0)
    chunks = list(example_gradients(model, inputs, labels, F.cross_entropy, chunk=3))
    assert [len(next(iter(chunk.values()))) for chunk in chunks] == [3, 3, 1]
    for row, expected in enumerate(one_by_one(model, inputs, labels)):
        got = {name: values[row % 3] for name, values in chunks[row // 3].items()}
        assert got.keys() == expected.keys()
        for name in expected:
            torch.testing.assert_close(got[name], expected[name])
    assert all(p.grad is not None and bool((p.grad == 3.0).all()) for p in model.parameters())
