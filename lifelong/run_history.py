"""What is measured along a training run, and its result: accuracies over time, and the method's importances at the end."""

import math
from dataclasses import dataclass, field

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


@dataclass(eq=False)
class Measurements:
    """The measurements so far; ``vars`` of it is plain enough for a checkpoint.

    Attributes:
        initial: [T], the accuracy on every task before any training.
        finished: how many tasks have been trained.
        accuracies: after every epoch, [T] the accuracy on every task; NaN where it was not measured.
        pixels: after every task, [D] what each input matters to the first layer, or None.
        importances: Ω after the last finished task, if the method has one.
        seconds: wall-clock time, interruptions not counted.
    """

    initial: Tensor
    finished: int = 0
    accuracies: list[Tensor] = field(default_factory=list)
    pixels: list[Tensor | None] = field(default_factory=list)
    importances: Params | None = None
    seconds: float = 0.0

    def end_epoch(self, measured: Tensor) -> None:
        """Add the accuracies after an epoch, measured on the first tasks: all of them, or those seen so far."""
        row = torch.full_like(self.initial, math.nan)
        row[: len(measured)] = measured
        self.accuracies.append(row)

    def end_task(self, importances: Params | None, seconds: float) -> None:
        """Add a finished task: the method's Ω after it, if there is one, and the seconds that it took."""
        self.finished += 1
        self.seconds += seconds
        self.importances = importances
        first = next(iter(self.importances.values())) if self.importances else None
        self.pixels.append(first.sum(dim=0) if first is not None and first.dim() == 2 else None)

    def history(self, name: str, *, strength: float, epochs: int, device: torch.device, dtype: torch.dtype) -> History:
        """The history of the training, once all tasks are finished; the dtype is that of products of matrices."""
        pixels = [values for values in self.pixels if values is not None]
        return History(
            name=name,
            strength=strength,
            epochs=epochs,
            accuracies=torch.stack(self.accuracies),
            initial=self.initial,
            seconds=self.seconds,
            machine=f"{device.type} in {str(dtype).removeprefix('torch.')}",
            importances=self.importances,
            pixels=torch.stack(pixels) if pixels and len(pixels) == self.finished else None,
        )
