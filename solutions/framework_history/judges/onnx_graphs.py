"""Graphs of ONNX as plain dicts: what they compute."""

from collections.abc import Callable, Mapping
from operator import add, mul
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

WIDEST, LONGEST = 100, 100
"""Entries along a dimension of any value, of which there are two at most; nodes, outputs and initializers of a graph."""


def gemm(a: Array, b: Array, c: Any = 0.0, /, **attribute: Any) -> Array:
    """α A' B' + β C."""
    a, b = a.T if attribute.get("transA") else a, b.T if attribute.get("transB") else b
    return np.asarray(attribute.get("alpha", 1.0) * (a @ b) + attribute.get("beta", 1.0) * c)


OPERATIONS: dict[str, Callable[..., Array]] = {"Gemm": gemm, "Add": add, "Mul": mul}
OPERATIONS |= {"Tanh": lambda a: np.tanh(a), "Relu": lambda a: np.maximum(a, 0)}  # of one operand


class TooLarge(ValueError):
    """A model of more than could be asked for."""


def infer(model: Mapping[str, Any], feeds: Mapping[str, Array], product: Callable[..., Array] = gemm) -> list[Array]:
    """What a model computes; ``product`` in place of Gemm.

    Sums, products and Gemm have no dimension that is longer than all of their operands', so that nothing outgrows
    what was looked at first.

    Raises:
        TooLarge: it holds more than could be asked for; nothing is computed then.
        ValueError: it is no model that can be run; where operands do not fit, the second argument says which.
    """
    graph = model["graph"]
    if any(len(graph[part]) > LONGEST for part in ("initializer", "node", "output")):
        raise TooLarge("too many nodes, outputs or initializers")
    values: dict[str, Array] = {name: np.asarray(each, dtype=float) for name, each in graph["initializer"].items()}
    if any(each.ndim > 2 or max(each.shape, default=0) > WIDEST for each in values.values()):
        raise TooLarge("too large an initializer")
    if set(values) & set(feeds):
        raise ValueError("not a graph of ours")
    values |= feeds
    for node in graph["node"]:
        inputs = [values[name] for name in node["input"]]
        (output,) = node["output"]
        if output in values:
            raise ValueError(f"{output} is written twice")
        with np.errstate(all="ignore"):
            operation = product if node["op_type"] == "Gemm" else OPERATIONS[node["op_type"]]
            try:
                values[output] = operation(*inputs, **_numbers(node.get("attribute", {})))
            except ValueError:
                shapes = " and ".join(str([*each.shape]) for each in inputs)
                raise ValueError("no fit", f": its {node['op_type']} gets arrays of shapes {shapes}") from None
    return [values[name] for name in graph["output"]]


def _numbers(attribute: Mapping[str, Any]) -> dict[str, float]:
    """A node's attributes: numbers, of which those that switch something are 0 or 1.

    Raises:
        TypeError, OverflowError: one is none, or no float can hold it.
    """
    for name, each in attribute.items():
        if not isinstance(each, int | float) or (name in ("transA", "transB") and each not in (0, 1)):
            raise TypeError(f"{name} cannot be that")
    return {name: float(each) for name, each in attribute.items()}
