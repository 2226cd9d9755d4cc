"""Judge ``convolution``: a window of weights over an image, unflipped, zeros beyond the edges."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes, Tree
from lifelong.cuda.memory import MARGIN

from .kernels import Kernel, memories
from .launches import Array, Launch, flat, launch_case, numbers

WINDOWS, ENDS = ("wide", "tall", "large window"), ("one weight", "one pixel")


def draw(rng: np.random.Generator) -> list[Case]:
    """Windows of 3 × 3 and 7 × 7 on images that no grid fits, and 1 × 1, which has no halo, on one that it fits."""
    sizes = {
        "wide": (7, int(rng.integers(11, 14)), 3, (4, 4)),
        "tall": (int(rng.integers(9, 12)), 6, 3, (4, 2)),
        "large window": (9, 11, 7, (8, 4)),
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


def source(row: Array, u: int, k: int) -> Array:
    """The pixel's row that belongs to a row of the window; of columns alike."""
    return row + u - k // 2


def pick(u: Any, v: Any, k: Any) -> tuple[Any, Any]:
    """The weight that belongs to a place of the window."""
    return u, v


def sizes(rows: int, columns: int, k: Any) -> tuple[int, ...]:
    """What is given."""
    return rows, columns, k


def term(weight: Array, pixel: Array) -> Array:
    """What is added up."""
    return weight * pixel


def total(weight: Array, terms: Array, inside: Array, k: int) -> Array:
    """What becomes of the terms, one row each, of which those inside count, and of their weights."""
    return np.where(inside, terms, 0.0).sum(axis=0)


def slid(
    launch: Launch,
    *,
    guard: Callable[..., Any] = in_image,
    inside: Callable[..., Any] = in_image,
    above: Callable[..., Any] = source,
    beside: Callable[..., Any] | None = None,
    weight: Callable[[int, int, int], tuple[int, int]] = pick,
    window: Callable[[int], range] = range,
    edge: Callable[[Array, int], Array] = lambda r, rows: r,
    value: Callable[[Array, Array], Array] = term,
    finish: Callable[..., Array] = total,
    of: Callable[..., Array] = flat,
    at: Callable[..., Array] = flat,
) -> Array:
    """The memory of the result after every thread that the guard lets through has written its sum.

    Args:
        launch: of the case.
        guard: which threads have a pixel.
        inside: row, column, rows, columns → which pixels are added; others that it lets through are read from wherever they lie.
        above, beside: the row and the column that belong to a place of the window; by default alike.
        weight: the weight that belongs to it.
        window: the rows and columns of the window that are gone through.
        edge: which row or column is read instead.
        value: the terms.
        finish: what is written of them.
        of, at: where in memory a pixel of the image lies, and of the result.
    """
    rows, columns, k = launch["rows"], launch["columns"], launch["k"]
    u, v = np.indices((len(window(k)),) * 2).reshape(2, -1, 1)
    u, v = u + window(k).start, v + window(k).start
    r, c = edge(above(launch.y, u, k), rows), edge((beside or above)(launch.x, v, k), columns)
    above_it, beside_it = weight(u, v, k)
    weights = launch.fetched("weights", above_it * len(launch["weights"]) + beside_it)
    terms = value(weights, launch.fetched("image", of(r, c, launch.shape[1])))
    mask, place = guard(launch.y, launch.x, rows, columns), at(launch.y, launch.x, launch.shape[1])
    return launch.stored(place, mask, finish(weights, terms, inside(r, c, rows, columns), k))


def amid_only(row: Array, column: Array, rows: int, columns: int, p: int) -> Array:
    """Which windows lie in the image."""
    return in_image(row - p, column - p, rows - 2 * p, columns - 2 * p)


def until_outside(weight: Array, terms: Array, inside: Array, k: int) -> Array:
    """The sum where each row of the window ends at the first pixel that is outside."""
    inner = np.logical_and.accumulate(inside.reshape(k, k, -1), axis=1)
    return total(weight, terms, inner.reshape(inside.shape), k)


def last_inside(weight: Array, terms: Array, inside: Array, k: int) -> Array:
    """The last term that counts."""
    ends = np.cumsum(inside, axis=0) == inside.sum(axis=0)
    return total(weight, terms, inside & (np.cumsum(ends, axis=0) == 1), k)


