"""Judge ``grid_size``: the least number of blocks that leaves no cell over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

SIZES = (1, 127, 128, 129, 512)


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise with 128 threads, drawn ones that divide and ones that do not; four matrices."""
    cases = [Case(f"n = {n}", {"n": n, "threads": 128}) for n in SIZES]
    for name in ("drawn a", "drawn b"):
        threads = int(rng.integers(3, 33)) * 8
        cases.append(
            Case(name, {"n": threads * int(rng.integers(20, 90)) + int(rng.integers(1, 4)), "threads": threads})
        )
    threads = int(rng.integers(3, 33)) * 8
    cases.append(Case("divides", {"n": threads * int(rng.integers(20, 90)), "threads": threads}))
    x, y = int(rng.integers(9, 17)), int(rng.integers(3, 8))
    for name, (rest_x, rest_y) in {"both": (1, 2), "columns": (x - 1, 0), "rows": (0, 1), "neither": (0, 0)}.items():
        rows, columns = y * int(rng.integers(20, 30)) + rest_y, x * int(rng.integers(4, 9)) + rest_x
        cases.append(Case(name, {"rows": rows, "columns": columns, "block": [x, y]}))
    return cases


def _blocks(divide: Callable[[int, int], float]) -> Callable[[Tree], dict[str, Any]]:
    """What comes out if cells are divided by threads this way."""

    def expected(inputs: Tree) -> dict[str, Any]:
        if "n" in inputs:
            return {"blocks": [divide(inputs["n"], inputs["threads"])]}
        x, y = inputs["block"]
        return {"blocks": [divide(inputs["columns"], x), divide(inputs["rows"], y)]}

    return expected


def _up(cells: int, threads: int) -> int:
    return -(-cells // threads)


def oracle(inputs: Tree) -> dict[str, Any]:
    """Rounded up, and integers."""
    right = _blocks(_up)(inputs)
    return {**right, "types": ["int"] * len(right["blocks"])}


def _swapped(inputs: Tree) -> dict[str, Any]:
    if "n" in inputs:
        return {}
    return {"blocks": oracle(inputs)["blocks"][::-1]}


def _sides(inputs: Tree) -> dict[str, Any]:
    if "n" in inputs:
        return {}
    x, y = inputs["block"]
    return {"blocks": [_up(inputs["rows"], x), _up(inputs["columns"], y)]}


def _floats(inputs: Tree) -> dict[str, Any]:
    right = oracle(inputs)["blocks"]
    return {"blocks": right, "types": ["float"] * len(right)}


def _quotients(inputs: Tree) -> dict[str, Any]:
    wrong = _blocks(lambda cells, threads: cells / threads)(inputs)
    return {**wrong, "types": ["float"] * len(wrong["blocks"])}


MISTAKES = (
    Mistake(
        "floor",
        "You round down: 513 cells in blocks of 128 leave one cell over. Round up.",
        _blocks(lambda cells, threads: cells // threads),
    ),
    Mistake(
        "one-more",
        "You always add one block, also where the cells fill the blocks exactly: 512 cells need 4 blocks of 128, not 5.",
        _blocks(lambda cells, threads: cells // threads + 1),
    ),
    Mistake("exact-quotient", "Your number of blocks has a fraction: round up to a whole number.", _quotients),
    Mistake(
        "rounded",
        "You round to the nearest number, which is down half of the time. Round up.",
        _blocks(lambda cells, threads: round(cells / threads)),
    ),
    Mistake("float", "The number is right, but a float; a launch wants an int.", _floats),
    Mistake("x-and-y", "The two numbers have changed places: x first.", _swapped, ("plane",)),
    Mistake(
        "rows-along-x", "You divide the rows by x; x runs along a row, so it goes with the columns.", _sides, ("plane",)
    ),
)

EXERCISE = Exercise(
    id="grid_size",
    draw=draw,
    checks=(
        Check(
            "line",
            "Blocks for n cells",
            share=0.5,
            cases=(*(f"n = {n}" for n in SIZES), "drawn a", "drawn b", "divides"),
            expected=oracle,
            tolerance=1e-9,
        ),
        Check(
            "plane",
            "A grid for a matrix",
            share=0.5,
            cases=("both", "columns", "rows", "neither"),
            expected=oracle,
            tolerance=1e-9,
        ),
    ),
    mistakes=MISTAKES,
)
