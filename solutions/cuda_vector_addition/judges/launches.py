"""What a launch leaves in memory, computed for all threads at once: the oracles of the kernels and of their mistakes.

Marks come from memory: from arrays of drawn numbers, longer than the n cells that are asked for, whose cells behind n and
whose guard zones must come back as they were sent, after a run thread by thread and after runs in drawn orders. What the
simulator says besides is true, because a kernel runs where no other code of the student's does: see the probes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Tree
from autograder.judging.example import FEW
from lifelong.cuda.memory import MARGIN

Array = NDArray[Any]

OUTPUT, WOVEN, STEP = "the output", "the output with threads interleaved", "the output in step"
"""What the probe brings back; where these are told, the array's own name stands for "the output"."""
RUNS = 3
"""Interleaved runs of each case."""


# A slip in an index is told in the names of its arguments, and one of them may stand for any other.
def along(threadIdx: Any, blockIdx: Any, blockDim: int, gridDim: int) -> Any:
    """A thread's index along either axis."""
    return threadIdx + blockIdx * blockDim


def across(
    threadIdx_x: Any,
    blockIdx_x: Any,
    blockDim_x: Any,
    gridDim_x: int,
    threadIdx_y: Any,
    blockIdx_y: Any,
    blockDim_y: Any,
    gridDim_y: int,
) -> Any:
    """A thread's column, where what is wrong of it is not wrong of the row."""
    return threadIdx_x + blockIdx_x * blockDim_x


def down(
    threadIdx_y: Any,
    blockIdx_y: Any,
    blockDim_y: Any,
    gridDim_y: int,
    threadIdx_x: Any,
    blockIdx_x: Any,
    blockDim_x: Any,
    gridDim_x: int,
) -> Any:
    """A thread's row, where what is wrong of it is not wrong of the column."""
    return threadIdx_y + blockIdx_y * blockDim_y


def below(i: Array, n: int, threadIdx_x: Array, blockDim_x: int) -> Array:
    """Which threads have a cell."""
    return i < n


def step(blockDim_x: int, gridDim_x: int) -> int:
    """How far on a thread goes."""
    return blockDim_x * gridDim_x


def sizes(n: int) -> tuple[int]:
    """How many cells are asked for."""
    return (n,)


def flat(row: Array, column: Array, columns: int) -> Array:
    """Where in memory a cell of two indices lies."""
    return row * columns + column


