"""Drive ``onnx_exchange``: what is written down goes out as it is, and is run outside."""

import json
from typing import Any

import numpy as np

from .common import Inputs, Names, Outputs, array, numbers, raised, watch


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The exported dict; what an imported model computes; or the error."""
    if inputs["what"] == "export":
        return {"json": json.dumps(names["export_onnx"](_layers(inputs["layers"])))[:200_000]}
    load = names["import_onnx"]
    if inputs["what"] == "refuse":
        return raised(lambda: load(json.loads(inputs["json"])))
    run = load(json.loads(inputs["json"]))
    feeds = {name: array(values) for name, values in inputs["feeds"].items()}
    run({name: each + 1 for name, each in feeds.items()})  # forgotten when it is called again
    told = watch(feeds)
    return {"outputs": [numbers(each) for each in run(feeds)], **told()}


def _layers(spec: Any) -> list[tuple[Any, ...]]:
    """Arrays in place of nested lists: those of a Linear, and of the layers in a Residual."""
    return [(kind, *map(np.array if kind == "Linear" else _layers, content)) for kind, *content in spec]
