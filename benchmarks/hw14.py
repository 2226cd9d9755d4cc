"""Train all six methods on the homework's full budget: ``python -m benchmarks.hw14`` prints the table of its figures.

5 tasks × 10 epochs of permuted MNIST, batch 128, Adam at 1e-4, each method with the λ of the solution notebook. MNIST
comes from where ``load_mnist`` finds it; only the full set gives the figures.
"""

from __future__ import annotations

import argparse

import torch

from benchmarks.reference import METHODS, PUBLISHED, definitions, make, strength
from lifelong import History, load_mnist, permuted_tasks, run


def row(method: str, history: History) -> str:
    """A method's line of the table."""
    final = 100 * float(history.average[-1])
    lost = 100 * float(definitions()["forgetting"](history.matrix))
    cells = (method, f"{history.strength:g}", f"{final:.2f}", f"{PUBLISHED[method]:.2f}", f"{lost:.2f}")
    return f"| {' | '.join(cells)} | {history.seconds:.0f} |"


def main() -> None:
    """Train the methods asked for, then print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("methods", nargs="*", metavar="METHOD", help=f"of {', '.join(METHODS)}; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of weights, batches and permutations")
    parser.add_argument("--precision", default="auto", choices=("auto", "float32", "bfloat16"))
    options = parser.parse_args()
    tasks = permuted_tasks(load_mnist(), definitions()["permute"], seed=options.seed)
    histories = {
        method: run(make(method, strength(method)), tasks, seed=options.seed, precision=options.precision)
        for method in options.methods or METHODS
    }
    machine = next(iter(histories.values())).machine
    print(f"\n{len(tasks[0].train):,} images, 5 tasks × 10 epochs, seed {options.seed}", end=", ")
    print(f"{machine}, {torch.get_num_threads()} threads\n")
    print(
        "| method | λ | final average accuracy, % | published, % | forgetting, % | seconds |\n|---|---|---|---|---|---|"
    )
    print("\n".join(row(method, history) for method, history in histories.items()))


if __name__ == "__main__":
    main()
