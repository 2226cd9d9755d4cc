"""A launch of a kernel: the faults that its threads make, put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lifelong.cuda.drawing import draw_launch
from lifelong.cuda.finding import Finding, Kind, likewise
from lifelong.cuda.memory import Array
from lifelong.cuda.place import Place, Three
from lifelong.cuda.threads import Block, Thread
from lifelong.cuda.trace import Trace
from lifelong.plots.style import Picture

ORDER = (
    *(Kind.HOST_POINTER, Kind.USE_AFTER_FREE, Kind.DIVERGENT_BARRIER, Kind.OUT_OF_BOUNDS, Kind.RACE),
    *(Kind.DOUBLE_WRITE, Kind.UNWRITTEN_READ),
)
"""The order in which faults are reported: a missing barrier before the unwritten cells that it lets threads read."""


class Launch(Trace):
    """A launch while it runs and afterwards; faults of the same kind at the same line are one finding, with a count."""

    def __init__(self, kernel: str, grid: Three, block: Three, names: Mapping[str, Any]) -> None:
        super().__init__(kernel, grid, block)
        self.globals = names
        self._found: dict[tuple[Any, ...], tuple[Finding, set[tuple[int, ...]]]] = {}

    def draw(self) -> Picture | None:
        """A picture of blocks, threads and their accesses."""
        return draw_launch(self)

    def __repr__(self) -> str:
        count = sum(len(log) for log in self._logs)
        faults = f"{len(self.findings)} faults" if self.findings else "no fault found"
        return f"<{self.kernel}: {self.blocks} blocks of {self.threads_per_block} threads, {count} accesses, {faults}>"

    def out_of_bounds(self, array: Array, index: tuple[int, ...], thread: Thread, line: int, verb: str) -> None:
        """An access outside of an array."""
        place, name = thread.place, called(array, index)
        if len(self.outside) < 1000:
            self.outside.append((array.name, index, place, verb))
        if array.ndim == 1:
            inside = f"{array.name} has {array.size} cells, {array.name}[0] to {array.name}[{array.size - 1}]"
        else:
            inside = f"{array.name} has shape {list(array.shape)}, each index from 0"
        side = "below" if min(index) < 0 else "above"
        text = f"{place} {verb} {name}, but {inside} (line {line})"
        self._find((Kind.OUT_OF_BOUNDS, array.name, line, verb, side), index, text, array.name, (place,), line)

    def unwritten_read(self, array: Array, cell: int, thread: Thread, line: int) -> None:
        """A read of a cell that nobody has written."""
        index = array.unravel(cell)
        reason = "a barrier too early or missing?" if array.shared else "was it copied to the device?"
        what = f"{thread.place} reads {called(array, index)}, which nothing has been written to yet"
        text = f"{what}; {reason} (line {line})"
        self._find((Kind.UNWRITTEN_READ, array.name, line), index, text, array.name, (thread.place,), line)

    def use_after_free(self, array: Array, index: tuple[int, ...], thread: Thread, line: int, verb: str) -> None:
        """An access to memory that was given back."""
        text = f"{thread.place} {verb} {called(array, index)}, whose memory was given back by cudaFree (line {line})"
        self._find((Kind.USE_AFTER_FREE, array.name, line), index, text, array.name, (thread.place,), line)

    def host_pointer(self, name: str, kind: str, index: tuple[int, ...], thread: Thread, line: int) -> None:
        """An access to host memory."""
        text = f"{thread.place} goes for {name}[{', '.join(map(str, index))}], but {name} is {kind} in the host's memory, which a GPU cannot reach; copy it to the device first: to_device({name}), or cudaMalloc and cudaMemcpy (line {line})"
        self._find((Kind.HOST_POINTER, name), index, text, name, (thread.place,), line)

    def divergent_barrier(self, block: Block) -> None:
        """Some threads of a block wait at a barrier, and others never come there."""
        (waits, line), *others = sorted(block.waiting, key=lambda pair: pair[0].number)
        if block.ended:
            other = min(block.ended, key=lambda thread: thread.number)
            what = f"{other.place} has already returned"
        else:
            other, elsewhere = next(pair for pair in others if pair[1] != line)
            what = f"{other.place} waits at another one in line {elsewhere}"
        text = f"{waits.place} waits at the barrier in line {line}, but {what}; all threads of a block must come to the same syncthreads(), so it must not stand in an `if` or behind a `return` that only some of them take"
        self._find((Kind.DIVERGENT_BARRIER, line), block.index, text, "", (waits.place, other.place), line)

    def _find(
        self, key: tuple[Any, ...], what: tuple[int, ...], text: str, array: str, threads: tuple[Place, ...], line: int
    ) -> None:
        known, concerned = self._found.get(key, (None, set()))
        if known is None or _order(threads[0]) < _order(known.threads[0]):
            index = what if array else ()
            known = Finding(key[0], f"{self.kernel}: {text}", self.kernel, array, index, threads, line)
        concerned.add(what)
        self._found[key] = (known, concerned)

    def close(self) -> None:
        """End the launch: later accesses to its arrays are not recorded in it."""
        for array in self.arrays:
            array.logs, array.name = None, array.host_name

    def conclude(self, races: Sequence[Finding]) -> None:
        """Complete the findings, causes before their consequences."""
        for finding, concerned in self._found.values():
            unit = "block" if finding.kind is Kind.DIVERGENT_BARRIER else "cell"
            text = f"{finding.text}{likewise(len(concerned), unit)}."
            self.findings.append(replace(finding, text=text, count=len(concerned)))
        self.findings.extend(races)
        self.findings.sort(key=lambda finding: ORDER.index(finding.kind))


def called(array: Array, index: Sequence[int]) -> str:
    """A cell as the kernel's source would write it."""
    return f"{array.name}[{', '.join(map(str, index))}]"


def _order(place: Place) -> tuple[Three, Three]:
    """A key that sorts threads by number, x fastest."""
    return place.block[::-1], place.thread[::-1]
