"""Check of `permutation`: one permutation of the pixels of all images."""

import torch
from torch import Tensor

from lifelong.checks.expect import CheckFailed, Names, close, expect_tensor, lookup, show


def check(names: Names) -> str:
    """`permute(images, permutation)` on three images of four pixels."""
    permute = lookup(names, "permute", "permutation")
    rows = [[10, 20, 30, 40], [50, 60, 70, 80], [90, 100, 110, 120]]
    right = [[30, 10, 40, 20], [70, 50, 80, 60], [110, 90, 120, 100]]
    inverse = [[20, 40, 10, 30], [60, 80, 50, 70], [100, 120, 90, 110]]
    order = torch.tensor([2, 0, 3, 1])
    for dtype in (torch.uint8, torch.float32):
        images = torch.tensor(rows, dtype=dtype)
        call = f"permute({show(rows)}, [2, 0, 3, 1])"
        got = permute(images, order)
        if isinstance(got, Tensor) and close(got, inverse):
            message = f"{call} should begin with [30, 10, 40, 20], but begins with [20, 40, 10, 30]. That is the way back: column j of the result is column permutation[j] of the images, not the other way round."
            raise CheckFailed(message)
        expect_tensor(got, right, call, dtype)
        if not close(images, rows):
            raise CheckFailed("permute changed the images it was given; make a new tensor instead.")
        if order.tolist() != [2, 0, 3, 1]:
            raise CheckFailed("permute changed the permutation it was given.")
    images = torch.tensor(rows)
    permute(images, torch.arange(4)).zero_()
    if not close(images, rows):
        raise CheckFailed("permute hands back the images' own memory: overwriting its result changed the images.")
    return "every image is reordered in the same way, uint8 or float."
