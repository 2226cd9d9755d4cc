"""The three scenarios of continual learning: what is known of the task when an answer is asked for.

van de Ven and Tolias, "Three scenarios for continual learning" (2019). MNIST split into pairs of digits, (0, 1), (2, 3)
and so on, shows them all. After task 3 an image of a "2" is shown:

- task-incremental: it is said that it is of task 2. The answer is "2" or "3".
- domain-incremental: nothing is said. The answer is "the first of its pair" or "the second"; which pair is not asked.
- class-incremental: nothing is said. The answer is one of the six digits learnt so far, "0" … "5".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from lifelong.data import Mnist
from lifelong.split import Split
from lifelong.tasks import Task

Kind = Literal["task", "domain", "class"]
DIGITS, PAIR = 10, 2


@dataclass(frozen=True, eq=False)
class Scenario:
    """T tasks in order, and what a network with K outputs is asked about each of them.

    Attributes:
        tasks: what is learnt, one after another.
        competing: [T, T, K] bool. A network that has come to task i looks for its answer to an image of task j among
            the outputs ``competing[i, j]``.
    """

    tasks: Sequence[Task]
    competing: Tensor


def domain_incremental(tasks: Sequence[Task]) -> Scenario:
    """Tasks that share their labels, such as permuted MNIST's: all outputs compete all of the time."""
    outputs = 1 + max((int(task.train.labels.max()) for task in tasks), default=0)
    return Scenario(tasks, torch.ones(len(tasks), len(tasks), outputs, dtype=torch.bool))


def split_mnist(data: Mnist, kind: Kind) -> Scenario:
    """MNIST as five tasks of two digits each, under one of the three scenarios.

    Args:
        data: the digits.
        kind: ``"task"`` and ``"class"`` keep the labels 0…9 and need a network with 10 outputs; ``"domain"`` has the
            labels 0 and 1, for the first and second digit of each pair, and needs 2 outputs.
    """
    tasks = [_pair(data, first, kind) for first in range(0, DIGITS, PAIR)]
    if kind == "domain":
        return domain_incremental(tasks)
    places = torch.arange(len(tasks))
    now, asked, output = torch.meshgrid(places, places, torch.arange(DIGITS), indexing="ij")
    owner = output // PAIR  # the task that an output belongs to
    return Scenario(tasks, owner == asked if kind == "task" else owner <= now)


def _pair(data: Mnist, first: int, kind: Kind) -> Task:
    """The task of telling the digit ``first`` from the next one."""
    halves = []
    for split in (data.train, data.test):
        chosen = split.take((split.labels // PAIR == first // PAIR).nonzero().flatten())
        halves.append(Split(chosen.images, chosen.labels % PAIR) if kind == "domain" else chosen)
    return Task(halves[0], halves[1], torch.arange(data.train.images.shape[1]))
