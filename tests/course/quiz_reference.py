"""What the proofs of the quiz's key share: the key, the reference methods, and small networks to try them on."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from autograder.course.quiz import Quiz
from autograder.verify import reference as solution
from tests.places import ROOT

Change = dict[str, Tensor]
QUIZ = Quiz.load(ROOT / "solutions" / "hw14" / "quiz.toml")

torch.set_num_threads(1)


@cache
def reference() -> SimpleNamespace:
    """The names that the solution notebook defines; only its imports, functions and classes are run, no training."""
    names = solution.reference(ROOT / "solutions" / "hw14" / "hw14.py")
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})


def prove(question_id: str, *, quiz: Quiz = QUIZ, beyond: str = "", **truth: bool) -> None:
    """Hold the key against truth values that were found by running code.

    Args:
        question_id: e.g. "quiz-05".
        quiz: whose question it is.
        beyond: the letters of the options that no code can decide.
        truth: whether the option is right, by letter.
    """
    question = quiz[question_id]
    assert sorted([*truth, *beyond]) == [option.letter for option in question.options]
    proven = {letter for letter, right in truth.items() if right}
    assert proven == question.key - set(beyond), f"{question_id}: code says {sorted(proven)}"


def prove_number(question_id: str, value: float) -> None:
    """Hold the key against a number; the right option is the one that reads as this number to two decimals."""
    options = QUIZ[question_id].options
    prove(question_id, **{option.letter: abs(float(option.text) - value) <= 0.005 for option in options})


def network(seed: int, outputs: int = 4) -> nn.Sequential:
    """A small MLP in float64 with 5 inputs."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, outputs)).double()


def examples(seed: int, count: int = 24, classes: int = 4) -> tuple[Tensor, Tensor]:
    """Gaussian inputs [count, 5] float64 and labels [count] in which each class occurs."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randperm(count, generator=generator) % classes
    return torch.randn(count, 5, generator=generator, dtype=torch.float64), labels


class Batches:
    """A data set in batches of one size; it can be walked again and counts how often it was."""

    def __init__(self, inputs: Tensor, labels: Tensor, size: int) -> None:
        self.inputs, self.labels, self.size = inputs, labels, size
        self.walks = 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        self.walks += 1
        return iter(zip(self.inputs.split(self.size), self.labels.split(self.size), strict=True))

    def __len__(self) -> int:
        return -(-len(self.inputs) // self.size)


def flat(params: Mapping[str, Tensor]) -> Tensor:
    """All entries in one vector."""
    return torch.cat([value.detach().reshape(-1) for value in params.values()])


def same(left: Mapping[str, Tensor], right: Mapping[str, Tensor]) -> bool:
    """Whether two importances agree in every entry."""
    return torch.allclose(flat(left), flat(right), rtol=1e-9, atol=1e-12)


def parameters(model: nn.Module) -> dict[str, Tensor]:
    """Copies of the model's parameters."""
    return {name: value.detach().clone() for name, value in model.named_parameters()}


def adam(weights: Any) -> Optimizer:
    """A fresh Adam."""
    return torch.optim.Adam(weights, lr=0.01)


def honest(task: Change, total: Change, step: Change) -> tuple[Change, Change]:
    """What a method is to observe: the gradient of the task alone, and the step."""
    return task, step


def learn(
    method: Any,
    model: nn.Module,
    batches: Batches,
    *,
    epochs: int,
    optimiser: Callable[[Any], Optimizer] = adam,
    reported: Callable[[Change, Change, Change], tuple[Change, Change]] = honest,
) -> list[float]:
    """One task of the loop that question 4 prints, but for the end; ``reported`` makes what the method observes.

    Returns:
        The task's loss before each step, and on all examples after the last.
    """
    update = optimiser(model.parameters())
    method.begin_task(model)
    losses = []
    for _ in range(epochs):
        for inputs, labels in batches:
            loss = F.cross_entropy(model(inputs), labels)
            losses.append(loss.item())
            gradients = torch.autograd.grad(loss, list(model.parameters()), retain_graph=True)
            update.zero_grad()
            (loss + method.strength * method.penalty(model)).backward()
            total = {name: weight.grad.clone() for name, weight in model.named_parameters()}
            before = parameters(model)
            update.step()
            step = {name: weight.detach() - before[name] for name, weight in model.named_parameters()}
            method.observe(*reported(dict(zip(step, gradients, strict=True)), total, step))
    return [*losses, F.cross_entropy(model(batches.inputs), batches.labels).item()]
