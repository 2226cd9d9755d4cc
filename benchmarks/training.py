"""What measurements of training share: the methods of hw14's source notebook, tasks, silence, and the machine's name."""

import contextlib
import io
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from autograder.verify.reference import reference
from lifelong import Method, Split, Task, load_mnist

SOURCE = Path(__file__).parents[1] / "solutions" / "hw14" / "hw14.py"
PUBLISHED = {"Baseline": 83.72, "EWC": 91.09, "MAS": 95.09, "SI": 90.43, "RWalk": 93.99, "SCP": 92.62}
"""Final average accuracy in percent over 5 tasks: one unseeded run of the public notebook (NTU ML 2021, HW14)."""
METHODS = tuple(PUBLISHED)


@cache
def definitions() -> dict[str, Any]:
    """The functions and classes of the notebook, and its table ``STRENGTHS``, by name."""
    return reference(SOURCE)


def kind(method: str) -> type[Method]:
    """The class of a method by its name."""
    found: type[Method] = Method if method == "Baseline" else definitions()[method]
    return found


def strength(method: str) -> float:
    """The λ that the notebook gives to a method."""
    return float(definitions()["STRENGTHS"].get(method, 0.0))


def make(method: str, strength: float) -> Method:
    """A fresh method with a λ."""
    made = kind(method)()
    made.strength = strength
    return made


def tasks_in(orders: Iterable[Tensor]) -> list[Task]:
    """Permuted MNIST with somebody else's permutations of the pixels, [784] int64 each."""
    data, permute = load_mnist(), definitions()["permute"]

    def ordered(half: Split, order: Tensor) -> Split:
        return Split(permute(half.images, order), half.labels)

    return [Task(ordered(data.train, order), ordered(data.test, order), order) for order in orders]


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Nothing is printed in here."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def machine() -> str:
    """What the figures were measured on: processor or GPU, threads and versions, in one line."""
    if torch.cuda.is_available():
        place = torch.cuda.get_device_name()
    else:
        place = f"{processor()}, {torch.get_num_threads()} threads"
    return f"{place}, torch {torch.__version__}, Python {platform.python_version()}"


def processor() -> str:
    """The processor's name, with the instructions that decide the precision."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    names = {name.strip(): value.strip() for name, value in fields.items()}
    wide = [flag for flag in ("avx512_bf16", "amx_bf16") if flag in names.get("flags", "").split()]
    return " with ".join([names.get("model name", platform.machine()), *wide])
