"""Check of `schemes`: difference schemes of order 1, 2 and 4."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect, lookup

VALUES = {"forward": 15.25, "backward": 9.25, "central": 12.25, "five_point": 12.0}
"""Of x³ at 2 with h = 0.5."""

KNOWN: dict[str, Known] = {
    "forward": [
        (7.625, "Divide the difference by h."),
        (-15.25, "The sign is the other way round: f(x+h) − f(x)."),
        (9.25, "That is the backward difference."),
    ],
    "backward": [
        (4.625, "Divide the difference by h."),
        (-9.25, "The sign is the other way round: f(x) − f(x−h)."),
        (15.25, "That is the forward difference."),
    ],
    "central": [
        (24.5, "The two points lie 2h apart: divide by 2h."),
        (3.0625, "`/ 2 * h` divides by 2 and then multiplies by h: write `/ (2 * h)`."),
        (12.0625, "The points are x + h and x − h, not x ± h/2."),
        (15.25, "That is the forward difference."),
        (6.125, "Divide the difference by 2h."),
    ],
    "five_point": [
        (-12.0, "The sign is the other way round: f(x+h) counts +8."),
        (24.0, "The denominator is 12h."),
        (6.0, "Divide by 12h, not by 12."),
        (12.25, "That is the central difference: the outer points are missing."),
        (62 / 3, "The outer points have the other sign: f(x+2h) counts −1, f(x−2h) counts +1."),
        (32.625, "The weight 8 belongs to the inner points, x ± h."),
    ],
}


def check(names: Names) -> str:
    """Every scheme on x³, at a number and on an array."""
    for name, wanted in VALUES.items():
        scheme = lookup(names, name, "schemes")
        expect(scheme(lambda x: x**3, 2.0, 0.5), wanted, f"{name}(f, 2.0, 0.5) for f(x) = x³", KNOWN[name])
        x = np.array([[1.0, 0.2], [0.0, -1.0]])
        got = scheme(lambda x: 2.4 * x, x, 0.25)
        expect(got, [[2.4, 2.4], [2.4, 2.4]], f"{name}(f, x, 0.25) for f(x) = 2.4x and an array x of shape [2, 2]")
        if not np.array_equal(x, [[1.0, 0.2], [0.0, -1.0]]):
            raise CheckFailed(f"{name} changed the array x it was given; make a new one.")
    return "all four give what x³ at 2 should give, and arrays are differentiated entry by entry."
