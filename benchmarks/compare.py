"""Train all six methods on the homework's full budget: ``python -m benchmarks.compare`` prints the table.

5 tasks × 10 epochs of permuted MNIST, batch 128, Adam at 1e-4, each method with the λ of the solution notebook. MNIST
comes from where ``load_mnist`` finds it; only the full set gives the figures. With ``--folder`` an interrupted command
can be given again and goes on. With ``--strengths`` every λ gets a table of its own.
"""

import argparse
from pathlib import Path

from benchmarks.training import METHODS, PUBLISHED, definitions, kind, machine, strength
from lifelong import compare, load_mnist, permuted_tasks, plots


def main() -> None:
    """Train the methods asked for, then print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("methods", nargs="*", metavar="METHOD", help=f"of {', '.join(METHODS)}; all by default")
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 0: of weights, batches and permutations")
    parser.add_argument("--epochs", type=int, default=10, help="a task")
    parser.add_argument("--strengths", type=float, nargs="+", metavar="λ", help="in place of the notebook's")
    parser.add_argument("--precision", default="auto", choices=("auto", "float32", "bfloat16"))
    parser.add_argument("--ceilings", action="store_true", help="also train on all tasks together, and on each alone")
    parser.add_argument("--folder", type=Path, help="where to keep checkpoints")
    parser.add_argument("--figure", type=Path, help="write the curves there")
    options = parser.parse_args()
    data = load_mnist()
    names = options.methods or METHODS
    wanted = {name: getattr(options, name) for name in ("seeds", "ceilings", "folder", "epochs", "precision")}
    for tried in options.strengths or [None]:
        methods = {kind(name): strength(name) if tried is None else tried for name in names}
        comparison = compare(methods, lambda seed: permuted_tasks(data, definitions()["permute"], seed=seed), **wanted)
        print(f"\n{len(data.train):,} images, 5 tasks × {options.epochs} epochs, {options.seeds} seeds", end=", ")
        print(f"{comparison.histories[0].machine}; {machine()}\n")
        print(comparison.table({name: definitions()[name] for name in ("forgetting", "backward_transfer")}))
    print(f"\npublished (10 epochs, one run): {', '.join(f'{name} {PUBLISHED[name]:.2f}' for name in names)}")
    if options.figure:
        plots.accuracy_curves(comparison.histories).savefig(options.figure, dpi=150, bbox_inches="tight")


if __name__ == "__main__":
    main()
