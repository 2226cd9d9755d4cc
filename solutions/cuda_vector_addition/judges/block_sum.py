"""Judge ``block_sum``: sums of blocks that the threads add up together, whatever their order."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Mistakes, Tree

from .kernels import FAULTS, Kernel, written_twice
from .launches import ADDRESSES, STEP, Array, Launch, below, launch_case, numbers, sizes

WHOLE = {"128 cells": (4, 32, 128), "512 cells": (4, 128, 512), "small blocks": (5, 8, 40), "threads alone": (6, 1, 6)}
WHOLE |= {"4 cells": (2, 2, 4)}
ONE = {"one block": (1, 16, 16), "1024 threads": (1, 1024, 1024)}
TAIL = {"6 cells": (2, 4, 6), "127 cells": (2, 64, 127), "129 cells": (5, 32, 129), "spare block": (4, 16, 43)}
TAIL |= {"1 cell": (1, 8, 1)}
"""By case: blocks, threads, n."""
BARE = ("127 cells",)
"""Where x ends at n."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Full blocks, and a last block in which cells are missing; cells behind n are there, and do not count."""
    return [
        launch_case(rng, name, [grid], [size], n=n, x=numbers(rng, length), sums=numbers(rng, grid + 3) + 300)
        for name, (grid, size, n) in {**WHOLE, **ONE, **TAIL}.items()
        for length in [n if name in BARE else grid * size]
    ]


def total(tile: Array) -> Array:
    """What becomes of the tiles, by block and thread."""
    return tile.sum(axis=1)


def right(
    launch: Launch,
    *,
    guard: Callable[..., Any] = below,
    value: Callable[[Array], Array] = lambda cells: cells,
    reduce: Callable[[Array], Array] = total,
    at: Callable[[Array], Any] = lambda block: block,
) -> Array:
    """The memory with the sum of each block's cells."""
    mask = guard(launch.x, launch["n"], launch.tx, launch.Bx)
    cells = np.where(mask, launch.fetched("x", launch.read), 0.0)
    sums = reduce(value(cells).reshape(launch.Gx, launch.Bx))
    return launch.stored(at(launch.bx), launch.tx == 0, np.repeat(sums, launch.Bx))


def beyond_tile(inputs: Tree, *, cells: int) -> Tree:
    """What is seen of a tile of so many cells where a block has more threads."""
    return {"outside": True} if max(inputs["block"]) > cells else {}


def raced(inputs: Tree, *, threads: int) -> Tree:
    """What is seen where so many threads run in step, and a block has more."""
    return {"raced": True, "unwritten": False} if max(inputs["block"]) > threads else {}


mistake = Mistakes(beside=__file__)
kernel = Kernel(right, mistake, sizes=sizes, faults={"beyond": FAULTS["beyond"]})
wrong = kernel.wrong
wrong("one-cell-for-all", at=lambda block: 0 * block)
wrong("tail-not-zero", guard=lambda i, n, thread, threads: True)
wrong("block-ignored", reads=ADDRESSES["thread-only"])
wrong("empty-block", guard=lambda i, n, thread, threads: (i < n) | (thread == 0))
wrong("whole-numbers", value=np.trunc)
wrong("squares", value=np.square)
REDUCED: dict[str, Callable[[Array], Array]] = {
    "stops-early": lambda tile: tile[:, ::2].sum(axis=1),
    "last-cell": lambda tile: tile[:, -1],
    "first-half": lambda tile: tile[:, : (tile.shape[1] + 1) // 2].sum(axis=1),
    "first-cell": lambda tile: tile[:, 0],
    "one-step": lambda tile: tile[:, :: max(tile.shape[1] // 2, 1)].sum(axis=1),
    "last-cell-left": lambda tile: tile[:, :-1].sum(axis=1),
    "first-cell-left": lambda tile: tile[:, 1:].sum(axis=1),
    "mean": lambda tile: tile.mean(axis=1),
    "largest": lambda tile: tile.max(axis=1),
    "product": lambda tile: tile.prod(axis=1),
    "cumulated": lambda tile: tile.sum(axis=1).cumsum(),
    "total-everywhere": lambda tile: np.full(len(tile), tile.sum()),
}
mistake.listed(
    "every-thread-writes",
    lambda inputs: {**kernel.left(inputs, reduce=REDUCED["last-cell"]), "raced": max(inputs["block"]) > 1},
)
mistake.listed("adds-beyond-the-stride", lambda inputs: {**kernel.left(inputs), "raced": max(inputs["block"]) > 2})
wrong.each("reduce", REDUCED)
mistake.listed("tail-not-zero", lambda inputs: kernel.left(inputs, guard=lambda i, *_: i < len(inputs["x"])))
mistake.stages(beyond_tile).ways("tile-too-small", "cells", 8, 16, 32, 64, 128, 256, 512)
mistake.stages(raced).ways("no-barrier-between-steps", "threads", 1, 2, 32, 64)
kernel.shared()
wrong.formulas(guard=below, sizes=sizes)
mistake.given()
mistake.group("once").stages(written_twice).ways("written-twice", "side", "block", "grid")


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


LARGE = ("128 cells", "512 cells")
TOGETHER = "In a few steps, all threads at work, ordered by barriers"
ONCE = "One thread of a block writes its sum"
CHECKS = (
    Check("in-step", "Full blocks, if all threads ran in step", share=0.15, cases=tuple(WHOLE), expected=in_step),
    kernel.check("one-block", "A single full block, threads in any order", share=0.15, cases=ONE),
    kernel.check("whole", "Full blocks, threads in any order", share=0.2, cases=WHOLE),
    kernel.check("tail", "A last block with missing cells", share=0.2, cases=TAIL),
    kernel.check("together", TOGETHER, share=0.25, cases=LARGE, complaint=unshared, needs=("whole",)),
    Check("once", ONCE, share=0.05, cases=tuple(WHOLE), complaint=written_once, needs=("whole",), fixed=True),
)
EXERCISE = kernel.exercise("block_sum", draw, CHECKS, seconds=30.0)
