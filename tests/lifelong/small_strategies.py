"""Small networks and real digits on which strategies are tried."""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from lifelong import Mnist, Split, Task, mlp, permuted_tasks
from lifelong.data.mnist import _embedded
from lifelong.strategies import Batch, Strategy

OPTIONS: dict[str, Any] = {"epochs": 2, "batch_size": 32, "learning_rate": 1e-3, "device": "cpu"}


@cache
def digits() -> Mnist:
    """1,000 + 300 images of the embedded subset."""
    return _embedded(1_000, 300, "the embedded subset")


@cache
def permuted() -> list[Task]:
    """The same in three orders of the pixels."""
    return permuted_tasks(digits(), lambda images, permutation: images[:, permutation], count=3)


def network(outputs: int = 10) -> nn.Sequential:
    """The same small network every time."""
    torch.manual_seed(1)
    return mlp((784, 32, 16, outputs))


def weights(model: nn.Module) -> Tensor:
    """All of a network's weights, [P]."""
    return nn.utils.parameters_to_vector(model.parameters()).detach()


def ready(strategy: Strategy, task: int, tasks: int = 3) -> Strategy:
    """A strategy as ``train`` leaves it before a task, all ten outputs competing."""
    strategy.model, strategy.task = network(), task
    strategy.competing = torch.ones(tasks, tasks, 10, dtype=torch.bool)
    strategy.autocast = torch.autocast("cpu", torch.bfloat16, enabled=False)
    return strategy


def batch_of(split: Split, count: int = 50) -> Batch:
    """The first examples of a split."""
    inputs, labels = next(iter(split.batches(count)))
    return Batch(inputs, labels, torch.arange(count))
