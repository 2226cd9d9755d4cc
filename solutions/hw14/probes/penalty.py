"""Drive the student's ``QuadraticPenalty`` with importances that the case gives."""

from typing import Any

import torch
from torch import Tensor, nn

from .common import Batches, Inputs, Names, Outputs, Snapshot, build_model, plain, set_parameters, use


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Finish the case's tasks one after another, move the model to θ, and ask for what ``inputs["ask"]`` says.

    "penalty" and "gradient" ask for P(θ) and its gradient, "state" for ``omega`` and ``anchor``, "manners" for what
    one more ``consolidate`` and ``penalty`` leave behind.
    """
    model = build_model(inputs["spec"], inputs["parameters"])
    guard = _guard(names, inputs)
    for task in inputs["tasks"]:
        set_parameters(model, task["parameters"])
        guard.begin_task(model)
        _consolidate(guard, model, inputs, task, fallback=inputs["ask"] in ("penalty", "gradient"))
    if inputs["another_model"]:  # so that an anchor which is the parameters themselves spoils only what tests it
        model = build_model(inputs["spec"], inputs["parameters"])
    set_parameters(model, inputs["parameters"])
    answers = {"penalty": _penalty, "gradient": _gradient, "state": _state, "manners": _manners}
    return answers[inputs["ask"]](guard, model, inputs)


def _guard(names: Names, inputs: Inputs) -> Any:
    """An instance of a subclass whose importance is the one that the case gives for each task (then the last again)."""
    given = [task["importance"] for task in inputs["tasks"]]
    base: Any = names["QuadraticPenalty"]

    class Guard(base):
        def importance(self, model: nn.Module, batches: Any) -> dict[str, Tensor]:
            self.probe_handed = (model, batches, torch.is_grad_enabled())
            importance = given.pop(0) if len(given) > 1 else given[0]
            return {name: value.clone() for name, value in importance.items()}

    guard = Guard()
    guard.strength = inputs["strength"]
    return guard


def _consolidate(guard: Any, model: nn.Module, inputs: Inputs, task: Inputs, *, fallback: bool) -> None:
    """Finish a task; with ``fallback``, an unwritten ``consolidate`` does not keep ``penalty`` from being tried."""
    try:
        guard.consolidate(model, Batches(inputs))
    except NotImplementedError:
        if not fallback:
            raise
        guard.omega, guard.anchor = dict(task["importance"]), dict(task["parameters"])


def _penalty(guard: Any, model: nn.Module, inputs: Inputs) -> Outputs:
    return {"value": _number(guard.penalty(model))}


def _gradient(guard: Any, model: nn.Module, inputs: Inputs) -> Outputs:
    """The penalty's gradient as training sees it: what it adds to the gradient of a loss, which here is flat."""
    penalty = guard.penalty(model)
    (sum((0.0 * parameter).sum() for parameter in model.parameters()) + penalty).backward()
    gradient = {name: each.grad for name, each in model.named_parameters()}
    return {"value": _number(penalty), "gradient": gradient, "scalar": isinstance(penalty, Tensor)}


def _state(guard: Any, model: nn.Module, inputs: Inputs) -> Outputs:
    return {"omega": plain(guard.omega), "anchor": plain(guard.anchor)}


def _manners(guard: Any, model: nn.Module, inputs: Inputs) -> Outputs:
    use(model)
    batches = Batches(inputs)
    before = Snapshot(model)
    guard.consolidate(model, batches)
    penalty = guard.penalty(model)
    kept = before.same_as(Snapshot(model))
    handed = getattr(guard, "probe_handed", (None, None, None))
    return {
        "scalar": isinstance(penalty, Tensor) and penalty.ndim == 0,
        "handed": handed[0] is model and handed[1] is batches,
        "differentiable": handed[2] is not False,
        "anchor_detached": not any(getattr(value, "requires_grad", True) for value in guard.anchor.values()),
        **{f"keeps_{part}": same for part, same in kept.items()},
    }


def _number(value: Any) -> Any:
    """A scalar tensor as a float; a tensor of another shape or another object as it is."""
    return float(value.detach()) if isinstance(value, Tensor) and value.ndim == 0 else value
