"""Plain training on one task after another, and the places where a strategy may step in."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lifelong.split import Split

NEVER = -1e9
"""The logit of an output that does not compete: its probability is exactly 0, and no arithmetic makes a NaN of it."""


class Batch(NamedTuple):
    """B examples of the task being learnt."""

    inputs: Tensor
    """[B, D] float32, normalised."""
    labels: Tensor
    """[B] int64."""
    rows: Tensor
    """[B] int64, their rows in what ``begin_task`` returned."""


class Strategy:
    """The baseline: fine-tuning on each task in turn.

    ``train`` calls ``begin_task``; then for every batch ``backward``, which asks ``loss``, and a step of Adam; then
    ``end_task``. ``predict`` gives the answers that are counted. A subclass overrides what it does otherwise.

    Attributes:
        name: in tables and figures.
        strength: λ, the weight of what the strategy adds to the loss, if it has one.
        model: the network, with K outputs; given by ``train``.
        competing: [T, T, K] bool, the scenario's (see ``Scenario``); given by ``train``.
        task: the number of the task being learnt, from 0.
        autocast: the precision in which the network multiplies; given by ``train``.
    """

    name = "Baseline"
    strength = 0.0
    model: nn.Module
    competing: Tensor
    task: int
    autocast: torch.autocast

    def begin_task(self, train: Split) -> Split:
        """Called before a task with its training examples; returns what the epochs go through."""
        return train

    def loss(self, batch: Batch) -> Tensor:
        """What is minimised, a scalar."""
        return F.cross_entropy(self.logits(batch.inputs, self.task), batch.labels)

    def backward(self, batch: Batch) -> None:
        """Leave in every parameter's ``.grad`` the direction that the optimiser is to descend; they come empty."""
        self.loss(batch).backward()

    def end_task(self, train: Split) -> None:
        """Called after a task with its training examples in random order: any first few are a random sample."""

    @torch.no_grad()
    def predict(self, inputs: Tensor, task: int) -> Tensor:
        """The labels [B] that the network in eval mode gives to images of a task (a number, from 0)."""
        return self.logits(inputs, task).argmax(dim=1)

    def logits(self, inputs: Tensor, task: int | Tensor) -> Tensor:
        """The network's outputs [B, K] for images of a task, with ``NEVER`` for those that do not compete there.

        Args:
            inputs: [B, D] float32, normalised.
            task: the number of their task, or [B] numbers, one for each.
        """
        return among(self.competing[self.task, task], self.outputs(inputs))

    def heads(self) -> list[int]:
        """The earlier tasks; of those that are asked about the same outputs, only the first."""
        asked = self.competing[self.task].tolist()
        return [task for task in range(self.task) if asked[task] not in asked[:task]]

    def outputs(self, inputs: Tensor) -> Tensor:
        """All outputs of the network, [B, K] float32."""
        with self.autocast:
            outputs: Tensor = self.model(inputs).float()
        return outputs


def among(competing: Tensor, outputs: Tensor) -> Tensor:
    """The outputs [B, K] that compete ([K] or [B, K] bool), and ``NEVER`` for the others."""
    return outputs.masked_fill(~competing, NEVER)
