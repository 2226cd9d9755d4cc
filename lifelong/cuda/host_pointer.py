"""Host memory in a kernel, which a GPU cannot reach."""

from __future__ import annotations

import math
from sys import _getframe
from typing import Any

import numpy as np

from lifelong.cuda.threads import Now, Thread, running_thread


def host_kind(value: Any) -> str:
    """The kind of host memory that a value is, in words; "" for anything else."""
    if isinstance(value, np.ndarray):
        return "a NumPy array"
    if isinstance(value, list):
        return "a Python list"
    return "a tensor" if type(value).__module__ == "torch" and hasattr(value, "numpy") else ""


class HostPointer:
    """Stands in a kernel for host memory of a kind, in words; an access is a fault, and gives NaN."""

    __slots__ = ("_kind", "_name", "shape")

    def __init__(self, name: str, kind: str, shape: Any) -> None:
        self._name, self._kind, self.shape = name, kind, shape

    @classmethod
    def found(cls, value: Any) -> HostPointer:
        """For host memory that is no argument, but a variable of the notebook that the kernel uses."""
        names = running_thread("an array").block.launch.globals
        name = next((name for name, other in names.items() if other is value and not name.startswith("_")), "an array")
        return cls(name, host_kind(value), getattr(value, "shape", ()))

    def read(self, index: Any, thread: Thread, line: int) -> float:
        """A fault, and NaN."""
        self._fault(index, thread, line)
        return math.nan

    def write(self, value: Any, index: Any, thread: Thread, line: int) -> None:
        """A fault, and nothing."""
        self._fault(index, thread, line)

    def update(self, index: Any, thread: Thread, line: int, change: Any) -> float:
        """A fault, and NaN."""
        return self.read(index, thread, line)

    def _fault(self, index: Any, thread: Thread, line: int) -> None:
        parts = index if isinstance(index, tuple) else (index,)
        numbers = tuple(int(part) for part in parts if isinstance(part, int | np.integer))
        thread.block.launch.host_pointer(self._name, self._kind, numbers, thread, line)

    def __getitem__(self, index: Any) -> float:
        return self.read(index, Now.thread or running_thread(self._name), _getframe(1).f_lineno)

    def __setitem__(self, index: Any, value: Any) -> None:
        self.write(value, index, Now.thread or running_thread(self._name), _getframe(1).f_lineno)
