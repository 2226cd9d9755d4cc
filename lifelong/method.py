"""What a continual-learning method may do while a network learns one task after another, and how its errors say when."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

Params = dict[str, Tensor]
"""One tensor per parameter, by the names of ``model.named_parameters()``."""

Batches = Iterable[tuple[Tensor, Tensor]]
"""``(inputs [B, D] float32, labels [B] int64)`` again and again: it can be walked more than once."""


class Method:
    """The baseline: plain fine-tuning, and the places where a method may step in.

    ``run`` calls ``begin_task`` once a task, ``penalty`` and ``observe`` once a training step, ``consolidate`` at the
    task's end. The loss that is minimised is ``task loss + strength * penalty(model)``.

    Attributes:
        strength: λ, the weight of the penalty; ``run`` never calls ``penalty`` while it is 0.
    """

    strength: float = 0.0

    def begin_task(self, model: nn.Module) -> None:
        """Called before the first step of every task."""

    def penalty(self, model: nn.Module) -> Tensor:
        """P(θ), a scalar without λ, through which autograd can reach the model's parameters."""
        return torch.zeros((), device=next(model.parameters()).device)

    def quadratic(self) -> tuple[Params, Params] | None:
        """Ω and θ* if P(θ) = Σ Ω (θ − θ*)², empty before there are any; None if the penalty has another form.

        This is for speed alone. ``run`` then adds the gradient 2 Ω (θ − θ*) itself wherever it finds it equal to what
        autograd makes of ``penalty``. A class that overrides ``penalty`` has to override this as well to offer it.
        """
        return None

    def observe(self, gradients: Params, steps: Params) -> None:
        """Called after every optimiser step.

        Args:
            gradients: g, the gradient of the task loss alone (no penalty) before the step.
            steps: Δ = θ_after − θ_before of the same step.

        Both belong to the engine, which uses the tensors again: copy what must last.
        """

    def consolidate(self, model: nn.Module, batches: Batches) -> None:
        """Called at the end of a task with examples of its training split, already normalised."""


class MethodError(RuntimeError):
    """A method broke its contract with the engine; the message names the method, the task and the step."""


class Progress:
    """A method's name, the task and the step that its training has come to, both counted from 1."""

    def __init__(self, name: str) -> None:
        self.name, self.task, self.step = name, 0, 0

    def of(self, function: str, step: int | None = None) -> str:
        """A hook of the method at this place, in words."""
        return f"{self.name}.{function} in task {self.task}, step {self.step if step is None else step}"

    @contextmanager
    def calling(self, function: str) -> Iterator[None]:
        """Add the task and the step to an error raised within the method's own code."""
        try:
            yield
        except Exception as error:
            error.add_note(f"(while training: {self.of(function)})")
            raise
