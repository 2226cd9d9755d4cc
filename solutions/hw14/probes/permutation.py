"""Drive the student's ``permute``."""

import torch

from .common import Inputs, Names, Outputs, share_memory


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Permute images [N, D], in one case the same ones once more and unmoved, and look whether the arguments are as before."""
    images, permutation = inputs["images"], inputs["permutation"]
    given, order = images.clone(), permutation.clone()
    first = names["permute"](images, permutation)
    result = unmoved = first
    if inputs["name"] == "arguments":
        result = names["permute"](images, permutation)
        unmoved = names["permute"](images, torch.arange(len(permutation)))
    return {
        "result": result,
        "dtype": str(getattr(result, "dtype", type(result).__name__)),
        "keeps_images": torch.equal(images, given),
        "keeps_permutation": torch.equal(permutation, order),
        "own": not share_memory(first, images) and not share_memory(unmoved, images),
    }
