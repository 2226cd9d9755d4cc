"""Check of `stencil`: the weights of a stencil."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup


def check(names: Names) -> str:
    """Known stencils, one in another order, and higher derivatives."""
    weights = lookup(names, "stencil", "stencil")
    table: list[tuple[list[float], int, list[float]]] = [
        ([-1, 1], 1, [-0.5, 0.5]),
        ([2, 0, 1], 1, [-0.5, -1.5, 2]),
        ([1, 2, 0], 1, [2, -0.5, -1.5]),
        ([0, 1, 150], 1, [-151 / 150, 150 / 149, -1 / (150 * 149)]),
        ([0.1, 0.8567], 1, [-1 / 0.7567, 1 / 0.7567]),
        ([-2, -1, 0, 1, 2], 1, [1 / 12, -8 / 12, 0, 8 / 12, -1 / 12]),
        ([-1, 0, 1], 2, [1, -2, 1]),
        ([-2, -1, 0, 1, 2], 3, [-0.5, 1, 0, -1, 0.5]),
    ]
    for offsets, m, wanted in table:
        wrong = known("stencil", f"derivative_{m}_of_{len(offsets)}")
        for points in (list(offsets), np.array(offsets, dtype=float)):
            expect(weights(points, derivative=m), wanted, f"stencil({offsets}, derivative={m})", wrong)
            if not np.array_equal(points, offsets):
                raise CheckFailed(f"stencil changed the offsets that it was given, {offsets}; work on a copy.")
    expect(weights([-1, 0, 1]), [-0.5, 0, 0.5], "stencil([-1, 0, 1]), the first derivative,")
    return "central, one-sided, five-point and second derivative come out right."
