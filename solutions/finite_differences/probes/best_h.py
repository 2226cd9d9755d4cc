"""Ask the student's best_h and rule_of_thumb for a step."""

import numpy as np

from .functions import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """One step, as a float: of the error model where a truncation is given, else of the rule of thumb."""
    if "truncation" in inputs:
        h = names["best_h"](inputs["p"], inputs["truncation"], inputs["rounding"])
    else:
        dtype = {"dtype": np.dtype(inputs["dtype"]).type} if "dtype" in inputs else {}
        h = names["rule_of_thumb"](inputs["x"], inputs["p"], **dtype)
    return {"h": float(h)}
