"""Regularisers, replay and projections side by side: ``python -m benchmarks.strategies`` prints one table.

Permuted MNIST, 5 tasks of 10,000 training images, batch 128, Adam made anew for every task, one epoch per task, as in
the papers on GEM and A-GEM, unless ``--epochs`` says otherwise. The methods of hw14 come from its solutions, the others
from ``lifelong.strategies``; MNIST comes from where ``load_mnist`` finds it. With ``--folder`` an interrupted command
can be given again and goes on.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch

from benchmarks.training import definitions, machine, make
from lifelong import History, Method, Mnist, joint_task, load_mnist, permuted_tasks, run
from lifelong.strategies import AGEM, DGR, GEM, ICaRL, LwF, Scenario, Strategy, domain_incremental, extra_bytes, train

JOINT = "all tasks together"


class Row(NamedTuple):
    """What one training has shown: fractions, bytes, seconds of processor time (neighbours don't count)."""

    average: float
    forgetting: float | None
    memory: int
    seconds: float


class Budget(NamedTuple):
    """How much is learnt, and what suits it."""

    images: int
    learning_rate: float
    strengths: dict[str, float]
    """λ of hw14's methods: the best of a few, with seed 0 and this much training."""
    dreams: int
    """Steps of training DGR's generator after every task."""


SMALL = Budget(10_000, 1e-3, {"EWC": 100, "MAS": 0.03, "SI": 50, "RWalk": 1, "SCP": 100}, 1_000)

Training = Callable[[Scenario, int], Row]
"""From a scenario and a seed to a row."""


def trainings(budget: Budget, epochs: int) -> dict[str, Training]:
    """Every row of the table by its name."""
    options: dict[str, Any] = {"epochs": epochs, "learning_rate": budget.learning_rate}

    def guarded(name: str, scenario: Scenario, seed: int) -> Row:
        method = make(name, budget.strengths[name])
        return _row(lambda: run(method, scenario.tasks, seed=seed, **options), method)

    def led(kind: Callable[[], Strategy], scenario: Scenario, seed: int) -> Row:
        strategy = kind()
        return _row(lambda: train(strategy, scenario, seed=seed, **options), strategy)

    def together(scenario: Scenario, seed: int) -> Row:
        everything = joint_task(scenario.tasks)
        row = led(Strategy, domain_incremental([everything]), seed)
        return row._replace(memory=everything.train.images.numel())

    return {
        "Baseline": partial(led, Strategy),
        **{name: partial(guarded, name) for name in budget.strengths},
        **{name: partial(led, kind) for name, kind in {"LwF": LwF, "iCaRL": ICaRL, "GEM": GEM, "A-GEM": AGEM}.items()},
        "DGR": partial(led, lambda: DGR(steps=budget.dreams)),
        JOINT: together,
    }


def _row(training: Callable[[], History], method: Method | Strategy) -> Row:
    """Train, and take down what came of it."""
    clock = time.process_time()
    history = training()
    seconds = time.process_time() - clock
    forgetting = float(definitions()["forgetting"](history.matrix)) if len(history.matrix) > 1 else None
    return Row(float(history.average[-1]), forgetting, extra_bytes(method), seconds)


def table(rows: dict[str, list[Row]]) -> str:
    """Markdown, a line for each method; mean ± deviation over seeds."""
    lines = [
        "| method | average accuracy, % | forgetting, % | extra memory, MB | CPU seconds |",
        "|---|---|---|---|---|",
    ]
    for name, runs in rows.items():
        lost = [row.forgetting for row in runs if row.forgetting is not None]
        cells = [name, _spread([row.average for row in runs]), _spread(lost) if lost else ""]
        cells += [f"{runs[0].memory / 1e6:.1f}", f"{statistics.mean(row.seconds for row in runs):.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _spread(fractions: Sequence[float]) -> str:
    mean = f"{100 * statistics.mean(fractions):.1f}"
    return f"{mean} ± {100 * statistics.stdev(fractions):.1f}" if len(fractions) > 1 else mean


def main() -> None:
    """Train every method with every seed, then print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("methods", nargs="*", metavar="METHOD", help="by its name in the table; all by default")
    parser.add_argument("--epochs", type=int, default=1, help="a task")
    parser.add_argument("--seeds", type=int, default=1, help="how many, from 0: of weights, batches and permutations")
    parser.add_argument("--folder", type=Path, help="where to keep finished rows, one file each")
    options = parser.parse_args()
    found = load_mnist()
    data = Mnist(found.train.take(slice(SMALL.images)), found.test, found.source)
    every = trainings(SMALL, options.epochs)
    torch.optim.Adam([torch.zeros(1)])  # the first optimiser imports much of torch: on nobody's clock
    rows: dict[str, list[Row]] = {name: [] for name in options.methods or every}
    for seed in range(options.seeds):
        scenario = domain_incremental(permuted_tasks(data, definitions()["permute"], seed=seed))
        for name, runs in rows.items():
            file = options.folder and options.folder / f"{len(data.train)}x{options.epochs}-{name}-seed{seed}.json"
            if file and file.exists():
                runs.append(Row(*json.loads(file.read_text())))
                continue
            runs.append(every[name](scenario, seed))
            if file:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(runs[-1]))
    print(f"\npermuted MNIST, {len(data.train):,} images, 5 tasks × {options.epochs} epochs, Adam at", end=" ")
    print(f"{SMALL.learning_rate:g}, {options.seeds} seeds; {machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
