"""Labelled images, held as bytes and handed out as normalised batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

MEAN, DEVIATION = 0.1307, 0.3081
"""Mean and standard deviation of MNIST's training pixels, as fractions of full white."""


def normalise(images: Tensor) -> Tensor:
    """Bytes in 0…255 as float32 of about zero mean and unit deviation: (x/255 − 0.1307) / 0.3081."""
    return (images.to(torch.float32) / 255).sub_(MEAN).div_(DEVIATION)


@dataclass(frozen=True, eq=False)
class Split:
    """The training or the test half of a data set.

    Attributes:
        images: [N, 784] uint8, one flattened 28 × 28 image a row.
        labels: [N] int64 in 0…9.
    """

    images: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        if self.images.dtype != torch.uint8 or self.images.dim() != 2:
            raise ValueError(f"images should be uint8 [N, pixels], but are {_describe(self.images)}")
        if self.labels.dtype != torch.int64 or self.labels.shape != self.images.shape[:1]:
            raise ValueError(f"labels should be int64 [{len(self.images)}], but are {_describe(self.labels)}")

    def __len__(self) -> int:
        return len(self.images)

    def to(self, device: torch.device | str) -> Split:
        """The same split on a device (itself if it is there already)."""
        return Split(self.images.to(device), self.labels.to(device))

    def take(self, indices: Tensor | slice) -> Split:
        """The examples at some indices, in that order."""
        return Split(self.images[indices], self.labels[indices])

    def batches(self, size: int) -> Loader:
        """The split in order, in batches of ``size`` (the last may be smaller); it can be walked more than once."""
        return Loader(self, size)


@dataclass(frozen=True, eq=False)
class Loader:
    """A re-iterable over ``(inputs [B, 784] float32 normalised, labels [B] int64)``, fresh tensors every time."""

    split: Split
    size: int

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"a batch needs at least 1 example, not {self.size}")

    def __len__(self) -> int:
        return -(-len(self.split) // self.size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for start in range(0, len(self.split), self.size):
            rows = slice(start, start + self.size)
            yield normalise(self.split.images[rows]), self.split.labels[rows].clone()


def _describe(tensor: Tensor) -> str:
    return f"{str(tensor.dtype).removeprefix('torch.')} {list(tensor.shape)}"
