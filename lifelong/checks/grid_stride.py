"""Check of `grid_stride`: the grid-stride loop."""

import numpy as np

from lifelong.checks.expect import Known, Names, expect
from lifelong.checks.launches import expect_cells, kernel_of, launched, numbers


def check(names: Names) -> str:
    """Five cells of six with 2, 4, 1 and 8 threads; one cell and many with more and with fewer."""
    kernel = kernel_of(names, "saxpy", "grid_stride")
    x, y = np.array([1.0, 2, 3, 4, 5, 6]), np.full(6, 10.0)
    for grid, block in ((1, 2), (2, 2), (1, 1), (2, 4)):
        known: Known = [
            ([12.0, 14, 10, 10, 10, 10], "The threads take a cell each and stop: go on by all threads of the grid."),
            ([12.0, 14, 16, 18, 10, 10], "The threads take a cell each and stop: go on by all threads of the grid."),
            ([2.0, 4, 6, 8, 10, 10], "The old y is added, too."),
        ]
        cells = launched(kernel, grid, block, [2.0, x, y, 5], 2, known)
        call = f"saxpy[{grid}, {block}](2, [1, 2, 3, 4, 5, 6], [10, 10, 10, 10, 10, 10], 5): y"
        expect(cells, [12, 14, 16, 18, 20, 10], call)
    rng = np.random.default_rng(4)
    for n, grid, block, spare in ((1, 2, 8, 0), (127, 1, 1, 40), (129, 4, 32, 40), (512, 3, 16, 40), (127, 3, 60, 5)):
        x, y = numbers(rng, n + spare), numbers(rng, n + spare)
        right = np.where(np.arange(n + spare) < n, 3.5 * x + y, y)
        expect_cells(kernel, grid, block, right, alpha=3.5, x=x, y=y, n=n)
    return "one thread or many, each cell once."
