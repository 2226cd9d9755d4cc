"""One model, one method, one optimiser: a training step and what belongs around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from lifelong.capture import Capture
from lifelong.checkpoint import State
from lifelong.method import Method, MethodError, Params, Progress
from lifelong.metrics import accuracy
from lifelong.penalty import Penalty
from lifelong.split import Split, normalise

PROOF = 1
"""The step of every epoch, from 0, in which the penalty's closed form is compared with autograd.

Not the first: there the weights of a new task are still θ*, where every penalty is flat.
"""


class Step(NamedTuple):
    """What one step of training was."""

    loss: Tensor
    """The task's, a scalar."""
    penalty: Tensor | None
    """λ P, a scalar, where it had to be computed."""
    gradients: Sequence[Tensor]
    """g, of the task loss alone."""


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
        self.position = Progress(self.name)
        self.penalty = Penalty(method, model, self.position)
        self.observed = type(method).observe is not Method.observe
        self.moved = [torch.empty_like(weight) for weight in self.weights] if self.observed else []
        for name, weight in self.parameters.items():
            if not weight.requires_grad:
                raise ValueError(f"run() trains every parameter, but {name} is frozen (requires_grad is False)")
        if getattr(method, "omega", None):
            raise MethodError(f"this {self.name} has been trained already; give run() a new one: {self.name}()")

    def begin_task(self, split: Split, batch_size: int) -> None:
        """Start the next task with a new optimiser; its training examples are on the device already."""
        self.position.task, self.position.step = self.position.task + 1, 0
        graphs = self.device.type == "cuda"
        self.optimizer = torch.optim.Adam(self.weights, lr=self.learning_rate, fused=True, capturable=graphs)
        self.split = split
        self.rows = torch.empty(batch_size, dtype=torch.int64, device=self.device)
        self.replayed = Capture(self._replayable_step, self.device)
        with self.position.calling("begin_task"):
            self.method.begin_task(self.model)

    def epoch(self, batches: Sequence[Tensor], bar: tqdm[None]) -> None:
        """Make one step for each batch of indices.

        Nothing is read back from the device but once at ``PROOF``, so a GPU never waits for Python.
        """
        self.model.train()
        first = self.position.step + 1
        losses, penalties = [], []
        for index, rows in enumerate(batches):
            self.position.step += 1
            if index == PROOF and self.penalty.prove():
                self.replayed = Capture(self._replayable_step, self.device)  # Ω and θ* are other tensors now
            step = self._taken(rows)
            if self.observed:
                with self.position.calling("observe"):
                    self.method.observe(self._named(step.gradients), self._named(self.moved))
            losses.append(step.loss.clone())
            penalties.append(torch.zeros_like(step.loss) if step.penalty is None else step.penalty)
            bar.update()
        self._check_finite(torch.stack(losses), torch.stack(penalties), first)

    def end_task(self, examples: Split, batch_size: int) -> None:
        """Let the method take stock of the task just finished."""
        self.optimizer.zero_grad()
        with self.position.calling("consolidate"):
            self.method.consolidate(self.model, examples.batches(batch_size))

    def measure(self, tests: Sequence[Split]) -> Tensor:
        """The accuracy on each split, [T] float64 on the CPU."""
        with self._autocast():
            return torch.tensor([accuracy(self.model, test) for test in tests], dtype=torch.float64)

    def state(self) -> State:
        """All that the next task depends on, between two tasks: the optimiser is made anew for each."""
        return {
            "task": self.position.task,
            "model": self.model.state_dict(),
            "method": vars(self.method),
            "random": torch.get_rng_state(),
            "cuda_random": torch.cuda.get_rng_state(self.device) if self.device.type == "cuda" else None,
        }

    def restore(self, state: State) -> None:
        """Go back to where ``state`` was taken."""
        self.position.task = state["task"]
        self.model.load_state_dict(state["model"])
        vars(self.method).update(state["method"])
        torch.set_rng_state(state["random"])
        if state["cuda_random"] is not None:
            torch.cuda.set_rng_state(state["cuda_random"], self.device)

    def importances(self) -> Params | None:
        """A copy of the method's ``omega`` on the CPU, if it holds a tensor for every parameter."""
        omega = getattr(self.method, "omega", None)
        if not isinstance(omega, dict) or any(
            not isinstance(omega.get(name), Tensor) or omega[name].shape != weight.shape
            for name, weight in self.parameters.items()
        ):
            return None
        return {name: omega[name].detach().cpu().clone() for name in self.parameters}

    def _taken(self, rows: Tensor) -> Step:
        """One step, replayed where that is the same as taking it.

        A penalty that goes through the method's own Python is called each time. A short last batch has a shape of its
        own.
        """
        if len(rows) != len(self.rows) or (self.penalty.active and not self.penalty.closed()):
            return self._step(rows)
        self.rows.copy_(rows)
        return self.replayed()

    def _replayable_step(self) -> Step:
        return self._step(self.rows)

    def _step(self, rows: Tensor) -> Step:
        """One step of Adam along task gradient plus penalty gradient.

        The two gradients are taken apart, so that a method observes that of the task alone.
        """
        with self._autocast():
            loss = F.cross_entropy(self.model(normalise(self.split.images[rows])), self.split.labels[rows])
        gradients = torch.autograd.grad(loss, self.weights, materialize_grads=True)
        totals, penalty = self.penalty.add(gradients)
        for weight, total in zip(self.weights, totals, strict=True):
            weight.grad = total
        with torch.no_grad():
            if self.observed:
                torch._foreach_copy_(self.moved, self.weights)
            self.optimizer.step()
            for before, weight in zip(self.moved, self.weights, strict=False):
                torch.sub(weight, before, out=before)
        return Step(loss.detach(), penalty, gradients)

    def _named(self, tensors: Sequence[Tensor]) -> Params:
        return dict(zip(self.parameters, tensors, strict=True))

    def _check_finite(self, losses: Tensor, penalties: Tensor, first: int) -> None:
        """Complain of the first step whose loss was NaN or infinite; ``first`` is the number of the first step."""
        bad = ~(losses.isfinite() & penalties.isfinite())
        if not bad.any():
            return
        index = int(bad.nonzero()[0])
        if not penalties[index].isfinite():
            message = f"{self.position.of('penalty', first + index)} became {penalties[index]:g} (times strength = {self.method.strength:g}): look for a division by 0 in the importances, or choose a smaller strength"
            raise MethodError(message)
        message = f"the task loss under {self.name} became {losses[index]:g} in task {self.position.task}, step {first + index}: choose a smaller strength or learning rate"
        raise MethodError(message)

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)
