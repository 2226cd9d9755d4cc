"""What a launch leaves in memory, computed for all threads at once: the oracles of the kernels and of their mistakes.

What a cheat could forge, and why it gains nothing. The student's code shares its process with the simulator, so it
could replace the simulator and say anything. Therefore marks come from memory alone: from arrays of drawn numbers,
longer than the n cells that are asked for, whose cells behind n and whose guard zones must come back as they were
sent, after a run thread by thread and after runs in drawn orders. To forge such memory one must compute the right
cells from drawn sizes and leave all others alone – which is the exercise. A simulator that is patched to drop
accesses beyond an array's end does not help, since n is not that end. What the simulator says of races, barriers and
accesses is used to name a mistake in an answer that is wrong already, and, in block_sum, *against* an answer: one
thread that adds up alone, or a race that did no harm in the orders drawn. Whoever forges that has got the sums right,
and could have had a barrier for less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Mistake, Tree
from lifelong.cuda.memory import MARGIN

Array = NDArray[Any]
Ints = NDArray[np.int64]

OUTPUT, WOVEN = "the output", "the output with threads interleaved"
RUNS = 3
"""Interleaved runs of each case."""

TOLERANCE = 1e-6
SHAPES = {1: (1, 1), 127: (1, 127), 128: (4, 32), 129: (3, 43), 512: (4, 128)}
"""By the number of cells: blocks and threads that are exactly enough."""


class Threads(NamedTuple):
    """Every thread of a launch, in the order of a run one by one; ``G`` and ``B`` are grid and block, x before y.

    Attributes:
        bx, by: of the thread's block.
        tx, ty: of the thread in its block.
    """

    bx: Ints
    by: Ints
    tx: Ints
    ty: Ints
    Gx: int
    Gy: int
    Bx: int
    By: int

    @property
    def x(self) -> Ints:
        """The global index along x."""
        return self.bx * self.Bx + self.tx

    @property
    def y(self) -> Ints:
        """The global index along y."""
        return self.by * self.By + self.ty


def threads(inputs: Tree) -> Threads:
    """All threads of a case."""
    (Gx, Gy), (Bx, By) = ([*inputs[name], 1][:2] for name in ("grid", "block"))
    by, bx, ty, tx = (part.ravel() for part in np.indices((Gy, Gx, By, Bx)))
    return Threads(bx, by, tx, ty, Gx, Gy, Bx, By)


def launch_case(
    rng: np.random.Generator, name: str, grid: tuple[int, ...], block: tuple[int, ...], **inputs: Any
) -> Case:
    """A case with a launch shape, drawn orders, and a drawn number that fills the guard zones."""
    return Case(
        name,
        {
            **inputs,
            "grid": list(grid),
            "block": list(block),
            "sentinel": float(-rng.integers(1000, 2000)),
            "seeds": [int(seed) for seed in rng.integers(1, 2**31, RUNS)],
        },
    )


def numbers(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Drawn numbers that are small multiples of ⅛, so that sums of a few are exact in float32."""
    return (rng.integers(-80, 80, shape) / 8 + 1 / 16).astype(np.float32)


def memory(inputs: Tree, name: str) -> NDArray[np.float64]:
    """An array's memory before the launch, guard zones included."""
    guard = np.full(MARGIN, inputs["sentinel"])
    return np.concatenate([guard, np.asarray(inputs[name], dtype=np.float64).ravel(), guard])


def fetched(inputs: Tree, name: str, index: Ints) -> NDArray[np.float64]:
    """What accesses to cells find, in the guard zones, too."""
    cells = memory(inputs, name)
    return cells[np.clip(index + MARGIN, 0, len(cells) - 1)]


def stored(inputs: Tree, name: str, index: Ints, values: Any) -> NDArray[np.float64]:
    """The memory after one write a thread, the later over the earlier; those beyond the guard zones get lost."""
    cells = memory(inputs, name)
    places = index + MARGIN
    there = (places >= 0) & (places < len(cells))
    cells[places[there]] = np.broadcast_to(values, index.shape)[there]
    return cells


Oracle = Callable[[Tree], Array]
"""A case's inputs → the memory of its result."""


def promised(oracle: Oracle) -> Callable[[Tree], dict[str, Any]]:
    """What a right kernel leaves behind, whatever the order of its threads."""

    def expected(inputs: Tree) -> dict[str, Any]:
        right = oracle(inputs)
        return {OUTPUT: right, WOVEN: np.stack([right] * RUNS)}

    return expected


def mistake(name: str, message: str, oracle: Oracle, checks: tuple[str, ...] = ()) -> Mistake:
    """A mistake that leaves this behind when the threads run one by one; interleaved, it may differ from run to run."""
    return Mistake(name, message, lambda inputs: {OUTPUT: oracle(inputs)}, checks)


def said(name: str, message: str, checks: tuple[str, ...] = (), **facts: bool) -> Mistake:
    """A mistake that is recognised in a wrong answer by what the simulator says of its launches."""
    return Mistake(name, message, lambda inputs: dict(facts), checks)
