"""Judge ``hadamard``: cell by cell, row-major with a pitch, and the padding left alone."""

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Mistakes

from .launches import Array, Launch, kernel_exercise, launch_case, launch_check, left, numbers, stages

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
        length = rows * pitch + SPARE * (name != "small")
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


def guarded(launch: Launch, guard: Callable[..., Array] = inside) -> Array:
    """Which threads a guard lets through."""
    return guard(launch.y, launch.x, launch["rows"], launch["columns"], launch["pitch"])


def product(
    launch: Launch,
    *,
    index: Array | None = None,
    mask: Array | None = None,
    combine: Callable[[Array, Array], Array] = cell,
) -> Array:
    """The memory when the threads that the mask lets through combine the cells at these indices; by default right."""
    if index is None:
        index = launch.y * launch["pitch"] + launch.x
    at = index[guarded(launch) if mask is None else mask]
    return launch.stored("c", at, combine(launch.fetched("a", at), launch.fetched("b", at)))


mistake = Mistakes(left, beside=__file__)
mistake.group(oracle=lambda wrong: left(lambda launch: product(launch, combine=wrong))).formula(cell)
mistake.group(oracle=lambda wrong: left(lambda launch: product(launch, mask=guarded(launch, wrong)))).formula(inside)
mistake.listed("pitch-ignored", lambda launch: product(launch, index=launch.y * launch["columns"] + launch.x))
mistake.listed("column-times-pitch", lambda launch: product(launch, index=launch.x * launch["pitch"] + launch.y))


@mistake()
def x_is_the_row(launch: Launch) -> Array:
    """You take x for the row: x runs along a row and gives the column. The grid has the columns along x."""
    mask = (launch.x < launch["rows"]) & (launch.y < launch["columns"])
    return product(launch, index=launch.x * launch["pitch"] + launch.y, mask=mask)


mistake.listed("no-guard", lambda launch: product(launch, mask=launch.x >= 0))
mistake.listed("no-guard-for-rows", lambda launch: product(launch, mask=launch.x < launch["columns"]))
mistake.listed("no-guard-for-columns", lambda launch: product(launch, mask=launch.y < launch["rows"]))
mistake.listed(
    "guards-the-pitch", lambda launch: product(launch, mask=(launch.y < launch["rows"]) & (launch.x < launch["pitch"]))
)
mistake.listed(
    "less-or-equal", lambda launch: product(launch, mask=(launch.y <= launch["rows"]) & (launch.x <= launch["columns"]))
)
mistake.listed("sum", lambda launch: product(launch, combine=np.add))

SPECIAL = "No padding, exactly enough threads, a single cell"
CHECKS = (
    *stages(
        product,
        ("a · b in the matrix's cells that are written", 0.35, (*PADDED, "no padding", "exact")),
        ("Padded rows: the matrix's cells are written, and nothing beside them", 0.35, PADDED),
        terms=lambda launch: [combine(launch.memory("a"), launch.memory("b")) for combine in COMBINED],
        sensible=lambda factors: factors[:3].max() > 0.1 or factors[3:5].min() > 0.1,
    ),
    launch_check("ends", SPECIAL, share=0.3, cases=ENDS, kernel=product, needs=("values", "cells")),
)
EXERCISE = kernel_exercise("hadamard", draw, CHECKS, mistake, 20.0)
