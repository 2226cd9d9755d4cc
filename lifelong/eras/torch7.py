"""Torch7 (2011, Lua): tensors, and modules that are plugged together. ``net:forward(x)`` becomes ``net.forward(x)``.

Used as the packages ``nn`` and ``optim`` were (R. Collobert, K. Kavukcuoglu, C. Farabet, *Torch7: a Matlab-like
environment for machine learning*, BigLearn workshop at NIPS 2011). ``cunn`` gave every module ``:cuda()``.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from lifelong.eras.problem import Array


class Module:
    """A layer: it keeps its ``output``, its ``gradInput``, and gradients of its weights that add up until zeroed."""

    def __init__(self) -> None:
        self.output: Array = np.empty(0)
        self.gradInput: Array = np.empty(0)

    def forward(self, input: Array) -> Array:
        """The output, which is kept for the way back."""
        raise NotImplementedError

    def backward(self, input: Array, gradOutput: Array) -> Array:
        """The derivative by the input, from that by the output; adds to the gradients of the weights."""
        raise NotImplementedError

    def parameters(self) -> tuple[list[Array], list[Array]]:
        """Weights, and their gradients."""
        return [], []

    def zeroGradParameters(self) -> None:
        """Set the gradients of the weights to zero."""
        for slope in self.parameters()[1]:
            slope[...] = 0

    def updateParameters(self, learningRate: float) -> None:
        """One step down the gradients."""
        for weights, slope in zip(*self.parameters(), strict=True):
            weights -= learningRate * slope


class Linear(Module):
    """x Wᵀ + b, with W [out, in] as in PyTorch to this day."""

    def __init__(self, inputSize: int, outputSize: int) -> None:
        super().__init__()
        self.weight, self.bias = np.zeros((outputSize, inputSize)), np.zeros(outputSize)
        self.gradWeight, self.gradBias = np.zeros_like(self.weight), np.zeros_like(self.bias)

    def forward(self, input: Array) -> Array:
        self.output = input @ self.weight.T + self.bias
        return self.output

    def backward(self, input: Array, gradOutput: Array) -> Array:
        self.gradWeight += gradOutput.T @ input
        self.gradBias += gradOutput.sum(axis=0)
        self.gradInput = gradOutput @ self.weight
        return self.gradInput

    def parameters(self) -> tuple[list[Array], list[Array]]:
        return [self.weight, self.bias], [self.gradWeight, self.gradBias]


class Tanh(Module):
    """Hyperbolic tangent, entry by entry."""

    def forward(self, input: Array) -> Array:
        self.output = np.tanh(input)
        return self.output

    def backward(self, input: Array, gradOutput: Array) -> Array:
        self.gradInput = gradOutput * (1 - self.output**2)
        return self.gradInput


class Sequential(Module):
    """Modules one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.modules: list[Module] = []

    def add(self, module: Module) -> None:
        """Put a module at the end."""
        self.modules.append(module)

    def forward(self, input: Array) -> Array:
        self.output = input
        for module in self.modules:
            self.output = module.forward(self.output)
        return self.output

    def backward(self, input: Array, gradOutput: Array) -> Array:
        for position in reversed(range(len(self.modules))):
            seen = self.modules[position - 1].output if position else input
            gradOutput = self.modules[position].backward(seen, gradOutput)
        self.gradInput = gradOutput
        return gradOutput

    def parameters(self) -> tuple[list[Array], list[Array]]:
        pairs = [module.parameters() for module in self.modules]
        return [w for weights, _ in pairs for w in weights], [g for _, slopes in pairs for g in slopes]


class MSECriterion(Module):
    """The mean squared error: the loss is a module, too, with two inputs."""

    def forward(self, input: Array, target: Array) -> float:  # type: ignore[override]  # so it was
        """The loss."""
        return float(((input - target) ** 2).mean())

    def backward(self, input: Array, target: Array) -> Array:
        self.gradInput = 2 * (input - target) / input.size
        return self.gradInput


def sgd(opfunc: Callable[[Any], tuple[float, list[Array]]], x: list[Array], config: dict[str, float]) -> float:
    """``optim.sgd``: one step on the weights x; opfunc gives the loss and its gradients. Returns the loss before."""
    loss, slopes = opfunc(x)
    for weights, slope in zip(x, slopes, strict=True):
        weights -= config["learningRate"] * slope
    return loss


nn = SimpleNamespace(Linear=Linear, Tanh=Tanh, Sequential=Sequential, MSECriterion=MSECriterion)
optim = SimpleNamespace(sgd=sgd)
