"""Judge ``global_index``: every thread signs its own cell, in one dimension and in two."""

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Mistakes

from .launches import Array, Launch, kernel_exercise, launch_case, launch_check, left

LINES = {"1 cells": (1, 1), "127 cells": (1, 127), "128 cells": (4, 32), "129 cells": (3, 43), "512 cells": (4, 128)}
"""By case: blocks and threads."""
PLANES = {"wide": (6, 3), "tall": (2, 7), "flat": (5, 1)}
"""By case: a block's sides."""


def unsigned(rng: np.random.Generator, *shape: int) -> Array:
    """What is in cells before; no block and no thread has such numbers."""
    return rng.integers(-99, -9, shape, dtype=np.int32)


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise and a drawn one in 1-D; three shapes in 2-D, none of them square."""
    shapes = {**LINES, "drawn": (int(rng.integers(5, 9)), int(rng.integers(10, 30)))}
    cases = [
        launch_case(rng, name, (blocks,), (size,), kernel="label_1d", label=unsigned(rng, blocks * size))
        for name, (blocks, size) in shapes.items()
    ]
    for name, block in PLANES.items():
        grid = (int(rng.integers(4, 6)), int(rng.integers(2, 4)))
        label = unsigned(rng, grid[1] * block[1], grid[0] * block[0])
        cases.append(launch_case(rng, name, grid, block, kernel="label_2d", label=label))
    return cases


def signed(launch: Launch, index: Array) -> Array:
    """The memory of a 1-D launch in which this is each thread's index."""
    return launch.stored("label", index, 1000 * launch.bx + launch.tx)


def line(launch: Launch) -> Array:
    """One dimension."""
    return signed(launch, launch.x)


def numbered(launch: Launch, *, row: Array, column: Array, block: Array) -> Array:
    """The memory of a 2-D launch in which these are each thread's row and column, and the number of its block."""
    return launch.stored("label", row * launch["label"].shape[1] + column, block)


def block_number(blockIdx_x: Array, blockIdx_y: Array, gridDim_x: int, blockDim_x: int) -> Array:
    """A block's number in reading order; a slip in it is told in these names."""
    return blockIdx_y * gridDim_x + blockIdx_x


def plane(launch: Launch, number: Callable[..., Array] = block_number) -> Array:
    """Two dimensions."""
    block = number(launch.bx, launch.by, launch.Gx, launch.Bx)
    return numbered(launch, row=launch.y, column=launch.x, block=block)


mistake = Mistakes(left, beside=__file__)

mistake.listed("thread-only", lambda launch: signed(launch, launch.tx))
mistake.listed("block-only", lambda launch: signed(launch, launch.bx))
mistake.listed("swapped", lambda launch: signed(launch, launch.tx * launch.Bx + launch.bx))
mistake.listed("strided", lambda launch: signed(launch, launch.tx * launch.Gx + launch.bx))
mistake.listed("grid-dim", lambda launch: signed(launch, launch.tx + launch.bx * launch.Gx))
mistake.listed("no-product", lambda launch: signed(launch, launch.tx + launch.bx))
mistake.listed("one-based", lambda launch: signed(launch, launch.x + 1))
mistake.listed(
    "row-and-column",
    lambda launch: numbered(launch, row=launch.x, column=launch.y, block=launch.by * launch.Gx + launch.bx),
)


@mistake("plane")
def block_dim_x_twice(launch: Launch) -> Array:
    """You take blockDim.x for both directions: rows of threads are blockDim.y to a block."""
    row = launch.ty + launch.by * launch.Bx
    return numbered(launch, row=row, column=launch.x, block=launch.by * launch.Gx + launch.bx)


mistake.listed(
    "by-columns",
    lambda launch: numbered(launch, row=launch.y, column=launch.x, block=launch.bx * launch.Gy + launch.by),
)
mistake.listed(
    "wrong-width",
    lambda launch: numbered(launch, row=launch.y, column=launch.x, block=launch.by * launch.Gy + launch.bx),
)
mistake.listed(
    "thread-only-2d",
    lambda launch: numbered(launch, row=launch.ty, column=launch.tx, block=launch.by * launch.Gx + launch.bx),
)
mistake.group("plane", oracle=lambda wrong: left(lambda launch: plane(launch, wrong))).formula(block_number)

CHECKS = (
    launch_check(
        "line", "One dimension: every thread signs its own cell", share=0.5, cases=(*LINES, "drawn"), kernel=line
    ),
    launch_check("plane", "Two dimensions: rows by y, columns by x", share=0.5, cases=PLANES, kernel=plane),
)
EXERCISE = kernel_exercise("global_index", draw, CHECKS, mistake, 20.0)
