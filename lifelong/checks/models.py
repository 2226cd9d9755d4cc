"""Networks so small that their importances can be computed by hand, with the numbers set in place."""

import torch
from torch import Tensor, nn

Batches = list[tuple[Tensor, Tensor]]


def linear(weight: list[list[float]], bias: list[float] | None = None) -> nn.Linear:
    """A Linear layer with these numbers, `weight` [out, in] and `bias` [out]."""
    layer = nn.Linear(len(weight[0]), len(weight), bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        if bias is not None:
            layer.bias.copy_(torch.tensor(bias))
    return layer


def move(model: nn.Module, steps: dict[str, Tensor]) -> None:
    """Add a step to each named parameter, as an optimiser would."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.add_(steps[name])


def examples(inputs: list[list[float]], labels: list[int]) -> tuple[Tensor, Tensor]:
    """One batch: inputs [B, D] float32, labels [B] int64."""
    return torch.tensor(inputs), torch.tensor(labels)
