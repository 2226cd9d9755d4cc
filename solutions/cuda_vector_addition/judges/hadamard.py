"""Judge ``hadamard``: cell by cell, row-major with a pitch, and the padding left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

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

SPARE = 300
"""Cells behind the last row, so that what a missing guard does is all in memory."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Wide, tall and drawn matrices with padding; one without, and one with threads for exactly its cells."""
    drawn = tuple(int(side) for side in rng.integers(9, 15, 2))
    sizes = {
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
        length = rows * pitch + SPARE
        arrays = {"a": numbers(rng, length), "b": numbers(rng, length), "c": numbers(rng, length) + 200}
        cases.append(launch_case(rng, name, grid, block, rows=rows, columns=columns, pitch=pitch, **arrays))
    return cases


Where = Callable[[Threads, Tree], Ints]


def _product(
    index: Where = lambda each, inputs: each.y * inputs["pitch"] + each.x,
    mask: Callable[[Threads, Tree], Any] = lambda each, inputs: (
        (each.y < inputs["rows"]) & (each.x < inputs["columns"])
    ),
    combine: Callable[[Any, Any], Any] = np.multiply,
) -> Oracle:
    def oracle(inputs: Tree) -> Array:
        each = threads(inputs)
        at = index(each, inputs)[mask(each, inputs)]
        return stored(inputs, "c", at, combine(fetched(inputs, "a", at), fetched(inputs, "b", at)))

    return oracle


MISTAKES = (
    mistake(
        "pitch-ignored",
        "Your index takes a row to be `columns` long in memory; with the padding it is `pitch` long.",
        _product(lambda each, inputs: each.y * inputs["columns"] + each.x),
    ),
    mistake(
        "column-times-pitch",
        "Your index multiplies the column by the pitch: rows lie one after the other, so the row is multiplied.",
        _product(lambda each, inputs: each.x * inputs["pitch"] + each.y),
    ),
    mistake(
        "x-is-the-row",
        "You take x for the row: x runs along a row and gives the column. The grid has the columns along x.",
        _product(
            lambda each, inputs: each.x * inputs["pitch"] + each.y,
            lambda each, inputs: (each.x < inputs["rows"]) & (each.y < inputs["columns"]),
        ),
    ),
    mistake(
        "no-guard",
        "There is no guard: the grid reaches beyond the matrix, on the right and below.",
        _product(mask=lambda each, inputs: each.x >= 0),
    ),
    mistake(
        "no-guard-for-rows",
        "Your guard looks at the column only: threads below the last row write, too.",
        _product(mask=lambda each, inputs: each.x < inputs["columns"]),
    ),
    mistake(
        "no-guard-for-columns",
        "Your guard looks at the row only: threads right of the last column write into the padding, or into the next row.",
        _product(mask=lambda each, inputs: each.y < inputs["rows"]),
    ),
    mistake(
        "guards-the-pitch",
        "Your guard compares the column with the pitch: the padding is not yours, so compare it with `columns`.",
        _product(mask=lambda each, inputs: (each.y < inputs["rows"]) & (each.x < inputs["pitch"])),
    ),
    mistake(
        "less-or-equal",
        "Your guard lets the row `rows` and the column `columns` through (<= in place of <).",
        _product(mask=lambda each, inputs: (each.y <= inputs["rows"]) & (each.x <= inputs["columns"])),
    ),
    mistake("sum", "You add; the Hadamard product multiplies cell by cell.", _product(combine=np.add)),
)

EXERCISE = Exercise(
    id="hadamard",
    draw=draw,
    checks=(
        Check(
            "pitch",
            "Padded rows: each cell's product, and nothing beside them",
            share=0.7,
            cases=("wide", "tall", "drawn"),
            expected=promised(_product()),
            tolerance=TOLERANCE,
        ),
        Check(
            "ends",
            "No padding, exactly enough threads, a single cell",
            share=0.3,
            cases=("no padding", "exact", "one"),
            expected=promised(_product()),
            needs=("pitch",),
            tolerance=TOLERANCE,
        ),
    ),
    mistakes=MISTAKES,
    seconds=20.0,
)
