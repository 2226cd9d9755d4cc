"""Check of `block_sum`: the sum of a block in shared memory."""

from collections import Counter

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect
from lifelong.checks.launches import kernel_of, launched
from lifelong.cuda.kernel import last_launch


def check(names: Names) -> str:
    """Two blocks, the second with two cells; three, the last without any; one of sixty-four, in which many threads must work."""
    kernel = kernel_of(names, "block_sum", "block_sum")
    x = np.array([3, 1, 7, 0, 4, 1, 6, 3, 5, 5], dtype=np.float32)
    sums = launched(kernel, 2, 8, [x, np.full(2, -1, np.float32), 10], 1, [([25.0, -1.0], "Block 1's sum is missing.")])
    expect(sums, [25, 10], "block_sum[2, 8] of [3, 1, 7, 0, 4, 1, 6, 3, 5, 5]: sums")
    fractions = np.array([1.5, 2.25, 4, 0, 5.5, 9, 9, 9, 9, 9, 9, 9], dtype=np.float32)
    sums = launched(kernel, 3, 4, [fractions, np.full(3, -1, np.float32), 5], 1)
    expect(sums, [7.75, 5.5, 0], "block_sum[3, 4] of [1.5, 2.25, 4, 0, 5.5, 9, 9, 9, 9, 9, 9, 9], n = 5: sums")
    sums = launched(kernel, 1, 64, [np.full(64, 2, np.float32), np.full(1, -1, np.float32), 64], 1)
    expect(sums, [128], "block_sum[1, 64] of sixty-four 2s: sums")
    thread, accesses = Counter(access.thread for access in last_launch().accesses).most_common(1)[0]
    if accesses > 36:  # loads and stores of a tree, with some to spare
        raise CheckFailed(f"block_sum[1, 64]: thread {thread[0]} does the block's work alone: halve it at each step.")
    return "the threads add up together, and wait for each other."
