"""What is measured along a training."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from lifelong.method import Params
from lifelong.run_history import History


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
        """The history of the training, once all tasks are finished.

        Args:
            name: of the method.
            strength: λ.
            epochs: of each task.
            device: where it was trained.
            dtype: in which its matrices were multiplied.
        """
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
