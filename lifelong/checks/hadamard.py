"""Check of `hadamard`: the product of two matrices cell by cell, rows a pitch apart."""

import numpy as np

from lifelong.checks.expect import Names, expect, known
from lifelong.checks.launches import expect_cells, kernel_of, launched, numbers


def check(names: Names) -> str:
    """Two rows of three with a pitch of four; wide and tall matrices, with padding and without, and a single cell."""
    kernel = kernel_of(names, "hadamard", "hadamard")
    a = np.array([1.0, 2, 3, 90, 4, 5, 6, 90])
    b = np.array([10.0, 20, 30, 2, 40, 50, 60, 2])
    right = [10, 40, 90, -1, 160, 250, 360, -1]
    padded = known("hadamard", "padded")
    cells = launched(kernel, (2, 2), (2, 2), [a, b, np.full(8, -1.0), 2, 3, 4], 2, padded)
    expect(cells, right, "hadamard[(2, 2), (2, 2)], 2 × 3 with pitch 4: c")
    cells = launched(kernel, (3, 1), (1, 2), [a, b, np.full(8, -1.0), 2, 3, 4], 2)
    expect(cells, right, "hadamard[(3, 1), (1, 2)], 2 × 3 with pitch 4: c")
    rng = np.random.default_rng(5)
    for grid, block, sizes, spare in (
        ((1, 1), (4, 2), {"rows": 1, "columns": 1, "pitch": 4}, 0),
        ((3, 2), (8, 4), {"rows": 7, "columns": 18, "pitch": 21}, 300),
        ((2, 3), (4, 8), {"rows": 19, "columns": 5, "pitch": 8}, 300),
        ((3, 3), (4, 4), {"rows": 9, "columns": 11, "pitch": 11}, 300),
        ((3, 2), (4, 4), {"rows": 8, "columns": 12, "pitch": 16}, 300),
    ):
        rows, columns, pitch = sizes.values()
        a, b, c = (numbers(rng, rows * pitch + spare) for _ in range(3))
        own = np.add.outer(np.arange(rows) * pitch, np.arange(columns))
        cells = c.copy()
        cells[own] = a[own] * b[own]
        expect_cells(kernel, grid, block, cells, a=a, b=b, c=c, **sizes)
    return "cell by cell, and the padding as it was."
