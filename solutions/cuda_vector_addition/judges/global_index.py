"""Judge ``global_index``: every thread signs its own cell, in one dimension and in two."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Check, Exercise, Tree

from .launches import SHAPES, TOLERANCE, Array, Ints, Oracle, Threads, launch_case, mistake, promised, stored, threads


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise and a drawn one in 1-D; three shapes in 2-D, none of them square."""
    shapes = {f"{n} cells": shape for n, shape in SHAPES.items()}
    shapes["drawn"] = (int(rng.integers(5, 9)), int(rng.integers(10, 30)))
    cases = [
        launch_case(rng, name, (blocks,), (size,), kernel="label_1d", label=np.full(blocks * size, -1, np.int32))
        for name, (blocks, size) in shapes.items()
    ]
    for name in ("wide", "tall", "flat"):
        grid = (int(rng.integers(4, 6)), int(rng.integers(2, 4)))
        block = {"wide": (6, 3), "tall": (2, 7), "flat": (5, 1)}[name]
        label = np.full((grid[1] * block[1], grid[0] * block[0]), -1, np.int32)
        cases.append(launch_case(rng, name, grid, block, kernel="label_2d", label=label))
    return cases


def _line(index: Callable[[Threads], Ints]) -> Oracle:
    def oracle(inputs: Tree) -> Array:
        each = threads(inputs)
        return stored(inputs, "label", index(each), 1000 * each.bx + each.tx)

    return oracle


def _plane(
    row: Callable[[Threads], Ints] = lambda each: each.y,
    column: Callable[[Threads], Ints] = lambda each: each.x,
    label: Callable[[Threads], Ints] = lambda each: each.by * each.Gx + each.bx,
) -> Oracle:
    def oracle(inputs: Tree) -> Array:
        each = threads(inputs)
        return stored(inputs, "label", row(each) * inputs["label"].shape[1] + column(each), label(each))

    return oracle


LINE, PLANE = ("line",), ("plane",)

MISTAKES = (
    mistake(
        "thread-only",
        "Your index is threadIdx.x alone, which starts again at 0 in every block: all blocks write the same cells. Add the cells of the blocks before.",
        _line(lambda each: each.tx),
        LINE,
    ),
    mistake(
        "block-only",
        "Your index is that of the block: all threads of a block write the same cell.",
        _line(lambda each: each.bx),
        LINE,
    ),
    mistake(
        "swapped",
        "threadIdx.x and blockIdx.x have changed places: a block is blockDim.x wide, so multiply blockIdx.x by it, not threadIdx.x.",
        _line(lambda each: each.tx * each.Bx + each.bx),
        LINE,
    ),
    mistake(
        "strided",
        "Your index puts the threads of a block gridDim.x cells apart; they should lie side by side: threadIdx.x counts single cells.",
        _line(lambda each: each.tx * each.Gx + each.bx),
        LINE,
    ),
    mistake(
        "grid-dim",
        "You multiply blockIdx.x by gridDim.x, the number of blocks; a block is blockDim.x threads wide.",
        _line(lambda each: each.tx + each.bx * each.Gx),
        LINE,
    ),
    mistake(
        "no-product",
        "You add blockIdx.x without its width: multiply it by blockDim.x.",
        _line(lambda each: each.tx + each.bx),
        LINE,
    ),
    mistake("one-based", "Your index is one too large: cells count from 0.", _line(lambda each: each.x + 1), LINE),
    mistake(
        "row-and-column",
        "Row and column have changed places: x runs along a row, so it gives the column; y gives the row.",
        _plane(lambda each: each.x, lambda each: each.y),
        PLANE,
    ),
    mistake(
        "block-dim-x-twice",
        "You take blockDim.x for both directions: rows of threads are blockDim.y to a block.",
        _plane(lambda each: each.ty + each.by * each.Bx),
        PLANE,
    ),
    mistake(
        "by-columns",
        "You count the blocks column by column (blockIdx.x * gridDim.y + blockIdx.y); reading order goes along the rows.",
        _plane(label=lambda each: each.bx * each.Gy + each.by),
        PLANE,
    ),
    mistake(
        "wrong-width",
        "A row of blocks has gridDim.x of them, so blockIdx.y counts gridDim.x blocks, not gridDim.y.",
        _plane(label=lambda each: each.by * each.Gy + each.bx),
        PLANE,
    ),
    mistake(
        "thread-only-2d",
        "Row and column come from threadIdx alone: all blocks write the same cells.",
        _plane(lambda each: each.ty, lambda each: each.tx),
        PLANE,
    ),
)

EXERCISE = Exercise(
    id="global_index",
    draw=draw,
    checks=(
        Check(
            "line",
            "One dimension: every thread signs its own cell",
            share=0.5,
            cases=(*(f"{n} cells" for n in SHAPES), "drawn"),
            expected=promised(_line(lambda each: each.x)),
            tolerance=TOLERANCE,
        ),
        Check(
            "plane",
            "Two dimensions: rows by y, columns by x",
            share=0.5,
            cases=("wide", "tall", "flat"),
            expected=promised(_plane()),
            tolerance=TOLERANCE,
        ),
    ),
    mistakes=MISTAKES,
    seconds=20.0,
)
