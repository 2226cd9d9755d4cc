"""Drive the log-softmax and NLL functions, and the training of the little net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .kinds import array, number, told


def log_softmax_nll(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The result of one of the four functions."""
    arrays = [array(inputs, inputs[name]) for name in ("z", "g") if name in inputs]
    labels = [np.array(inputs["labels"])] if "labels" in inputs else []
    seed = [number(inputs, inputs["seed"])] if "seed" in inputs else []
    result = names[inputs["function"]](*arrays, *labels, *seed)
    if inputs["kind"] == "float" and not np.isfinite(result).all():
        return {"refused": "overflow"}
    return told(result=result)


def train_on_tape(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The trained parameters and the losses, and whether the first parameters are as before."""
    parameters = [array(inputs, tree) for tree in inputs["parameters"]]
    before = [each.copy() for each in parameters]
    trained, losses = names["train"](
        parameters,
        array(inputs, inputs["x"]),
        np.array(inputs["labels"]),
        [np.array(rows) for rows in inputs["batches"]],
        number(inputs, inputs["rate"]),
    )
    kept = all(bool(np.all(old == new)) for old, new in zip(before, parameters, strict=True))
    answers = dict(zip(("W1", "b1", "W2", "b2"), trained, strict=True))
    return told(**answers, losses=list(losses)) | {"kept": kept}
