"""Judge ``bounds_guard``: the first n cells and no other, with threads to spare and cells behind n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Tree

from .launches import (
    TOLERANCE,
    Array,
    Oracle,
    Threads,
    fetched,
    launch_case,
    mistake,
    numbers,
    promised,
    stored,
    threads,
)

SPARE = {1: (1, 32), 127: (4, 32), 128: (3, 64), 129: (2, 128), 512: (5, 128)}
"""By n: blocks and threads, more than enough."""

EXACT = {"128 of 128": (4, 32), "24 of 24": (1, 24)}


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise, a drawn one, and two launches without a thread too many."""
    drawn = int(rng.integers(200, 300))
    shapes = {f"n = {n}": (n, shape) for n, shape in SPARE.items()} | {"drawn": (drawn, (drawn // 48 + 3, 48))}
    shapes |= {name: (shape[0] * shape[1], shape) for name, shape in EXACT.items()}
    cases = []
    for name, (n, (blocks, size)) in shapes.items():
        length = max(n, blocks * size) + 5
        cases.append(
            launch_case(
                rng, name, (blocks,), (size,), n=n, celsius=numbers(rng, length), result=numbers(rng, length) + 500
            )
        )
    return cases


def _converted(mask: Callable[[Threads, int], Any]) -> Oracle:
    """The memory when exactly the threads that the mask lets through convert their cells."""

    def oracle(inputs: Tree) -> Array:
        each = threads(inputs)
        index = each.x[mask(each, inputs["n"])]
        return stored(inputs, "result", index, (1.8 * fetched(inputs, "celsius", index) + 32).astype(np.float32))

    return oracle


MISTAKES = (
    mistake(
        "no-guard",
        "There is no guard: threads with an index of n or more write, too, over cells that are not yours.",
        _converted(lambda each, n: each.x >= 0),
    ),
    mistake(
        "less-or-equal",
        "Your guard lets the index n through (<= in place of <): cells 0 … n − 1 are n cells already.",
        _converted(lambda each, n: each.x <= n),
    ),
    mistake(
        "one-short",
        "Your guard stops one cell early: the last cell, n − 1, is yours, too.",
        _converted(lambda each, n: each.x < n - 1),
    ),
    mistake(
        "guards-the-thread",
        "You compare threadIdx.x with n, and it is small in every block; compare the global index.",
        _converted(lambda each, n: each.tx < n),
    ),
    mistake(
        "inverted",
        "Your guard is the wrong way round: it lets through those threads that should do nothing.",
        _converted(lambda each, n: each.x >= n),
    ),
    mistake(
        "first-cell-lost",
        "Your guard keeps cell 0 out: indices begin at 0.",
        _converted(lambda each, n: (each.x > 0) & (each.x < n)),
    ),
    mistake(
        "guards-the-block-size",
        "You compare the index with blockDim.x: only the first block works. Compare it with n.",
        _converted(lambda each, n: each.x < each.Bx),
    ),
)

RIGHT = promised(_converted(lambda each, n: each.x < n))

EXERCISE = Exercise(
    id="bounds_guard",
    draw=draw,
    checks=(
        Check(
            "spare",
            "With threads to spare: the first n cells, and no other",
            share=0.8,
            cases=(*(f"n = {n}" for n in SPARE), "drawn"),
            expected=RIGHT,
            tolerance=TOLERANCE,
        ),
        Check(
            "exact",
            "With exactly n threads: every cell",
            share=0.2,
            cases=tuple(EXACT),
            expected=RIGHT,
            needs=("spare",),
            tolerance=TOLERANCE,
        ),
    ),
    mistakes=MISTAKES,
    seconds=20.0,
)
