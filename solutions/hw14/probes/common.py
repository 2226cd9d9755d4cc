"""What the probes share. It runs inside the sandbox beside the student's code: no expected value is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

Names = Inputs = Mapping[str, Any]
Outputs = dict[str, Any]

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "identity": nn.Identity}


def build_model(spec: Inputs, parameters: Mapping[str, Tensor]) -> nn.Sequential:
    """A fresh nn.Sequential of the spec, its parameters copied from the tensors, in their dtype and in train mode."""
    layers: list[nn.Module] = []
    sizes = spec["sizes"]
    for index, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        layers.append(nn.Linear(fan_in, fan_out, bias=spec["bias"]))
        if index < len(sizes) - 2:
            layers.append(ACTIVATIONS[spec["activation"]]())
            if spec["dropout"]:
                layers.append(nn.Dropout(spec["dropout"]))
    model = nn.Sequential(*layers)
    dtype = next(iter(parameters.values())).dtype
    if model[0].weight.dtype is not dtype:  # asked first: ``to`` goes through every module and parameter
        model.to(dtype)
    set_parameters(model, parameters)
    return model


def set_parameters(model: nn.Module, parameters: Mapping[str, Tensor]) -> None:
    """Copy values into the model's parameters, in place, as an optimiser does."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(parameters[name])


def use(model: nn.Module) -> None:
    """Give the parameters a gradient."""
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 0.5)


class Batches:
    """The batches of a case's data; like a DataLoader they can be walked many times and have a length."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs, self._labels = (torch.split(inputs[key], inputs["batch_sizes"]) for key in ("inputs", "labels"))

    def __len__(self) -> int:
        return len(self._inputs)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return iter(zip(self._inputs, self._labels, strict=True))


class Snapshot:
    """The model's observable state at one moment: parameters, gradients, buffers, modes."""

    def __init__(self, model: nn.Module) -> None:
        named = dict(model.named_parameters())
        self.parameters = {name: value.detach().clone() for name, value in named.items()}
        self.frozen = {name: not value.requires_grad for name, value in named.items()}
        self.gradients = {
            name: None if value.grad is None else value.grad.detach().clone() for name, value in named.items()
        }
        self.buffers = {name: value.detach().clone() for name, value in model.named_buffers()}
        self.modes = {name: module.training for name, module in model.named_modules()}

    def same_as(self, other: Snapshot) -> dict[str, bool]:
        """Which parts are as in the other snapshot, as facts to be judged outside."""
        return {
            "parameters": _same(self.parameters, other.parameters) and self.frozen == other.frozen,
            "gradients": _same(self.gradients, other.gradients),
            "buffers": _same(self.buffers, other.buffers),
            "mode": self.modes == other.modes,
        }


def _same(left: Mapping[str, Tensor | None], right: Mapping[str, Tensor | None]) -> bool:
    def equal(one: Tensor | None, other: Tensor | None) -> bool:
        return one is other if one is None or other is None else torch.equal(one, other)

    return left.keys() == right.keys() and all(equal(value, right[name]) for name, value in left.items())


def form(result: Any, model: nn.Module) -> Outputs:
    """The form of a result keyed by parameter name, entry by entry, as strings and booleans to be judged outside.

    Returns:
        {"type": type's name, "entries": {name: {"type", "dtype", "detached", "own"}}}; ``own`` is false where the entry
        shares its memory with the parameter or with its gradient.
    """
    if not isinstance(result, dict):
        return {"type": type(result).__name__, "entries": {}}
    parameters = dict(model.named_parameters())
    return {"type": "dict", "entries": {str(name): _entry(got, parameters.get(name)) for name, got in result.items()}}


def _entry(value: Any, parameter: Tensor | None) -> Outputs:
    if not isinstance(value, Tensor):
        return {"type": type(value).__name__, "dtype": "", "detached": True, "own": True}
    shared = share_memory(value, parameter) or share_memory(value, getattr(parameter, "grad", None))
    dtype = str(value.dtype).removeprefix("torch.")
    return {"type": "Tensor", "dtype": dtype, "detached": not value.requires_grad, "own": not shared}


def share_memory(left: Any, right: Any) -> bool:
    """Whether two tensors look at the same storage."""
    if not isinstance(left, Tensor) or not isinstance(right, Tensor) or not left.numel() or not right.numel():
        return False
    return left.untyped_storage().data_ptr() == right.untyped_storage().data_ptr()


def plain(tree: Any) -> Any:
    """A copy of a dict of tensors that later changes in place cannot reach; anything else as it is."""
    if isinstance(tree, dict):
        return {str(name): plain(value) for name, value in tree.items()}
    return tree.detach().clone() if isinstance(tree, Tensor) else tree
