"""Deep Generative Replay (Shin, Lee, Kim and Kim, NeurIPS 2017): dream of the old tasks while learning the new one.

Two networks take turns. The solver is the classifier. The generator draws images like those of all tasks so far. While
the solver learns a new task, every batch is joined by as many dreamt images: the generator draws them, and the solver
as it was before the task says what they are. Then the generator learns the new task as well, from its images and from
dreams of its own former self. So nothing real is kept. The paper's generator is a WGAN; here a small variational
autoencoder suffices.
"""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor

from lifelong.split import DEVIATION, MEAN, Split
from lifelong.strategies.strategy import Batch, Strategy, among
from lifelong.strategies.vae import VAE


class DGR(Strategy):
    """Replay of generated images, labelled by the old solver.

    Args:
        steps: of training the generator, after every task.
        batch_size: real images, and as many dreamt ones, in each of these steps.
        learning_rate: Adam's, for the generator.

    Attributes:
        generator: draws images of all tasks learnt so far.
    """

    name = "DGR"

    def __init__(self, steps: int = 1_000, batch_size: int = 128, learning_rate: float = 1e-3) -> None:
        self.steps, self.batch_size, self.learning_rate = steps, batch_size, learning_rate

    def begin_task(self, train: Split) -> Split:
        """Keep the solver as it is now: it labels the dreams."""
        self.solver = copy.deepcopy(self.model).eval()
        if not self.task:
            self.generator = VAE(train.images.shape[1]).to(train.images.device)
        return train

    @property
    def ratio(self) -> float:
        """r, the weight of the new task: 1 / the number of tasks so far, this one included."""
        return 1 / (self.task + 1)

    def loss(self, batch: Batch) -> Tensor:
        """r · loss on the new task + (1 − r) · loss on dreams of the earlier ones (equation 1)."""
        loss = super().loss(batch)
        if not self.task:
            return loss
        inputs, answers = self.dream(len(batch.labels))
        dreamt = []
        for task in self.heads():
            labels = among(self.competing[self.task - 1, task], answers).argmax(dim=1)
            dreamt.append(F.cross_entropy(self.logits(inputs, task), labels))
        return self.ratio * loss + (1 - self.ratio) * torch.stack(dreamt).mean()

    @torch.no_grad()
    def dream(self, count: int) -> tuple[Tensor, Tensor]:
        """Images of earlier tasks, normalised [count, D], and the old solver's answers to them, logits [count, K]."""
        with self.autocast:
            inputs = (self.generator.sample(count) - MEAN) / DEVIATION
            return inputs, self.solver(inputs).float()

    def end_task(self, train: Split) -> None:
        """Teach the generator the task just learnt, without letting it forget the earlier ones."""
        former = copy.deepcopy(self.generator).eval()
        optimizer = torch.optim.Adam(self.generator.parameters(), lr=self.learning_rate, fused=True)
        for _ in range(self.steps):
            rows = torch.randint(len(train), (self.batch_size,)).to(train.images.device)
            with self.autocast:
                loss = self.ratio * self.generator.loss(train.images[rows] / 255)
                if self.task:
                    loss = loss + (1 - self.ratio) * self.generator.loss(former.sample(self.batch_size))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        del self.solver
