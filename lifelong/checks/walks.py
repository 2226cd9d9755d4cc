"""Scripted gradients and steps, which methods that gather importance along the way are led through; walks.toml has them."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from lifelong.checks.expect import CheckFailed, expect_importance, expect_params, untouched
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


def expect_walks(kind: Any, exercise: str) -> tuple[Any, nn.Module]:
    """Ω is right after each walk of an exercise, and has its parameter's shape, whatever another object begins; gives the last method and its model."""
    for row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[exercise]:
        method, model = kind(), linear([[0.0]], [0.0] if row["right"][1:] else None)
        for name, value in row.get("set", {}).items():
            setattr(method, name, value)
        names = [name for name, _ in model.named_parameters()]
        tasks = [[dict(zip(names, (step[:2], step[2:]), strict=False)) for step in steps] for steps in row["tasks"]]
        right = _by_name(*row["right"])
        known = [(_by_name(*wrong), sentence) for *wrong, sentence in row.get("known", ())]
        expect_importance(_consolidated(method, model, tasks), model, right, OMEGA, row["story"], known)
    wide = linear([[0.0, 0.0]])
    step = {"weight": (-1.0, 0.5)}
    alone = expect_params(_consolidated(kind(), wide, [[step]]), wide, OMEGA)
    wide, first = linear([[0.0, 0.0]]), kind()
    walk(first, wide, [step])
    kind().begin_task(wide)
    first.consolidate(wide, BATCHES)
    if not torch.equal(first.omega["weight"], alone["weight"]):
        message = (
            f"Two objects of {kind.__name__} share what they keep: make it in begin_task, not in the class's body."
        )
        raise CheckFailed(message)
    return method, model


def _by_name(weight: float, *bias: float) -> dict[str, Any]:
    """One number of a weight and, if there is one, one of a bias, each in its parameter's shape."""
    return {"weight": [[weight]]} | ({"bias": [*bias]} if bias else {})


def _consolidated(method: Any, model: nn.Module, tasks: Sequence[Sequence[Step]]) -> Any:
    """Ω once these tasks have been walked; that may be worked out in `importance` or in `consolidate`."""
    for steps in tasks:
        walk(method, model, steps)
        with untouched(model, BATCHES, "consolidate(model, batches)"):
            method.consolidate(model, BATCHES)
    return getattr(method, "omega", None)
