"""Judge ``bounds_guard``: the first n cells and no other, with threads to spare and cells behind n."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes

from .kernels import Kernel, written_twice
from .launches import Array, Launch, below, launch_case, numbers, sizes

SPARE = {
    f"n = {n}": (n, blocks, threads)
    for n, blocks, threads in ((1, 1, 32), (3, 2, 2), (127, 4, 32), (128, 3, 64), (129, 2, 128), (512, 5, 128))
}
EXACT = {"128 of 128": (128, 4, 32), "24 of 24": (24, 1, 24)}
"""By case: n, blocks, threads."""
LENGTHS = {"n = 1": 1, "n = 512": 600}
"""Of arrays that end at n, or before the last thread's cell."""


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise, a drawn one, and two launches without a thread too many."""
    drawn = int(rng.integers(200, 300))
    cases = []
    for name, (n, blocks, size) in {**SPARE, "drawn": (drawn, drawn // 48 + 3, 48), **EXACT}.items():
        length = LENGTHS.get(name, max(n, blocks * size) + 3)
        arrays = {"celsius": numbers(rng, length), "result": numbers(rng, length) + 500}
        cases.append(launch_case(rng, name, (blocks,), (size,), n=n, **arrays))
    return cases


def fahrenheit(celsius: Array) -> Array:
    """What belongs in a cell."""
    return 1.8 * celsius + 32


def converted(
    launch: Launch, *, guard: Callable[..., Any] = below, value: Callable[[Array], Array] = fahrenheit
) -> Array:
    """The memory when the threads that the guard lets through convert their cells; by default right."""
    mask = guard(launch.x, launch["n"], launch.tx, launch.Bx)
    return launch.stored(launch.written, mask, value(launch.fetched("celsius", launch.read)))


mistake = Mistakes(beside=__file__)
kernel = Kernel(converted, mistake, sizes=sizes)
wrong = kernel.wrong
GUARDS: dict[str, Callable[..., Any]] = {
    "no-guard": lambda i, n, t, threads: True,
    "less-or-equal": lambda i, n, t, threads: i <= n,
    "one-short": lambda i, n, t, threads: i < n - 1,
    "guards-the-thread": lambda i, n, t, threads: t < n,
    "inverted": lambda i, n, t, threads: i >= n,
    "first-cell-lost": lambda i, n, t, threads: (i > 0) & (i < n),
    "guards-the-block-size": lambda i, n, t, threads: i < threads,
    "whole-blocks": lambda i, n, t, threads: i < n // threads * threads,
    "guards-the-block": lambda i, n, t, threads: i - t < n,
    "only-n": lambda i, n, t, threads: i == n - 1,
}
wrong.each("guard", GUARDS)
mistake.listed("guards-the-length", lambda inputs: kernel.left(inputs, guard=lambda i, *_: i < len(inputs["celsius"])))
wrong("offset-forgotten", value=lambda celsius: 1.8 * celsius)
wrong("other-way", value=lambda celsius: (celsius - 32) / 1.8)
wrong("integer-factor", value=lambda celsius: celsius + 32)
wrong("rounded", value=lambda celsius: np.round(fahrenheit(celsius)))
wrong("cut-off", value=lambda celsius: np.trunc(fahrenheit(celsius)))
kernel.shared(known=("thread-only",))
mistake.group("cells").stages(written_twice).ways("written-twice", "side", "block", "grid")
wrong.formulas(value=fahrenheit, guard=below, sizes=sizes)

ALL = (*SPARE, "drawn")
EXACTLY = "A single cell, and exactly n threads"
CHECKS = (
    *kernel.stages(
        ("1.8 · celsius + 32 in your cells", 0.4, (*ALL[1:], *EXACT)),
        ("With threads to spare: the first n cells, and no other", 0.4, ALL),
        terms=lambda launch: [launch.memory("celsius")],
        rounded=1.0,
    ),
    kernel.check("exact", EXACTLY, share=0.2, cases=("n = 1", *EXACT), needs=("values", "cells")),
)
EXERCISE = kernel.exercise("bounds_guard", draw, CHECKS)
