"""Check of `bounds_guard`: the guard against threads beyond the last cell."""

import numpy as np

from lifelong.checks.expect import Names, expect, known
from lifelong.checks.launches import expect_cells, kernel_of, launched, numbers


def check(names: Names) -> str:
    """Two cells of three, exactly as many as there are, and many; arrays end at n, or behind it."""
    kernel = kernel_of(names, "fahrenheit", "bounds_guard")
    celsius, seven = np.array([0.0, 100.0, -40.0]), np.full(3, 7.0)
    cells = launched(kernel, 1, 3, [celsius, seven, 2], 1, known("bounds_guard", "two_of_three"))
    expect(cells, [32, 212, 7], "fahrenheit[1, 3]([0, 100, −40], [7, 7, 7], 2): result")
    celsius[0] = 0.5
    call = "fahrenheit[2, 2]([0.5, 100, −40], [7, 7, 7], 3): result"
    expect(launched(kernel, 2, 2, [celsius, seven, 3], 1), [32.9, 212, -40], call)
    rng = np.random.default_rng(2)
    for n, blocks, threads, length in ((1, 1, 32, 1), (127, 5, 32, 140), (129, 2, 128, 259), (128, 4, 32, 131)):
        celsius, result = numbers(rng, length), numbers(rng, length) + 500
        right = np.where(np.arange(length) < n, 1.8 * celsius + 32, result)
        expect_cells(kernel, blocks, threads, right, celsius=celsius, result=result, n=n)
    return "the first n cells, and no other."
