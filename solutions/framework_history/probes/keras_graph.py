"""Drive ``keras_graph`` with models that the judge has drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .common import Inputs, Names, Outputs, array, counting, numbers, raised, watch


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Shapes, parameters and predictions of a drawn model, or the error of a wrong one."""
    if inputs["what"] == "error":
        return raised(lambda: _wired(names, inputs["steps"]))
    if inputs["what"] == "chain":
        start = names["Input"]((inputs["width"],))
        layers = [names["Dense"](units, activation) for units, activation in inputs["units"]]
        model = names["chain"]([start, *layers])
        return _told(model, layers, inputs)
    symbols, layers = _wired(names, inputs["steps"])
    given, made = [symbols[at] for at in inputs["given"]], names["Model"]
    if inputs["what"] == "missing":
        return raised(lambda: made(given, symbols[-1]))
    model, other = made(given if len(given) > 1 else given[0], symbols[-1]), names["Input"]((3,))
    made(other, names["Dense"](2)(other))  # that there is another model changes nothing
    told = {"shapes": [list(each.shape) for each in symbols], "kept": [getattr(each, "kept", True) for each in symbols]}
    return _told(model, layers, inputs) | told


def _told(model: Any, layers: Sequence[Any], inputs: Inputs) -> dict[str, Any]:
    dense = [layer for layer in layers if hasattr(layer, "kernel")]
    weights = [np.asarray(each) for layer in dense for each in (layer.kernel, layer.bias)]
    for layer, (kernel, bias) in zip(dense, inputs["weights"], strict=True):
        layer.kernel, layer.bias = array(kernel), array(bias)
    arrays = [array(each) for each in inputs["arrays"]]
    model.predict(*(each + 1 for each in arrays))  # forgotten when it is asked again
    counts, changed = [0] * len(layers), watch(dict(enumerate(arrays)))
    for at, layer in enumerate(layers):
        layer.call = counting(layer.call, counts, at)
    prediction = numbers(model.predict(*arrays))
    return {
        "shape": list(model.output_shape),
        "made": [[list(each.shape), float(np.abs(each).max()) if each.dtype.kind in "if" else -1] for each in weights],
        "parameters": model.count_params(),
        "layers": [next((at for at, mine in enumerate(layers) if mine is each), -1) for each in model.layers],
        "prediction": prediction,
        "calls": counts,
        **changed(),
    }


def _double(layer: Any) -> Any:
    """A layer that no exercise knows, with seven parameters."""

    class Double(layer):
        def output_shape(self, shapes: Any) -> Any:
            return shapes[0]

        def call(self, array: Any) -> Any:
            return 2 * array

        def count_params(self) -> int:
            return 7

    return Double()


def _wired(names: Names, steps: Sequence[Sequence[Any]]) -> tuple[list[Any], list[Any]]:
    """The symbols of a program, and its layers: ["input", width], ["dense", units, activation, from], ["again", layer,
    from], ["add", from …], ["join", from …], ["double", from]."""
    symbols: list[Any] = []
    layers: list[Any] = []
    for kind, *rest in steps:
        if kind == "input":
            symbols.append(names["Input"](tuple(rest[0]) if isinstance(rest[0], list) else (rest[0],)))
            continue
        if kind == "dense":
            layers.append(names["Dense"](rest[0], rest[1]))
            symbols.append(layers[-1](symbols[rest[2]]))
        elif kind == "again":
            before = layers[rest[0]].kernel
            symbols.append(layers[rest[0]](symbols[rest[1]]))
            symbols[-1].kept = layers[rest[0]].kernel is before
        else:
            kinds = {"add": names["Add"], "join": names["Concatenate"]}
            layers.append(kinds[kind]() if kind in kinds else _double(names["Layer"]))
            symbols.append(layers[-1]([symbols[at] for at in rest]))
    return symbols, layers
