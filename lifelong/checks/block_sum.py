"""Check of `block_sum`: the sum of a block in shared memory."""

from collections import Counter

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect
from lifelong.checks.launches import expect_cells, kernel_of, launched, numbers
from lifelong.cuda.kernel import last_launch


def check(names: Names) -> str:
    """Two blocks, the second with two cells; three, the last without any; large and small ones, in which many threads work."""
    kernel = kernel_of(names, "block_sum", "block_sum")
    x = np.array([3, 1, 7, 0, 4, 1, 6, 3, 5, 5], dtype=np.float32)
    sums = launched(kernel, 2, 8, [x, np.full(2, -1, np.float32), 10], 1, [([25.0, -1.0], "Block 1's sum is missing.")])
    expect(sums, [25, 10], "block_sum[2, 8] of [3, 1, 7, 0, 4, 1, 6, 3, 5, 5]: sums")
    fractions = np.array([1.5, 2.25, 4, 0, 5.5, 9, 9, 9, 9, 9, 9, 9], dtype=np.float32)
    sums = launched(kernel, 3, 4, [fractions, np.full(3, -1, np.float32), 5], 1)
    expect(sums, [7.75, 5.5, 0], "block_sum[3, 4] of [1.5, 2.25, 4, 0, 5.5, 9, 9, 9, 9, 9, 9, 9], n = 5: sums")
    rng = np.random.default_rng(6)
    shapes = ((6, 1, 6), (1, 8, 1), (4, 16, 43), (4, 32, 128), (2, 64, 127), (4, 128, 512), (1, 1024, 1024))
    for grid, block, n in shapes:
        x = numbers(rng, n if n == 127 else grid * block)
        cells, others = np.zeros(grid * block), numbers(rng, grid + 3) + 300
        cells[:n] = x[:n]
        right = np.concatenate([cells.reshape(grid, block).sum(axis=1), others[grid:]])
        expect_cells(kernel, grid, block, right, x=x, sums=others, n=n)
        (_, thread), accesses = Counter((each.block, each.thread) for each in last_launch().accesses).most_common(1)[0]
        if accesses > 4 * block.bit_length() + 8:  # loads and stores of a tree, with some to spare
            told = f"block_sum[{grid}, {block}]: thread {thread[0]} does the block's work alone: halve it at each step."
            raise CheckFailed(told)
    return "the threads add up together, and wait for each other."
