"""Check of `global_index`: the index of a thread in the grid."""

import numpy as np

from lifelong.checks.expect import Known, Names, expect
from lifelong.checks.launches import kernel_of, launched


def check(names: Names) -> str:
    """Six cells in 1-D, twelve in 2-D."""
    label = kernel_of(names, "label_1d", "global_index")
    known: Known = [([0, 1, 2, -1, -1, -1], "The second block found no cells of its own.")]
    cells = launched(label, 2, 3, [np.full(6, -1)], 0, known)
    expect(cells, [0, 1, 2, 1000, 1001, 1002], "label_1d[2, 3]: the labels")
    label = kernel_of(names, "label_2d", "global_index")
    cells = launched(label, (2, 2), (3, 1), [np.full((2, 6), -1)], 0)
    known = [
        ([[0, 0, 0, 2, 2, 2], [1, 1, 1, 3, 3, 3]], "Reading order goes along the first row of blocks, then the second.")
    ]
    expect(cells, [[0, 0, 0, 1, 1, 1], [2, 2, 2, 3, 3, 3]], "label_2d[(2, 2), (3, 1)]: the labels", known)
    cells = launched(label, (1, 2), (2, 2), [np.full((4, 2), -1)], 0)
    expect(cells, [[0, 0], [0, 0], [1, 1], [1, 1]], "label_2d[(1, 2), (2, 2)]: the labels")
    return "every thread signs its own cell, in one dimension and in two."
