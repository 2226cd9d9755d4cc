"""Make the embedded subset from the full MNIST: ``python -m lifelong.data.make_subset FOLDER`` (torchvision's layout).

Of each digit 200 training and 50 test images, evenly spaced through the original files so that many writers are
among them; the digits take turns, so that any prefix of a multiple of ten is balanced too. No randomness: the same
files give the same bytes.
"""

import sys
from pathlib import Path

import numpy as np

from lifelong.data.mnist import SUBSET

CLASSES = 10
TRAIN_EACH, TEST_EACH = 200, 50


def choose(labels: np.ndarray, each: int) -> np.ndarray:
    """Indices [10 · each] of evenly spaced examples of every digit, the digits taking turns."""
    rows = []
    for digit in range(CLASSES):
        places = np.flatnonzero(labels == digit)
        rows.append(places[np.arange(each) * len(places) // each])
    return np.stack(rows, axis=1).reshape(-1)


def make_subset(root: Path, target: Path) -> None:
    """Write the subset of the MNIST in ``root`` as uint8 arrays: images [N, 784] and labels [N] of both halves."""
    from torchvision.datasets import MNIST  # a second and more, and `choose` needs none of it

    arrays = {}
    for half, each in (("train", TRAIN_EACH), ("test", TEST_EACH)):
        full = MNIST(str(root), train=half == "train", download=False)
        labels = full.targets.numpy()
        chosen = choose(labels, each)
        arrays[f"{half}_images"] = full.data.numpy()[chosen].reshape(len(chosen), -1)
        arrays[f"{half}_labels"] = labels[chosen].astype(np.uint8)
    np.savez_compressed(target, **arrays)


if __name__ == "__main__":
    make_subset(Path(sys.argv[1]), SUBSET)
    print(f"{SUBSET}: {SUBSET.stat().st_size / 1e6:.2f} MB")
