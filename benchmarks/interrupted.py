"""Kill trainings at random moments and let them go on: ``python -m benchmarks.interrupted [METHOD] [--kills 5]``.

Each time the training is killed with SIGKILL, the same command is given again, and all accuracies of the record and all
weights are compared with those of a training that nobody disturbed. Exit code 1 if any differ.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks.training import METHODS, machine
from lifelong.checkpoint import Checkpoint, State


def start(method: str, epochs: int, folder: Path) -> subprocess.Popen[bytes]:
    """One seed of one method, with its checkpoints in a folder."""
    arguments = [method, "--seeds", "1", "--epochs", str(epochs), "--folder", str(folder)]
    command = [sys.executable, "-m", "benchmarks.compare", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kept(folder: Path) -> State | None:
    """The checkpoint in a folder, if there is one."""
    return next((Checkpoint(file).load() for file in folder.glob("*.pt")), None)


def same(one: State, other: State) -> bool:
    """Whether two trainings have measured the same and have ended at the same weights, to the last bit."""
    measured, others = (np.stack(state["record"]["accuracies"]) for state in (one, other))
    weights, twins = (state["trainer"]["model"] for state in (one, other))
    equal = all(torch.equal(weights[name], twins[name]) for name in weights)
    return equal and np.array_equal(measured, others, equal_nan=True)


def main() -> int:
    """Print a row for every kill."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("method", nargs="?", default="RWalk", choices=METHODS)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=1, help="a task")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    generator = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        whole, begin = Path(temporary) / "whole", time.monotonic()
        if start(options.method, options.epochs, whole).wait() != 0:
            raise SystemExit("the training fails even undisturbed")
        seconds, undisturbed = time.monotonic() - begin, kept(whole)
        assert undisturbed is not None
        print(f"{options.method}, 5 tasks × {options.epochs} epochs, {seconds:.0f} s undisturbed; {machine()}\n")
        print("| killed after, s | tasks finished by then | after going on |\n|---|---|---|")
        differing = 0
        for number in range(options.kills):
            folder, moment = Path(temporary) / str(number), generator.uniform(0, seconds)
            process = start(options.method, options.epochs, folder)
            try:
                process.wait(moment)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            before = kept(folder)
            start(options.method, options.epochs, folder).wait()
            after = kept(folder)
            equal = after is not None and same(after, undisturbed)
            differing += not equal
            finished = before["record"]["finished"] if before else 0
            print(f"| {moment:.1f} | {finished} | {'the same' if equal else '**another end**'} |", flush=True)
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
