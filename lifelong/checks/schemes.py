"""Check of `schemes`: difference schemes of order 1, 2 and 4."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup

VALUES = {"forward": (15.25, 1), "backward": (9.25, 1), "central": (12.25, 1), "five_point": (12.0, -4)}
"""Of x³ at 2 with h = 0.5; of x⁵ at 0, in units of h⁴, which other points and rounded values change."""


def check(names: Names) -> str:
    """Every scheme on x³ and x⁵, at a number, and on arrays."""
    for name, (wanted, remainder) in VALUES.items():
        scheme = lookup(names, name, "schemes")
        expect(scheme(lambda x: x**3, 2.0, 0.5), wanted, f"{name}(f, 2.0, 0.5) for f(x) = x³", known("schemes", name))
        right, half = remainder / 16, "The points are those of the formula, h from x, not h/2."
        expect(scheme(lambda x: x**5, 0.0, 0.5), right, f"{name}(f, 0.0, 0.5) for f(x) = x⁵", [(right / 16, half)])
        x = np.array([[[1.0, 0.2]], [[0.0, -1.0]]])
        for f, slope in ((lambda x: x, 1.0), (lambda x: 2.4 * x, 2.4)):
            got, call = (
                scheme(f, x, 0.25),
                f"{name}(f, x, 0.25) for f(x) = {slope:g}x and an array x of shape [2, 1, 2]",
            )
            if not np.array_equal(x, [[[1.0, 0.2]], [[0.0, -1.0]]]):
                raise CheckFailed(f"{name} changed the array x it was given; make a new one.")
            expect(got, [[[slope, slope]], [[slope, slope]]], call)
        got = scheme(lambda x: 2.4 * x, np.array([1, 2]), 0.25)
        expect(got, [2.4, 2.4], f"{name}(f, x, 0.25) for f(x) = 2.4x and an array x of whole numbers, [1, 2],")
        expect(scheme(lambda x: x**5, 0.0, 1e-20), remainder * 1e-80, f"{name}(f, 0.0, 1e-20) for f(x) = x⁵")
    return "all four give what x³ at 2 should give, and arrays are differentiated entry by entry."
