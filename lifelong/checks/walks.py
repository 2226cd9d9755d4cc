"""Scripted gradients and steps, which methods that gather importance along the way are led through."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from lifelong.checks.expect import CheckFailed, expect_params, untouched
from lifelong.checks.models import examples, linear, move

Step = Mapping[str, tuple[float, float]]
"""One optimiser step: by parameter name, its gradient g and its step Δ."""

OMEGA = "after consolidate, omega"
BATCHES = [examples([[1.0]], [0])]


def walk(method: Any, model: nn.Module, steps: Sequence[Step]) -> None:
    """Begin a task and take these steps, as the engine would; it uses the same tensors again for every step."""
    method.begin_task(model)
    gradients = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
    deltas = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
    for step in steps:
        for name, (gradient, delta) in step.items():
            gradients[name].fill_(gradient)
            deltas[name].fill_(delta)
        move(model, deltas)
        method.observe(gradients, deltas)
        for name, (gradient, delta) in step.items():
            if not (bool((gradients[name] == gradient).all()) and bool((deltas[name] == delta).all())):
                raise CheckFailed("observe changed the gradients or the steps, which belong to the engine.")
    for name in gradients:
        gradients[name].fill_(1e3)
        deltas[name].fill_(1e3)


def expect_shape(method: Any) -> None:
    """Ω has its parameter's shape."""
    model = linear([[0.0, 0.0]])
    walk(method, model, [{"weight": (-1.0, 0.5)}])
    expect_params(consolidated(method, model), model, OMEGA)


def consolidated(method: Any, model: nn.Module) -> Any:
    """Ω once the task just walked has ended; that may be worked out in `importance` or in `consolidate`."""
    with untouched(model, BATCHES, "consolidate(model, batches)"):
        method.consolidate(model, BATCHES)
    return getattr(method, "omega", None)
