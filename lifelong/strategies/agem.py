"""Averaged GEM (Chaudhry, Ranzato, Rohrbach and Elhoseiny, ICLR 2019): one condition in place of one for every task.

GEM computes a gradient for every earlier task in every step, and solves a quadratic program. A-GEM asks for less: on
a random batch from all the memories together the loss must not rise. That is one more gradient a step, however many
tasks there are, and a projection in one line. A single old task may get worse if the others make up for it.
"""

import torch
from torch import Tensor

from lifelong.split import Split
from lifelong.strategies.gem import GEM


class AGEM(GEM):
    """Every step's gradient is turned until it agrees with that of a random batch of old examples.

    Args:
        memory: examples kept of each task.
        batch: how many of them are looked at in a step.
    """

    name = "A-GEM"

    def __init__(self, memory: int = 256, batch: int = 256) -> None:
        super().__init__(memory)
        self.batch = batch

    def turn(self, gradient: Tensor) -> Tensor:
        """The gradient [P], projected if it points against that of the old examples drawn."""
        images = torch.cat([kept.images for kept in self.memories])
        labels = torch.cat([kept.labels for kept in self.memories])
        tasks = torch.cat([torch.full_like(kept.labels, task) for task, kept in enumerate(self.memories)])
        drawn = torch.randint(len(labels), (self.batch,)).to(labels.device)
        return project(gradient, self.gradient(Split(images[drawn], labels[drawn]), tasks[drawn]))


def project(gradient: Tensor, reference: Tensor) -> Tensor:
    """g − (⟨g, r⟩ / ⟨r, r⟩) r if ⟨g, r⟩ < 0, else g itself: at a right angle to r at worst (the paper's section 4).

    Args:
        gradient: g [P].
        reference: r [P].
    """
    product = gradient @ reference
    return gradient if product >= 0 else gradient - product / (reference @ reference) * reference
