"""ONNX (2017): a network as plain data, so that one framework trains it and another runs it.

Named as in ONNX and its runtime: ``export``, ``InferenceSession(model).run(None, feed)`` (announced by Facebook and
Microsoft in September 2017, onnx.ai). The real format is a protocol buffer; this one is what JSON can hold.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import nn

from lifelong.eras.problem import Array

OPERATORS = {"MatMul": np.matmul, "Add": np.add, "Tanh": np.tanh}


def export(module: nn.Sequential) -> dict[str, Any]:
    """Linear and Tanh layers of PyTorch as a graph.

    Returns:
        "input" and "output", the names of two values; "initializer", by name, the weights as nested lists; "node", in
        order: "op_type", names of "input" and of "output".

    Raises:
        ValueError: a layer of another kind.
    """
    nodes: list[dict[str, Any]] = []
    weights: dict[str, Any] = {}
    last = "x"
    for position, layer in enumerate(module):
        if isinstance(layer, nn.Linear):
            weights[f"W{position}"] = layer.weight.detach().numpy().T.tolist()
            weights[f"b{position}"] = layer.bias.detach().numpy().tolist()
            nodes.append(_node("MatMul", [last, f"W{position}"], f"product{position}"))
            nodes.append(_node("Add", [f"product{position}", f"b{position}"], f"sum{position}"))
        elif isinstance(layer, nn.Tanh):
            nodes.append(_node("Tanh", [last], f"tanh{position}"))
        else:
            raise ValueError(f"no operator for a layer of type {type(layer).__name__}")
        last = nodes[-1]["output"][0]
    return {"input": "x", "output": last, "initializer": weights, "node": nodes}


class InferenceSession:
    """Runs a graph; it knows nothing of the framework that the graph came from, and cannot train."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self.model = model
        self.weights = {name: np.array(values) for name, values in model["initializer"].items()}

    def run(self, output_names: None, feed: Mapping[str, Array]) -> list[Array]:
        """The graph's output for these inputs, by name."""
        values = {**self.weights, **feed}
        for node in self.model["node"]:
            values[node["output"][0]] = OPERATORS[node["op_type"]](*[values[name] for name in node["input"]])
        return [values[self.model["output"]]]


def _node(kind: str, inputs: list[str], output: str) -> dict[str, Any]:
    return {"op_type": kind, "input": inputs, "output": [output]}
