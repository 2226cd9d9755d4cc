"""Gradient Episodic Memory (Lopez-Paz and Ranzato, NeurIPS 2017): no step may raise the loss on an earlier task.

Of each task some examples are kept. A step along −g lowers the loss of the new task. Does it raise the loss on the
examples of task k? To first order it does if their gradient g_k makes an obtuse angle with g: ⟨g, g_k⟩ < 0. Then the
step follows, in place of g, the nearest vector that makes no obtuse angle with any g_k.
"""

from itertools import combinations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from lifelong.split import Split, normalise
from lifelong.strategies.strategy import Batch, Strategy

ROUNDING = 1e-9
"""By how much a condition between vectors of length 1 may be missed."""


class GEM(Strategy):
    """Every step's gradient is turned until it agrees with those of all earlier tasks.

    Args:
        memory: examples kept of each task.

    Attributes:
        memories: what is kept, a split for each task learnt.
    """

    name = "GEM"

    def __init__(self, memory: int = 256) -> None:
        self.memory = memory
        self.memories: list[Split] = []

    def end_task(self, train: Split) -> None:
        """Keep a few random examples of the task."""
        self.memories.append(Split(train.images[: self.memory].clone(), train.labels[: self.memory].clone()))

    def backward(self, batch: Batch) -> None:
        """The new task's gradient, turned where it would raise the loss on a memory."""
        super().backward(batch)
        if self.memories:
            gradients = [weight.grad for weight in self.model.parameters() if weight.grad is not None]
            vector_to_parameters(self.turn(parameters_to_vector(gradients)), gradients)

    def turn(self, gradient: Tensor) -> Tensor:
        """The allowed vector [P] nearest to the gradient [P]."""
        earlier = [self.gradient(examples, task) for task, examples in enumerate(self.memories)]
        return nearest(gradient, torch.stack(earlier))

    def gradient(self, examples: Split, task: int | Tensor) -> Tensor:
        """The gradient [P] of the loss on stored examples of a task (or of one task each)."""
        loss = F.cross_entropy(self.logits(normalise(examples.images), task), examples.labels)
        return parameters_to_vector(torch.autograd.grad(loss, list(self.model.parameters())))


def nearest(gradient: Tensor, constraints: Tensor) -> Tensor:
    """The vector z nearest to g for which ⟨z, g_k⟩ ≥ 0 holds for every k (the paper's section 3, without its margin).

    It is z = g + Σ_k v_k g_k: g is pushed along some of the g_k, each push v_k > 0 as long as it takes to come to a
    right angle with g_k. P may be millions; the v_k follow from the k × k inner products alone.

    Args:
        gradient: g [P].
        constraints: the g_k, [k, P].

    Returns:
        z [P]; g itself if it violates nothing.
    """
    sizes = constraints.norm(dim=1)
    sizes[sizes == 0] = 1  # the condition of a zero gradient always holds
    slopes = constraints @ gradient / sizes
    if (slopes >= 0).all():
        return gradient
    length = gradient.norm()
    cosines = constraints @ constraints.T / torch.outer(sizes, sizes)
    pushes = _pushes(cosines.double().cpu(), (slopes / length).double().cpu()).to(gradient)
    turned: Tensor = gradient + (length * pushes / sizes) @ constraints
    return turned


def _pushes(cosines: Tensor, slopes: Tensor) -> Tensor:
    """The dual program's solution: v ≥ 0 with slopes + cosines · v ≥ 0, where for every k one of the two is 0.

    If it were known which v_k are not 0, they would follow from linear equations. So every choice is tried, small ones
    first, until nothing is violated: for 4 tasks at most 15 systems of at most 4 equations, for 10 tasks 1,023. (Where
    some g_k depend on others, fewer of them do the same; so singular systems may be left out.)

    Args:
        cosines: [k, k] float64, between the g_k.
        slopes: [k] float64, cosines between g and the g_k.
    """
    best, least = torch.zeros_like(slopes), float("inf")
    for count in range(1, len(slopes) + 1):
        for active in map(list, combinations(range(len(slopes)), count)):
            solution, singular = torch.linalg.solve_ex(cosines[active][:, active], -slopes[active])
            if singular:
                continue
            pushes = torch.zeros_like(slopes)
            pushes[active] = solution
            violation = -float(torch.minimum(pushes, slopes + cosines @ pushes).min())
            if violation < least:
                best, least = pushes, violation
            if least <= ROUNDING:
                return best
    return best
