"""Drive ``torch7_containers`` with networks that the judge has drawn."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .common import Inputs, Names, Outputs, array, numbers, watch


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Outputs and gradients of a nest of containers: after one backward, after a second, zeroed, and updated."""
    *first, last = inputs["network"]["modules"]
    network = _module(names, {**inputs["network"], "modules": first})
    if inputs["what"] == "all" and inputs["network"]["kind"] == "ConcatTable":
        network.parameters()  # what is added later counts, too
    network.add(_module(names, last))
    x, g = array(inputs["x"]), array(inputs["g"])
    changed, g = watch({"x": x, "g": g}), list(g) if g.ndim > 2 else g
    told = {"output": numbers(network.forward(x))}
    if inputs["what"] == "forward":
        return told
    told["listed"] = isinstance(network.output, list) or inputs["network"]["kind"] != "ConcatTable"
    told["gradInput"] = numbers(gradient := network.backward(x, g, inputs["scale"]))
    told["stored"] = np.array_equal(getattr(network, "gradInput", None), gradient)
    told["once"] = [numbers(each.copy()) for each in network.parameters()[1]]
    network.forward(x)
    network.backward(x, g)
    told["twice"] = [numbers(each.copy()) for each in network.parameters()[1]]
    network.updateParameters(inputs["rate"])
    told["updated"] = numbers(network.forward(x))
    network.zeroGradParameters()
    told["zeroed"] = [numbers(each.copy()) for each in network.parameters()[1]]
    return told | changed()


def _growing(module: Any) -> Any:
    """A module whose factor is the number of its forwards: one too many, or an input of an earlier one, shows."""

    class Growing(module):
        factor = 0

        def forward(self, input: Any) -> Any:
            self.factor += 1
            return super().forward(input)

        def updateOutput(self, input: Any) -> Any:
            return self.factor * input

        def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
            return self.factor * gradOutput

    return Growing()


def _module(names: Names, spec: Mapping[str, Any]) -> Any:
    kind = spec["kind"]
    if kind == "Linear":
        return names["nnLinear"](spec["weight"], spec["bias"])
    if kind in ("Tanh", "Identity", "CAddTable"):
        return names[f"nn{kind}"]()
    if kind == "Growing":
        return _growing(names["Module"])
    container = names[kind]()
    for inner in spec["modules"]:
        returned = container.add(_module(names, inner))
        if returned is not container:
            raise TypeError(f"add(…) returned {type(returned).__name__}, not the container: calls cannot be chained")
    return container
