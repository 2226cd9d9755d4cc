"""Check of `block_sum`: the sum of a block in shared memory."""

import numpy as np

from lifelong.checks.expect import Names
from lifelong.checks.kinds import expect
from lifelong.checks.launches import kernel_of, launched


def check(names: Names) -> str:
    """Two blocks, the second with two cells; then one of sixteen."""
    kernel = kernel_of(names, "block_sum", "block_sum")
    x = np.array([3, 1, 7, 0, 4, 1, 6, 3, 5, 5], dtype=np.float32)
    sums = launched(kernel, 2, 8, [x, np.full(2, -1, np.float32), 10], 1, [([25.0, -1.0], "Block 1's sum is missing.")])
    expect(sums, [25, 10], "block_sum[2, 8] of [3, 1, 7, 0, 4, 1, 6, 3, 5, 5]: sums")
    sums = launched(kernel, 1, 16, [np.full(16, 2, np.float32), np.full(1, -1, np.float32), 16], 1)
    expect(sums, [32], "block_sum[1, 16] of sixteen 2s: sums")
    return "the threads add up together, and wait for each other."
