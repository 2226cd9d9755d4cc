"""Quadratic guards to be trained, and a comparison of what training runs leave behind."""

import numpy as np
import torch
from torch import Tensor, nn

from lifelong import Batches, History, Method, Params, Task, mlp, run


def same(first: History, other: History) -> bool:
    """Whether both have the very same accuracies, and have measured them at the same moments."""
    return np.array_equal(first.accuracies, other.accuracies, equal_nan=True)


def trained(method: Method, tasks: list[Task], *, epochs: int, device: str = "cpu") -> Tensor:
    """All weights, [P], of the same small network after a run with a method."""
    torch.manual_seed(1)
    net = mlp((784, 8, 10))
    run(method, tasks, model=net, epochs=epochs, batch_size=32, learning_rate=1e-3, precision="float32", device=device)
    return nn.utils.parameters_to_vector(net.parameters()).detach().cpu()


class Spring(Method):
    """A quadratic guard with uneven importances; it counts how often its penalty is asked for."""

    strength = 1.0

    def __init__(self) -> None:
        self.omega: Params = {}
        self.anchor: Params = {}
        self.asked = 0

    def penalty(self, model: nn.Module) -> Tensor:
        self.asked += 1
        terms = [(self.omega[n] * (p - self.anchor[n]) ** 2).sum() for n, p in model.named_parameters() if self.omega]
        return torch.stack(terms).sum() if terms else torch.zeros((), device=next(model.parameters()).device)

    def importance(self, model: nn.Module) -> Params:
        return {n: p.detach().abs() for n, p in model.named_parameters()}

    def consolidate(self, model: nn.Module, batches: Batches) -> None:
        self.omega = self.importance(model)
        self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}


class Offering(Spring):
    """Offers the closed form of its penalty."""

    def penalty(self, model: nn.Module) -> Tensor:
        return super().penalty(model)

    def quadratic(self) -> tuple[Params, Params] | None:
        return self.omega, self.anchor
