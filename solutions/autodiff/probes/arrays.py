"""Drive the exercises on arrays: unbroadcast, the tensor tape, the dot-product test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .kinds import array, told
from .scalars import gradient_by_paths


def unbroadcast(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The gradient of the smaller shape."""
    return told(result=names["unbroadcast"](array(inputs, inputs["g"]), tuple(inputs["shape"])))


EXPRESSIONS: dict[str, Callable[..., Any]] = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "2 - a": lambda a: 2 - a,
    "3 / a": lambda a: 3 / a,
    "2 * a + 0.5": lambda a: 2 * a + 0.5,
    "array - a": lambda a: np.array([1.0, 2.0, 3.0]) - a,
    "a / array": lambda a: a / np.array([1.0, 2.0, 4.0]),
    "a @ b": lambda a, b: a @ b,
    "sum": lambda a: a.sum(),
    "sum 0": lambda a: a.sum(axis=0),
    "sum 1": lambda a: a.sum(axis=1),
    "sum 1 keepdims": lambda a: a.sum(axis=1, keepdims=True),
    "relu": lambda a: a.relu(),
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "a * a + a": lambda a: a * a + a,
    "layer": lambda x, w, b: ((x @ w + b).relu() * 3).sum(axis=1),
    "softmax": lambda a: a.exp() / a.exp().sum(axis=1, keepdims=True),
}
"""By name: an expression of Tensors."""


def tensor_tape(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """An expression's value, and what its pulls make of a drawn gradient, path by path."""
    tensor = names["Tensor"]
    leaves = [tensor(array(inputs, tree)) for tree in inputs["arrays"]]
    output = EXPRESSIONS[inputs["expression"]](*leaves)
    gradients = gradient_by_paths(output, leaves, array(inputs, inputs["seed"]))
    return told(value=output.value, **{f"gradient {number}": each for number, each in enumerate(gradients)})


def dot_product_test(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The mismatch for a drawn pair of operators, and the vectors that it was found with."""
    J, transpose = inputs["J"].numpy(), inputs["transpose"].numpy()
    asked: dict[str, Any] = {}

    def recorded(name: str, matrix: Any, vector: Any) -> Any:
        asked[name] = np.array(vector, dtype=np.float64)
        return matrix @ vector

    mismatch = names["dot_product_test"](
        lambda v: recorded("v", J, v),
        lambda u: recorded("u", transpose, u),
        J.shape[1],
        J.shape[0],
        np.random.default_rng(inputs["rng"]),
    )
    return {"mismatch": float(mismatch), "u": asked.get("u"), "v": asked.get("v")}
