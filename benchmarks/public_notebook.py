"""Train beside the original HW14 notebook: ``python -m benchmarks.public_notebook HW14.ipynb`` prints the ratios.

The notebook is a path to NTU's ``HW14.ipynb`` (Machine Learning 2021 Spring), of which nothing is kept here. Its own
cells run as they are, in this process, only with fewer epochs; each method's cell takes turns with this course's
``run`` on as many epochs of the same five tasks, so that both meet the same machine.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import torch
import tqdm.auto  # noqa: F401 - the notebook says `tqdm.auto` after `import tqdm`
from IPython.core.interactiveshell import InteractiveShell

from benchmarks.training import METHODS, PUBLISHED, machine, make, silence, strength, tasks_in
from lifelong import Task, run

STARTS = {"Baseline": "RUN BASELINE", "EWC": "RUN EWC", "MAS": "RUN MAS", "SI": "RUN SI", "RWalk": "RUN Rwalk"}
STARTS["SCP"] = "RUN SLICE CRAMER PRESERVATION"
"""What a method's training cell prints."""


class PublicNotebook:
    """The notebook's cells in a shell of their own.

    Args:
        path: of the notebook.
        epochs: how many a task, in place of its 10.
        data: a folder with ``MNIST/raw`` in it.
    """

    def __init__(self, path: Path, epochs: int, data: Path) -> None:
        notebook = nbformat.read(path, as_version=4)
        self.sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        self.shell = InteractiveShell.instance(colors="nocolor")
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "data" / "MNIST").mkdir(parents=True)
        (self.folder / "data" / "MNIST" / "MNIST").symlink_to(data / "MNIST")
        self.sources = [source for source in self.sources if "plt.matshow" not in source]  # only looks at pictures
        first = next(index for index, source in enumerate(self.sources) if "RUN BASELINE" in source)
        for source in self.sources[:first]:
            self._run(source.replace("epochs_per_task = 10", f"epochs_per_task = {epochs}"))

    def train(self, method: str, seed: int) -> tuple[float, float]:
        """Seconds and final average accuracy in percent of one method."""
        index = next(index for index, source in enumerate(self.sources) if f'"{STARTS[method]}"' in source)
        if method != "Baseline":
            self._run(self.sources[index - 1])  # its class
        torch.manual_seed(seed)
        np.random.seed(seed)
        start = time.perf_counter()
        self._run(self.sources[index])
        return time.perf_counter() - start, float(self.shell.user_ns[f"{method.lower()}_acc"][-1])

    def tasks(self) -> list[Task]:
        """This course's data in the notebook's own order of pixels."""
        return tasks_in(torch.as_tensor(permutation) for permutation in self.shell.user_ns["permutations"])

    def _run(self, source: str) -> None:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with silence():
                self.shell.run_cell(source).raise_error()
        finally:
            os.chdir(before)


def main() -> None:
    """Train each method twice, there and here, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebook", type=Path, help="the original HW14.ipynb")
    parser.add_argument("--methods", nargs="+", default=METHODS, metavar="METHOD", help=f"of {', '.join(METHODS)}")
    parser.add_argument("--epochs", type=int, default=1, help="a task; the homework's own are 10")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if "LIFELONG_DATA" not in os.environ:
        parser.error("set LIFELONG_DATA to a folder with MNIST/raw: both sides read the same files")
    data = Path(os.environ["LIFELONG_DATA"]).expanduser().resolve()
    public = PublicNotebook(options.notebook.resolve(), options.epochs, data)
    tasks = public.tasks()
    ratios = []
    print(f"\n5 tasks × {options.epochs} epochs, seed {options.seed}; {machine()}\n")
    print("| method | notebook, s | here, s | ratio | notebook, % | here, % | published (10 epochs), % |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for method in options.methods:
        theirs, their_accuracy = public.train(method, options.seed)
        with silence():
            history = run(make(method, strength(method)), tasks, epochs=options.epochs, seed=options.seed)
        ratios.append(theirs / history.seconds)
        cells = [method, f"{theirs:.1f}", f"{history.seconds:.1f}", f"{ratios[-1]:.1f}", f"{their_accuracy:.2f}"]
        cells += [f"{100 * float(history.average[-1]):.2f}", f"{PUBLISHED[method]:.2f}"]
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"\nratio: median {statistics.median(ratios):.1f}, least {min(ratios):.1f}")


if __name__ == "__main__":
    main()
