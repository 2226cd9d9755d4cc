"""Ask the student's stencil for its weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The weights of the points, which come as an array, or as a list of whole numbers with no derivative named."""
    offsets = inputs["offsets"].numpy().copy()
    whole = inputs.get("list")
    found = names["stencil"]([int(s) for s in offsets]) if whole else names["stencil"](offsets, inputs["derivative"])
    return {"weights": np.asarray(found, dtype=np.float64)}
