"""Check of `scan_loop`: loops in graphs, as in Theano."""

import numpy as np

from lifelong.checks.expect import Names, examples, expect, lookup
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """Small powers and scans by hand."""
    power, scan = (lookup(names, name, "scan_loop") for name in ("power", "scan"))
    slide = "The slide's loop: it starts with A and still multiplies k times."
    expect(power(2, 3), 8, "power(2, 3)", [(16, slide), (4, "Once too little.")])
    square = np.array([[1.0, 2.0], [3.0, 4.0]])
    expect(power(square, 2), [[1, 4], [9, 16]], "power([[1, 2], [3, 4]], 2), entry by entry,")
    x = np.array([1.0, 2.0, 3.0])
    expect(power(x, 2), [1, 4, 9], "power([1, 2, 3], 2)", [([1, 8, 27], slide)])
    expect(x, [1, 2, 3], "the array that power was given (multiply in a new one)")
    expect(
        power(x - 1, 0), [1, 1, 1], "power([0, 1, 2], 0)", [([0, 1, 2], "Start with ones."), (1, "An array of ones.")]
    )
    for text, right, *known in examples("scan_loop"):
        expect(eval(text, {"scan": scan}), right, text, known)
    refused(lambda: scan(lambda p: p, [], 1), "scan(lambda p: p, [], 1), with neither sequences nor n_steps,")
    return "powers to 0 and up, and eleven scans."
