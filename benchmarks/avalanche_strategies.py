"""Train beside Avalanche: ``python -m benchmarks.avalanche_strategies`` prints seconds an epoch, ratios and accuracies.

Needs ``avalanche-lib`` in the environment (best in one of its own; this course does not depend on it). Its Naive, EWC,
MAS, SynapticIntelligence and RWalk get the same five tasks, network, batch size and Adam. The tasks are those of its
own PermutedMNIST, which decodes and permutes every sample when it is asked for; with ``--ready`` their images are
tensors in memory instead, so that only the training is compared. Each strategy takes turns with this course's ``run``;
both are measured on all five test sets after every task.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from avalanche.benchmarks import PermutedMNIST, benchmark_from_datasets
from avalanche.benchmarks.utils.classification_dataset import _make_taskaware_classification_dataset
from avalanche.evaluation.metrics import accuracy_metrics
from avalanche.training.plugins import EvaluationPlugin, RWalkPlugin
from avalanche.training.supervised import EWC, MAS, Naive, SynapticIntelligence
from torch.utils.data import TensorDataset

from benchmarks.training import machine, make, silence, strength, tasks_in
from lifelong import Split, Task, mlp, normalise, run

STRATEGIES: dict[str, tuple[float, Callable[..., Any]]] = {
    "Baseline": (0.0, lambda λ, **options: Naive(**options)),
    "EWC": (1.0, lambda λ, **options: EWC(ewc_lambda=λ, **options)),
    "MAS": (2.0, lambda λ, **options: MAS(lambda_reg=λ, **options)),
    "SI": (0.1, lambda λ, **options: SynapticIntelligence(si_lambda=λ, eps=0.1, **options)),
    "RWalk": (0.1, lambda λ, **options: Naive(plugins=[RWalkPlugin(ewc_lambda=λ)], **options)),
}
"""By this course's names: λ, and how the strategy is made.

Each λ is that of ContinualAI's continual-learning-baselines (permuted MNIST for EWC and SI, split MNIST for RWalk,
split Tiny ImageNet for MAS). Their settings are not ours, so another may do better here: see ``--strength``.
"""


def same_tasks(seed: int, count: int = 5) -> list[Task]:
    """The tasks of Avalanche's PermutedMNIST of the same seed."""
    random = np.random.RandomState(seed)
    return tasks_in([torch.as_tensor(random.permutation(784)) for _ in range(count)])


def own(tasks: Sequence[Task], seed: int) -> Any:
    """Avalanche's own benchmark, once its first image of every task, which has another place there, is found here."""
    benchmark = PermutedMNIST(len(tasks), seed=seed, dataset_root=os.environ.get("LIFELONG_DATA"))
    for number, (task, experience) in enumerate(zip(tasks, benchmark.train_stream, strict=True), start=1):
        image, label, _ = experience.dataset[0]
        same_digit = normalise(task.train.images[task.train.labels == label])
        if not torch.isclose(same_digit, image.flatten(), atol=1e-5).all(dim=1).any():
            raise ValueError(f"Avalanche's task {number} has other permutations than this benchmark's")
    return benchmark


def ready(tasks: Sequence[Task]) -> Any:
    """The tasks as an Avalanche benchmark of tensors in memory, task labels all 0."""

    def data(split: Split) -> Any:
        ready = TensorDataset(normalise(split.images), split.labels)
        return _make_taskaware_classification_dataset(ready, targets=split.labels.tolist(), task_labels=0)

    return benchmark_from_datasets(train=[data(task.train) for task in tasks], test=[data(task.test) for task in tasks])


def train(method: str, λ: float, benchmark: Any, epochs: int, seed: int) -> tuple[float, float]:
    """Seconds and final average accuracy in percent of Avalanche's strategy."""
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Flatten(), *mlp())
    parts = {"model": model, "optimizer": torch.optim.Adam(model.parameters(), lr=1e-4)}
    parts |= {"criterion": torch.nn.CrossEntropyLoss(), "evaluator": EvaluationPlugin(accuracy_metrics(stream=True))}
    sizes = {"train_mb_size": 128, "train_epochs": epochs, "eval_mb_size": 2000}
    strategy = STRATEGIES[method][1](λ, **parts, **sizes, device="cuda" if torch.cuda.is_available() else "cpu")
    start, results = time.perf_counter(), {}
    for experience in benchmark.train_stream:
        strategy.train(experience)
        results = strategy.eval(benchmark.test_stream)
    (accuracy,) = results.values()
    return time.perf_counter() - start, 100 * accuracy


def main() -> None:
    """Train each method twice, there and here, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("methods", nargs="*", metavar="METHOD", help=f"of {', '.join(STRATEGIES)}; all by default")
    parser.add_argument("--epochs", type=int, default=1, help="a task")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--strength", type=float, help="Avalanche's λ, in place of the one chosen for each method")
    parser.add_argument("--ready", action="store_true", help="give Avalanche its images as tensors in memory")
    options = parser.parse_args()
    tasks = same_tasks(options.seed)
    benchmark, ratios = ready(tasks) if options.ready else own(tasks, options.seed), []
    total = len(tasks) * options.epochs
    print(f"\n5 tasks × {options.epochs} epochs, seed {options.seed}; {machine()}\n")
    print("| method | λ there | Avalanche, s an epoch | here, s an epoch | ratio | Avalanche, % | here, % |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for method in options.methods or STRATEGIES:
        λ = STRATEGIES[method][0] if options.strength is None else options.strength
        with silence():
            theirs, their_accuracy = train(method, λ, benchmark, options.epochs, options.seed)
            history = run(make(method, strength(method)), tasks, epochs=options.epochs, seed=options.seed)
        ratios.append(theirs / history.seconds)
        cells = [method, f"{λ:g}", f"{theirs / total:.1f}", f"{history.seconds / total:.1f}", f"{ratios[-1]:.1f}"]
        cells += [f"{their_accuracy:.2f}", f"{100 * float(history.average[-1]):.2f}"]
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"\nratio: median {statistics.median(ratios):.1f}, least {min(ratios):.1f}")


if __name__ == "__main__":
    main()
