"""Sweep λ for each method: ``python -m benchmarks.strengths`` prints the final average accuracies as a markdown table.

A shorter training than the homework's own (2 epochs a task instead of 10) finds the decade; the chosen values are then
held against the full budget by ``python -m benchmarks.compare``. MNIST comes from where ``load_mnist`` finds it.
"""

import argparse
import statistics
from collections.abc import Sequence

from benchmarks.training import definitions, make
from lifelong import Mnist, load_mnist, permuted_tasks, run

GRIDS: dict[str, tuple[float, ...]] = {"EWC": (10, 30, 100, 300, 1000), "MAS": (0.003, 0.01, 0.03, 0.1)}
GRIDS |= {"SI": (1, 10, 30, 100), "RWalk": (0.3, 1, 3, 10), "SCP": (3, 10, 30, 100)}


def sweep(data: Mnist, method: str, grid: Sequence[float], epochs: int, seeds: int) -> dict[float, list[float]]:
    """The final average accuracy in percent of every seed, by λ."""
    results: dict[float, list[float]] = {strength: [] for strength in grid}
    for seed in range(seeds):
        tasks = permuted_tasks(data, definitions()["permute"], seed=seed)
        for strength in grid:
            history = run(make(method, strength), tasks, epochs=epochs, seed=seed)
            results[strength].append(100 * float(history.average[-1]))
    return results


def main() -> None:
    """Print one table for all the methods asked for; the best λ of each is set in bold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("methods", nargs="*", metavar="METHOD", help=f"of {', '.join(GRIDS)}; all by default")
    parser.add_argument("--epochs", type=int, default=2, help="a task")
    parser.add_argument("--seeds", type=int, default=1, help="how many, from 0: of weights, batches and permutations")
    parser.add_argument("--grid", type=float, nargs="+", help="values of λ in place of the methods' own")
    options = parser.parse_args()
    data = load_mnist()
    methods = options.methods or list(GRIDS)
    tables = {name: sweep(data, name, options.grid or GRIDS[name], options.epochs, options.seeds) for name in methods}
    print(f"\n{len(data.train):,} images, 5 tasks × {options.epochs} epochs, seeds 0 … {options.seeds - 1}\n")
    print("| method | λ | final average accuracy, % |\n|---|---|---|")
    for name, results in tables.items():
        best = max(results, key=lambda strength: statistics.mean(results[strength]))
        for strength, figures in results.items():
            spread = f" ± {statistics.stdev(figures):.2f}" if len(figures) > 1 else ""
            mark = "**" if strength == best else ""
            print(f"| {name} | {strength:g} | {mark}{statistics.mean(figures):.2f}{spread}{mark} |")


if __name__ == "__main__":
    main()
