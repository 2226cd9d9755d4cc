"""Judge ``block_sum``: sums of blocks that the threads add up together, whatever their order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Tree
from lifelong.cuda.memory import MARGIN

from .launches import TOLERANCE, Array, Oracle, launch_case, memory, mistake, numbers, promised, said

WHOLE = {"128 cells": (2, 64, 128), "512 cells": (4, 128, 512), "small blocks": (5, 8, 40)}
TAIL = {"1 cell": (1, 8, 1), "127 cells": (2, 64, 127), "129 cells": (5, 32, 129), "spare block": (4, 16, 43)}
"""By case: blocks, threads, n."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Full blocks, and a last block in which cells are missing; cells behind n are there, and do not count."""
    return [
        launch_case(
            rng, name, (blocks,), (size,), n=n, x=numbers(rng, blocks * size), sums=numbers(rng, blocks + 3) + 300
        )
        for name, (blocks, size, n) in {**WHOLE, **TAIL}.items()
    ]


def _cells(inputs: Tree, *, padded: bool = True) -> NDArray[np.float64]:
    """x by block and thread, 0 from n on."""
    x = np.asarray(inputs["x"], dtype=np.float64)
    if padded:
        x = np.where(np.arange(len(x)) < inputs["n"], x, 0.0)
    return x.reshape(inputs["grid"][0], inputs["block"][0])


def _sums(
    of: Callable[[Tree], Array], where: Callable[[int], list[int]] = lambda blocks: list(range(blocks))
) -> Oracle:
    """The memory of `sums` when block b's number lands in cell ``where(blocks)[b]``."""

    def oracle(inputs: Tree) -> Array:
        cells = memory(inputs, "sums")
        for at, value in zip(where(inputs["grid"][0]), of(inputs), strict=True):
            cells[MARGIN + at] = value
        return cells

    return oracle


def _first_cells(inputs: Tree) -> Array:
    """Every block takes the cells of the first, masked by its own global index."""
    cells = _cells(inputs, padded=False)
    own = np.arange(cells.size).reshape(cells.shape) < inputs["n"]
    result: Array = np.where(own, cells[0], 0.0).sum(axis=1)
    return result


BARRIERS = ("whole", "tail", "together")

MISTAKES = (
    mistake(
        "one-cell-for-all",
        "All blocks write sums[0]: block b's sum belongs in sums[b].",
        _sums(lambda inputs: _cells(inputs).sum(axis=1), lambda blocks: [0] * blocks),
        BARRIERS,
    ),
    mistake(
        "tail-not-zero",
        "Cells from n on are added, too: a thread without a cell puts 0 into the tile.",
        _sums(lambda inputs: _cells(inputs, padded=False).sum(axis=1)),
        BARRIERS,
    ),
    mistake(
        "stops-early",
        "The last step is missing: stride 1 adds tile[1] to tile[0].",
        _sums(lambda inputs: _cells(inputs)[:, ::2].sum(axis=1)),
        BARRIERS,
    ),
    mistake(
        "block-ignored",
        "Every block adds up the first block's cells: a thread's cell is t + blockIdx.x * blockDim.x.",
        _sums(_first_cells),
        BARRIERS,
    ),
    mistake(
        "every-thread-writes",
        "Every thread writes to sums[b], each its own cell of the tile: only thread 0 has the sum.",
        _sums(lambda inputs: _cells(inputs)[:, -1]),
        BARRIERS,
    ),
    said(
        "divergent-barrier",
        "Some threads of a block come to a barrier that others never reach: inside an `if`, or behind an early `return`. On a GPU the block hangs. Every thread must come to every syncthreads(), so only the work goes under the `if`.",
        BARRIERS,
        divergent=True,
    ),
    said(
        "no-barrier-after-loading",
        "A thread adds a cell of the tile before its owner has written it: there is no barrier between filling the tile and the first addition. It may look right when the threads happen to run in step.",
        BARRIERS,
        raced=True,
        unwritten=True,
    ),
    said(
        "no-barrier-between-steps",
        "A thread adds a cell of the tile that another is still adding to: each halving of the stride needs a barrier behind it, for all threads.",
        BARRIERS,
        raced=True,
        unwritten=False,
    ),
    said(
        "alone",
        "The sums are right, but one thread of the block adds up (nearly) everything while the others wait. Halve the work at each step: log₂(blockDim.x) steps in place of blockDim.x.",
        ("together",),
        alone=True,
    ),
)

RIGHT = promised(_sums(lambda inputs: _cells(inputs).sum(axis=1)))


def together(inputs: Tree, outputs: Tree) -> str | None:
    """The threads share the work, and barriers order what they do."""
    if outputs["alone"]:
        return "one thread does the block's work alone."
    if outputs["raced"] or outputs["divergent"]:
        return "what two threads do to one cell is not ordered by a barrier that all threads reach."
    return None


EXERCISE = Exercise(
    id="block_sum",
    draw=draw,
    checks=(
        Check(
            "whole",
            "Full blocks, threads in any order",
            share=0.4,
            cases=tuple(WHOLE),
            expected=RIGHT,
            tolerance=TOLERANCE,
        ),
        Check(
            "tail", "A last block with missing cells", share=0.3, cases=tuple(TAIL), expected=RIGHT, tolerance=TOLERANCE
        ),
        Check(
            "together",
            "In a few steps, all threads at work, ordered by barriers",
            share=0.3,
            cases=("128 cells", "512 cells"),
            expected=RIGHT,
            complaint=together,
            needs=("whole",),
            tolerance=TOLERANCE,
        ),
    ),
    mistakes=MISTAKES,
    seconds=30.0,
)
