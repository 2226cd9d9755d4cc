"""Drive a method through scripted training: drawn gradients and steps in place of an optimiser's."""

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from typing import Any

import torch
from torch import Tensor, nn

from .common import Batches, Inputs, Names, Outputs, Snapshot, build_model, form, plain
from .importance import controlled


def drive(class_name: str, names: Names, inputs: Inputs) -> Outputs:
    """Every task of the script with a fresh method: begin_task, observe once per step, consolidate (or one call of importance).

    Returns:
        {"importance"} or {"omega after task 1", …, "anchor"}, by parameter name, with
        "measured": what ``consolidate`` got for the importance of each task, or would have got,
        "inherited": whether it is the student's QuadraticPenalty's, and then
        "control": what that makes of them,
        "arguments unchanged": whether gradients and steps were left as they were,
        "model unchanged": whether parameters, gradients, buffers and mode were,
        "finite": whether the last result is free of NaN and infinity,
        "kept": whether an importance that was asked for directly stays as it is when the next task begins,
        "form": the last result's types and dtypes,
        "guards": whether the method has a penalty.
    """
    kind, base, measured = names[class_name], names["QuadraticPenalty"], list[Any]()
    inherited = kind.consolidate is base.consolidate and not inputs["direct"]
    method = kind() if inputs["direct"] else _watched(kind, measured)()
    for name, value in inputs["settings"].items():
        setattr(method, name, value)
    method.strength = inputs["strength"]
    model = build_model(inputs["spec"], inputs["parameters"])
    batches = Batches(inputs)
    result: dict[str, Any] = {}
    arguments, models = True, True
    for number, task in enumerate(inputs["tasks"], 1):
        before = Snapshot(model)
        method.begin_task(model)
        models &= all(Snapshot(model).same_as(before).values())
        arguments &= _train(method, model, task, inputs["junk"] if inputs["reuse"] else None)
        if len(inputs["tasks"]) > 1:
            kind().begin_task(model)  # what another object begins is none of its business
        before = Snapshot(model)
        if inputs["direct"]:
            value = method.importance(model, batches)
            result["importance"] = plain(value)
            method.begin_task(model)
        else:
            with suppress(Exception) if inherited else nullcontext():  # what is inherited belongs to another exercise
                method.consolidate(model, batches)
            if inherited and len(measured) < number:
                method.importance(model, batches)
            value = getattr(method, "omega", None)
            result[f"omega after task {number}"] = plain(value)
            result["anchor"] = plain(getattr(method, "anchor", None))
        models &= all(Snapshot(model).same_as(before).values())
    tensors = [each for each in value.values() if isinstance(each, Tensor)] if isinstance(value, dict) else []
    control = controlled(base, measured, [model] * len(measured)) if inherited else None
    return {
        **result,
        "measured": measured,
        "inherited": inherited,
        "control": control,
        "arguments unchanged": arguments,
        "model unchanged": models,
        "finite": all(bool(torch.isfinite(each).all()) for each in tensors),
        "kept": not inputs["direct"] or _same(value, result["importance"]),
        "form": form(value, model),
        "guards": callable(getattr(method, "penalty", None)),
    }


def _watched(kind: Any, measured: list[Any]) -> Any:
    """The student's class, whose importances are noted."""

    class Watched(kind):
        def importance(self, *given: Any, **named: Any) -> Any:
            measured.append(plain(result := super().importance(*given, **named)))
            return result

    return Watched


def _same(value: Any, before: Any) -> bool:
    """Whether a dict holds the numbers that it held; True of anything else, whose form is at fault."""
    if not isinstance(value, dict):
        return True
    pairs = [(each, before[str(name)]) for name, each in value.items() if isinstance(each, Tensor)]
    return all(torch.equal(each.detach().nan_to_num(), old.nan_to_num()) for each, old in pairs)


def _train(
    method: Any, model: nn.Module, task: Mapping[str, Mapping[str, Tensor]], junk: Mapping[str, Any] | None
) -> bool:
    """Move the model by the task's steps and let the method observe each; whether it left its arguments alone."""
    unchanged, parameters = True, dict(model.named_parameters())
    for index in range(len(next(iter(task["steps"].values())))):
        if index == 0 or junk is None:
            gradients, steps = dict[str, Tensor](), dict[str, Tensor]()
        _hand_over(gradients, {name: values[index] for name, values in task["gradients"].items()}, junk is not None)
        _hand_over(steps, {name: values[index] for name, values in task["steps"].items()}, junk is not None)
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.add_(steps[name])
        method.observe(gradients, steps)
        unchanged &= _holds(gradients, task["gradients"], index) and _holds(steps, task["steps"], index)
        if junk is not None:
            _hand_over(gradients, junk["gradients"], True)
            _hand_over(steps, junk["steps"], True)
    return unchanged


def _hand_over(target: dict[str, Tensor], values: Mapping[str, Tensor], reuse: bool) -> None:
    """Fill the engine's dict: in place where its tensors are used again, with fresh tensors otherwise."""
    for name, value in values.items():
        if reuse and isinstance(target.get(name), Tensor):
            target[name].copy_(value)
        else:
            target[name] = value.clone()


def _holds(arguments: Mapping[str, Any], script: Mapping[str, Tensor], index: int) -> bool:
    """Whether the arguments still are what the script says."""
    if arguments.keys() != script.keys():
        return False
    return all(
        isinstance(arguments[name], Tensor) and torch.equal(arguments[name], values[index])
        for name, values in script.items()
    )
