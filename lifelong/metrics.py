"""What is measured of a model, and of a whole sequence of tasks.

``R[i, j]`` is the test accuracy on task j after training on task i (0-based, a fraction in [0, 1]). The metrics that
are exercises of the homework are not here.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from lifelong.split import Split

EVALUATION_BATCH = 2_000
"""Large enough to be fast, small enough to stay in a CPU's cache."""


@torch.no_grad()
def accuracy(model: nn.Module, split: Split) -> float:
    """The fraction of a split that a model classifies rightly; the model's mode stays as it was.

    The split is moved to the model's device if it is elsewhere. It obeys a surrounding ``torch.autocast``.
    """
    training = model.training
    model.eval()
    split = split.to(next(model.parameters()).device)
    correct = torch.zeros((), dtype=torch.int64, device=split.labels.device)
    for inputs, labels in split.batches(EVALUATION_BATCH):
        correct += (model(inputs).argmax(dim=1) == labels).sum()
    model.train(training)
    return correct.item() / len(split)


def learning_accuracy(R: ArrayLike | Tensor) -> float:
    """The mean of R[j, j]: how well each task was learnt when its turn came (Riemer et al. 2019)."""
    return float(_square(R).diagonal().mean())


def forward_transfer(R: ArrayLike | Tensor, initial: ArrayLike | Tensor) -> float:
    """The mean over j ≥ 1 of R[j−1, j] − initial[j]: what earlier tasks gave a task before its turn (GEM, eq. 4).

    Args:
        R: the accuracy matrix [T, T], T ≥ 2.
        initial: [T], the accuracy of the untrained model on each task.
    """
    matrix, start = _square(R), np.asarray(initial, dtype=np.float64)
    if len(matrix) < 2:
        raise ValueError("forward transfer needs at least 2 tasks")
    if start.shape != (len(matrix),):
        raise ValueError(f"initial should have shape [{len(matrix)}], but has {list(start.shape)}")
    return float((matrix.diagonal(offset=1) - start[1:]).mean())


def intransigence(R: ArrayLike | Tensor, reference: ArrayLike | Tensor) -> float:
    """The mean of reference[j] − R[j, j]: what is lost in learning new tasks (Chaudhry et al. 2018, definition 2).

    Args:
        R: the accuracy matrix [T, T].
        reference: [T], the accuracy on task j of a model trained on tasks 0…j together.
    """
    matrix, best = _square(R), np.asarray(reference, dtype=np.float64)
    if best.shape != (len(matrix),):
        raise ValueError(f"reference should have shape [{len(matrix)}], but has {list(best.shape)}")
    return float((best - matrix.diagonal()).mean())


def _square(R: ArrayLike | Tensor) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    matrix = np.asarray(R, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"R should be a square matrix [T, T], but has shape {list(matrix.shape)}")
    return matrix
