"""Judge ``grid_stride``: SAXPY in place, each cell once, for launches with too few threads and with too many."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case
from lifelong.cuda.memory import MARGIN

from .launches import Array, Launch, kernel_exercise, launch_case, launch_check, launch_mistakes, left, numbers, stages

FEW = {"small": (2, 2, 6), "1 thread": (1, 1, 127), "1 block": (1, 32, 129), "few": (3, 16, 512)}
FEW |= {"exact": (4, 32, 128), "one over": (4, 32, 129)}
MANY = {"n = 1": (2, 8, 1), "many": (3, 64, 127)}
"""By case: blocks, threads, n."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Launches with fewer threads than cells, and with more; one drawn."""
    drawn = (int(rng.integers(3, 6)), int(rng.integers(9, 20)), int(rng.integers(200, 300)))
    cases = []
    for name, (blocks, size, n) in {**FEW, "drawn": drawn, **MANY}.items():
        length = n + (2 if name == "small" else 40)
        inputs = {"alpha": float(rng.integers(2, 6)), "x": numbers(rng, length), "y": numbers(rng, length)}
        cases.append(launch_case(rng, name, (blocks,), (size,), n=n, **inputs))
    return cases


def cell(alpha: float, x: Any, y: Any) -> Any:
    """What belongs in a cell."""
    return alpha * x + y


def saxpy(
    launch: Launch,
    *,
    start: Array | None = None,
    stop: int | None = None,
    step: int | None = None,
    combine: Callable[[float, Any, Any], Any] = cell,
) -> Array:
    """y after each thread has taken the cells ``range(start, stop, step)``, by default the right ones."""
    stop, step = stop or launch["n"], step or launch.Gx * launch.Bx
    x, y = launch.memory("x"), launch.memory("y")
    for first in (launch.x if start is None else start).tolist():
        for i in range(MARGIN + first, MARGIN + stop, step):
            y[i] = combine(launch["alpha"], x[i], y[i])
    return y


mistake = launch_mistakes()
mistake.named("no-loop", lambda launch: saxpy(launch, step=launch["n"])).says(
    "Each thread takes one cell and stops: with fewer threads than cells the rest is never reached. Go on by a whole grid's threads."
)
mistake.named("stride-block", lambda launch: saxpy(launch, step=launch.Bx)).says(
    "Your stride is blockDim.x, one block: with several blocks they overrun each other's cells, and many are taken twice. The stride is all threads of the grid."
)
mistake.named("stride-grid", lambda launch: saxpy(launch, step=launch.Gx)).says(
    "Your stride is gridDim.x, which counts blocks; count the threads of all blocks."
)
mistake.named("stride-one", lambda launch: saxpy(launch, step=1)).says(
    "Your loop goes on by 1: every thread takes all cells behind its own, too."
)
mistake.named("starts-at-thread", lambda launch: saxpy(launch, start=launch.tx)).says(
    "Your loop starts at threadIdx.x, the same for every block: start at the global index."
)
mistake.named("less-or-equal", lambda launch: saxpy(launch, stop=launch["n"] + 1)).says(
    "Your loop takes cell n, too (<= in place of <)."
)
mistake.named("y-forgotten", lambda launch: saxpy(launch, combine=lambda alpha, x, y: alpha * x)).says(
    "You overwrite y with α x; SAXPY adds the old y."
)
mistake.named("alpha-forgotten", lambda launch: saxpy(launch, combine=lambda alpha, x, y: x + y)).says(
    "You add x itself: it is multiplied by α first."
)

mistake.group(oracle=lambda wrong: left(lambda launch: saxpy(launch, combine=wrong))).formula(cell)

ONE = ("1 thread", "1 block")
SEVERAL, ALL = (*(name for name in FEW if name not in ONE), "drawn"), (*FEW, "drawn", *MANY)
check = partial(launch_check, kernel=saxpy, tolerance=1e-5)
CHECKS = (
    *stages(
        saxpy,
        ("α x + y in the cells that are taken", 0.25, [name for name in ALL if name != "n = 1"]),
        ("The first n cells are taken, and no other", 0.25, ALL),
        terms=lambda launch: [launch.memory("x"), launch.memory("y")],
    ),
    check("one-block", "One block, fewer threads than cells: each cell exactly once", share=0.1, cases=ONE),
    check("few", "Several blocks, fewer threads than cells: each cell exactly once", share=0.2, cases=SEVERAL),
    check("many", "More threads than cells: each cell exactly once", share=0.2, cases=MANY),
)
EXERCISE = kernel_exercise("grid_stride", draw, CHECKS, mistake, 20.0)
