"""Hand the student's checker a function and a claimed gradient."""

import numpy as np

from .functions import Inputs, Names, Outputs, landscape


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Whether the claimed gradient passed, the flat index named at a second call, and whether the arguments are as before."""
    x, claimed = inputs["x"].numpy().copy(), inputs["claimed"].numpy().copy()
    ok, _ = names["gradcheck"](landscape(inputs), claimed, x)
    worst = names["gradcheck"](landscape(inputs), claimed, x)[1]
    kept = np.array_equal(x, inputs["x"].numpy()) and np.array_equal(claimed, inputs["claimed"].numpy(), equal_nan=True)
    return {
        "ok": bool(ok),
        "worst": bool(worst)
        if isinstance(worst, bool | np.bool_)
        else worst
        if np.ndim(worst) or worst is None
        else int(worst),
        "keeps arguments": bool(kept),
    }
