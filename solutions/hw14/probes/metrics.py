"""Drive the student's three metrics, one a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """One metric of the matrix R [T, T], handed over as a tensor or (``array``) as a NumPy array."""
    metric = names[inputs["metric"]]
    given = inputs["R"]
    R = given.clone()
    result = metric(R.numpy() if inputs["array"] else R)
    return {"value": _number(result), "keeps_arguments": torch.equal(R, given)}


def _number(value: Any) -> Any:
    """A number of any kind as a float; what is none, as it is."""
    if isinstance(value, Tensor):
        return value.item() if value.ndim == 0 else value
    if isinstance(value, np.ndarray | np.generic):
        return value.item() if value.ndim == 0 else value
    return value
