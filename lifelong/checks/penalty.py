"""Check of `penalty`: the quadratic penalty that EWC, MAS, SI, RWalk and SCP share."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from lifelong.checks.crash import crashed
from lifelong.checks.expect import (
    Known,
    Names,
    close,
    expect_form,
    expect_importance,
    expect_number,
    known,
    lookup,
    show,
)
from lifelong.checks.failure import CheckFailed
from lifelong.checks.models import linear, move


def check(names: Names) -> str:
    """`QuadraticPenalty` with importances that are given: before any task, after one, after two."""
    base = lookup(names, "QuadraticPenalty", "penalty")
    first = {"bias": torch.tensor([3.0]), "weight": torch.tensor([[1.0, 2.0]])}
    second = {"weight": torch.tensor([[10.0, 0.0]]), "bias": torch.tensor([1.0])}
    third = {"weight": torch.tensor([[0.0, 1.0]]), "bias": torch.tensor([2.0])}
    script, calls = [first], list[bool]()

    class Scripted(base):  # type: ignore[misc, valid-type]
        def importance(self, model: nn.Module, batches: Any) -> dict[str, Tensor]:
            calls.append(torch.is_grad_enabled())
            return {name: value.clone() for name, value in script[0].items()}

    Scripted.__name__ = base.__name__  # in the messages of errors
    model, batches = linear([[0.5, -1.0]], [2.0]), 2 * [(torch.zeros(1, 2), torch.zeros(1, dtype=torch.int64))]
    method = Scripted()
    method.strength = 10.0
    _expect_penalty(method, model, 0.0, [[0.0, 0.0]], "before the first task has ended")
    method.consolidate(model, batches)
    expect_anchor(method, model)
    story = "After consolidate, with an importance of {weight: [[1, 2]], bias: [3]}"
    right = {"weight": [[1.0, 2.0]], "bias": [3.0]}
    expect_importance(getattr(method, "omega", None), model, right, "self.omega", story)
    move(model, {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([-1.0])})
    story = "with Ω = {weight: [[1, 2]], bias: [3]} and parameters that are θ* + {weight: [[1, 2]], bias: [-1]}"
    _expect_penalty(method, model, 12.0, [[2.0, 8.0]], story, known("penalty", "after_one_task"))
    script[0] = second
    method.consolidate(model, batches)
    expect_anchor(method, model)
    move(model, {"weight": torch.tensor([[1.0, 1.0]]), "bias": torch.tensor([1.0])})
    story = "after a second task with Ω = {weight: [[10, 0]], bias: [1]}, every parameter then moved by 1"
    _expect_penalty(method, model, 17.0, [[22.0, 4.0]], story, known("penalty", "after_two_tasks"))
    script[0] = third
    method.consolidate(model, batches)
    move(model, {"weight": torch.tensor([[1.0, 1.0]]), "bias": torch.tensor([1.0])})
    story = "after a third task with Ω = {weight: [[0, 1]], bias: [2]}, every parameter then moved by 1"
    _expect_penalty(method, model, 20.0, [[22.0, 6.0]], story, known("penalty", "after_three_tasks"))
    if len(calls) != 3:
        message = f"In three tasks consolidate called importance {len(calls)} times: once a task, it takes long."
        raise CheckFailed(message)
    if not all(calls):
        raise CheckFailed("consolidate calls importance under no_grad, where nothing can be differentiated.")
    return "P is 0 before the first task, then Σ Ω (θ − θ*)², and Ω adds up over tasks."


def _expect_penalty(
    method: Any, model: nn.Linear, expected: float, gradient: list[list[float]], story: str, mistakes: Known = ()
) -> None:
    """P and its gradient with respect to the weight are as expected."""
    try:
        value = method.penalty(model)
    except NotImplementedError:
        raise
    except Exception as error:
        raise CheckFailed(f"penalty: {story}, {crashed(error)}") from None
    expect_form(value, (), "penalty(model), a scalar,", dtype=None)
    expect_number(value, expected, f"{story}, penalty(model)", mistakes)
    found = None
    if value.requires_grad:
        (found,) = torch.autograd.grad(value, [model.weight], allow_unused=True)
    found = torch.zeros_like(model.weight) if found is None else found
    if not close(found, gradient):
        lost = " Does P reach the parameters themselves, not .data or a detached copy; and is θ* detached?"
        hint = "" if found.any() else lost
        message = f"{story}, the gradient of penalty(model) for the weight should be {show(gradient)} = 2 Ω (θ − θ*), but is {show(found)}.{hint}"
        raise CheckFailed(message)


def expect_anchor(method: Any, model: nn.Module) -> None:
    """The anchor holds the parameters of this moment, as detached copies."""
    anchor = getattr(method, "anchor", None)
    if not isinstance(anchor, Mapping):
        raise CheckFailed("After consolidate, self.anchor should be a dict with a tensor for each parameter name.")
    for name, parameter in model.named_parameters():
        if name not in anchor:
            raise CheckFailed(f"After consolidate, self.anchor has no entry {name!r}.")
        if not close(anchor[name], parameter.detach()):
            message = f"After consolidate, self.anchor[{name!r}] should be {show(parameter)}, the parameter of this moment, but is {show(anchor[name])}."
            raise CheckFailed(message)
        if anchor[name].data_ptr() == parameter.data_ptr():
            message = f"self.anchor[{name!r}] is the parameter's own memory, which moves: use .detach().clone()."
            raise CheckFailed(message)
        if anchor[name].requires_grad:
            raise CheckFailed(f"self.anchor[{name!r}] requires grad: use .detach().clone(), θ* is a constant.")
