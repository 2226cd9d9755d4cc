"""Judge ``block_sum``: sums of blocks that the threads add up together, whatever their order."""

import numpy as np

from autograder.judging import Case, Check, Mistakes, Tree

from .launches import STEP, Array, Launch, kernel_exercise, launch_case, launch_check, left, numbers

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


mistake = Mistakes(left, beside=__file__)
mistake.listed(
    "one-cell-for-all", lambda launch: launch.stored("sums", np.zeros(launch.Gx, dtype=int), tiles(launch).sum(axis=1))
)
mistake.listed(
    "tail-not-zero",
    lambda launch: summed(launch, launch["x"].astype(np.float64).reshape(launch.Gx, launch.Bx).sum(axis=1)),
)
mistake.listed("stops-early", lambda launch: summed(launch, tiles(launch)[:, ::2].sum(axis=1)))
mistake.listed("block-ignored", lambda launch: summed(launch, tiles(launch, cells=launch["x"][launch.tx]).sum(axis=1)))
mistake.listed("every-thread-writes", lambda launch: summed(launch, tiles(launch)[:, -1]))
observed = mistake.group(oracle=lambda seen: lambda inputs: seen)
observed.listed("divergent-barrier", {"divergent": True})
observed.listed("no-barrier-after-loading", {"raced": True, "unwritten": True})
observed.listed("beyond-the-tile", {"outside": True})
observed.listed("tile-not-filled", {"raced": False, "unwritten": True})
observed.listed("no-barrier-between-steps", {"raced": True, "unwritten": False})
observed.listed("alone", {"alone": True})


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
