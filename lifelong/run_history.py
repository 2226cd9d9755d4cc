"""The result of a training run: accuracies over time, and the method's importances at the end."""

from dataclasses import dataclass

import torch
from torch import Tensor

from lifelong.method import Params


@dataclass(frozen=True, eq=False)
class History:
    """One method's run through a sequence of T tasks of E epochs each; all tensors are on the CPU.

    Attributes:
        name: the method's, e.g. ``"EWC"``; the baseline's is ``"Baseline"``.
        strength: λ.
        epochs: E.
        accuracies: [T · E, T] float64, after every epoch the test accuracy on every task (fractions in [0, 1]); NaN
            on tasks still to come, but for the last epoch of a task.
        initial: [T] float64, the same before any training.
        seconds: wall-clock time of the run.
        machine: where and in which precision it ran, e.g. ``"cpu, bfloat16"``.
        importances: the method's ``omega`` after the last task, if it has one.
        pixels: [T, D], after every task the importance of each of the D inputs: the sum of ``omega`` of the first
            layer's weights that it feeds; None without ``omega``.
    """

    name: str
    strength: float
    epochs: int
    accuracies: Tensor
    initial: Tensor
    seconds: float
    machine: str
    importances: Params | None = None
    pixels: Tensor | None = None

    @property
    def matrix(self) -> Tensor:
        """R [T, T]: ``R[i, j]`` is the accuracy on task j after training on task i."""
        return self.accuracies[self.epochs - 1 :: self.epochs]

    @property
    def average(self) -> Tensor:
        """[T · E]: after every epoch, the mean accuracy over the tasks seen so far."""
        return torch.stack([row[: epoch // self.epochs + 1].mean() for epoch, row in enumerate(self.accuracies)])

    def __str__(self) -> str:
        tasks = len(self.matrix)
        return f"{self.name} (λ = {self.strength:g}): {self.average[-1]:.2%} on average over {tasks} tasks, {self.seconds:.0f} s on {self.machine}"
