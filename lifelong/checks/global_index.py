"""Check of `global_index`: the index of a thread in the grid."""

from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect
from lifelong.checks.launches import expect_cells, kernel_of, launched
from lifelong.cuda.kernel import Kernel, last_launch


def check(names: Names) -> str:
    """Six cells in 1-D, twelve in 2-D; many blocks and threads."""
    line = kernel_of(names, "label_1d", "global_index")
    known: Known = [([0, 1, 2, -1, -1, -1], "The second block found no cells of its own.")]
    cells = launched(line, 2, 3, [np.full(6, -1)], 0, known)
    expect(cells, [0, 1, 2, 1000, 1001, 1002], "label_1d[2, 3]: the labels")
    label = kernel_of(names, "label_2d", "global_index")
    cells = launched(label, (2, 2), (3, 1), [np.full((2, 6), -1)], 0)
    known = [
        ([[0, 0, 0, 2, 2, 2], [1, 1, 1, 3, 3, 3]], "Reading order goes along the first row of blocks, then the second.")
    ]
    expect(cells, [[0, 0, 0, 1, 1, 1], [2, 2, 2, 3, 3, 3]], "label_2d[(2, 2), (3, 1)]: the labels", known)
    cells = launched(label, (1, 2), (2, 2), [np.full((4, 2), -1)], 0)
    known = [([[0, 0], [0, 0], [2, 2], [2, 2]], "A row of blocks holds gridDim.x of them, here 1.")]
    expect(cells, [[0, 0], [0, 0], [1, 1], [1, 1]], "label_2d[(1, 2), (2, 2)]: the labels", known)
    for blocks, threads in ((1, 1), (5, 43), (8, 10), (1, 1024)):
        right = np.add.outer(1000 * np.arange(blocks), np.arange(threads)).ravel()
        _each_signs(line, blocks, threads, right)
    for grid, block in (((5, 3), (6, 3)), ((3, 4), (2, 7)), ((5, 2), (5, 1))):
        right = np.kron(np.arange(grid[0] * grid[1]).reshape(grid[::-1]), np.ones(block[::-1]))
        _each_signs(label, grid, block, right)
    return "every thread signs its own cell, in one dimension and in two."


def _each_signs(label: Kernel, grid: Any, block: Any, right: Any) -> None:
    expect_cells(label, grid, block, right, label=np.full(right.shape, -1))
    signers = {(access.block, access.thread) for access in last_launch().accesses if access.kind == "write"}
    if len(signers) < right.size:
        raise CheckFailed(f"{label.__name__}[{grid}, {block}]: a thread signs several cells; each signs its own.")
