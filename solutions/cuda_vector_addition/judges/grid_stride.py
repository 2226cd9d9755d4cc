"""Judge ``grid_stride``: SAXPY in place, each cell once, for launches with too few threads and with too many."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes
from lifelong.cuda.memory import MARGIN

from .launches import Array, Launch, kernel_exercise, launch_case, launch_check, left, numbers, stages

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


mistake = Mistakes(left, beside=__file__)
mistake.listed("no-loop", lambda launch: saxpy(launch, step=launch["n"]))
mistake.listed("stride-block", lambda launch: saxpy(launch, step=launch.Bx))
mistake.listed("stride-grid", lambda launch: saxpy(launch, step=launch.Gx))
mistake.listed("stride-one", lambda launch: saxpy(launch, step=1))
mistake.listed("starts-at-thread", lambda launch: saxpy(launch, start=launch.tx))
mistake.listed("less-or-equal", lambda launch: saxpy(launch, stop=launch["n"] + 1))
mistake.listed("y-forgotten", lambda launch: saxpy(launch, combine=lambda alpha, x, y: alpha * x))
mistake.listed("alpha-forgotten", lambda launch: saxpy(launch, combine=lambda alpha, x, y: x + y))

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
