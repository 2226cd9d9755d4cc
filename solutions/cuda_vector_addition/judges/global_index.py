"""Judge ``global_index``: every thread signs its own cell, in one dimension and in two."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes, Slip

from .kernels import FAULTS, Kernel
from .launches import ADDRESSES, Array, Launch, flat, launch_case

LINES = {"1 cells": (1, 1), "127 cells": (1, 127), "128 cells": (4, 32), "129 cells": (3, 43), "512 cells": (4, 128)}
LINES |= {"1024 cells": (1, 1024)}
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
        sides = int(rng.integers(4, 6)), 2 + (name == "wide")
        grid = sides[::-1] if name == "tall" else sides
        label = unsigned(rng, grid[1] * block[1], grid[0] * block[0])
        cases.append(launch_case(rng, name, grid, block, kernel="label_2d", label=label))
    return cases


def label(blockIdx_x: Array, threadIdx_x: Array, i: Array) -> Array:
    """What a thread signs with."""
    return 1000 * blockIdx_x + threadIdx_x


def line(
    launch: Launch, *, guard: Callable[..., Any] = lambda i, cells: True, value: Callable[..., Array] = label
) -> Array:
    """One dimension: every thread signs its cell, or those that a guard lets through."""
    return launch.stored(launch.written, guard(launch.x, launch.shape[0]), value(launch.bx, launch.tx, launch.x))


def block_number(
    blockIdx_x: Array, blockIdx_y: Array, gridDim_x: int, gridDim_y: int, blockDim_x: int, blockDim_y: int
) -> Array:
    """A block's number in reading order; a slip in it is told in these names."""
    return blockIdx_y * gridDim_x + blockIdx_x


def plane(
    launch: Launch,
    *,
    number: Callable[..., Array] = block_number,
    of_thread: bool = False,
    at: Callable[..., Array] = flat,
) -> Array:
    """Two dimensions: every thread signs its cell with the number of its block, or with its own in the block."""
    of = (launch.tx, launch.ty) if of_thread else (launch.bx, launch.by)
    sides = (launch.Bx, launch.By, launch.Gx, launch.Gy) if of_thread else (launch.Gx, launch.Gy, launch.Bx, launch.By)
    return launch.stored(at(launch.y, launch.x, launch.shape[1]), True, number(*of, *sides))


mistake = Mistakes(beside=__file__)
OTHERS = "The cells are right, but one thread writes several of them: each thread signs its own cell, and no other."
faults = {**FAULTS, "for others": Slip("signs-for-others", OTHERS)}
of_line = Kernel(line, mistake, "line", faults=faults)
of_plane = Kernel(plane, mistake, "plane", axes=2, faults=faults)
in_line, in_plane = of_line.wrong, of_plane.wrong
in_plane("row-and-column", at=lambda row, column, columns: column * columns + row)
in_plane("block-dim-x-twice", down=lambda t, b, By, Gy, tx, bx, Bx, Gx: t + b * Bx)
in_plane("by-columns", number=lambda x, y, Gx, Gy, Bx, By: x * Gy + y)
in_plane("wrong-width", number=lambda x, y, Gx, Gy, Bx, By: y * Gy + x)
in_plane("thread-number", of_thread=True)
in_plane("as-in-a-line", number=lambda x, y, Gx, Gy, Bx, By: 1000 * y + x)
in_line("last-cell-lost", guard=lambda i, cells: i < cells - 1)
in_line("first-cell-lost", guard=lambda i, cells: i > 0)
in_line("global-index-signed", value=lambda block, thread, i: i)
of_line.shared(known=ADDRESSES)
in_line.formulas(value=label)
of_plane.shared(known=("thread-only",))
in_plane.formulas(number=block_number, at=flat)

CHECKS = (
    of_line.check("line", "One dimension: every thread signs its own cell", share=0.5, cases=(*LINES, "drawn")),
    of_plane.check("plane", "Two dimensions: rows by y, columns by x", share=0.5, cases=PLANES),
)
EXERCISE = of_plane.exercise("global_index", draw, CHECKS)
