"""Check of `onnx_exchange`: exchanging networks, as in ONNX."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect, lookup
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """Skip connections there and back, the text's graph, and six wrong ones."""
    export, load = (lookup(names, name, "onnx_exchange") for name in ("export_onnx", "import_onnx"))
    layers = [("Linear", np.array([[1, 2], [0, -1]]), np.array([0.5, 0.0])), ("Residual", [("Relu",)])]
    model = export(layers)
    try:
        model = json.loads(json.dumps(model))
    except TypeError as error:
        message = f"json.dumps does not take the exported dict: {error}. Arrays become lists by .tolist()."
        raise CheckFailed(message) from None
    graph = model["graph"]
    if (graph["input"], graph["output"]) != (["x"], ["y"]):
        found = f"{graph['input']} and {graph['output']}"
        raise CheckFailed(f'The graph should have the input ["x"] and the output ["y"], but has {found}.')
    if any(np.asarray(each).dtype != float for each in graph["initializer"].values()):
        raise CheckFailed("The initializers should be nested lists of floats, also where W holds ints.")
    operations = [node["op_type"] for node in graph["node"]]
    if operations != ["Gemm", "Relu", "Add"]:
        raise CheckFailed(f"Linear and a Residual of Relu should be the nodes Gemm, Relu, Add, but are {operations}.")
    scaled = {"transB": 1, "alpha": 2.0, "beta": 3.0}
    gemm = {"op_type": "Gemm", "input": ["x", "W", "b"], "output": ["h"], "attribute": scaled}
    nodes = [gemm, {"op_type": "Relu", "input": ["h"], "output": ["y"], "attribute": {}}]
    weights = {"W": [[0.5, -1.0]], "b": [0.25]}
    written = {"input": ["x"], "output": ["y"], "initializer": weights, "node": nodes}
    example = {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": written}

    def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        other: dict[str, Any] = json.loads(json.dumps(example))
        change(other)
        return other

    plain = changed(lambda m: m["graph"]["node"][0].update(attribute={}, input=["x", "W"]))
    for name, other, right in (("alpha", "beta 3", 0.75), ("beta", "alpha 2", 2)):
        nought = changed(lambda m, name=name: m["graph"]["node"][0]["attribute"].update({name: 0}))  # type: ignore[misc]
        call = f"the text's graph, with {name} 0 and {other},"
        expect(load(nought)({"x": np.array([[2.0, 0.0]])})[0], [[right]], call)
    both = changed(lambda m: m["graph"].update(output=["h", "y"]))
    expect(load(both)({"x": np.ones((1, 2))}), [[[-0.25]], [[0]]], "the text's graph with the outputs h and y,")
    plain["graph"]["initializer"]["W"] = [[1.0, 2.0], [3.0, 4.0]]
    feeds = {"x": np.array([[2.0, 0.0], [0.0, 1.0]])}
    expect(load(example)(feeds)[0], [[2.75], [0]], "the text's graph, with alpha 2 and beta 3, at [[2, 0], [0, 1]]")
    expect(load(plain)({"x": np.array([[1.0, 0.0]])})[0], [[1, 2]], "Gemm without attributes and C, at [[1, 0]]")
    plain["graph"]["node"][0]["attribute"] = {"transA": 1}
    ignored: Known = [([[3, 4], [0, 0]], "transA 1 asks for the transpose of A.")]
    call = "Gemm with transA 1, at [[0, 1], [0, 0]]"
    expect(load(plain)({"x": np.array([[0.0, 1.0], [0.0, 0.0]])})[0], [[0, 0], [1, 2]], call, ignored)
    product = [{"op_type": "Mul", "input": ["x", "z"], "output": ["y"], "attribute": {}}]
    two = changed(lambda m: m["graph"].update(input=["x", "z"], initializer={}, node=product))
    pair = {"x": np.array([[1.0, 2.0], [3.0, 4.0]]), "z": np.array([[1.0, 0.0], [0.0, 2.0]])}
    call = "Mul of the inputs x and z, at [[1, 2], [3, 4]] and [[1, 0], [0, 2]]"
    multiply = load(two)
    multiply({name: each + 1 for name, each in pair.items()})  # forgotten in the next call
    expect(multiply(pair)[0], [[1, 0], [0, 8]], call, [([[1, 4], [3, 8]], "Mul is entry by entry.")])
    call = "your own export of a Linear and a Residual of Relu, at [[1, 1]]"
    expect(load(model)({"x": np.array([[1.0, 1.0]])})[0], [[7, -1]], call)

    def linear(weight: float, bias: float) -> tuple[Any, ...]:
        return "Linear", np.array([[weight]]), np.array([bias])

    inner = [linear(3.0, 0.5), ("Residual", [linear(1.0, -1.0)])]
    nested = load(export([linear(2.0, 1.0), ("Residual", inner), ("Residual", [linear(-2.0, 4.0)]), ("Residual", [])]))
    call = "2x + 1, then h + (k + k − 1) with k = 3h + 0.5, then h + (4 − 2h), then h + h, exported and imported by you, at x = 1"
    expect(nested({"x": np.array([[1.0]])})[0], [[-34]], call)

    refused(lambda: load(changed(lambda m: m["graph"]["node"][1].update(op_type="Softmax"))), "Softmax", "Softmax")
    refused(lambda: load(changed(lambda m: m["opset_import"][0].update(version=21))), "Version 21", "21")
    early = changed(lambda m: m["graph"]["node"].reverse())
    refused(partial(load, early), "A node that reads h before it is written", "h")

    def again(other: dict[str, Any], name: str) -> None:
        first, second = other["graph"]["node"]
        other["graph"]["input"], other["graph"]["initializer"]["weight"] = ["x", "feed"], [1.0]
        first["output"], second["input"], second["output"] = ["twin"], ["twin"], [name]
        other["graph"]["output"] = [name]

    for name, what in (("twin", "another node's output"), ("weight", "an initializer"), ("feed", "a graph input")):
        wrong = changed(partial(again, name=name))
        refused(partial(load, wrong), f"A node's output called {name}, which is {what} already,", name)
    return "there and back, with skip connections, and six wrong graphs refused."
