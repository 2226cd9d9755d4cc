"""Judge ``block_sum``: sums of blocks that the threads add up together, whatever their order."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Mistakes, Tree

from .launches import (
    ADDRESSES,
    STEP,
    Array,
    Launch,
    below,
    but,
    formulas,
    kernel_exercise,
    launch_case,
    launch_check,
    numbers,
    shared,
    sizes,
    written_twice,
)

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


mistake, stages_of = Mistakes(beside=__file__), but(right)
mistake.listed("one-cell-for-all", stages_of(at=lambda block: 0 * block))
mistake.listed("tail-not-zero", stages_of(guard=lambda i, n, thread, threads: True))
mistake.listed("block-ignored", stages_of(reads=ADDRESSES["thread-only"]))
mistake.listed("empty-block", stages_of(guard=lambda i, n, thread, threads: (i < n) | (thread == 0)))
mistake.listed("whole-numbers", stages_of(value=np.trunc))
mistake.listed("squares", stages_of(value=np.square))
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
each_its_own = stages_of(reduce=REDUCED["last-cell"])
mistake.listed("every-thread-writes", lambda inputs: {**each_its_own(inputs), "raced": max(inputs["block"]) > 1})
for name, wrong in REDUCED.items():
    mistake.listed(name, stages_of(reduce=wrong))
shared(mistake, stages_of)
formulas(mistake, stages_of, guard=below, sizes=sizes)
observed = mistake.group(oracle=lambda seen: lambda inputs: seen)
observed.listed("divergent-barrier", {"divergent": True})
observed.listed("no-barrier-after-loading", {"raced": True, "unwritten": True})
observed.listed("beyond-the-tile", {"outside": True})
observed.listed("tile-not-filled", {"raced": False, "unwritten": True})
observed.listed("no-barrier-between-steps", {"raced": True, "unwritten": False})
for side in ("block", "grid"):
    mistake.listed("written-twice", partial(written_twice, side), "once")
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
