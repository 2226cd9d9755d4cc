"""Check of `convolution`: the convolution of an image, borders included."""

import numpy as np

from lifelong.checks.expect import Names, expect, known
from lifelong.checks.launches import kernel_of, launched


def check(names: Names) -> str:
    """Ones over ones, then a window that is not symmetric."""
    kernel = kernel_of(names, "convolve", "convolution")
    ones = np.ones((3, 3))
    cells = launched(kernel, (2, 2), (2, 2), [ones, ones, np.full((3, 3), -1.0), 3, 3, 3], 2)
    expect(cells, [[4, 6, 4], [6, 9, 6], [4, 6, 4]], "3 × 3 weights of ones over a 3 × 3 image of ones: result")
    image = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    weights = np.array([[0.0, 0, 0], [0, 0, 1], [0, 0, 0]])
    cells = launched(kernel, (1, 1), (8, 4), [image, weights, np.full((2, 4), -1.0), 2, 4, 3], 2)
    call = "a single weight 1 right of the centre, over [[1, 2, 3, 4], [5, 6, 7, 8]]: result"
    expect(cells, [[2, 3, 4, 0], [6, 7, 8, 0]], call, known("convolution", "right_neighbour"))
    corner = np.zeros((5, 5))
    corner[1, 0] = 1
    cells = launched(kernel, (1, 1), (4, 2), [image, corner, np.full((2, 4), -1.0), 2, 4, 5], 2)
    expect(cells, [[0, 0, 0, 0], [0, 0, 1, 2]], "5 × 5 weights, a single 1 at row 1 and column 0: result")
    return "windows inside, at the edges and in the corners."