mistake = Mistakes(beside=__file__)
kernel = Kernel(slid, mistake, axes=2, sizes=sizes)
wrong = kernel.wrong
WEIGHTS: dict[str, Callable[[int, int, int], tuple[int, int]]] = {
    "flipped": lambda u, v, k: (k - 1 - u, k - 1 - v),
    "flipped-rows": lambda u, v, k: (k - 1 - u, v),
    "flipped-columns": lambda u, v, k: (u, k - 1 - v),
    "weights-transposed": lambda u, v, k: (v, u),
}
TURNS = (pick, *WEIGHTS.values(), *(lambda u, v, k, turn=turn: turn(v, u, k) for turn in [*WEIGHTS.values()][:3]))
"""All ways in which a window may lie."""
wrong.each("weight", WEIGHTS)
wrong("not-centred", above=lambda row, u, k: row + u)
INSIDE: dict[str, Callable[..., Any]] = {
    "no-halo-guard": lambda r, c, rows, columns: True,
    "negative-halo": lambda r, c, rows, columns: (r < rows) & (c < columns),
    "upper-halo": lambda r, c, rows, columns: (r >= 0) & (c >= 0),
    "rows-alone": lambda r, c, rows, columns: (r >= 0) & (r < rows),
    "columns-alone": lambda r, c, rows, columns: (c >= 0) & (c < columns),
    "less-or-equal": lambda r, c, rows, columns: in_image(r, c, rows + 1, columns + 1),
    "zero-is-outside": lambda r, c, rows, columns: (r > 0) & (r < rows) & (c > 0) & (c < columns),
    "last-is-outside": lambda r, c, rows, columns: in_image(r, c, rows - 1, columns - 1),
    "sides-swapped": lambda r, c, rows, columns: in_image(r, c, columns, rows),
}
wrong.each("inside", INSIDE)
wrong("sides-swapped", sizes=lambda rows, columns, k: (columns, rows, k))
for size in (3, 5, 7):
    wrong("window-built-in", sizes=lambda rows, columns, k, size=size: (rows, columns, size))
for size in (3, 5):
    mistake.listed("window-too-small", lambda it, size=size: {"outside": True} if it["k"] > size else {})
wrong("edge-repeated", edge=lambda r, rows: np.clip(r, 0, rows - 1))
wrong("wraps-around", edge=lambda r, rows: r % rows)
wrong("edge-mirrored", edge=lambda r, rows: rows - 1 - abs(rows - 1 - abs(r)))
wrong("no-guard", guard=lambda r, c, rows, columns: True)
wrong("window-ends-early", window=lambda k: range(k - 1))
wrong("window-begins-late", window=lambda k: range(1, k))
FINISHED: dict[str, Callable[..., Array]] = {
    "not-added-up": last_inside,
    "averaged": lambda weight, terms, inside, k: total(weight, terms, inside, k) / k**2,
    "averaged-inside": lambda weight, terms, inside, k: total(weight, terms, inside, k) / inside.sum(axis=0),
    "divided-by-weights": lambda weight, terms, inside, k: total(weight, terms, inside, k) / weight.sum(),
    "ends-at-the-edge": until_outside,
    "border-zero": lambda weight, terms, inside, k: total(weight, terms, inside, k) * inside.all(axis=0),
    "largest": lambda weight, terms, inside, k: np.where(inside, terms, -np.inf).max(axis=0),
}
wrong.each("finish", FINISHED)
mistake.listed("border-left-out", lambda inputs: kernel.left(inputs, guard=partial(amid_only, p=inputs["k"] // 2)))
kernel.shared()
wrong.formulas(value=term, guard=in_image, inside=in_image, above=source, beside=source)
wrong.formulas(weight=pick, sizes=sizes, of=flat, at=flat)


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
    for right in (*(slid(launch, weight=turn) for turn in TURNS), slid(launch, above=lambda row, u, k: row + u)):
        if all(np.allclose(memory, right, rtol=1e-5, atol=1e-4) for memory in found):
            return None
    return "some pixels do not have the sum over a window with zeros beyond the edges."


EDGES = "Each pixel gets the sum over a window, zeros beyond the edges, whichever way the window lies"
CHECKS = (
    kernel.stage("inside", "Far from the edges, each pixel is the sum over its window", 0.35, WINDOWS, amid),
    kernel.stage("window", EDGES, 0.4, WINDOWS, windowed),
    kernel.check("windows", "Windows of 3 × 3 and 7 × 7, edges included", share=0.05, cases=WINDOWS),
    kernel.check("ends", "A single weight, a single pixel", share=0.2, cases=ENDS, needs=("windows",)),
)
EXERCISE = kernel.exercise("convolution", draw, CHECKS, seconds=30.0)
