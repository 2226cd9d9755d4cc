"""Check of `unbroadcast`: undoing broadcasting in a gradient."""

import numpy as np

from lifelong.checks.expect import Names, examples, expect, expect_digits, lookup, show
from lifelong.digits import Precise


def check(names: Names) -> str:
    """A gradient [2, 3] for all four shapes it may come from, and one [2, 2, 2]."""
    function = lookup(names, "unbroadcast", "unbroadcast")
    rows = [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]
    for shape, right, *known in examples("unbroadcast"):
        expect(function(np.array(rows), tuple(shape)), right, f"unbroadcast({show(rows)}, {tuple(shape)})", known)
    expect(function(np.ones((2, 3, 4)), (3, 1)), [[8], [8], [8]], "unbroadcast(ones of shape [2, 3, 4], (3, 1))")
    square, given = [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]], np.ones((2, 4, 3))
    expect(function(np.array(square), (3,)), [9, 12, 15], f"unbroadcast({show(square)}, (3,))")
    expect(function(np.array(square), (3, 1)), [[3], [12], [21]], f"unbroadcast({show(square)}, (3, 1))")
    expect(function(given, (3,)), [8, 8, 8], "unbroadcast(ones of shape [2, 4, 3], (3,))")
    expect(given, np.ones((2, 4, 3)), "the gradient that unbroadcast was given, afterwards,")
    expect(function(np.array(rows[:1]), (3,)), rows[0], f"unbroadcast({show(rows[:1])}, (3,))")
    seventh = Precise(1) / 7
    call = "unbroadcast([[1/7, 1/7]], (1, 1))"
    expect_digits(lambda: function(np.array([[seventh, seventh]]), (1, 1)), [Precise(2) / 7], call)
    return "front axes and stretched axes are summed, the others stay."
