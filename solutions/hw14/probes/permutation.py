"""Drive the student's ``permute``."""

import torch

from .common import Inputs, Names, Outputs, share_memory


def probe(names: Names, inputs: Inputs) -> Outputs:
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
