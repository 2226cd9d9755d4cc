"""Judge ``convolution``: a window of weights over an image, unflipped, zeros beyond the edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Tree

from .launches import (
    TOLERANCE,
    Array,
    Ints,
    Oracle,
    Threads,
    fetched,
    launch_case,
    mistake,
    numbers,
    promised,
    stored,
    threads,
)


def draw(rng: np.random.Generator) -> list[Case]:
    """Windows of 3 × 3 and 5 × 5 on images that no grid fits, and 1 × 1, which has no halo, on one that it fits."""
    sizes = {
        "wide": (7, int(rng.integers(11, 14)), 3, (4, 4)),
        "tall": (int(rng.integers(9, 12)), 6, 3, (4, 2)),
        "large window": (9, 11, 5, (8, 4)),
        "one weight": (8, 12, 1, (4, 4)),
        "one pixel": (1, 1, 3, (2, 2)),
    }
    cases = []
    for name, (rows, columns, k, block) in sizes.items():
        grid = (-(-columns // block[0]), -(-rows // block[1]))
        arrays = {
            "image": numbers(rng, rows, columns),
            "weights": numbers(rng, k, k),
            "result": numbers(rng, rows, columns) + 2000,
        }
        cases.append(launch_case(rng, name, grid, block, rows=rows, columns=columns, k=k, **arrays))
    return cases


Inside = Callable[[Ints, Ints, int, int], Any]
"""Row, column, rows, columns → whether that pixel of the image is added."""


def _in_image(r: Ints, c: Ints, rows: int, columns: int) -> Any:
    return (r >= 0) & (r < rows) & (c >= 0) & (c < columns)


def _own(each: Threads, inputs: Tree) -> Any:
    return (each.y < inputs["rows"]) & (each.x < inputs["columns"])


def _interior(each: Threads, inputs: Tree) -> Any:
    p = inputs["k"] // 2
    rows, columns = inputs["rows"], inputs["columns"]
    return (each.y >= p) & (each.y < rows - p) & (each.x >= p) & (each.x < columns - p)


def _slid(
    weigh: Callable[[Array], Array] = lambda weights: weights,
    inside: Inside = _in_image,
    mask: Callable[[Threads, Tree], Any] = _own,
    centred: bool = True,
    clamped: bool = False,
    combine: Callable[[Array, Array], Array] = np.add,
) -> Oracle:
    """The memory of the result after every thread that the mask lets through has written its sum.

    Args:
        weigh: what is done to the weights first.
        inside: which pixels are added; others that it lets through are read from wherever they lie.
        mask: which threads write.
        centred: False for a window whose corner lies on the pixel.
        clamped: whether the edge is repeated beyond itself.
        combine: how a term is added to the sum so far.
    """

    def oracle(inputs: Tree) -> Array:
        each, k = threads(inputs), inputs["k"]
        rows, columns = inputs["rows"], inputs["columns"]
        weights = weigh(np.asarray(inputs["weights"], dtype=np.float64))
        let = mask(each, inputs)
        row, column = each.y[let], each.x[let]
        total: NDArray[np.float64] = np.zeros(len(row))
        p = k // 2 if centred else 0
        for u in range(k):
            for v in range(k):
                r, c = row + u - p, column + v - p
                if clamped:
                    r, c = np.clip(r, 0, rows - 1), np.clip(c, 0, columns - 1)
                added = combine(total, weights[u, v] * fetched(inputs, "image", r * columns + c))
                total = np.where(inside(r, c, rows, columns), added, total)
        return stored(inputs, "result", row * columns + column, total)

    return oracle


MISTAKES = (
    mistake(
        "flipped",
        "You flip the window (mathematics' convolution); here weights[0, 0] belongs to the pixel above on the left: image[r + u − p, c + v − p].",
        _slid(lambda weights: weights[::-1, ::-1]),
    ),
    mistake(
        "weights-transposed",
        "Rows and columns of the weights have changed places: weights[u, v] goes with row r + u − p and column c + v − p.",
        _slid(lambda weights: weights.T),
    ),
    mistake(
        "not-centred",
        "Your window has its corner on the pixel: subtract p = (k − 1)/2 from row and column.",
        _slid(centred=False),
    ),
    mistake(
        "border-left-out",
        "Pixels whose window reaches beyond the image get no result: beyond the edges the image counts as 0, and every pixel has a sum.",
        _slid(mask=_interior),
    ),
    mistake(
        "no-halo-guard",
        "Nothing keeps the window inside the image: row −1 and column −1 read whatever lies before, in the row above, or in other memory.",
        _slid(inside=lambda r, c, rows, columns: r * 0 == 0),
    ),
    mistake(
        "negative-halo",
        "You check the right and lower edges of the image only; row −1 and column −1 are outside, too.",
        _slid(inside=lambda r, c, rows, columns: (r < rows) & (c < columns)),
    ),
    mistake(
        "upper-halo",
        "You check the left and upper edges of the image only; rows and columns behind the last are outside, too.",
        _slid(inside=lambda r, c, rows, columns: (r >= 0) & (c >= 0)),
    ),
    mistake(
        "less-or-equal",
        "You count row `rows` and column `columns` as inside (<= in place of <).",
        _slid(inside=lambda r, c, rows, columns: (r >= 0) & (r <= rows) & (c >= 0) & (c <= columns)),
    ),
    mistake(
        "zero-is-outside",
        "You count row 0 and column 0 as outside (> 0 in place of >= 0).",
        _slid(inside=lambda r, c, rows, columns: (r > 0) & (r < rows) & (c > 0) & (c < columns)),
    ),
    mistake(
        "edge-repeated",
        "You repeat the edge's pixels beyond the image; here the image counts as 0 there.",
        _slid(clamped=True),
    ),
    mistake(
        "no-guard",
        "Threads beyond the image write, too: column `columns` of a row is the first pixel of the next one.",
        _slid(mask=lambda each, inputs: each.x >= 0),
    ),
    mistake("not-added-up", "Each term replaces the sum so far: add them up.", _slid(combine=lambda total, term: term)),
)

RIGHT = promised(_slid())

EXERCISE = Exercise(
    id="convolution",
    draw=draw,
    checks=(
        Check(
            "windows",
            "Windows of 3 × 3 and 5 × 5, edges included",
            share=0.8,
            cases=("wide", "tall", "large window"),
            expected=RIGHT,
            tolerance=TOLERANCE,
        ),
        Check(
            "ends",
            "A single weight, a single pixel",
            share=0.2,
            cases=("one weight", "one pixel"),
            expected=RIGHT,
            needs=("windows",),
            tolerance=TOLERANCE,
        ),
    ),
    mistakes=MISTAKES,
    seconds=30.0,
)
