"""Check of `hadamard`: the product of two matrices cell by cell, rows a pitch apart."""

import numpy as np

from lifelong.checks.expect import Names, expect, known
from lifelong.checks.launches import kernel_of, launched


def check(names: Names) -> str:
    """Two rows of three with a pitch of four."""
    kernel = kernel_of(names, "hadamard", "hadamard")
    a = np.array([1.0, 2, 3, 90, 4, 5, 6, 90])
    b = np.array([10.0, 20, 30, 2, 40, 50, 60, 2])
    right = [10, 40, 90, -1, 160, 250, 360, -1]
    padded = known("hadamard", "padded")
    cells = launched(kernel, (2, 2), (2, 2), [a, b, np.full(8, -1.0), 2, 3, 4], 2, padded)
    expect(cells, right, "hadamard[(2, 2), (2, 2)], 2 × 3 with pitch 4: c")
    cells = launched(kernel, (3, 1), (1, 2), [a, b, np.full(8, -1.0), 2, 3, 4], 2)
    expect(cells, right, "hadamard[(3, 1), (1, 2)], 2 × 3 with pitch 4: c")
    return "cell by cell, and the padding as it was."
