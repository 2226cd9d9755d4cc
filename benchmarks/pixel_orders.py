"""Permuted MNIST with somebody else's permutations, so that both sides of a comparison train on the same tasks."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from benchmarks.reference import definitions
from lifelong import Split, Task, load_mnist


def tasks_in(orders: Iterable[Tensor]) -> list[Task]:
    """One task for each permutation of the pixels, [784] int64."""
    data, permute = load_mnist(), definitions()["permute"]

    def ordered(half: Split, order: Tensor) -> Split:
        return Split(permute(half.images, order), half.labels)

    return [Task(ordered(data.train, order), ordered(data.test, order), order) for order in orders]
