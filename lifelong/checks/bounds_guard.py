"""Check of `bounds_guard`: the guard against threads beyond the last cell."""

import numpy as np

from lifelong.checks.expect import Names, expect, known
from lifelong.checks.launches import kernel_of, launched


def check(names: Names) -> str:
    """Two cells of three, then exactly as many cells as there are."""
    kernel = kernel_of(names, "fahrenheit", "bounds_guard")
    celsius, seven = np.array([0.0, 100.0, -40.0]), np.full(3, 7.0)
    cells = launched(kernel, 1, 3, [celsius, seven, 2], 1, known("bounds_guard", "two_of_three"))
    expect(cells, [32, 212, 7], "fahrenheit[1, 3]([0, 100, −40], [7, 7, 7], 2): result")
    celsius[0] = 0.5
    call = "fahrenheit[2, 2]([0.5, 100, −40], [7, 7, 7], 3): result"
    expect(launched(kernel, 2, 2, [celsius, seven, 3], 1), [32.9, 212, -40], call)
    return "the first n cells, and no other."