class Launch:
    """All threads of a case's launch, in the order of a run one by one, and what is in memory before it.

    Args:
        inputs: of the case.
        along, across, down: how threads find their indices.
        sizes: what a kernel takes for its arguments of the names ``given``.
        store: what a cell holds then, of what it held and what is written.
        rest: which of the threads that should write nothing write 0.
        works: which threads do anything.
        reads, writes: how threads find what they read, or where they write, where that is not alike.

    Attributes:
        Gx, Gy, Bx, By: the sides of grid and block.
        result, shape: name and shape of the array that is written, the last of the inputs.
        bx, by: each thread's block.
        tx, ty: each thread in its block.
        x, y: each thread's global index.
        read, written: what it reads, and where it writes, in one dimension.
    """

    def __init__(
        self,
        inputs: Tree,
        *,
        along: Callable[..., Any] = along,
        across: Callable[..., Any] | None = None,
        down: Callable[..., Any] | None = None,
        sizes: Callable[..., Any] | None = None,
        given: Iterable[str] = (),
        store: Callable[[Any, Any], Any] = lambda old, new: new,
        rest: Callable[[Any], Any] = lambda launch: False,
        works: Callable[[Any], Any] = lambda launch: True,
        reads: Callable[..., Any] | None = None,
        writes: Callable[..., Any] | None = None,
    ) -> None:
        arrays = {name: value.shape for name, value in inputs.items() if isinstance(value, np.ndarray)}
        self.result, self.shape = list(arrays.items())[-1]
        (self.Gx, self.Gy), (self.Bx, self.By) = ([*inputs[name], 1][:2] for name in ("grid", "block"))
        indices = np.indices((self.Gy, self.Gx, self.By, self.Bx))
        self.by, self.bx, self.ty, self.tx = (part.ravel() for part in indices)
        of_x, of_y = (self.tx, self.bx, self.Bx, self.Gx), (self.ty, self.by, self.By, self.Gy)
        self.x = across(*of_x, *of_y) if across else along(*of_x)
        self.y = down(*of_y, *of_x) if down else along(*of_y)
        self.read, self.written = ((own or along)(*of_x) for own in (reads, writes))
        self._inputs, self.store, self._rest = inputs, store, rest
        self.works = np.broadcast_to(works(self), self.x.shape)
        if sizes:
            self._inputs = {**inputs, **dict(zip(given, sizes(*(inputs[name] for name in given)), strict=True))}

    def __getitem__(self, name: str) -> Any:
        return self._inputs[name]

    def memory(self, name: str) -> Array:
        """An array's memory, guard zones included."""
        guard = np.full(MARGIN, self["sentinel"])
        return np.concatenate([guard, np.asarray(self[name], dtype=np.float64).ravel(), guard])

    @property
    def before(self) -> Array:
        """The memory that is written, as it was."""
        return self.memory(self.result)

    def fetched(self, name: str, index: Array) -> Array:
        """What accesses to cells find, in the guard zones, too."""
        return self.memory(name).take(index + MARGIN, mode="clip")

    def stored(self, index: Any, mask: Any, values: Any) -> Array:
        """The memory after each thread that the mask lets through has written, the later over the earlier; none beyond the guard zones."""
        cells = self.before
        places, mask = np.broadcast_to(index, self.x.shape) + MARGIN, np.broadcast_to(mask, self.x.shape)
        there = (places >= 0) & (places < len(cells)) & (mask | self._rest(self)) & self.works
        new = self.store(cells.take(places, mode="clip"), values)
        cells[places[there]] = np.where(mask, new, 0.0)[there]
        return cells

    def parts(self, memory: Array, key: str = OUTPUT) -> Tree:
        """What is in memory as students know it: their array, and what lies around it; of several runs, all."""
        name, runs = key.replace(OUTPUT, self.result), memory.shape[:-1]
        around = np.delete(memory, np.s_[MARGIN:-MARGIN], axis=-1)
        return {name: memory[..., MARGIN:-MARGIN].reshape(*runs, *self.shape), f"the memory around {name}": around}


def launch_case(rng: np.random.Generator, name: str, grid: Sequence[int], block: Sequence[int], **inputs: Any) -> Case:
    """A case with a launch shape, drawn orders, and a drawn number that fills the guard zones; the last array is written."""
    shape = {"grid": list(grid), "block": list(block), "sentinel": float(-rng.integers(1000, 2000))}
    return Case(name, {**inputs, **shape, "seeds": [int(seed) for seed in rng.integers(1, 2**31, RUNS)]})


def numbers(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Drawn numbers, odd multiples of 1/16 or 0, so that sums of a few are exact in float32; few ones are whole."""
    if np.prod(shape) <= FEW:
        return rng.integers(2, 9, shape).astype(np.float32)
    drawn = rng.integers(-80, 80, shape) / 8 + 1 / 16
    return np.where(rng.random(shape) < 1 / 8, 0, drawn).astype(np.float32)


ADDRESSES: Mapping[str, Callable[..., Any]] = {
    "thread-only": lambda threadIdx, blockIdx, blockDim, gridDim: threadIdx,
    "block-only": lambda threadIdx, blockIdx, blockDim, gridDim: blockIdx + 0 * threadIdx,
    "swapped": lambda threadIdx, blockIdx, blockDim, gridDim: threadIdx * blockDim + blockIdx,
    "strided": lambda threadIdx, blockIdx, blockDim, gridDim: threadIdx * gridDim + blockIdx,
    "grid-dim": lambda threadIdx, blockIdx, blockDim, gridDim: threadIdx + blockIdx * gridDim,
    "no-product": lambda threadIdx, blockIdx, blockDim, gridDim: threadIdx + blockIdx,
    "one-based": lambda threadIdx, blockIdx, blockDim, gridDim: threadIdx + blockIdx * blockDim + 1,
}
"""Indices as slips make them, by what the mistake is called."""
