"""MNIST: from a folder, from the network, or the small real subset that comes with the package."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import torch

from lifelong.budget import budget
from lifelong.split import Split

SUBSET = Path(__file__).with_name("mnist-subset.npz")
TIMEOUT = 5.0
"""Seconds without an answer after which the network counts as absent."""


@dataclass(frozen=True, eq=False)
class Mnist:
    """The handwritten digits of LeCun, Cortes and Burges.

    Attributes:
        train: 60,000 images (2,000 in the embedded subset).
        test: 10,000 images (500).
        source: where they came from, in words.
    """

    train: Split
    test: Split
    source: str


def load_mnist(embedded: bool = False) -> Mnist:
    """MNIST from the first place that has it, which is printed in one line.

    In this order: the folder that the environment variable ``LIFELONG_DATA`` names (laid out as torchvision does:
    ``MNIST/raw/train-images-idx3-ubyte`` …); the user's cache folder, into which it is downloaded by torchvision when
    there is a network; the embedded subset of 2,000 + 500 images. On a tiny budget a few hundred embedded ones.

    Args:
        embedded: take the embedded subset even where the full set is at hand, for a first look within seconds.

    Raises:
        FileNotFoundError: ``LIFELONG_DATA`` is set, but holds no MNIST.
    """
    limits = budget()
    if limits:
        data = _embedded(limits.train_images, limits.test_images, "the embedded subset (tiny budget)")
    elif embedded:
        data = _embedded(2_000, 500, "the embedded subset")
    elif os.environ.get("LIFELONG_DATA"):
        data = _folder(Path(os.environ["LIFELONG_DATA"]).expanduser(), "LIFELONG_DATA")
    else:
        data = _cached() or _embedded(2_000, 500, "the embedded subset (the full set could not be downloaded)")
    print(f"MNIST: {len(data.train):,} training and {len(data.test):,} test images from {data.source}.")
    return data


def _folder(root: Path, name: str) -> Mnist:
    """The full set from a folder in torchvision's layout."""
    from torchvision.datasets import MNIST  # takes a second to import, and only the full set needs it

    try:
        halves = [MNIST(str(root), train=train, download=False) for train in (True, False)]
    except RuntimeError:
        raise FileNotFoundError(f"{name} is {root}, but there is no MNIST/raw/train-images-idx3-ubyte in it") from None
    train, test = (Split(half.data.flatten(1), half.targets.to(torch.int64)) for half in halves)
    return Mnist(train, test, f"{name} ({root})")


def _cached() -> Mnist | None:
    """The full set from the user's cache folder, downloaded at the first use; None when that cannot be done."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lifelong"
    try:
        if not (root / "MNIST").is_dir():
            _download(root)
        return _folder(root, "the cache folder")
    except (OSError, RuntimeError, ImportError):
        return None


def _download(root: Path) -> None:
    """Have torchvision download MNIST into ``root``, whole or not at all."""
    from torchvision.datasets import MNIST

    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as folder, _patience(TIMEOUT):
        print("MNIST: downloading (11 MB, once) …", flush=True)
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # torchvision's bar for each of four files
            MNIST(folder, train=True, download=True)
        (Path(folder) / "MNIST").rename(root / "MNIST")


@contextmanager
def _patience(seconds: float) -> Iterator[None]:
    """Let no socket wait longer than this; torchvision itself sets no limit."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _embedded(train: int, test: int, source: str) -> Mnist:
    """The first images of the embedded subset, in which the ten digits take turns."""
    arrays = _subset()
    halves = [
        Split(
            torch.from_numpy(arrays[f"{half}_images"][:count].copy()),
            torch.from_numpy(arrays[f"{half}_labels"][:count].astype(np.int64)),
        )
        for half, count in (("train", train), ("test", test))
    ]
    return Mnist(halves[0], halves[1], source)


@cache
def _subset() -> dict[str, np.ndarray]:
    """The embedded subset's arrays, unpacked once."""
    with np.load(SUBSET) as arrays:
        return dict(arrays)
