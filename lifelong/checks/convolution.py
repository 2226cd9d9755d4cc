"""Check of `convolution`: the convolution of an image, borders included."""

import numpy as np
import torch

from lifelong.checks.expect import Names, expect, known
from lifelong.checks.launches import expect_cells, kernel_of, launched, numbers


def check(names: Names) -> str:
    """Ones over ones, then windows that are not symmetric: a weight, and 1 × 1, 3 × 3 and 7 × 7 of them."""
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
    rng = np.random.default_rng(3)
    for grid, block, sizes in (
        ((1, 1), (2, 2), {"rows": 1, "columns": 1, "k": 3}),
        ((3, 2), (4, 4), {"rows": 8, "columns": 12, "k": 1}),
        ((3, 2), (4, 4), {"rows": 7, "columns": 12, "k": 3}),
        ((2, 5), (4, 2), {"rows": 10, "columns": 6, "k": 3}),
        ((2, 3), (8, 4), {"rows": 9, "columns": 11, "k": 7}),
    ):
        rows, columns, k = sizes.values()
        image, weights, result = numbers(rng, rows, columns), numbers(rng, k, k), numbers(rng, rows, columns) + 2000
        pixels, window = torch.from_numpy(image)[None, None], torch.from_numpy(weights)[None, None]
        right = torch.nn.functional.conv2d(pixels, window, padding="same")[0, 0].numpy()
        expect_cells(kernel, grid, block, right, image=image, weights=weights, result=result, **sizes)
    return "windows inside, at the edges and in the corners."
