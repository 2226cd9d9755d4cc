"""Train a network on one task after another under a strategy: a plain loop, to be read."""

import time
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from lifelong.metrics import EVALUATION_BATCH
from lifelong.model import SIZES, mlp
from lifelong.precision import Precision, dtype_of
from lifelong.run_history import History, Measurements
from lifelong.split import Split, normalise
from lifelong.strategies.scenarios import Scenario, domain_incremental
from lifelong.strategies.strategy import Batch, Strategy
from lifelong.tasks import Task


def train(
    strategy: Strategy,
    tasks: Sequence[Task] | Scenario,
    *,
    model: nn.Module | None = None,
    epochs: int = 10,
    batch_size: int = 128,
    learning_rate: float = 1e-4,
    seed: int = 0,
    device: torch.device | str | None = None,
    precision: Precision = "auto",
) -> History:
    """Train on the tasks in order with Adam, made anew for every task; measure after every epoch, as ``run`` does.

    ``train(Strategy(), …)`` is the baseline: in float32 the very same numbers as ``run(Method(), …)``. The same seed on
    the same machine gives the same history.

    Args:
        strategy: a fresh one.
        tasks: a scenario; or a list of tasks that share their labels, such as permuted MNIST's.
        model: what to train, in place: [B, D] → logits [B, K]. By default a new ``mlp()`` with K outputs.
        epochs: passes through what each task is learnt from.
        batch_size: examples a step.
        learning_rate: Adam's.
        seed: of the model's weights, the order of the batches, and torch's global generator (it is set).
        device: by default CUDA if there is any, else the CPU.
        precision: of the network's matrix products; ``"auto"`` takes bfloat16 where the hardware multiplies in it.

    Raises:
        ValueError: there is no task, or the strategy has been trained before.
    """
    if hasattr(strategy, "model"):
        kind = type(strategy).__name__
        raise ValueError(f"this {kind} has been trained already; give train() a new one: {kind}()")
    scenario = tasks if isinstance(tasks, Scenario) else domain_incremental(tasks)
    if not scenario.tasks:
        raise ValueError("train() needs at least one task")
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    strategy.model = (model or mlp((*SIZES[:-1], scenario.competing.shape[-1]))).to(place)
    strategy.competing = scenario.competing.to(place)
    dtype = dtype_of(place, precision)
    strategy.autocast = torch.autocast(place.type, dtype, enabled=dtype != torch.float32)
    tests = [task.test.to(place) for task in scenario.tasks]

    clock = time.perf_counter()
    strategy.task = 0
    measured = Measurements(initial=measure(strategy, tests))
    for number, task in enumerate(scenario.tasks):
        strategy.task = number
        examples = task.train.to(place)
        lesson = strategy.begin_task(examples)
        optimizer = torch.optim.Adam(strategy.model.parameters(), lr=learning_rate, fused=True)
        for epoch in range(1, epochs + 1):
            strategy.model.train()
            for rows in torch.randperm(len(lesson), generator=order).to(place).split(batch_size):
                optimizer.zero_grad()
                strategy.backward(Batch(normalise(lesson.images[rows]), lesson.labels[rows], rows))
                optimizer.step()
            if epoch == epochs:
                optimizer.zero_grad()
                strategy.end_task(examples.take(torch.randperm(len(examples), generator=order).to(place)))
            seen = len(tests) if epoch == epochs else number + 1
            measured.end_epoch(measure(strategy, tests[:seen]))
        measured.end_task(None, time.perf_counter() - clock - measured.seconds)
    history = measured.history(strategy.name, strength=strategy.strength, epochs=epochs, device=place, dtype=dtype)
    print(history)
    return history


def measure(strategy: Strategy, tests: Sequence[Split]) -> Tensor:
    """The fraction of every task's test images that a strategy answers rightly, [len(tests)] float64 on the CPU."""
    strategy.model.eval()
    fractions = []
    for task, test in enumerate(tests):
        answers = torch.cat([strategy.predict(inputs, task) for inputs, _ in test.batches(EVALUATION_BATCH)])
        fractions.append((answers == test.labels).double().mean())
    return torch.stack(fractions).cpu()
