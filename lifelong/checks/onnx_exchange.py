"""Check of `onnx_exchange`: exchanging networks, as in ONNX."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from lifelong.checks.expect import Names, lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import expect
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """A skip connection there and back, the text's graph, and three wrong ones."""
    export, load = (lookup(names, name, "onnx_exchange") for name in ("export_onnx", "import_onnx"))
    layers = [("Linear", np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, 0.0])), ("Residual", [("Relu",)])]
    model = export(layers)
    try:
        model = json.loads(json.dumps(model))
    except TypeError as error:
        raise CheckFailed(
            f"json.dumps does not take the exported dict: {error}. Arrays become lists by .tolist()."
        ) from None
    graph = model["graph"]
    if (graph["input"], graph["output"]) != (["x"], ["y"]):
        raise CheckFailed(
            f'The graph should have the input ["x"] and the output ["y"], but has {graph["input"]}, {graph["output"]}.'
        )
    operations = [node["op_type"] for node in graph["node"]]
    if operations != ["Gemm", "Relu", "Add"]:
        raise CheckFailed(f"Linear and a Residual of Relu should be the nodes Gemm, Relu, Add, but are {operations}.")
    gemm = {"op_type": "Gemm", "input": ["x", "W", "b"], "output": ["h"], "attribute": {"transB": 1, "alpha": 2.0}}
    nodes = [gemm, {"op_type": "Relu", "input": ["h"], "output": ["y"], "attribute": {}}]
    weights = {"W": [[0.5, -1.0]], "b": [0.25]}
    written = {"input": ["x"], "output": ["y"], "initializer": weights, "node": nodes}
    example = {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": written}

    def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        other: dict[str, Any] = json.loads(json.dumps(example))
        change(other)
        return other

    plain = changed(lambda m: m["graph"]["node"][0].update(attribute={}, input=["x", "W"]))
    nought = changed(lambda m: m["graph"]["node"][0]["attribute"].update(alpha=0))
    expect(load(nought)({"x": np.ones((1, 2))})[0], [[0.25]], "the text's graph with alpha 0 and Relu")
    plain["graph"]["initializer"]["W"] = [[1.0, 2.0], [3.0, 4.0]]
    feeds = {"x": np.array([[2.0, 0.0], [0.0, 1.0]])}
    expect(load(example)(feeds)[0], [[2.25], [0]], "the text's graph with alpha 2 and Relu, at [[2, 0], [0, 1]]")
    expect(load(plain)({"x": np.array([[1.0, 0.0]])})[0], [[1, 2]], "Gemm without attributes and C, at [[1, 0]]")
    call = "your own export of a Linear and a Residual of Relu, at [[1, 1]]"
    expect(load(model)({"x": np.array([[1.0, 1.0]])})[0], [[7, -1]], call)

    refused(lambda: load(changed(lambda m: m["graph"]["node"][1].update(op_type="Softmax"))), "Softmax", "Softmax")
    refused(lambda: load(changed(lambda m: m["opset_import"][0].update(version=21))), "Version 21", "21")
    refused(
        lambda: load(changed(lambda m: m["graph"]["node"].reverse())), "A node that reads h before it is written", "h"
    )

    def twice(other: dict[str, Any]) -> None:
        first, second = other["graph"]["node"]
        first["output"], second["input"], second["output"] = ["twin"], ["twin"], ["twin"]
        other["graph"]["output"] = ["twin"]

    refused(lambda: load(changed(twice)), "A second output called twin", "twin")
    return "there and back, with a skip connection, and four wrong graphs refused."
