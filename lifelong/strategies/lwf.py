"""Learning without Forgetting (Li and Hoiem, ECCV 2016): on the new task's images, answer as before as well.

Before a new task is learnt, the network's outputs on its images are written down. They say what the network knew. While
it learns, it is held to two answers for each image: the new label, and what it would have said before. No old
image is kept.

With one head, as on permuted MNIST, both answers come from the same ten outputs, and contradict each other: "this is
a 3" and "this is noise to me, a bit like an 8". With a head for each task, the paper's own setting and
``split_mnist(data, "task")``, they are about different outputs, and get on.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from lifelong.split import Split
from lifelong.strategies.strategy import Batch, Strategy, among

RECORDING = 2_000
"""Images at a time."""


class LwF(Strategy):
    """Cross-entropy on the new labels + λ · distillation towards the old network's recorded answers.

    Args:
        strength: λ, the paper's λ_o; at 0 the training is the baseline's, to the last bit.
        temperature: T; above 1 it softens the answers, so that small probabilities count.
    """

    name = "LwF"

    def __init__(self, strength: float = 1.0, temperature: float = 2.0) -> None:
        self.strength, self.temperature = strength, temperature

    @torch.no_grad()
    def begin_task(self, train: Split) -> Split:
        """Write down the outputs [N, K] that the network has for the new images before it learns from them."""
        self.model.eval()
        self.recorded = torch.cat([self.outputs(inputs) for inputs, _ in train.batches(RECORDING)])
        return train

    def loss(self, batch: Batch) -> Tensor:
        """The task's loss and, from the second task on, λ times the distillation loss of every old head."""
        outputs = self.outputs(batch.inputs)
        loss = F.cross_entropy(among(self.competing[self.task, self.task], outputs), batch.labels)
        for task in self.heads():
            known = self.competing[self.task - 1, task]
            old = among(known, self.recorded[batch.rows])
            loss = loss + self.strength * distillation(among(known, outputs), old, self.temperature)
        return loss

    def end_task(self, train: Split) -> None:
        """Keep nothing: the network itself is the memory."""
        del self.recorded


def distillation(new: Tensor, old: Tensor, temperature: float) -> Tensor:
    """Cross-entropy between old and new answers, both softened: −Σ softmax(old/T) · log softmax(new/T).

    Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015).

    Args:
        new: logits [B, K], through which the gradient goes.
        old: logits [B, K].
        temperature: T.

    Returns:
        The mean over the batch, a scalar.
    """
    return -((old / temperature).softmax(dim=1) * (new / temperature).log_softmax(dim=1)).sum(dim=1).mean()
