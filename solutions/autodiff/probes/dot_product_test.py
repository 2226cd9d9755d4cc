"""Hand the student a pair of operators, and note what they are asked for."""

from functools import partial
from typing import Any

import numpy as np

from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """The mismatch for a drawn pair of operators, and the vectors that it was found with, the last and the first."""
    J, transpose = inputs["J"].numpy(), inputs["transpose"].numpy()
    asked, first = dict[str, Any](), dict[str, Any]()

    def recorded(name: str, matrix: Any, vector: Any) -> Any:
        asked[name] = np.array(vector, dtype=np.float64)
        first.setdefault(name, asked[name])
        return matrix @ vector

    jvp, vjp = partial(recorded, "v", J), partial(recorded, "u", transpose)
    mismatch = names["dot_product_test"](jvp, vjp, J.shape[1], J.shape[0], np.random.default_rng(inputs["rng"]))
    return {
        "mismatch": float(mismatch),
        "u": asked.get("u"),
        "v": asked.get("v"),
        "first": [first.get("v"), first.get("u")],
    }
