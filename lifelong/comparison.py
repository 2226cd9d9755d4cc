"""Compare several methods over several seeds, in an experiment that can be interrupted and resumed."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lifelong.engine import run
from lifelong.method import Method
from lifelong.run_history import History
from lifelong.tasks import Task, joint_task

Metric = Callable[[Tensor], float]
"""From the accuracy matrix R [T, T] to one number."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The runs of an experiment with S seeds and T tasks.

    Attributes:
        seeds: [S].
        histories: one run for each method and seed, method by method.
        joint: [S] the accuracy of a network trained on all tasks together, or None.
        single: [S, T] the accuracy of a fresh network on the one task that it was trained on, or None.
    """

    seeds: tuple[int, ...]
    histories: tuple[History, ...]
    joint: Tensor | None = None
    single: Tensor | None = None

    def of(self, name: str) -> list[History]:
        """The runs of one method, one per seed."""
        return [history for history in self.histories if history.name == name]

    @property
    def names(self) -> list[str]:
        """The names of the methods, in order."""
        return list(dict.fromkeys(history.name for history in self.histories))

    def table(self, metrics: Mapping[str, Metric] | None = None) -> str:
        """Markdown: for every method the final average accuracy, further metrics and seconds, as mean ± deviation.

        Args:
            metrics: what else to print in percent, by the head of its column.
        """
        metrics = metrics or {}
        rows = [["method", "λ", "average accuracy, %", *(f"{name}, %" for name in metrics), "seconds"]]
        for name in self.names:
            runs = self.of(name)
            columns = [[100 * float(run.average[-1]) for run in runs]]
            columns += [[100 * float(metric(run.matrix)) for run in runs] for metric in metrics.values()]
            seconds = statistics.mean(run.seconds for run in runs)
            rows.append([name, f"{runs[0].strength:g}", *map(_spread, columns), f"{seconds:.0f}"])
        blanks = ["" for _ in metrics] + [""]
        if self.joint is not None:
            rows.append(["all tasks together", "", _spread([100 * float(value) for value in self.joint]), *blanks])
        if self.single is not None:
            means = [100 * float(value) for value in self.single.mean(dim=1)]
            rows.append(["each task alone", "", _spread(means), *blanks])
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _repr_markdown_(self) -> str:
        return self.table()

    def __str__(self) -> str:
        return self.table()


def compare(
    methods: Mapping[type[Method], float],
    tasks: Sequence[Task] | Callable[[int], Sequence[Task]],
    *,
    seeds: int | Sequence[int] = 3,
    ceilings: bool = False,
    folder: Path | str | None = None,
    **options: Any,
) -> Comparison:
    """Train every method with every seed.

    Args:
        methods: classes that can be called without arguments, with the λ of each; ``Method`` is the baseline.
        tasks: the same for every seed, or a function from a seed to its tasks.
        seeds: the seeds themselves, or how many, from 0.
        ceilings: also train on all tasks together and on each task alone, the two bounds that no method passes.
        folder: where to keep the checkpoints, if anywhere. The same call trains nothing again that is finished there.
        options: of ``run``: epochs, batch_size, precision and so on.

    Raises:
        ValueError: there is no seed, or what ``run`` raises.
        MethodError: as ``run`` raises it.
    """
    chosen = tuple(range(seeds)) if isinstance(seeds, int) else tuple(seeds)
    if not chosen:
        raise ValueError("compare() needs at least one seed")
    drawn = {seed: list(tasks(seed)) if callable(tasks) else list(tasks) for seed in chosen}

    def trained(kind: type[Method], strength: float, seed: int, course: Sequence[Task]) -> History:
        method = kind()
        method.strength = strength
        return run(method, course, seed=seed, folder=folder, **options)

    def alone(seed: int, task: Task) -> float:
        return float(trained(Method, 0.0, seed, [task]).average[-1])

    histories = [trained(kind, strength, seed, drawn[seed]) for kind, strength in methods.items() for seed in chosen]
    if not ceilings:
        return Comparison(chosen, tuple(histories))
    joint = [alone(seed, joint_task(drawn[seed])) for seed in chosen]
    single = [[alone(seed, task) for task in drawn[seed]] for seed in chosen]
    return Comparison(chosen, tuple(histories), torch.tensor(joint), torch.tensor(single))


def _spread(values: Sequence[float]) -> str:
    """Mean ± standard deviation."""
    mean = f"{statistics.mean(values):.2f}"
    return f"{mean} ± {statistics.stdev(values):.2f}" if len(values) > 1 else mean
