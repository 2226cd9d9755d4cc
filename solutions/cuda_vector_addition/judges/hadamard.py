"""Judge ``hadamard``: cell by cell, row-major with a pitch, and the padding left alone."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes, Tree

from .kernels import Kernel
from .launches import Array, Launch, launch_case, numbers

PADDED, ENDS = ("small", "wide", "tall", "drawn"), ("no padding", "exact", "one")
SPARE = 300
"""Cells behind the last row, so that what a missing guard does is all in memory."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Wide, tall and drawn matrices with padding; one without, and one with threads for exactly its cells."""
    drawn = [int(side) for side in rng.integers(9, 15, 2)]
    sizes = {
        "small": (2, 3, 4, (2, 2)),
        "wide": (7, 18, 21, (8, 4)),
        "tall": (19, 5, 8, (4, 8)),
        "drawn": (drawn[0], drawn[1] + 6, drawn[1] + 9, (8, 4)),
        "no padding": (9, 11, 11, (4, 4)),
        "exact": (8, 12, 16, (4, 4)),
        "one": (1, 1, 4, (4, 2)),
    }
    cases = []
    for name, (rows, columns, pitch, block) in sizes.items():
        grid = (-(-columns // block[0]), -(-rows // block[1]))
        length = rows * pitch + SPARE * (name not in ("small", "one"))
        arrays = {"a": numbers(rng, length), "b": numbers(rng, length), "c": numbers(rng, length) + 200}
        cases.append(launch_case(rng, name, grid, block, rows=rows, columns=columns, pitch=pitch, **arrays))
    return cases


def cell(a: Array, b: Array) -> Array:
    """What belongs in a cell."""
    return a * b


COMBINED = (cell, lambda a, b: a * a, lambda a, b: b * b, lambda a, b: a, lambda a, b: b)
"""What slips put in a cell's place."""


def inside(row: Array, column: Array, rows: int, columns: int, pitch: int) -> Array:
    """Which threads have a cell."""
    return (row < rows) & (column < columns)


def place(row: Array, column: Array, pitch: int, columns: int, rows: int) -> Array:
    """Where in memory a cell lies."""
    return row * pitch + column


def sizes(rows: int, columns: int, pitch: int) -> tuple[int, ...]:
    """What is given."""
    return rows, columns, pitch


def product(
    launch: Launch,
    *,
    guard: Callable[..., Any] = inside,
    at: Callable[..., Any] = place,
    of_a: Callable[..., Any] | None = None,
    of_b: Callable[..., Any] | None = None,
    of_c: Callable[..., Any] | None = None,
    value: Callable[[Array, Array], Array] = cell,
) -> Array:
    """The memory when the threads that the guard lets through combine the cells at these places; by default right."""
    rows, columns, pitch = launch["rows"], launch["columns"], launch["pitch"]
    a, b, c = ((own or at)(launch.y, launch.x, pitch, columns, rows) for own in (of_a, of_b, of_c))
    mask = guard(launch.y, launch.x, rows, columns, pitch)
    return launch.stored(c, mask, value(launch.fetched("a", a), launch.fetched("b", b)))


def matrix_product(launch: Launch) -> Array:
    """The memory when rows of a are multiplied by columns of b."""
    terms = range(launch["columns"])
    parts = [(launch.y * launch["pitch"] + k, k * launch["pitch"] + launch.x) for k in terms]
    total = sum(launch.fetched("a", of_a) * launch.fetched("b", of_b) for of_a, of_b in parts)
    mask = inside(launch.y, launch.x, launch["rows"], launch["columns"], launch["pitch"])
    return launch.stored(place(launch.y, launch.x, launch["pitch"], 0, 0), mask, total)


def compact(row: Array, column: Array, pitch: int, columns: int, rows: int) -> Array:
    """Where a cell would lie without padding."""
    return row * columns + column


mistake = Mistakes(beside=__file__)
kernel = Kernel(product, mistake, axes=2, sizes=sizes)
wrong = kernel.wrong
wrong("pitch-ignored", at=compact)
wrong("compact-result", of_c=compact)
wrong("compact-sources", of_a=compact, of_b=compact)
wrong("column-times-pitch", at=lambda row, column, pitch, columns, rows: column * pitch + row)
wrong(
    "x-is-the-row",
    at=lambda y, x, pitch, columns, rows: x * pitch + y,
    guard=lambda y, x, rows, columns, pitch: (x < rows) & (y < columns),
)
GUARDS: dict[str, Callable[..., Any]] = {
    "no-guard": lambda y, x, rows, columns, pitch: True,
    "no-guard-for-rows": lambda y, x, rows, columns, pitch: x < columns,
    "no-guard-for-columns": lambda y, x, rows, columns, pitch: y < rows,
    "less-or-equal": lambda y, x, rows, columns, pitch: (y <= rows) & (x <= columns),
    "one-short": lambda y, x, rows, columns, pitch: (y < rows - 1) & (x < columns - 1),
    "sides-swapped": lambda y, x, rows, columns, pitch: (y < columns) & (x < rows),
    "flat-guard": lambda y, x, rows, columns, pitch: y * pitch + x < rows * columns,
    "first-lost": lambda y, x, rows, columns, pitch: (y > 0) & (x > 0) & (y < rows) & (x < columns),
}
wrong.each("guard", GUARDS)


def of_memory(inputs: Tree, *, wide: bool) -> Tree:
    """What is left where the padding is written; where threads beyond it work, too, they write the next row's cells again."""
    pitch = inputs["pitch"]
    return {
        **kernel.left(inputs, guard=lambda y, x, rows, columns, pitch: (y < rows) & (x < pitch)),
        "twice": wide and inputs["grid"][0] * inputs["block"][0] > pitch and inputs["rows"] > 1,
    }


mistake.listed("guards-the-pitch", partial(of_memory, wide=False))
mistake.listed("flat-guard-of-memory", partial(of_memory, wide=True))
flat = partial(wrong, "one-dimension", at=lambda y, x, pitch, columns, rows: x)
flat(guard=lambda y, x, rows, columns, pitch: (x // pitch < rows) & (x % pitch < columns))
flat(guard=lambda y, x, rows, columns, pitch: x < rows * columns)
wrong("padding-zeroed", rest=lambda launch: (launch.y < launch["rows"]) & (launch.x < launch["pitch"]))
wrong("sum", value=np.add)
mistake.listed("matrix-product", Kernel(matrix_product, mistake).left)
kernel.shared()
wrong.formulas(value=cell, guard=inside, sizes=sizes, at=place, of_a=place, of_b=place, of_c=place)

SPECIAL = "No padding, exactly enough threads, a single cell"
CHECKS = (
    *kernel.stages(
        ("a · b in the matrix's cells that are written", 0.35, (*PADDED, "no padding", "exact")),
        ("Padded rows: the matrix's cells are written, and nothing beside them", 0.35, PADDED),
        terms=lambda launch: [combine(launch.memory("a"), launch.memory("b")) for combine in COMBINED],
        sensible=lambda factors: factors[:3].max() > 0.1 or factors[3:5].min() > 0.1,
    ),
    kernel.check("ends", SPECIAL, share=0.3, cases=ENDS, needs=("values", "cells")),
)
EXERCISE = kernel.exercise("hadamard", draw, CHECKS)
