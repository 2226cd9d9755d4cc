"""iCaRL (Rebuffi, Kolesnikov, Sperl and Lampert, CVPR 2017): a few good examples of every class, and their mean.

A budget of K images is shared by all classes seen so far. The images kept of a class, its exemplars, are chosen so that
their mean is close to that of the whole class, where "close" is meant in the network's last hidden layer. There a
new image is compared with the mean of every class's exemplars, and gets the label of the nearest. The output layer
serves the training alone: the means are taken anew whenever the features have changed, so they never go stale.

iCaRL is made for class-incremental learning. On permuted MNIST it takes each digit of each task for a class of its own:
after 5 tasks there are 50, of which five have the label "3", and nobody tells it the task.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lifelong.split import Split, normalise
from lifelong.strategies.strategy import Batch, Strategy, among

AT_ONCE = 2_000
"""Images that go through the network together where nothing is learnt."""


class ICaRL(Strategy):
    """Exemplars in every batch, distillation, and the nearest mean of exemplars as the classifier.

    The network has to be an ``nn.Sequential`` that ends in a Linear layer, as ``mlp``'s. That layer is made anew, and
    grows by one output for every new class.

    Args:
        memory: K, the number of images kept of all classes together.

    Attributes:
        exemplars: for every class the images kept, [m, D] uint8, in the order in which they were chosen.
        labels: [classes] int64, the label of each class.
        means: [classes, features] of length 1; None while a task is being learnt.
    """

    name = "iCaRL"
    model: nn.Sequential

    def __init__(self, memory: int = 2_000) -> None:
        self.memory = memory
        self.exemplars: list[Tensor] = []
        self.labels = torch.empty(0, dtype=torch.int64)
        self.means: Tensor | None = None

    def begin_task(self, train: Split) -> Split:
        """Write down what every output is to answer, let the output layer grow, and add the exemplars to the lesson.

        Old outputs are held to what they answer now; a new one to whether the image is of its class (algorithm 3).
        """
        self.labels, old = self.labels.to(train.labels.device), len(self.labels)
        new, classes = train.labels.unique(return_inverse=True)
        counts = torch.tensor([len(images) for images in self.exemplars], dtype=torch.int64, device=new.device)
        labels = torch.cat([train.labels, self.labels.repeat_interleave(counts)])
        lesson = Split(torch.cat([train.images, *self.exemplars]), labels)
        self.targets = torch.zeros(len(lesson), old + len(new), device=new.device)
        self.model.eval()
        with torch.no_grad():
            answers = [self.outputs(inputs)[:, :old].sigmoid() for inputs, _ in lesson.batches(AT_ONCE)]
        self.targets[:, :old] = torch.cat(answers)
        self.targets[torch.arange(len(train), device=new.device), old + classes] = 1
        self._grow(old, len(new))
        self.labels, self.means = torch.cat([self.labels, new]), None
        return lesson

    def loss(self, batch: Batch) -> Tensor:
        """Binary cross-entropy of all outputs with their targets: classification and distillation in one."""
        outputs, targets = self.outputs(batch.inputs), self.targets[batch.rows]
        return F.binary_cross_entropy_with_logits(outputs, targets, reduction="sum") / len(targets)

    def end_task(self, train: Split) -> None:
        """Shorten every old class's list of exemplars, choose those of the new classes, and take all means."""
        share = self.memory // len(self.labels)
        if not share:
            raise ValueError(f"a memory of {self.memory} images is too small for {len(self.labels)} classes")
        del self.targets
        self.model.eval()
        new = self.labels[len(self.exemplars) :]
        self.exemplars = [images[:share].clone() for images in self.exemplars]
        for label in new:
            images = train.images[train.labels == label]
            self.exemplars.append(images[herding(self.features(images), share)])
        self.means = F.normalize(torch.stack([self.features(images).mean(dim=0) for images in self.exemplars]))

    @torch.no_grad()
    def predict(self, inputs: Tensor, task: int) -> Tensor:
        """The label of the nearest mean; while a task is being learnt, that of the largest output."""
        if not len(self.labels):
            return super().predict(inputs, task)
        scores = self.outputs(inputs) if self.means is None else -torch.cdist(self._features(inputs), self.means)
        competing = self.competing[self.task, task][self.labels]
        return self.labels[among(competing, scores).argmax(dim=1)]

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """φ(x) of images [N, D] uint8: what the last hidden layer makes of them, scaled to length 1; [N, features]."""
        return torch.cat([self._features(normalise(some)) for some in images.split(AT_ONCE)])

    def _features(self, inputs: Tensor) -> Tensor:
        with self.autocast:
            hidden: Tensor = self.model[:-1](inputs).float()
        return F.normalize(hidden)

    @torch.no_grad()
    def _grow(self, old: int, new: int) -> None:
        """Put an output layer with ``old + new`` outputs in place of the present one; the old ones stay as they are."""
        before = self.model[-1]
        assert isinstance(before, nn.Linear)
        layer = nn.Linear(before.in_features, old + new, device=before.weight.device)
        layer.weight[:old], layer.bias[:old] = before.weight[:old], before.bias[:old]
        self.model[-1] = layer


def herding(features: Tensor, count: int) -> Tensor:
    """Choose rows one by one such that the mean of those chosen stays as near as it can to the mean of all.

    The first is the row nearest to the mean; every further one mends best what is still missing. So the first m of
    them are a good choice of m, and a list is shortened by cutting off its end. (iCaRL, algorithm 4; no row twice.)

    Args:
        features: [N, D].
        count: how many; all rows, in order, if there are fewer.

    Returns:
        Their indices [min(count, N)] int64, in order.
    """
    mean, total = features.mean(dim=0), torch.zeros_like(features[0])
    squares = features.square().sum(dim=1)
    chosen: list[int] = []
    for number in range(1, min(count, len(features)) + 1):
        lacking = number * mean - total  # the row that would bring the mean of `number` rows to that of all
        distances = squares - 2 * features @ lacking  # squared, but for a constant
        distances[chosen] = torch.inf
        chosen.append(int(distances.argmin()))
        total += features[chosen[-1]]
    return torch.tensor(chosen, dtype=torch.int64, device=features.device)
