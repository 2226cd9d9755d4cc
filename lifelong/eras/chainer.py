"""Chainer (2015–2019): define-by-run. The forward pass is a Python program, and its trace is the graph.

Used as the original was: ``import chainer; import chainer.functions as F; import chainer.links as L`` (S. Tokui et
al., *Chainer: a next-generation open source framework for deep learning*, NIPS workshop 2015). DyNet and PyTorch do
the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np

from lifelong.eras.tape import Traced, backpropagate


class Variable(Traced):
    """An array that remembers how it was made."""

    def backward(self) -> None:
        """Derivatives of this scalar, in the ``grad`` of everything that it was made of."""
        backpropagate(self)


class Parameter(Variable):
    """A variable that an optimizer changes."""


class Link:
    """Holds parameters. Those that are set inside ``with self.init_scope():`` are its own."""

    def __init__(self) -> None:
        self._children: list[Any] = []
        self._open = False

    @contextmanager
    def init_scope(self) -> Iterator[None]:
        """Attributes set in here are found by ``params``."""
        self._open = True
        try:
            yield
        finally:
            self._open = False

    def __setattr__(self, name: str, value: Any) -> None:
        if getattr(self, "_open", False) and isinstance(value, Parameter | Link):
            self._children.append(value)
        super().__setattr__(name, value)

    def __call__(self, *args: Any) -> Any:
        """What ``forward`` gives."""
        return self.forward(*args)  # type: ignore[attr-defined]  # each subclass has its own

    def params(self) -> Iterator[Parameter]:
        """All parameters, in the order in which they were set."""
        for child in self._children:
            yield from child.params() if isinstance(child, Link) else [child]

    def cleargrads(self) -> None:
        """Forget the gradients of the last step."""
        for parameter in self.params():
            parameter.grad = None


class Chain(Link):
    """A link made of links: subclass it and write ``forward``."""


class Linear(Link):
    """x W + b. Chainer's W is [out, in]; here it is [in, out], as in the rest of this course."""

    def __init__(self, in_size: int, out_size: int, initialW: Any, initial_bias: Any) -> None:
        super().__init__()
        with self.init_scope():
            self.W = Parameter(np.array(initialW).reshape(in_size, out_size))
            self.b = Parameter(np.array(initial_bias).reshape(out_size))

    def forward(self, x: Any) -> Any:
        """Outputs [B, out] of inputs [B, in]."""
        return as_variable(x) @ self.W + self.b


class SGD:
    """Plain gradient descent."""

    def __init__(self, lr: float = 0.01) -> None:
        self.lr = lr

    def setup(self, link: Link) -> SGD:
        """Say whose parameters to change."""
        self.target = link
        return self

    def update(self) -> None:
        """One step along the gradients that are there."""
        for parameter in self.target.params():
            if parameter.grad is not None:
                parameter.data = parameter.data - self.lr * parameter.grad


def as_variable(value: Any) -> Any:
    """The variable itself, or an array as one."""
    return value if isinstance(value, Variable) else Variable(value)


functions = SimpleNamespace(tanh=lambda x: x.tanh(), mean_squared_error=lambda a, b: ((a - b) ** 2).mean())
links = SimpleNamespace(Linear=Linear)
optimizers = SimpleNamespace(SGD=SGD)
