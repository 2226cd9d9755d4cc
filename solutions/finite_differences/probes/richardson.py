"""Let the student extrapolate an estimate that the host computes; its error is a series in h."""

import numpy as np

from .functions import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The extrapolated value for each first step, after that of another estimate."""
    more = {} if inputs.get("default") else {"p": inputs["p"], "stride": inputs["stride"]}
    steps = inputs["steps"].tolist()
    values = [
        [float(names["richardson"](A, h, inputs["levels"], **more)) for A in (np.exp, inputs["host"])] for h in steps
    ]
    return {"values": np.array(values)[:, 1]}
