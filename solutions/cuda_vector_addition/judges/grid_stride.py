"""Judge ``grid_stride``: SAXPY in place, each cell once, for launches with too few threads and with too many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Check, Exercise, Tree
from lifelong.cuda.memory import MARGIN

from .launches import Array, Oracle, launch_case, memory, mistake, numbers, promised, threads

FEW = {
    "1 thread": (1, 1, 127),
    "1 block": (1, 32, 129),
    "few": (3, 16, 512),
    "exact": (4, 32, 128),
    "one over": (4, 32, 129),
}
MANY = {"n = 1": (2, 8, 1), "many": (3, 64, 127)}
"""By case: blocks, threads, n."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Launches with fewer threads than cells, and with more; one drawn."""
    drawn = (int(rng.integers(3, 6)), int(rng.integers(9, 20)), int(rng.integers(200, 300)))
    return [
        launch_case(
            rng,
            name,
            (blocks,),
            (size,),
            n=n,
            alpha=float(rng.integers(2, 6)),
            x=numbers(rng, n + 40),
            y=numbers(rng, n + 40),
        )
        for name, (blocks, size, n) in {**FEW, "drawn": drawn, **MANY}.items()
    ]


Visits = Callable[[int, int, int, int, int], range]
"""Block, thread, G, B, n → the cells that this thread takes."""


def _visited(visits: Visits, keep: bool = True) -> Oracle:
    """y after each thread has taken its cells; with ``keep`` False, y itself is forgotten in α x + y."""

    def oracle(inputs: Tree) -> Array:
        each, n = threads(inputs), inputs["n"]
        y, x = memory(inputs, "y"), memory(inputs, "x")
        for block, thread in zip(each.bx.tolist(), each.tx.tolist(), strict=True):
            for i in visits(block, thread, each.Gx, each.Bx, n):
                at = i + MARGIN
                if at < len(y):
                    y[at] = inputs["alpha"] * x[at] + (y[at] if keep else 0)
        return y

    return oracle


MISTAKES = (
    mistake(
        "no-loop",
        "Each thread takes one cell and stops: with fewer threads than cells the rest is never reached. Go on by a whole grid's threads.",
        _visited(lambda b, t, G, B, n: range(b * B + t, min(b * B + t + 1, n))),
    ),
    mistake(
        "stride-block",
        "Your stride is blockDim.x, one block: with several blocks they overrun each other's cells, and many are taken twice. The stride is all threads of the grid.",
        _visited(lambda b, t, G, B, n: range(b * B + t, n, B)),
    ),
    mistake(
        "stride-grid",
        "Your stride is gridDim.x, which counts blocks; count the threads of all blocks.",
        _visited(lambda b, t, G, B, n: range(b * B + t, n, G)),
    ),
    mistake(
        "stride-one",
        "Your loop goes on by 1: every thread takes all cells behind its own, too.",
        _visited(lambda b, t, G, B, n: range(b * B + t, n)),
    ),
    mistake(
        "starts-at-thread",
        "Your loop starts at threadIdx.x, the same for every block: start at the global index.",
        _visited(lambda b, t, G, B, n: range(t, n, G * B)),
    ),
    mistake(
        "less-or-equal",
        "Your loop takes cell n, too (<= in place of <).",
        _visited(lambda b, t, G, B, n: range(b * B + t, n + 1, G * B)),
    ),
    mistake(
        "y-forgotten",
        "You overwrite y with α x; SAXPY adds the old y.",
        _visited(lambda b, t, G, B, n: range(b * B + t, n, G * B), keep=False),
    ),
)

RIGHT = promised(_visited(lambda b, t, G, B, n: range(b * B + t, n, G * B)))

EXERCISE = Exercise(
    id="grid_stride",
    draw=draw,
    checks=(
        Check(
            "few",
            "Fewer threads than cells: each cell exactly once",
            share=0.7,
            cases=(*FEW, "drawn"),
            expected=RIGHT,
            tolerance=1e-5,
        ),
        Check(
            "many",
            "More threads than cells: nothing beyond n",
            share=0.3,
            cases=tuple(MANY),
            expected=RIGHT,
            needs=("few",),
            tolerance=1e-5,
        ),
    ),
    mistakes=MISTAKES,
    seconds=20.0,
)
