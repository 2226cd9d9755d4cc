"""Drive the student's ``permute``."""

import copy

import torch
from torch import Tensor

from .common import Inputs, Names, Outputs, share_memory


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Permute images [N, D], in one case the same ones once more and unmoved; are arguments and earlier results as before?"""
    images, permutation = inputs["images"], inputs["permutation"]
    given, order = images.clone(), permutation.clone()
    first = names["permute"](images, permutation)
    result = unmoved = first
    overwritten = False
    if inputs["name"] == "arguments":
        result = names["permute"](images, permutation)
        earlier = copy.deepcopy(result)
        unmoved = names["permute"](images, torch.arange(len(permutation)))
        overwritten = isinstance(earlier, Tensor) and not torch.equal(result, earlier)
        result = earlier
    return {
        "result": result,
        "dtype": str(getattr(result, "dtype", type(result).__name__)),
        "keeps_images": torch.equal(images, given),
        "keeps_permutation": torch.equal(permutation, order),
        "keeps_results": not overwritten,
        "own": not share_memory(first, images) and not share_memory(unmoved, images),
    }
