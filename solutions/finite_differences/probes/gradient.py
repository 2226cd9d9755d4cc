"""Drive the student's gradient of a function that the host computes: with given steps, or with its own."""

import numpy as np

from .functions import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The gradient for every step, [K, *shape], the shape of the last, and whether x is as before."""
    x = inputs["x"].numpy().copy(order="F" if "transposed" in inputs else "C")
    steps = [{"h": h} for h in inputs["steps"].tolist()] if "steps" in inputs else [{}]
    found = [np.asarray(names["gradient"](lambda at: np.float64(inputs["host"](at)), x, **step)) for step in steps]
    kept = bool(np.array_equal(x, inputs["x"].numpy()))
    return {"gradients": np.stack(found), "shape": list(found[-1].shape), "keeps x": kept}
