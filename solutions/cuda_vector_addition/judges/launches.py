"""What a launch leaves in memory, computed for all threads at once: the oracles of the kernels and of their mistakes.

Marks come from memory: from arrays of drawn numbers, longer than the n cells that are asked for, whose cells behind n and
whose guard zones must come back as they were sent, after a run thread by thread and after runs in drawn orders. What the
simulator says besides is true, because a kernel runs where no other code of the student's does: see the probes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, compare
from autograder.judging.example import FEW, shown
from lifelong.cuda.memory import MARGIN

Array = NDArray[Any]

OUTPUT, WOVEN, STEP = "the output", "the output with threads interleaved", "the output in step"
"""What the probe brings back; where these are told, the array's own name stands for "the output"."""
RUNS = 3
"""Interleaved runs of each case."""


def along(threadIdx: Any, blockIdx: Any, blockDim: int, gridDim: int) -> Any:
    """A thread's index along either axis; a slip in it is told in these names."""
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


Complaint = Callable[[Tree, Tree], str | None]
Draw = Callable[[np.random.Generator], list[Case]]


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


BEYOND = "What is written is right, but a thread goes for a cell beyond the end of an array, which on a GPU may end the program: ask whether the cell is yours before you read it."
LONE = "What is written is right, but some threads of a block come to a barrier that others never reach, where on a GPU the block hangs. Threads that do not work together need no syncthreads()."
FAULTS = {"beyond": Slip("reads-beyond", BEYOND), "divergent": Slip("lone-barrier", LONE)}
"""By what the simulator sees: mistakes of a kernel that leaves behind what it should."""


def written_twice(inputs: Tree, *, side: str) -> Tree:
    """What is seen where threads or blocks write the same cell, if there are several."""
    return {"twice": True} if max(inputs[side]) > 1 else {}


def seen(inputs: Tree, outputs: Tree) -> Tree:
    """What came back, and the parts of all memories in it."""
    parts = [Launch(inputs).parts(outputs[key], key) for key in (OUTPUT, WOVEN, STEP) if key in outputs]
    return {**outputs, **{name: cells for each in parts for name, cells in each.items()}}


def launched(inputs: Tree) -> str:
    """A case as a student would write it: the launch, its numbers, and the arrays that are short."""
    sides = [str(side[0] if len(side) == 1 else tuple(side)) for side in (inputs["grid"], inputs["block"])]
    given = {name: value for name, value in inputs.items() if isinstance(value, int | float) and name != "sentinel"}
    given |= {name: value for name, value in inputs.items() if isinstance(value, np.ndarray) and value.size <= FEW}
    told = [f"{name} = {shown(value)}" for name, value in given.items()]
    return ", ".join([f"launched with `[{', '.join(sides)}]`", *told])


def memories(outputs: Tree, shape: tuple[int, ...]) -> list[Array]:
    """What is in memory after each run; a ValueError where it has another shape, and nothing larger is looked at."""
    if (outputs[OUTPUT].shape, outputs[WOVEN].shape) != (shape, (RUNS, *shape)):
        raise ValueError("what is in memory has another shape")
    return [outputs[OUTPUT], *outputs[WOVEN]]


