"""A record that is written while the program runs: what Autograd, Chainer, DyNet and PyTorch have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lifelong.eras.graph import ordered
from lifelong.eras.problem import Array

Back = Callable[[Array], Array]
"""Takes the adjoint of a result to that of one of its parents."""


class Traced:
    """An array that knows what it was computed from.

    Attributes:
        data: the value: it is there at once.
        parents: what it was made of, each with the way back.
        grad: derivative of the output that ``backpropagate`` was given, or None.
    """

    __array_ufunc__ = None  # NumPy leaves array + traced to the traced one

    def __init__(self, data: Any, parents: tuple[tuple[Traced, Back], ...] = ()) -> None:
        self.data: Array = np.asarray(data, dtype=np.float64)
        self.parents = parents
        self.grad: Array | None = None

    def _make(self, data: Any, *parents: tuple[Traced, Back]) -> Any:
        return type(self)(data, parents)

    def _other(self, value: Any) -> Any:
        return value if isinstance(value, Traced) else type(self)(value)

    def __add__(self, other: Any) -> Any:
        other = self._other(other)
        return self._make(self.data + other.data, (self, _like(self)), (other, _like(other)))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        other = self._other(other)
        return self._make(self.data - other.data, (self, _like(self)), (other, lambda g: -_like(other)(g)))

    def __mul__(self, other: Any) -> Any:
        other = self._other(other)
        a, b = self.data, other.data
        return self._make(a * b, (self, lambda g: _like(self)(g * b)), (other, lambda g: _like(other)(g * a)))

    __rmul__ = __mul__

    def __pow__(self, exponent: float) -> Any:
        return self._make(self.data**exponent, (self, lambda g: g * exponent * self.data ** (exponent - 1)))

    def __matmul__(self, other: Any) -> Any:
        other = self._other(other)
        a, b = self.data, other.data
        return self._make(a @ b, (self, lambda g: g @ b.T), (other, lambda g: a.T @ g))

    def __rmatmul__(self, other: Any) -> Any:
        return self._other(other) @ self

    def __gt__(self, other: Any) -> Any:
        return self.data > getattr(other, "data", other)

    def __lt__(self, other: Any) -> Any:
        return self.data < getattr(other, "data", other)

    def tanh(self) -> Any:
        """Hyperbolic tangent, entry by entry."""
        out = np.tanh(self.data)
        return self._make(out, (self, lambda g: g * (1 - out**2)))

    def mean(self) -> Any:
        """Mean of all entries."""
        return self._make(self.data.mean(), (self, lambda g: np.full_like(self.data, g / self.data.size)))


def backpropagate(output: Traced) -> list[Traced]:
    """Fill in ``grad`` of everything behind a scalar, and return all of it, inputs first."""
    order: list[Traced] = ordered([output], lambda value: [parent for parent, _ in value.parents])
    for entry in order:
        entry.grad = np.zeros_like(entry.data)
    output.grad = np.ones_like(output.data)
    for entry in reversed(order):
        for parent, back in entry.parents:
            assert entry.grad is not None  # all of them have one since the loop above
            assert parent.grad is not None
            parent.grad = parent.grad + back(entry.grad)
    return order


def _like(operand: Traced) -> Back:
    """A bias is added to every row, so its adjoint is the sum over the rows."""
    return lambda g: g.sum(axis=0) if operand.data.ndim < g.ndim else g
