"""Compute an expression with the student's Tensors, and follow what its operators recorded."""

from collections.abc import Callable
from operator import add, matmul, mul, sub, truediv
from typing import Any

import numpy as np

from lifelong.digits import Precise

from .numbers_as_text import array, reported
from .programs import gradient_by_paths
from .watch import Inputs, Names, Outputs, watched

LONG = "2.7182818284590452353602874713526624977572470936999"

EXPRESSIONS: dict[str, Callable[..., Any]] = {
    **{"a + b": add, "a - b": sub, "a * b": mul, "a / b": truediv, "a @ b": matmul},
    "2 - a": lambda a: 2 - a,
    "3 / a": lambda a: 3 / a,
    "2 * a + 0.5": lambda a: 2 * a + 0.5,
    "array - a": lambda a: np.array([1.0, 2.0, 3.0]) - a,
    "a / array": lambda a: a / np.array([1.0, 2.0, 4.0]),
    "a * digits + 1 / a": lambda a: a * Precise(LONG) + 1 / a,
    "sum": lambda a: a.sum(),
    "sum 0": lambda a: a.sum(axis=0),
    "sum 1": lambda a: a.sum(axis=1),
    "sum -1": lambda a: a.sum(axis=-1),
    "sum 1 keepdims": lambda a: a.sum(axis=1, keepdims=True),
    "relu": lambda a: a.relu(),
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "a * a + a": lambda a: a * a + a,
    "layer": lambda x, w, b: ((x @ w + b).relu() * 3).sum(axis=1),
    "softmax": lambda a: a.exp() / a.exp().sum(axis=1, keepdims=True),
}
"""By name: an expression of Tensors."""


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """An expression's value, and what its pulls make of a drawn gradient, path by path."""
    tensor = names["Tensor"]
    arrays = [array(inputs, tree) for tree in inputs["arrays"]]
    leaves = [tensor(each.copy()) for each in arrays]
    output = EXPRESSIONS[inputs["expression"]](*leaves)
    gradients = gradient_by_paths(output, leaves, array(inputs, inputs["seed"]))
    kept = all(bool(np.array_equal(leaf.value, each)) for leaf, each in zip(leaves, arrays, strict=True))
    answers = {f"gradient {number}": each for number, each in enumerate(gradients)}
    return reported(value=output.value, **answers) | {"kept": kept}
