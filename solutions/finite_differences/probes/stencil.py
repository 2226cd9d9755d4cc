"""Ask the student's stencil for its weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The weights of the points, as an array."""
    found = names["stencil"](inputs["offsets"].numpy().copy(), inputs["derivative"])
    return {"weights": np.asarray(found, dtype=np.float64)}
