"""Train a network on one task after another, with a method that may hold on to the earlier ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from lifelong.budget import budget
from lifelong.history import History
from lifelong.method import Method, Params
from lifelong.model import SIZES, mlp
from lifelong.tasks import Task
from lifelong.trainer import MethodError, Trainer

__all__ = ["MethodError", "Precision", "run"]

Precision = Literal["auto", "float32", "bfloat16"]


def run(
    method: Method,
    tasks: Sequence[Task],
    *,
    model: nn.Module | None = None,
    epochs: int = 10,
    batch_size: int = 128,
    learning_rate: float = 1e-4,
    importance_examples: int | None = 2_000,
    seed: int = 0,
    device: torch.device | str | None = None,
    precision: Precision = "auto",
) -> History:
    """Train a model on the tasks in order; after every epoch measure it on all of them.

    Each step minimises ``cross-entropy + method.strength * method.penalty(model)`` with Adam, made anew for every task.
    The same seed on the same machine gives the same history. On a tiny budget (see ``lifelong.budget``) only a few
    steps of a small model on the first tasks are made.

    Args:
        method: a fresh one, not yet trained; ``Method()`` itself is the baseline.
        tasks: at least one, all with the same pixels and classes.
        model: what to train, in place; by default a new ``mlp()``. All of its parameters must be trainable.
        epochs: passes through each task's training split.
        batch_size: examples a step.
        learning_rate: Adam's.
        importance_examples: how many training examples, drawn anew for every task, ``method.consolidate`` gets; None
            for all. The default keeps a loop over single examples to some seconds a task.
        seed: of the model's weights, the order of the batches, and torch's global generator (it is set).
        device: by default CUDA if there is any, else the CPU.
        precision: of the matrix products in training and evaluation. ``"auto"`` takes bfloat16 where the hardware
            multiplies in it; weights, updates, penalties and importances are float32 in any case.

    Raises:
        ValueError: there is no task, or a frozen parameter.
        MethodError: a penalty is not a scalar tensor, a loss is not finite, or the method has been trained before.
    """
    if not tasks:
        raise ValueError("run() needs at least one task")
    started = time.perf_counter()
    limits = budget()
    sizes, longest = SIZES, None
    if limits:
        tasks, epochs, sizes = tasks[: limits.tasks], min(epochs, limits.epochs), limits.sizes
        longest, importance_examples = limits.steps, limits.importance_examples
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    trainer = Trainer(method, (model or mlp(sizes)).to(place), learning_rate, _dtype(place, precision))
    trains, tests = [task.train.to(place) for task in tasks], [task.test.to(place) for task in tasks]

    initial = trainer.measure(tests)
    accuracies: list[Tensor] = []
    importances: list[Params | None] = []
    with tqdm(desc=trainer.name, unit=" steps", mininterval=0.5, disable=limits is not None) as bar:
        bar.total = epochs * sum(min(len(train.batches(batch_size)), longest or len(train)) for train in trains)
        for number, train in enumerate(trains, start=1):
            trainer.begin_task()
            for _ in range(epochs):
                shuffled = torch.randperm(len(train), generator=order).to(place)
                trainer.epoch(train, torch.split(shuffled, batch_size)[:longest], bar)
                accuracies.append(trainer.measure(tests))
                average = accuracies[-1][:number].mean()
                bar.set_postfix_str(f"task {number} of {len(tasks)}, average accuracy {average:.1%}")
            chosen = torch.randperm(len(train), generator=order)[:importance_examples]
            trainer.end_task(train.take(chosen.to(place)), batch_size)
            importances.append(trainer.importances())
    history = History(
        name=trainer.name,
        strength=method.strength,
        epochs=epochs,
        accuracies=torch.stack(accuracies),
        initial=initial,
        seconds=time.perf_counter() - started,
        machine=f"{place.type} in {str(trainer.dtype).removeprefix('torch.')}",
        importances=importances[-1],
        pixels=_pixels(importances),
    )
    print(f"{history}{', tiny budget: a few steps only' if limits else ''}")
    return history


def _pixels(importances: Sequence[Params | None]) -> Tensor | None:
    """[T, D]: after every task, what each of the D inputs matters to the first layer, summed over its units."""
    first = [next(iter(params.values())) for params in importances if params]
    if len(first) < len(importances) or first[0].dim() != 2:
        return None
    return torch.stack([weight.sum(dim=0) for weight in first])


def _dtype(device: torch.device, precision: Precision) -> torch.dtype:
    """The precision in which this device multiplies matrices, unless it is asked for by name."""
    if precision == "float32" or (precision == "auto" and not _multiplies_bfloat16(device)):
        return torch.float32
    if precision in ("auto", "bfloat16"):
        return torch.bfloat16
    raise ValueError(f'precision is {precision!r}, but should be "auto", "float32" or "bfloat16"')


def _multiplies_bfloat16(device: torch.device) -> bool:
    """Whether the hardware has instructions for it; emulated, it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        # Not every torch that Colab and laptops have can tell.
        capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False
