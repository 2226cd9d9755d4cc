"""Ask the student's best_h and rule_of_thumb for a step."""

import numpy as np

from .functions import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """One step, as a float: of the error model where a truncation is given, else of the rule of thumb.

    Where the type is float32, x is a NumPy number of another type.
    """
    if "truncation" in inputs:
        h = names["best_h"](inputs["p"], inputs["truncation"], inputs["rounding"])
    else:
        dtype = {"dtype": np.dtype(inputs["dtype"]).type} if "dtype" in inputs else {}
        x = np.float64(inputs["x"]) if inputs.get("dtype") == "float32" else inputs["x"]
        h = names["rule_of_thumb"](x, inputs["p"], **dtype)
    return {"h": float(h)}
