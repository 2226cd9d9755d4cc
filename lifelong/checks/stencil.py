"""Check of `stencil`: the weights of a stencil."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect, lookup


def check(names: Names) -> str:
    """Known stencils, one in another order, and higher derivatives."""
    weights = lookup(names, "stencil", "stencil")
    signs, five = "The signs are the other way round.", [1 / 12, -8 / 12, 0, 8 / 12, -1 / 12]
    second: Known = [
        ([0.5, -1, 0.5], "The right-hand side for k = m is m!, here 2."),
        ([-0.5, 0, 0.5], "That is the first derivative."),
    ]
    table: list[tuple[list[float], int, list[float], Known]] = [
        ([-1, 1], 1, [-0.5, 0.5], [([0.5, -0.5], signs)]),
        ([2, 0, 1], 1, [-0.5, -1.5, 2], [([-1.5, 2, -0.5], "Keep the order in which the points came.")]),
        ([0.1, 0.6], 1, [-2, 2], ()),
        ([-2, -1, 0, 1, 2], 1, five, [(five[::-1], signs)]),
        ([-1, 0, 1], 2, [1, -2, 1], second),
        ([-2, -1, 0, 1, 2], 3, [-0.5, 1, 0, -1, 0.5], ()),
    ]
    for offsets, m, wanted, known in table:
        for points in (list(offsets), np.array(offsets, dtype=float)):
            expect(weights(points, derivative=m), wanted, f"stencil({offsets}, derivative={m})", known)
            if not np.array_equal(points, offsets):
                raise CheckFailed(f"stencil changed the offsets that it was given, {offsets}; work on a copy.")
    expect(weights([-1, 0, 1]), [-0.5, 0, 0.5], "stencil([-1, 0, 1]), the first derivative,")
    return "central, one-sided, five-point and second derivative come out right."
