"""Let the student extrapolate an estimate whose error is a series in h."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .functions import Counted


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The extrapolated value for each first step, and how often the last one asked for an estimate."""
    coefficients = inputs["coefficients"].numpy()
    powers = inputs["p"] + inputs["stride"] * np.arange(len(coefficients))
    richardson = names["richardson"]
    values, calls = [], 0
    for h in inputs["steps"].tolist():
        estimate = Counted(lambda step: float(inputs["limit"] + (coefficients * step**powers).sum()))
        values.append(float(richardson(estimate, h, inputs["levels"], p=inputs["p"], stride=inputs["stride"])))
        calls = estimate.calls
    return {"values": np.array(values), "calls": calls}
