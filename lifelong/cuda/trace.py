"""The trace of a launch: its shape, its arrays, every access to them, and the faults found in it."""

import math
from dataclasses import dataclass
from typing import Any

from lifelong.cuda.finding import Finding
from lifelong.cuda.memory import Array
from lifelong.cuda.place import Place, Three, unravel

KINDS = ("read", "write", "atomic")

Log = list[tuple[int, int, int, int, int, Any]]
"""Accesses to an array: (cell, thread number, epoch, kind, line, value of a write)."""


@dataclass(frozen=True, slots=True)
class Access:
    """One access of one thread to one cell.

    Attributes:
        array: its name.
        index: of the cell.
        block, thread: (x, y, z) of who does it.
        kind: "read", "write" or "atomic".
        line: of the source.
        epoch: how many barriers the block had passed.
        value: what was written, None otherwise.
    """

    array: str
    index: tuple[int, ...]
    block: Three
    thread: Three
    kind: str
    line: int
    epoch: int
    value: Any


class Trace:
    """What a launch leaves behind.

    Attributes:
        kernel: its name.
        grid, block: blocks of the grid and threads of a block, (x, y, z).
        blocks, threads_per_block: the same as numbers.
        arrays: those that were touched or passed, in order; of shared ones, each block's own.
        findings: the faults, one for all that the same words are true of.
        outside: (array, index, place, verb) of accesses that were out of bounds, for the picture.
    """

    def __init__(self, kernel: str, grid: Three, block: Three) -> None:
        self.kernel = kernel
        self.grid: Three = grid
        self.block: Three = block
        self.blocks, self.threads_per_block = math.prod(grid), math.prod(block)
        self.arrays: list[Array] = []
        self.findings: list[Finding] = []
        self.outside: list[tuple[str, tuple[int, ...], Place, str]] = []
        self._names: list[str] = []
        self._logs: list[Log] = []

    def place(self, number: int) -> Place:
        """Where the thread of a number is."""
        block, thread = divmod(number, self.threads_per_block)
        return Place(unravel(block, self.grid), unravel(thread, self.block))

    def begin(self, array: Array) -> None:
        """From now on an array's accesses belong to this launch."""
        array.logs = []
        self.arrays.append(array)
        self._names.append(array.name)
        self._logs.append(array.logs)

    def logs(self) -> list[tuple[str, Array, Log]]:
        """Each array's name and itself, with (cell, thread number, epoch, kind, line, value) of its accesses."""
        return list(zip(self._names, self.arrays, self._logs, strict=True))

    @property
    def accesses(self) -> list[Access]:
        """Every access within bounds, array by array, in the order in which they took place."""
        result = []
        for name, array, log in self.logs():
            for cell, number, epoch, kind, line, value in log:
                at = self.place(number)
                shown = value if kind == 1 else None
                result.append(Access(name, array.unravel(cell), at.block, at.thread, KINDS[kind], line, epoch, shown))
        return result
