"""Judge ``convolution``: a window of weights over an image, unflipped, zeros beyond the edges."""

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Mistakes, Tree
from lifelong.cuda.memory import MARGIN

from . import launches
from .launches import Array, Launch, launch_case, launch_check, left, memories, numbers, stage

WINDOWS, ENDS = ("wide", "tall", "large window"), ("one weight", "one pixel")


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
        arrays = {"image": numbers(rng, rows, columns), "weights": numbers(rng, k, k)}
        arrays["result"] = numbers(rng, rows, columns) + 2000
        cases.append(launch_case(rng, name, grid, block, rows=rows, columns=columns, k=k, **arrays))
    return cases


def in_image(r: Array, c: Array, rows: int, columns: int) -> Array:
    """Which pixels lie in the image."""
    return (r >= 0) & (r < rows) & (c >= 0) & (c < columns)


def slid(
    launch: Launch,
    *,
    weights: Array | None = None,
    inside: Callable[[Array, Array, int, int], Array] = in_image,
    mask: Array | None = None,
    centred: bool = True,
    clamped: bool = False,
    combine: Callable[[Array, Array], Array] = np.add,
) -> Array:
    """The memory of the result after every thread that the mask lets through has written its sum.

    Args:
        launch: of the case.
        weights: in place of the case's own.
        inside: row, column, rows, columns → which pixels are added; others that it lets through are read from wherever they lie.
        mask: which threads write; by default those with a pixel.
        centred: False for a window whose corner lies on the pixel.
        clamped: whether the edge is repeated beyond itself.
        combine: how a term is added to the sum so far.
    """
    rows, columns, k = launch["rows"], launch["columns"], launch["k"]
    w = np.asarray(launch["weights"] if weights is None else weights, dtype=np.float64)
    let = in_image(launch.y, launch.x, rows, columns) if mask is None else mask
    row, column = launch.y[let], launch.x[let]
    total = np.zeros(len(row))
    p = k // 2 if centred else 0
    for u, v in np.ndindex(k, k):
        r, c = row + u - p, column + v - p
        if clamped:
            r, c = np.clip(r, 0, rows - 1), np.clip(c, 0, columns - 1)
        added = combine(total, w[u, v] * launch.fetched("image", r * columns + c))
        total = np.where(inside(r, c, rows, columns), added, total)
    return launch.stored("result", row * columns + column, total)


mistake = Mistakes(left, beside=__file__)
mistake.listed("flipped", lambda launch: slid(launch, weights=launch["weights"][::-1, ::-1]))
mistake.listed("weights-transposed", lambda launch: slid(launch, weights=launch["weights"].T))
mistake.listed("not-centred", lambda launch: slid(launch, centred=False))


@mistake()
def border_left_out(launch: Launch) -> Array:
    """Pixels whose window reaches beyond the image get no result: beyond the edges the image counts as 0, and every pixel has a sum."""
    p = launch["k"] // 2
    return slid(launch, mask=in_image(launch.y - p, launch.x - p, launch["rows"] - 2 * p, launch["columns"] - 2 * p))


mistake.listed("no-halo-guard", lambda launch: slid(launch, inside=lambda r, c, rows, columns: np.full(len(r), True)))
mistake.listed(
    "negative-halo", lambda launch: slid(launch, inside=lambda r, c, rows, columns: (r < rows) & (c < columns))
)
mistake.listed("upper-halo", lambda launch: slid(launch, inside=lambda r, c, rows, columns: (r >= 0) & (c >= 0)))
mistake.listed(
    "less-or-equal",
    lambda launch: slid(launch, inside=lambda r, c, rows, columns: in_image(r, c, rows + 1, columns + 1)),
)
mistake.listed(
    "zero-is-outside",
    lambda launch: slid(launch, inside=lambda r, c, rows, columns: (r > 0) & (r < rows) & (c > 0) & (c < columns)),
)
mistake.listed("edge-repeated", lambda launch: slid(launch, clamped=True))
mistake.listed("no-guard", lambda launch: slid(launch, mask=launch.x >= 0))
mistake.listed("not-added-up", lambda launch: slid(launch, combine=lambda total, term: term))


def amid(inputs: Tree, outputs: Tree) -> str | None:
    """Whether all pixels are right from which a window does not even come near the edges."""
    rows, columns, k = inputs["rows"], inputs["columns"], inputs["k"] // 2 + 1
    row, column = np.indices((rows, columns))
    far = np.pad(in_image(row - k, column - k, rows - 2 * k, columns - 2 * k).ravel(), MARGIN)
    right, found = slid(Launch(inputs))[far], memories(outputs, far.shape)
    near = all(np.allclose(memory[far], right, rtol=1e-5, atol=1e-4) for memory in found)
    return None if near else "pixels far from the edges are not right."


def windowed(inputs: Tree, outputs: Tree) -> str | None:
    """Whether each pixel has the sum over a window, be it turned, flipped, or not in the right place."""
    if outputs["twice"]:
        return "several threads write the same pixel; each pixel has one thread of its own."
    launch = Launch(inputs)
    found = memories(outputs, launch.before.shape)
    turned = [
        each for w in (launch["weights"], launch["weights"].T) for each in (w, w[::-1], w[:, ::-1], w[::-1, ::-1])
    ]
    for right in (*(slid(launch, weights=each) for each in turned), slid(launch, centred=False)):
        if all(np.allclose(memory, right, rtol=1e-5, atol=1e-4) for memory in found):
            return None
    return "some pixels do not have the sum over a window with zeros beyond the edges."


EDGES = "Each pixel gets the sum over a window, zeros beyond the edges, whichever way the window lies"
CHECKS = (
    stage("inside", "Far from the edges, each pixel is the sum over its window", 0.35, WINDOWS, slid, amid),
    stage("window", EDGES, 0.4, WINDOWS, slid, windowed),
    launch_check("windows", "Windows of 3 × 3 and 5 × 5, edges included", share=0.05, cases=WINDOWS, kernel=slid),
    launch_check("ends", "A single weight, a single pixel", share=0.2, cases=ENDS, kernel=slid, needs=("windows",)),
)
EXERCISE = launches.kernel_exercise("convolution", draw, CHECKS, mistake, 30.0)
