"""One model, one method, one optimiser: a training step and what belongs around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from lifelong.method import Method, Params
from lifelong.metrics import accuracy
from lifelong.split import Split, normalise


class MethodError(RuntimeError):
    """A method broke its contract with the engine; the message names the method, the task and the step."""


class Trainer:
    """Trains a model under a method and looks after the contract between the two.

    Args:
        method: what steps in (see ``Method``).
        model: what is trained, in place.
        learning_rate: Adam's.
        dtype: of the matrix products in training and evaluation, float32 or bfloat16.

    Raises:
        ValueError: a parameter of the model is frozen.
        MethodError: the method holds importances already.
    """

    def __init__(self, method: Method, model: nn.Module, learning_rate: float, dtype: torch.dtype) -> None:
        self.name = "Baseline" if type(method) is Method else type(method).__name__
        self.method, self.model, self.learning_rate, self.dtype = method, model, learning_rate, dtype
        self.parameters: Params = dict(model.named_parameters())
        self.weights = list(self.parameters.values())
        self.device = self.weights[0].device
        self.penalised = method.strength != 0 and type(method).penalty is not Method.penalty
        self.observed = type(method).observe is not Method.observe
        self.task, self.steps = 0, 0
        for name, weight in self.parameters.items():
            if not weight.requires_grad:
                raise ValueError(f"run() trains every parameter, but {name} is frozen (requires_grad is False)")
        if getattr(method, "omega", None):
            raise MethodError(f"this {self.name} has been trained already; give run() a new one: {self.name}()")

    def begin_task(self) -> None:
        """Start the next task with a new optimiser."""
        self.task, self.steps = self.task + 1, 0
        self.optimizer = torch.optim.Adam(self.weights, lr=self.learning_rate, fused=True)
        with self._calling("begin_task"):
            self.method.begin_task(self.model)

    def epoch(self, split: Split, batches: Sequence[Tensor], bar: tqdm[None]) -> None:
        """Make one step for each batch of indices.

        Nothing is read back from the device until the last step is made, so a GPU never waits for Python.
        """
        self.model.train()
        first = self.steps + 1
        losses, penalties = [], []
        for rows in batches:
            loss, penalty = self.step(normalise(split.images[rows]), split.labels[rows])
            losses.append(loss)
            penalties.append(penalty)
            bar.update()
        self._check_finite(torch.stack(losses), torch.stack(penalties), first)

    def step(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """One step of Adam along task gradient plus penalty gradient; both losses, still on the device.

        The two gradients are taken apart, so that a method observes that of the task alone.
        """
        self.steps += 1
        with self._autocast():
            loss = F.cross_entropy(self.model(inputs), labels)
        gradients = torch.autograd.grad(loss, self.weights, materialize_grads=True)
        totals, penalty = gradients, torch.zeros_like(loss)
        if self.penalised:
            penalty = self.method.strength * self._penalty()
            if penalty.requires_grad:
                pulls = torch.autograd.grad(penalty, self.weights, materialize_grads=True)
                totals = tuple(gradient + pull for gradient, pull in zip(gradients, pulls, strict=True))
        for weight, total in zip(self.weights, totals, strict=True):
            weight.grad = total
        if self.observed:
            self._observed_step(gradients)
        else:
            self.optimizer.step()
        return loss.detach(), penalty.detach()

    def end_task(self, examples: Split, batch_size: int) -> None:
        """Let the method take stock of the task just finished."""
        self.optimizer.zero_grad()
        with self._calling("consolidate"):
            self.method.consolidate(self.model, examples.batches(batch_size))

    def measure(self, tests: Sequence[Split]) -> Tensor:
        """The accuracy on each split, [T] float64 on the CPU."""
        with self._autocast():
            return torch.tensor([accuracy(self.model, test) for test in tests], dtype=torch.float64)

    def importances(self) -> Params | None:
        """A copy of the method's ``omega`` on the CPU, if it holds a tensor for every parameter."""
        omega = getattr(self.method, "omega", None)
        if not isinstance(omega, dict) or any(
            not isinstance(omega.get(name), Tensor) or omega[name].shape != weight.shape
            for name, weight in self.parameters.items()
        ):
            return None
        return {name: omega[name].detach().cpu().clone() for name in self.parameters}

    def _observed_step(self, gradients: Sequence[Tensor]) -> None:
        """A step of the optimiser that the method gets to see."""
        before = [weight.detach().clone() for weight in self.weights]
        self.optimizer.step()
        with torch.no_grad():
            steps = [torch.sub(weight, old, out=old) for weight, old in zip(self.weights, before, strict=True)]
        with self._calling("observe"):
            self.method.observe(
                dict(zip(self.parameters, gradients, strict=True)), dict(zip(self.parameters, steps, strict=True))
            )

    def _penalty(self) -> Tensor:
        """P(θ) as the method has it, once it is known to be a scalar on which autograd can work."""
        with self._calling("penalty"):
            penalty = self.method.penalty(self.model)
        if not isinstance(penalty, Tensor) or penalty.dim() != 0 or not penalty.is_floating_point():
            kind = (
                f"a tensor of shape {list(penalty.shape)}, {penalty.dtype}"
                if isinstance(penalty, Tensor)
                else f"{type(penalty).__name__}"
            )
            raise MethodError(
                f"{self._where('penalty', self.steps)} returned {kind}; it should be a scalar float tensor"
            )
        if self.task > 1 and not penalty.requires_grad:
            raise MethodError(
                f"{self._where('penalty', self.steps)} returned a tensor without gradient; it should be computed from "
                "the model's own parameters, without .data, .detach(), .item() or torch.no_grad()"
            )
        return penalty

    def _check_finite(self, losses: Tensor, penalties: Tensor, first: int) -> None:
        """Complain of the first step whose loss was NaN or infinite; ``first`` is the number of the first step."""
        bad = ~(losses.isfinite() & penalties.isfinite())
        if not bad.any():
            return
        index = int(bad.nonzero()[0])
        if not penalties[index].isfinite():
            raise MethodError(
                f"{self._where('penalty', first + index)} became {penalties[index]:g} (times strength = "
                f"{self.method.strength:g}): look for a division by 0 in the importances, or choose a smaller strength"
            )
        raise MethodError(
            f"the task loss under {self.name} became {losses[index]:g} in task {self.task}, step {first + index}: "
            "choose a smaller strength or learning rate"
        )

    @contextmanager
    def _calling(self, function: str) -> Iterator[None]:
        """Say in which task and step an error within the method's own code came up."""
        try:
            yield
        except Exception as error:
            error.add_note(f"(while training: {self._where(function, self.steps)})")
            raise

    def _where(self, function: str, step: int) -> str:
        return f"{self.name}.{function} in task {self.task}, step {step}"

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)
