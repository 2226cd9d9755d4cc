"""Drive the student's ``permute``."""

from collections.abc import Mapping
from typing import Any

import torch

from .common import share_memory


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Permute images [N, 784], in one case the same ones once more, and look whether the arguments are as before."""
    images, permutation = inputs["images"], inputs["permutation"]
    given = images.clone(), permutation.clone()
    first = names["permute"](images, permutation)
    result = names["permute"](images, permutation) if inputs["name"] == "arguments" else first
    return {
        "result": result,
        "dtype": str(getattr(result, "dtype", type(result).__name__)),
        "keeps_arguments": torch.equal(images, given[0]) and torch.equal(permutation, given[1]),
        "own": not share_memory(first, images),
    }
