"""MNIST from its three places, splits and their batches."""

import gzip
import hashlib
import os
import struct
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import torch

from lifelong import Split, load_mnist, normalise
from lifelong.budget import TINY, budget
from lifelong.data.make_subset import choose, make_subset
from lifelong.data.mnist import SUBSET
from tests.places import written

FULL = os.environ.get("LIFELONG_DATA")
needs_full = pytest.mark.skipif(not FULL, reason="LIFELONG_DATA names no folder with the full MNIST")


@pytest.fixture(autouse=True)
def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIFELONG_DATA", raising=False)


def write_idx(path: Path, array: np.ndarray) -> None:
    """An IDX file of unsigned bytes, MNIST's own format."""
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    written(path, header + array.astype(np.uint8).tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small data set in torchvision's layout: image i is filled with the byte i."""
    for prefix, count in (("train", 30), ("t10k", 20)):
        raw = tmp_path / "MNIST" / "raw"
        write_idx(raw / f"{prefix}-images-idx3-ubyte", np.arange(count)[:, None, None].repeat(28, 1).repeat(28, 2))
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", np.arange(count) % 10)
    return tmp_path


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache folder, and mirrors at a port of this machine where nobody listens."""
    from torchvision.datasets import MNIST

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"])
    return tmp_path / "cache" / "lifelong"


def test_the_folder_is_first(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LIFELONG_DATA", str(folder))
    data = load_mnist()
    assert (len(data.train), len(data.test)) == (30, 20)
    assert data.train.images[7].unique().tolist() == [7]
    assert data.train.labels[17] == 7
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "30 training and 20 test images" in said
    assert "LIFELONG_DATA" in said
    data = load_mnist(embedded=True)  # for who asks for the subset
    assert (len(data.train), len(data.test)) == (2_000, 500)
    assert "the embedded subset" in capsys.readouterr().out


def test_a_folder_without_mnist_is_an_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=f"LIFELONG_DATA is {tmp_path}"):
        load_mnist()


def test_offline_the_subset_is_used_and_said(no_network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = load_mnist()
    assert (len(data.train), len(data.test)) == (2_000, 500)
    assert "could not be downloaded" in capsys.readouterr().out
    assert list(no_network.iterdir()) == [], "a failed download leaves nothing behind"


def test_a_mirror_is_used_once(no_network: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from torchvision.datasets import MNIST

    mirror, resources = tmp_path / "mirror", []
    for path in sorted((folder / "MNIST" / "raw").iterdir()):
        packed = gzip.compress(path.read_bytes())
        written(mirror / f"{path.name}.gz", packed)
        resources.append((f"{path.name}.gz", hashlib.md5(packed).hexdigest()))
    monkeypatch.setattr(MNIST, "resources", resources)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(mirror))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
        assert len(load_mnist().train) == 30
        server.shutdown()
    assert len(load_mnist().train) == 30, "the second time needs no network"


def test_the_tiny_budget_takes_a_balanced_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    data = load_mnist()
    assert len(data.train) == TINY.train_images
    assert data.train.labels.bincount().tolist() == [TINY.train_images // 10] * 10
    assert data.test.labels.bincount().tolist() == [TINY.test_images // 10] * 10


def test_an_unknown_budget_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_BUDGET", "huge")
    with pytest.raises(ValueError, match="'huge'"):
        budget()


def test_the_subset_is_balanced_and_real() -> None:
    with np.load(SUBSET) as arrays:
        assert np.bincount(arrays["train_labels"]).tolist() == [200] * 10
        assert np.bincount(arrays["test_labels"]).tolist() == [50] * 10
        images = arrays["train_images"]
    assert images.dtype == np.uint8
    assert images.shape == (2_000, 784)
    assert images.max() == 255
    assert len(np.unique(images, axis=0)) == 2_000
    assert abs(images.mean() / 255 - 0.1307) < 0.005, "real digits are as dark as MNIST is on the whole"


@needs_full
def test_the_subset_can_be_made_again_byte_for_byte(tmp_path: Path) -> None:
    make_subset(Path(FULL or ""), tmp_path / "again.npz")
    with zipfile.ZipFile(tmp_path / "again.npz") as again, zipfile.ZipFile(SUBSET) as subset:
        assert again.namelist() == subset.namelist()  # their headers are as Python's patch version writes them
        assert all(again.read(name) == subset.read(name) for name in subset.namelist())


@needs_full
def test_the_full_set_is_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_DATA", FULL or "")
    data = load_mnist()
    assert (len(data.train), len(data.test)) == (60_000, 10_000)
    share = data.train.images.flatten().bincount(minlength=256).double() / data.train.images.numel()
    values = torch.arange(256) / 255
    mean = (share * values).sum()
    assert mean.item() == pytest.approx(0.1307, abs=1e-4)
    assert (share * (values - mean) ** 2).sum().sqrt().item() == pytest.approx(0.3081, abs=1e-4)


def test_chosen_examples_take_turns_and_spread() -> None:
    labels = np.arange(10).repeat(7)
    assert labels[choose(labels, 3)].tolist() == list(range(10)) * 3
    assert choose(labels, 3)[::10].tolist() == [0, 2, 4]


def test_normalise_gives_floats_and_leaves_its_argument_alone() -> None:
    for dtype in (torch.uint8, torch.float32):
        images = torch.tensor([[0, 255]], dtype=dtype)
        out = normalise(images)
        assert out.dtype == torch.float32
        assert out.tolist()[0] == pytest.approx([-0.1307 / 0.3081, (1 - 0.1307) / 0.3081])
        assert images.tolist() == [[0, 255]]


def split(count: int = 10) -> Split:
    return Split(torch.arange(count, dtype=torch.uint8)[:, None].repeat(1, 4), torch.arange(count))


def test_batches_can_be_walked_twice_and_cover_everything() -> None:
    loader = split(10).batches(4)
    for _ in range(2):
        batches = list(loader)
        assert [len(inputs) for inputs, _ in batches] == [4, 4, 2]
        assert torch.cat([labels for _, labels in batches]).tolist() == list(range(10))
        assert torch.equal(torch.cat([inputs for inputs, _ in batches]), normalise(split(10).images))
    assert len(loader) == 3
    with pytest.raises(ValueError, match="at least 1"):
        split().batches(0)


def test_who_writes_into_a_batch_does_not_write_into_the_split() -> None:
    data = split(4)
    for inputs, labels in data.batches(2):
        inputs.zero_()
        labels.zero_()
    assert torch.equal(data.images, split(4).images)
    assert torch.equal(data.labels, split(4).labels)


def test_take_keeps_images_and_labels_together() -> None:
    few = split().take(torch.tensor([7, 2]))
    assert few.images[:, 0].tolist() == few.labels.tolist() == [7, 2]


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (torch.zeros(3, 4), torch.zeros(3, dtype=torch.int64)),
        (torch.zeros(3, 2, 2, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)),
        (torch.zeros(3, 4, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64)),
        (torch.zeros(3, 4, dtype=torch.uint8), torch.zeros(3, dtype=torch.int32)),
    ],
)
def test_a_malformed_split_is_refused(images: torch.Tensor, labels: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="should be"):
        Split(images, labels)