class Kernel:
    """A kernel: what it leaves in memory, what may be wrong of that, and what is promised of it.

    Args:
        memory: a launch, and stages of the kernel by name, those that are wrong → the memory that it leaves.
        mistakes: those of the exercise.
        checks: those that the kernel's mistakes can explain.
        axes: of its launches.
        sizes: the right stage for the sizes that it is given, by their names; it returns them.
        faults: by what the simulator sees, mistakes that do not show in memory.

    Attributes:
        wrong: adds mistakes in its stages, its own or its launch's.
    """

    def __init__(
        self,
        memory: Callable[..., Array],
        mistakes: Mistakes,
        *checks: str,
        axes: int = 1,
        sizes: Callable[..., Any] = lambda: (),
        faults: Mapping[str, Slip] = FAULTS,
    ) -> None:
        self.memory, self._given, self._faults = memory, tuple(signature(sizes).parameters), faults
        self._mistakes, self._checks, self._axes = mistakes, checks, axes
        self.wrong = mistakes.group(*checks).stages(self.left)

    def left(self, inputs: Tree, **stages: Any) -> Tree:
        """What it leaves behind; some of its stages may be others, or its launch's."""
        own = signature(self.memory).parameters
        launch = Launch(inputs, given=self._given, **{name: stages[name] for name in stages if name not in own})
        return launch.parts(self.memory(launch, **{name: stages[name] for name in stages if name in own}))

    def shared(self, known: Iterable[str] = ()) -> None:
        """Add what may be wrong of any kernel: the threads' indices, and how results are written; some are in a bank."""
        said = Mistakes(checks=self._checks, beside=__file__)
        wrong = said.stages(self.left)
        wrong.each("along", ADDRESSES)
        wrong("adds-to-old", store=lambda old, new: old + new)
        wrong("rest-zeroed", rest=lambda launch: True)
        wrong("first-block-alone", works=lambda launch: (launch.bx == 0) & (launch.by == 0))
        wrong("first-thread-alone", works=lambda launch: (launch.tx == 0) & (launch.ty == 0))
        if self._axes == 1:
            wrong("reads-by-thread", reads=ADDRESSES["thread-only"])
            wrong("writes-by-thread", writes=ADDRESSES["thread-only"])
            wrong("rest-zeroed", rest=lambda launch: launch.written < launch.shape[0])
        said.listed("nothing-written", lambda inputs: Launch(inputs).parts(Launch(inputs).before))
        self._mistakes.add(*(each for each in said.variants if each.name in known))
        self._mistakes.variants += [each for each in said.variants if each.name not in known]
        self.wrong.formulas(along=along, **({"across": across, "down": down} if self._axes > 1 else {}))

    def check(self, name: str, title: str, *, cases: Iterable[str], tolerance: float = 1e-6, **more: Any) -> Check:
        """The promise to leave behind what it does, whatever the order of the threads, with no fault seen."""

        def expected(inputs: Tree) -> Tree:
            launch = Launch(inputs)
            right = self.memory(launch)
            return {**launch.parts(right), **launch.parts(np.stack([right] * RUNS), WOVEN)}

        def faulty(inputs: Tree, outputs: Tree) -> Slip | None:
            slip = next((slip for seen, slip in self._faults.items() if outputs[seen]), None)
            return None if slip and compare(expected(inputs), outputs, tolerance) else slip

        more = {"complaint": faulty, **more}
        return Check(name, title, cases=tuple(cases), expected=expected, tolerance=tolerance, **more)

    def stage(self, name: str, title: str, share: float, cases: Iterable[str], complaint: Complaint) -> Check:
        """A promise of a part of what it does, whatever becomes of the rest."""
        return Check(name, title, share=share, cases=tuple(cases), complaint=complaint, example=self.left)

    def stages(
        self,
        values: tuple[str, float, Iterable[str]],
        cells: tuple[str, float, Iterable[str]],
        *,
        terms: Callable[[Launch], list[Array]],
        sensible: Callable[[Array], Any] = lambda factors: factors[0] > 0.1,
        rounded: float = 1e-3,
    ) -> tuple[Check, Check]:
        """What threads write is right where it is theirs; and exactly those cells are written, each by one thread.

        Args:
            values, cells: title, share and cases of both promises.
            terms: the arrays of which what is written may be a sum, each times a factor, plus what was there, and a constant.
            sensible: whether factors of the terms are such as a slip in the formula leaves.
            rounded: how far off a number may be of which only its cell matters.
        """

        def wrong_values(inputs: Tree, outputs: Tree) -> str | None:
            before, right = Launch(inputs).before, self.memory(Launch(inputs))
            for memory in memories(outputs, right.shape):
                written = (memory != before) & (right != before)
                if not written.any() or not np.allclose(memory[written], right[written], rtol=1e-5, atol=1e-5):
                    return "what is written there is not right."
            return None

        def wrong_cells(inputs: Tree, outputs: Tree) -> str | None:
            if outputs["twice"]:
                return "several threads write the same cell; each cell has one thread of its own."
            launch = Launch(inputs)
            before = launch.before
            own = np.isnan(self.memory(Launch(inputs, store=lambda old, new: np.nan * new)))
            table = np.stack([*(each[own] for each in (*terms(launch), before)), np.ones(own.sum())], axis=1)
            for memory in memories(outputs, own.shape):
                factors = np.linalg.lstsq(table, memory[own].astype(np.float64), rcond=None)[0]
                fits = np.allclose(table @ factors, memory[own], rtol=1e-3, atol=rounded) and sensible(factors)
                if len(table) <= table.shape[1]:  # of one cell anything is a sum of terms
                    fits = (memory != before)[own].all()
                if not fits or (memory != before)[~own].any():
                    return "some cells are not written that should be, or others are, or not with what was given."
            return None

        return self.stage("values", *values, wrong_values), self.stage("cells", *cells, wrong_cells)

    def exercise(self, name: str, draw: Draw, checks: tuple[Check, ...], *, seconds: float = 20.0) -> Exercise:
        """The exercise whose answer is what kernels leave in memory."""
        return Exercise(name, draw, checks, seconds=seconds, read=seen, described=launched, **self._mistakes.known)
