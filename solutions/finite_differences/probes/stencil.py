"""Ask the student's stencil for its weights."""

import numpy as np

from .functions import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The weights of the points, which come as an array, or as a list of whole numbers with no derivative named."""
    offsets = inputs["offsets"].numpy().copy()
    whole = inputs.get("list")
    found = names["stencil"]([int(s) for s in offsets]) if whole else names["stencil"](offsets, inputs["derivative"])
    return {"weights": np.asarray(found, dtype=np.float64)}
