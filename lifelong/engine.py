"""Train a network on one task after another, with a method that may hold on to the earlier ones."""

import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from tqdm.auto import tqdm

from lifelong import fingerprint
from lifelong.budget import budget
from lifelong.checkpoint import Checkpoint
from lifelong.method import Method
from lifelong.model import SIZES, mlp
from lifelong.precision import Precision, dtype_of
from lifelong.run_history import History, Measurements
from lifelong.tasks import Task
from lifelong.trainer import Trainer


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
    folder: Path | str | None = None,
    quiet: bool = False,
) -> History:
    """Train a model on the tasks in order; after every epoch measure it on those so far, after every task on all.

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
        folder: where to keep a checkpoint (some 30 MB) after every finished task, if anywhere. After an interruption
            the same call goes on from there, to the same end; with other settings, code or tasks it has another file.
        quiet: show neither a bar nor the line at the end.

    Raises:
        ValueError: there is no task, a frozen parameter, or a damaged checkpoint.
        MethodError: a penalty is not a scalar tensor, a loss is not finite, or the method has been trained before.
    """
    if not tasks:
        raise ValueError("run() needs at least one task")
    limits = budget()
    sizes, longest = SIZES, None
    if limits:
        tasks, epochs, sizes = tasks[: limits.tasks], min(epochs, limits.epochs), limits.sizes
        longest, importance_examples = limits.steps, limits.importance_examples
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    trainer = Trainer(method, (model or mlp(sizes)).to(place), learning_rate, dtype_of(place, precision))
    trains, tests = [task.train.to(place) for task in tasks], [task.test.to(place) for task in tasks]
    settings = (epochs, batch_size, learning_rate, importance_examples, seed, place.type, trainer.dtype)
    file = None
    if folder is not None:
        digest = fingerprint.of_run(method, trainer.model, tasks, settings)
        file = Checkpoint(Path(folder) / f"{trainer.name}-seed{seed}-{digest}.pt")

    clock = time.perf_counter()
    measured = _resumed(file, trainer, order) or Measurements(initial=trainer.measure(tests))
    if measured.finished and not quiet:
        print(f"{trainer.name}: {measured.finished} of {len(tasks)} tasks are kept from before.")
    with tqdm(desc=trainer.name, unit=" steps", mininterval=0.5, disable=quiet or limits is not None) as bar:
        lengths = [epochs * min(len(train.batches(batch_size)), longest or len(train)) for train in trains]
        bar.total, bar.n = sum(lengths), sum(lengths[: measured.finished])
        for number, train in enumerate(trains[measured.finished :], start=measured.finished + 1):
            trainer.begin_task(train, batch_size)
            for epoch in range(1, epochs + 1):
                shuffled = torch.randperm(len(train), generator=order).to(place)
                trainer.epoch(torch.split(shuffled, batch_size)[:longest], bar)
                measured.end_epoch(trainer.measure(tests if epoch == epochs else tests[:number]))
                average = measured.accuracies[-1][:number].mean()
                bar.set_postfix_str(f"task {number} of {len(tasks)}, average accuracy {average:.1%}")
            chosen = torch.randperm(len(train), generator=order)[:importance_examples]
            trainer.end_task(train.take(chosen.to(place)), batch_size)
            clock, before = time.perf_counter(), clock
            measured.end_task(trainer.importances(), clock - before)
            if file:
                file.save({"trainer": trainer.state(), "order": order.get_state(), "record": vars(measured)})
    history = measured.history(
        trainer.name, strength=method.strength, epochs=epochs, device=trainer.device, dtype=trainer.dtype
    )
    if not quiet:
        print(f"{history}{', tiny budget: a few steps only' if limits else ''}")
    return history


def _resumed(file: Checkpoint | None, trainer: Trainer, order: torch.Generator) -> Measurements | None:
    """What was measured before an interruption, with the trainer and the order as they were then."""
    state = file.load() if file else None
    if state is None:
        return None
    trainer.restore(state["trainer"])
    order.set_state(state["order"])
    return Measurements(**state["record"])
