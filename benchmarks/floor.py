"""How near training comes to its own arithmetic: ``python -m benchmarks.floor`` prints its seconds over the floor's.

The floor is what no implementation in torch can leave out: the matrix products of the forward and backward passes on
operands that lie ready in the same precision, those of the evaluation, and fused Adam. Runs and floors take
turns.
"""

import statistics
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

import torch
import typer

from benchmarks.training import METHODS, definitions, machine, make, silence, strength
from lifelong import Task, load_mnist, mlp, permuted_tasks, run
from lifelong.metrics import EVALUATION_BATCH
from lifelong.model import SIZES
from lifelong.precision import dtype_of

BATCH = 128


class Floor:
    """The matrix products of a network and the steps of Adam, and nothing else.

    Args:
        sizes: of the network's layers.
        dtype: of the products; Adam's is float32.
    """

    def __init__(self, sizes: Sequence[int], dtype: torch.dtype) -> None:
        shapes = list(pairwise(sizes))
        self.weights = [torch.randn(outputs, inputs).to(dtype) for inputs, outputs in shapes]
        self.rows = {rows: [torch.randn(rows, size).to(dtype) for size in sizes] for rows in (BATCH, EVALUATION_BATCH)}
        parameters = list(mlp(sizes).parameters())
        for parameter in parameters:
            parameter.grad = torch.randn_like(parameter)
        self.adam = torch.optim.Adam(parameters, lr=1e-4, fused=True)
        self.flops = 2 * sum(inputs * outputs for inputs, outputs in shapes)
        """Of one example's forward products; its weights' gradients cost as much again, its inputs' nearly so."""
        self.backward_flops = 2 * self.flops - 2 * sizes[0] * sizes[1]

    def step(self) -> None:
        """Forward and backward products of one batch, and one step of Adam."""
        activations = self.rows[BATCH]
        for layer, weight in enumerate(self.weights):
            torch.mm(activations[layer], weight.T)
            torch.mm(activations[layer + 1].T, activations[layer])
            if layer:
                torch.mm(activations[layer + 1], weight)
        self.adam.step()

    def evaluation(self) -> None:
        """Forward products of one batch of the evaluation."""
        for activation, weight in zip(self.rows[EVALUATION_BATCH], self.weights, strict=False):
            torch.mm(activation, weight.T)

    def epoch(self, steps: int, tested: int) -> float:
        """Seconds of so many steps and of the evaluation of so many examples."""
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        for _ in range(tested // EVALUATION_BATCH):
            self.evaluation()
        return time.perf_counter() - start


def seconds(method: str, tasks: Sequence[Task], **options: Any) -> float:
    """Seconds of a run that prints nothing."""
    with silence():
        return run(make(method, strength(method)), tasks, **options).seconds


def against_the_floor(tasks: Sequence[Task], methods: Sequence[str], rounds: int) -> None:
    """Print every method's seconds for one epoch of each task beside the floor of the same work."""
    dtype = dtype_of(torch.device("cpu"), "auto")
    floor = Floor(SIZES, dtype)
    trained = sum(len(task.train) for task in tasks)
    steps = sum(-(-len(task.train) // BATCH) for task in tasks)
    tested = (len(tasks) + 1) * sum(len(task.test) for task in tasks)
    flops = trained * (floor.flops + floor.backward_flops) + tested * floor.flops
    work = f"{steps:,} steps, {tested:,} examples tested, {flops / 1e12:.2f} TFLOP"
    print(f"{len(tasks)} tasks × 1 epoch: {work}, {str(dtype).removeprefix('torch.')}; {machine()}\n")
    print("| method | seconds | floor, s | ratio | GFLOP/s | floor, GFLOP/s |\n|---|---|---|---|---|---|")
    for method in methods:
        pairs = [(seconds(method, tasks, epochs=1, device="cpu"), floor.epoch(steps, tested)) for _ in range(rounds)]
        ours, least = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratios = sorted(mine / bare for mine, bare in pairs)
        ratio = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        speeds = f"{flops / ours / 1e9:.0f} | {flops / least / 1e9:.0f}"
        print(f"| {method} | {ours:.1f} | {least:.1f} | {ratio} | {speeds} |", flush=True)


def main(
    methods: Annotated[list[str] | None, typer.Argument(help=f"of {', '.join(METHODS)}")] = None, rounds: int = 3
) -> None:
    """Print the ratios, of the baseline or the methods named."""
    against_the_floor(permuted_tasks(load_mnist(), definitions()["permute"]), methods or ["Baseline"], rounds)


if __name__ == "__main__":
    typer.run(main)
