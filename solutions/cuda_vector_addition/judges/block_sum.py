"""Judge ``block_sum``: sums of blocks that the threads add up together, whatever their order."""

import numpy as np

from autograder.judging import Case, Check, Tree

from .launches import STEP, Array, Launch, kernel_exercise, launch_case, launch_check, launch_mistakes, numbers

WHOLE = {"128 cells": (2, 64, 128), "512 cells": (4, 128, 512), "small blocks": (5, 8, 40), "threads alone": (6, 1, 6)}
WHOLE |= {"4 cells": (2, 2, 4)}
ONE = {"one block": (1, 16, 16)}
TAIL = {"6 cells": (2, 4, 6), "127 cells": (2, 64, 127), "129 cells": (5, 32, 129), "spare block": (4, 16, 43)}
TAIL |= {"1 cell": (1, 8, 1)}
"""By case: blocks, threads, n."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Full blocks, and a last block in which cells are missing; cells behind n are there, and do not count."""
    cases = []
    for name, (blocks, size, n) in {**WHOLE, **ONE, **TAIL}.items():
        arrays = {"x": numbers(rng, blocks * size), "sums": numbers(rng, blocks + 3) + 300}
        cases.append(launch_case(rng, name, (blocks,), (size,), n=n, **arrays))
    return cases


def tiles(launch: Launch, *, cells: Array | None = None) -> Array:
    """x, or other cells by thread, 0 where the thread has none, by block and thread."""
    cells = np.asarray(launch["x"] if cells is None else cells, dtype=np.float64)
    return np.where(launch.x < launch["n"], cells, 0.0).reshape(launch.Gx, launch.Bx)


def summed(launch: Launch, sums: Array) -> Array:
    """The memory with these numbers, one per block."""
    return launch.stored("sums", np.arange(launch.Gx), sums)


def right(launch: Launch) -> Array:
    """The sum of each block's cells."""
    return summed(launch, tiles(launch).sum(axis=1))


mistake = launch_mistakes()
mistake.named(
    "one-cell-for-all", lambda launch: launch.stored("sums", np.zeros(launch.Gx, dtype=int), tiles(launch).sum(axis=1))
).says("All blocks write sums[0]: block b's sum belongs in sums[b].")
mistake.named(
    "tail-not-zero",
    lambda launch: summed(launch, launch["x"].astype(np.float64).reshape(launch.Gx, launch.Bx).sum(axis=1)),
).says("Cells from n on are added, too: a thread without a cell puts 0 into the tile.")
mistake.named("stops-early", lambda launch: summed(launch, tiles(launch)[:, ::2].sum(axis=1))).says(
    "The last step is missing: stride 1 adds tile[1] to tile[0]."
)
mistake.named(
    "block-ignored", lambda launch: summed(launch, tiles(launch, cells=launch["x"][launch.tx]).sum(axis=1))
).says("Every block adds up the first block's cells: a thread's cell is t + blockIdx.x * blockDim.x.")
mistake.named("every-thread-writes", lambda launch: summed(launch, tiles(launch)[:, -1])).says(
    "Every thread writes to sums[b], each its own cell of the tile: only thread 0 has the sum."
)
observed = mistake.group(oracle=lambda seen: lambda inputs: seen)
observed.named("divergent-barrier", {"divergent": True}).says(
    "Some threads of a block come to a barrier that others never reach: inside an `if`, or behind an early `return`. On a GPU the block hangs. Every thread must come to every syncthreads(), so only the work goes under the `if`."
)
observed.named("no-barrier-after-loading", {"raced": True, "unwritten": True}).says(
    "A thread adds a cell of the tile before its owner has written it: there is no barrier between filling the tile and the first addition. It may look right when the threads happen to run in step."
)
observed.named("beyond-the-tile", {"outside": True}).says(
    "A thread takes a cell beyond the end of the tile: the tile has blockDim.x cells, the first stride is half of them, and only threads t < stride add."
)
observed.named("tile-not-filled", {"raced": False, "unwritten": True}).says(
    "A cell of the tile is added that nobody has written: a thread whose cell of x is n or more puts 0 into the tile."
)
observed.named("no-barrier-between-steps", {"raced": True, "unwritten": False}).says(
    "A thread adds a cell of the tile that another is still adding to: each halving of the stride needs a barrier behind it, for all threads."
)
observed.named("alone", {"alone": True}, "together").says(
    "The sums are right, but one thread of the block adds up (nearly) everything while the others wait. Halve the work at each step: log₂(blockDim.x) steps in place of blockDim.x."
)


def unshared(inputs: Tree, outputs: Tree) -> str | None:
    """The threads share the work, and barriers order what they do."""
    if outputs["alone"]:
        return "one thread does the block's work alone."
    if outputs["raced"] or outputs["divergent"]:
        return "what two threads do to one cell is not ordered by a barrier that all threads reach."
    return None


def written_once(inputs: Tree, outputs: Tree) -> str | None:
    """Each block's sum is written by one of its threads."""
    return "several threads write the same sum: put it under `if threadIdx.x == 0`." if outputs["twice"] else None


def in_step(inputs: Tree) -> Tree:
    """What is left where each thread makes an access in turn, so that a missing barrier does no harm."""
    launch = Launch(inputs)
    return launch.parts(right(launch), STEP)


ONCE = "One thread of a block writes its sum"
CHECKS = (
    Check("in-step", "Full blocks, if all threads ran in step", share=0.15, cases=tuple(WHOLE), expected=in_step),
    launch_check("one-block", "A single full block, threads in any order", share=0.15, cases=ONE, kernel=right),
    launch_check("whole", "Full blocks, threads in any order", share=0.2, cases=WHOLE, kernel=right),
    launch_check("tail", "A last block with missing cells", share=0.2, cases=TAIL, kernel=right),
    launch_check(
        "together",
        "In a few steps, all threads at work, ordered by barriers",
        share=0.25,
        cases=("128 cells", "512 cells"),
        kernel=right,
        complaint=unshared,
        needs=("whole",),
    ),
    Check("once", ONCE, share=0.05, cases=tuple(WHOLE), complaint=written_once, needs=("whole",), fixed=True),
)
EXERCISE = kernel_exercise("block_sum", draw, CHECKS, mistake, 30.0)
