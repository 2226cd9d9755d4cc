"""The pull of a method's penalty on the weights: through autograd, or in closed form where that is proven right."""

from collections.abc import Sequence
from operator import attrgetter

import torch
from torch import Tensor, nn

from lifelong.method import Method, MethodError, Progress

Springs = tuple[tuple[Tensor, ...], tuple[Tensor, ...]]
"""Ω and θ*, a tensor for each parameter; both empty before the first task has ended."""

TOLERANCE = 1e-3
"""How far the closed form may be from autograd's gradient, relative to its norm; rounding stays below 1e-5."""


class Penalty:
    """The gradient of λ P(θ), P being a method's penalty.

    A method whose ``quadratic`` returns Ω and θ* says that P = Σ Ω (θ − θ*)², and that its gradient is 2 Ω (θ − θ*).
    It is taken at its word where ``prove`` has found the same through autograd.

    Args:
        method: whose penalty.
        model: θ; every parameter is trained.
        position: for error messages.

    Attributes:
        active: whether there is a penalty at all.
    """

    def __init__(self, method: Method, model: nn.Module, position: Progress) -> None:
        self.method, self.model, self.position = method, model, position
        self.names, self.weights = zip(*model.named_parameters(), strict=True)
        self.active = method.strength != 0 and type(method).penalty is not Method.penalty
        self._proven: Springs | None = None

    def add(self, gradients: Sequence[Tensor]) -> tuple[Sequence[Tensor], Tensor | None]:
        """New gradients plus that of λ P; and λ P itself, detached, where it was needed for that."""
        if not self.active:
            return gradients, None
        if self._proven is not None:
            return self._add_springs(gradients, self._proven), None
        penalty = self.method.strength * self._value()
        if not penalty.requires_grad:
            return gradients, penalty.detach()
        return torch._foreach_add(tuple(gradients), self._autograd(penalty)), penalty.detach()

    def prove(self) -> bool:
        """Find out, at the present weights, whether the closed form is what autograd finds.

        Returns:
            Whether it is, with other tensors for Ω or θ* than at the last proof.
        """
        before, self._proven = self._proven, None
        springs = self._springs() if self.active else None
        if springs is None:
            return False
        pulls = self._autograd(self.method.strength * self._value())
        zeros = [torch.zeros_like(weight) for weight in self.weights]
        apart = torch._foreach_sub(tuple(self._add_springs(zeros, springs)), pulls)
        if not _norm(apart) <= TOLERANCE * _norm(pulls):  # NaN is no proof either
            return False
        self._proven = springs
        return not _same(before, springs)

    def closed(self) -> bool:
        """Whether the closed form is proven, and the method's Ω and θ* are still the tensors of the proof."""
        if self._proven is not None and not _same(self._proven, self._springs()):
            self._proven = None
        return self._proven is not None

    def _autograd(self, penalty: Tensor) -> tuple[Tensor, ...]:
        """The penalty's gradient with respect to each parameter, 0 where it has none."""
        if not penalty.requires_grad:
            return tuple(torch.zeros_like(weight) for weight in self.weights)
        return torch.autograd.grad(penalty, self.weights, materialize_grads=True)

    @torch.no_grad()
    def _add_springs(self, gradients: Sequence[Tensor], springs: Springs) -> Sequence[Tensor]:
        """gradients + 2 λ Ω (θ − θ*), as new tensors (the same ones before there is an Ω)."""
        omegas, anchors = springs
        if not omegas:
            return gradients
        moved = torch._foreach_sub(self.weights, anchors)
        return torch._foreach_addcmul(tuple(gradients), omegas, moved, value=2 * self.method.strength)

    def _springs(self) -> Springs | None:
        """Ω and θ* in the order of the parameters, empty before there are any; None if there are none that fit."""
        order = [base for base in type(self.method).__mro__ if {"penalty", "quadratic"} & vars(base).keys()]
        if "quadratic" not in vars(order[0]):  # a new penalty does not inherit the closed form of another
            return None
        offered = self.method.quadratic()
        if offered is None:
            return None
        omega, anchor = offered
        if not omega:
            return (), ()
        pairs = zip(self.names, self.weights, strict=True)
        if not all(_fits(values.get(name), weight) for name, weight in pairs for values in (omega, anchor)):
            return None
        return tuple(omega[name] for name in self.names), tuple(anchor[name] for name in self.names)

    def _value(self) -> Tensor:
        """P(θ) as the method has it, once it is known to be a scalar on which autograd can work."""
        with self.position.calling("penalty"):
            penalty = self.method.penalty(self.model)
        if not isinstance(penalty, Tensor) or penalty.dim() != 0 or not penalty.is_floating_point():
            kind = type(penalty).__name__
            if isinstance(penalty, Tensor):
                kind = f"a tensor of shape {list(penalty.shape)}, {penalty.dtype}"
            raise MethodError(f"{self.position.of('penalty')} returned {kind}; it should be a scalar float tensor")
        if self.position.task > 1 and not penalty.requires_grad:
            message = f"{self.position.of('penalty')} returned a tensor without gradient; it should be computed from the model's own parameters, without .data, .detach(), .item() or torch.no_grad()"
            raise MethodError(message)
        return penalty


def _same(first: Springs | None, second: Springs | None) -> bool:
    """Whether both hold the very same tensors."""
    if first is None or second is None:
        return first is second
    return [*map(id, first[0] + first[1])] == [*map(id, second[0] + second[1])]


def _fits(tensor: object, weight: Tensor) -> bool:
    form = attrgetter("shape", "dtype", "device")
    return isinstance(tensor, Tensor) and bool(form(tensor) == form(weight))


def _norm(tensors: Sequence[Tensor]) -> Tensor:
    """The Euclidean norm of all of them together."""
    total: Tensor = torch.stack(torch._foreach_norm(tuple(tensors))).norm()
    return total
