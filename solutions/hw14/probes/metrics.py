"""Drive the student's three metrics, one per case."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """One metric of the matrix R [T, T], handed over as a tensor or (``array``) as a NumPy array."""
    R = inputs["R"].clone()
    result = names[inputs["metric"]](R.numpy() if inputs["array"] else R)
    return {"value": _number(result), "keeps_arguments": torch.equal(R, inputs["R"])}


def _number(value: Any) -> Any:
    """A number of any kind as a float; what is none, as it is."""
    return value.item() if isinstance(value, Tensor | np.ndarray | np.generic) and value.ndim == 0 else value
