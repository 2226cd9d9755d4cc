"""Permuted MNIST: one task after another, the same digits with their pixels in another order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lifelong.data import Mnist
from lifelong.split import Split

PROBE = 16
"""Images that are examined to distinguish a permutation of pixels from something else."""


@dataclass(frozen=True, eq=False)
class Task:
    """One task of a sequence.

    Attributes:
        train: what it is learnt from.
        test: what it is measured on.
        permutation: [784] int64, the order of the pixels; the first task's is the usual one.
    """

    train: Split
    test: Split
    permutation: Tensor


def joint_task(tasks: Sequence[Task]) -> Task:
    """All tasks as one, their examples together: what a network learns from that never has to remember.

    Its accuracy is the usual upper bound for a sequence of the same tasks. Its ``permutation`` is the usual order; it
    has none of its own.
    """
    halves = [task.train for task in tasks], [task.test for task in tasks]
    parts = ([torch.cat([getattr(each, of) for each in half]) for of in ("images", "labels")] for half in halves)
    train, test = (Split(*each) for each in parts)
    return Task(train, test, torch.arange(train.images.shape[1]))


def permuted_tasks(
    data: Mnist, permute: Callable[[Tensor, Tensor], Tensor], count: int = 5, seed: int = 0
) -> list[Task]:
    """A sequence of tasks that differ in the order of the pixels only (Goodfellow et al. 2013).

    Args:
        data: the digits.
        permute: ``permute(images [N, 784] uint8, permutation [784] int64)`` gives the images with their pixels
            reordered, as a new uint8 tensor; it is called once for each half of each task.
        count: how many tasks; the first keeps the pixels as they are.
        seed: makes the permutations; the same seed gives the same tasks.

    Raises:
        TypeError, ValueError: ``permute`` returned something else, or changed its argument.
    """
    generator = torch.Generator().manual_seed(seed)
    pixels = data.train.images.shape[1]
    tasks = []
    for index in range(count):
        order = torch.randperm(pixels, generator=generator) if index else torch.arange(pixels)
        train, test = (Split(_permuted(permute, half.images, order), half.labels) for half in (data.train, data.test))
        tasks.append(Task(train, test, order))
    return tasks


def _permuted(permute: Callable[[Tensor, Tensor], Tensor], images: Tensor, permutation: Tensor) -> Tensor:
    """What ``permute`` makes of the images, once its form is right and every image has kept its pixels."""
    before, order = images[:PROBE].clone(), permutation.clone()
    result = permute(images, permutation)
    call = f"permute(images {list(images.shape)}, permutation [{len(permutation)}])"
    if not isinstance(result, Tensor):
        raise TypeError(f"{call} should return a tensor, but returned {type(result).__name__}")
    if result.dtype != images.dtype or result.shape != images.shape:
        message = f"{call} should return {images.dtype} {list(images.shape)} like its images, but returned {result.dtype} {list(result.shape)}"
        raise ValueError(message)
    if not torch.equal(images[:PROBE], before) or not torch.equal(permutation, order):
        raise ValueError(f"{call} changed its own arguments; it should return a new tensor and leave them alone")
    if not torch.equal(result[:PROBE].sort(dim=1).values, before.sort(dim=1).values):
        message = f"{call} should reorder the pixels within each image, but image 0…{PROBE - 1} hold other pixels"
        raise ValueError(message)
    return result
