"""Drive one of the student's schemes over a ladder of steps."""

from typing import Any

import numpy as np
import torch

from .functions import Inputs, Names, Outputs, smooth


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The estimates, a row for each step, at a number or an array x, after those of another f there, and whether x is as before.

    For each step the points at which f was asked, if they are numbers. Without a spec f returns what it is given.
    """
    scheme, asked = names[inputs["scheme"]], list[list[float]]()
    given = smooth(inputs["spec"]) if "spec" in inputs else lambda at: at

    def f(at: Any) -> Any:
        asked[-1] += [float(at)] if np.ndim(at) == 0 else []
        return given(at)

    x = inputs["x"].numpy().copy() if isinstance(inputs["x"], torch.Tensor) else inputs["x"]
    before = np.copy(x)
    found = [(scheme(np.cos, x, h), asked.append([]), scheme(f, x, h))[2] for h in inputs["steps"].tolist()]
    estimates, kept = np.stack([np.asarray(value) for value in found]), bool(np.array_equal(before, x))
    return {"estimates": estimates, "keeps x": kept, "asked": asked}
