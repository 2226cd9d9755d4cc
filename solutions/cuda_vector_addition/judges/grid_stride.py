"""Judge ``grid_stride``: SAXPY in place, each cell once, for launches with too few threads and with too many."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes
from lifelong.cuda.memory import MARGIN

from .kernels import Kernel
from .launches import Array, Launch, launch_case, numbers, step

FEW = {"small": (2, 2, 6), "1 thread": (1, 1, 512), "1 block": (1, 32, 129), "few": (3, 16, 1100)}
FEW |= {"exact": (4, 32, 128), "one over": (4, 32, 129)}
MANY = {"n = 1": (2, 8, 1), "many": (3, 60, 127)}
"""By case: blocks, threads, n."""
SPARE = {"small": 2, "many": 5, "n = 1": 0}
"""Cells behind n, fewer than there are threads behind it."""
FEWEST = 6
"""Cells up to which α is a whole number, as in what is told."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Launches with fewer threads than cells, and with more; one drawn."""
    drawn = (int(rng.integers(3, 6)), int(rng.integers(9, 20)), int(rng.integers(200, 300)))
    cases = []
    for name, (blocks, size, n) in {**FEW, "drawn": drawn, **MANY}.items():
        length = n + SPARE.get(name, 40)
        inputs = {
            "alpha": int(rng.integers(2, 6)) + 0.5 * (n > FEWEST),
            "x": numbers(rng, length),
            "y": numbers(rng, length),
        }
        cases.append(launch_case(rng, name, (blocks,), (size,), n=n, **inputs))
    return cases


def cell(alpha: float, x: Any, y: Any) -> Any:
    """What belongs in a cell."""
    return alpha * x + y


def sizes(n: int, alpha: float) -> tuple[int, float]:
    """What is given."""
    return n, alpha


def stop(n: int, length: int, threads: int) -> int:
    """Where a thread's loop ends."""
    return n


def saxpy(
    launch: Launch,
    *,
    begin: Callable[[int], int] = lambda first: first,
    end: Callable[..., int] = stop,
    stride: Callable[..., int] = step,
    walk: Callable[[range], Iterable[int]] = lambda cells: cells,
    value: Callable[[float, Any, Any], Any] = cell,
) -> Array:
    """y after each thread has taken the cells ``range(begin, end, stride)``, or those of them that it walks to."""
    x, y = launch.memory("x"), launch.memory("y")
    until, by = end(launch["n"], len(launch["x"]), len(launch.x)), stride(launch.Bx, launch.Gx)
    visits = np.zeros(len(x), dtype=int)
    for first in launch.x[launch.works].tolist():
        taken = walk(range(MARGIN + begin(first), MARGIN + until, by))
        visits[taken if isinstance(taken, list) else slice(taken.start, taken.stop, taken.step)] += 1
    for visit in range(visits.max()):
        y = np.where(visits > visit, launch.store(y, value(launch["alpha"], x, y)), y)
    return y


mistake = Mistakes(beside=__file__)
kernel = Kernel(saxpy, mistake, sizes=sizes)
wrong = kernel.wrong
wrong("no-loop", walk=lambda cells: cells[:1])
wrong("stride-block", stride=lambda threads, blocks: threads)
wrong("stride-grid", stride=lambda threads, blocks: blocks)
wrong("stride-one", stride=lambda threads, blocks: 1)
wrong("every-thread-all", begin=lambda first: 0, stride=lambda threads, blocks: 1)
wrong("two-steps", walk=lambda cells: cells[:2])
wrong("first-unguarded", walk=lambda cells: [cells.start, *cells[1:]])
wrong("first-skipped", walk=lambda cells: cells[1:])
wrong("last-skipped", walk=lambda cells: cells[:-1])
wrong("starts-at-thread", along=lambda thread, block, threads, blocks: thread)
wrong("less-or-equal", end=lambda n, length, threads: n + 1)
wrong("one-short", end=lambda n, length, threads: n - 1)
wrong("y-forgotten", value=lambda alpha, x, y: alpha * x)
wrong("alpha-forgotten", value=lambda alpha, x, y: x + y)
wrong("alpha-times-y", value=lambda alpha, x, y: x + alpha * y)
wrong("alpha-times-both", value=lambda alpha, x, y: alpha * (x + y))
wrong("last-unguarded", end=lambda n, length, threads: -(-n // threads) * threads)
wrong.ways("stride-built-in", "stride", *(lambda threads, blocks, by=by: by for by in (2, 32, 64, 128, 256, 512)))
wrong("rest-left", end=lambda n, length, threads: n // threads * threads)
kernel.shared()
wrong.formulas(value=cell, end=stop, stride=step, sizes=sizes)

ONE = ("1 thread", "1 block")
SEVERAL, ALL = (*(name for name in FEW if name not in ONE), "drawn"), (*FEW, "drawn", *MANY)
check = partial(kernel.check, tolerance=1e-5)
CHECKS = (
    *kernel.stages(
        ("α x + y in the cells that are taken", 0.25, [name for name in ALL if name != "n = 1"]),
        ("The first n cells are taken, and no other", 0.25, ALL),
        terms=lambda launch: [launch.memory("x"), launch.memory("y")],
    ),
    check("one-block", "One block, fewer threads than cells: each cell exactly once", share=0.1, cases=ONE),
    check("few", "Several blocks, fewer threads than cells: each cell exactly once", share=0.2, cases=SEVERAL),
    check("many", "More threads than cells: each cell exactly once", share=0.2, cases=MANY),
)
EXERCISE = kernel.exercise("grid_stride", draw, CHECKS)
