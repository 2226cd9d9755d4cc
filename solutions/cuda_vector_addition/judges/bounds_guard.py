"""Judge ``bounds_guard``: the first n cells and no other, with threads to spare and cells behind n."""

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Mistakes

from .launches import Array, Launch, kernel_exercise, launch_case, launch_check, left, numbers, stages

SPARE = {
    f"n = {n}": (n, blocks, threads)
    for n, blocks, threads in ((1, 1, 32), (3, 2, 2), (127, 4, 32), (128, 3, 64), (129, 2, 128), (512, 5, 128))
}
EXACT = {"128 of 128": (128, 4, 32), "24 of 24": (24, 1, 24)}
"""By case: n, blocks, threads."""


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise, a drawn one, and two launches without a thread too many."""
    drawn = int(rng.integers(200, 300))
    cases = []
    for name, (n, blocks, size) in {**SPARE, "drawn": (drawn, drawn // 48 + 3, 48), **EXACT}.items():
        length = max(n, blocks * size) + 3
        arrays = {"celsius": numbers(rng, length), "result": numbers(rng, length) + 500}
        cases.append(launch_case(rng, name, (blocks,), (size,), n=n, **arrays))
    return cases


def fahrenheit(celsius: Array) -> Array:
    """What belongs in a cell."""
    return 1.8 * celsius + 32


def converted(
    launch: Launch, mask: Array, formula: Callable[[Array], Array] = fahrenheit, index: Array | None = None
) -> Array:
    """The memory when exactly the threads that the mask lets through convert their cells, by default the right ones."""
    at = (launch.x if index is None else index)[mask]
    return launch.stored("result", at, formula(launch.fetched("celsius", at)).astype(np.float32))


def right(launch: Launch) -> Array:
    """Threads with an index below n."""
    return converted(launch, launch.x < launch["n"])


mistake = Mistakes(left, beside=__file__)
mistake.listed("no-guard", lambda launch: converted(launch, launch.x >= 0))
mistake.listed("less-or-equal", lambda launch: converted(launch, launch.x <= launch["n"]))
mistake.listed("one-short", lambda launch: converted(launch, launch.x < launch["n"] - 1))
mistake.listed("guards-the-thread", lambda launch: converted(launch, launch.tx < launch["n"]))
mistake.listed("inverted", lambda launch: converted(launch, launch.x >= launch["n"]))
mistake.listed("first-cell-lost", lambda launch: converted(launch, (launch.x > 0) & (launch.x < launch["n"])))
mistake.listed("guards-the-block-size", lambda launch: converted(launch, launch.x < launch.Bx))
mistake.listed("offset-forgotten", lambda launch: converted(launch, launch.x < launch["n"], lambda c: 1.8 * c))
mistake.listed("thread-only", lambda launch: converted(launch, launch.tx < launch["n"], index=launch.tx))
formulas = mistake.group(oracle=lambda wrong: left(lambda launch: converted(launch, launch.x < launch["n"], wrong)))
formulas.formula(fahrenheit)

ALL = (*SPARE, "drawn")
EXACTLY = "A single cell, and exactly n threads"
CHECKS = (
    *stages(
        right,
        ("1.8 · celsius + 32 in your cells", 0.4, (*ALL[1:], *EXACT)),
        ("With threads to spare: the first n cells, and no other", 0.4, ALL),
        terms=lambda launch: [launch.memory("celsius")],
        rounded=1.0,
    ),
    launch_check("exact", EXACTLY, share=0.2, cases=("n = 1", *EXACT), kernel=right, needs=("values", "cells")),
)
EXERCISE = kernel_exercise("bounds_guard", draw, CHECKS, mistake, 20.0)
