"""Ask the student's stencil for its weights."""

import numpy as np

from .functions import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The weights of the points, which come as an array, or as a list of whole numbers with no derivative named; after a call with the same in reverse order."""
    given = inputs["offsets"].numpy()
    calls = [
        ([int(s) for s in at],) if inputs.get("list") else (at.copy(), inputs["derivative"])
        for at in (given[::-1], given)
    ]
    return {"weights": np.asarray([names["stencil"](*call) for call in calls][1], dtype=np.float64)}
