"""Autograd (2015): write plain NumPy, ask for ``grad(f)``. Arrays go through f in boxes that keep a record.

Used as the original was: ``import autograd.numpy as np; from autograd import grad`` (D. Maclaurin, D. Duvenaud,
R. Adams, *Autograd: effortless gradients in NumPy*, AutoML workshop at ICML 2015).
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from lifelong.eras.problem import Array
from lifelong.eras.tape import Traced, backpropagate


class Box(Traced):
    """An array on its way through a function that is being differentiated."""


def grad(function: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """The function that gives the derivative of a scalar function with respect to one of its arguments.

    Args:
        function: written with ``autograd.numpy``; may contain loops, ifs and calls of other functions.
        argnum: which argument: a number, an array, or a list of arrays.

    Returns:
        A function of the same arguments. Its result has the shape of that argument.
    """

    def gradient(*args: Any) -> Any:
        value: Any = args[argnum]
        boxed: Any = [Box(entry) for entry in value] if isinstance(value, list) else Box(value)
        result = function(*args[:argnum], boxed, *args[argnum + 1 :])
        if isinstance(result, Box):
            backpropagate(result)
        return [_slope(box) for box in boxed] if isinstance(boxed, list) else _slope(boxed)

    return gradient


def _slope(box: Box) -> Array:
    """The gradient that has arrived, or 0 where the function never used the argument."""
    return np.zeros_like(box.data) if box.grad is None else box.grad


def _either(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's function for plain arrays, the box's method for boxes."""
    return lambda x: getattr(x, name)() if isinstance(x, Box) else plain(x)


numpy = SimpleNamespace(
    dot=lambda a, b: a @ b,
    tanh=_either("tanh", np.tanh),
    mean=_either("mean", np.mean),
    array=np.array,
    zeros=np.zeros,
    linspace=np.linspace,
)
"""``autograd.numpy``: NumPy's names for the few functions that this course's programs need."""
