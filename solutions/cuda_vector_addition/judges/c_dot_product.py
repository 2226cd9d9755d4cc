"""Judge ``c_dot_product``: a grid-stride loop, a tree in shared memory, barriers, and one atomic a block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

from .c_faults import COMPILER, SECONDS, clean, found_mistakes

ONE, STRIDE, GRID = ("short", "full"), ("long",), ("blocks", "drawn")
EVERY = (*ONE, *STRIDE, *GRID)


def draw(rng: np.random.Generator) -> list[Case]:
    """One block with a tail and without, one that strides, several blocks; whole numbers, so that sums are exact."""
    shapes = {
        "short": (100, 1, 128),
        "full": (64, 1, 64),
        "long": (int(rng.integers(300, 900)), 1, 64),
        "blocks": (int(rng.integers(900, 1000)), 8, 128),
        "drawn": (int(rng.integers(2000, 4000)), int(rng.integers(3, 7)), 256),
    }
    cases = []
    for name, (n, grid, block) in shapes.items():
        arrays = {key: rng.integers(1, 20, n).astype(np.float32) for key in ("x", "y")}
        cases.append(Case(name, {**arrays, "grid": grid, "block": block}))
    return cases


def _products(inputs: Tree) -> np.ndarray:
    return np.asarray(inputs["x"], dtype=np.float64) * np.asarray(inputs["y"], dtype=np.float64)


def _total(
    pick: Callable[[np.ndarray, Tree], np.ndarray] = lambda products, inputs: products,
) -> Callable[[Tree], Tree]:
    return lambda inputs: {"result": np.array([pick(_products(inputs), inputs).sum()])}


oracle = _total()


def _first_threads(products: np.ndarray, inputs: Tree) -> np.ndarray:
    return products[: inputs["grid"] * inputs["block"]]


SUMS = ("one", "stride", "grid")
MISTAKES = (
    Mistake(
        "no-stride",
        "Elements beyond the number of threads are left out: each thread goes on by blockDim.x * gridDim.x until n.",
        _total(_first_threads),
    ),
    Mistake(
        "strides-by-block",
        "Your loop goes on by blockDim.x only: with several blocks, elements are added more than once.",
        _total(
            lambda products, inputs: (
                products * (np.minimum(np.arange(len(products)) // inputs["block"] + 1, inputs["grid"]))
            )
        ),
    ),
    Mistake(
        "sum-of-x",
        "You add up x alone: multiply x[i] by y[i] first.",
        lambda inputs: {"result": np.array([float(np.asarray(inputs["x"], dtype=np.float64).sum())])},
    ),
    *found_mistakes(
        SUMS,
        ("race in a block", "unwritten", "race between blocks", "divergent-barrier", "bounds in a kernel", "timeout"),
        sizes=(0, 64),
    ),
    Mistake(
        "atomic-per-thread",
        "The sum is right, but every thread does an atomic operation of its own, and all wait for one cell: add up in shared memory, and let one thread of each block add to the result.",
        lambda inputs: {"frugal": False},
        checks=("frugal",),
    ),
)

EXERCISE = Exercise(
    id="c_dot_product",
    draw=draw,
    checks=(
        Check("one", "One block, with a tail and without", share=0.2, cases=ONE, expected=oracle),
        Check("stride", "More elements than threads", share=0.2, cases=STRIDE, expected=oracle, needs=("one",)),
        Check("grid", "Several blocks", share=0.3, cases=GRID, expected=oracle, needs=("one",)),
        Check(
            "frugal",
            "One atomic operation a block",
            share=0.2,
            cases=GRID,
            expected=lambda inputs: {"frugal": True},
            needs=("grid",),
        ),
        clean("clean", "No race and no lost barrier", 0.1, EVERY, SUMS),
    ),
    mistakes=MISTAKES,
    seconds=SECONDS,
    program=COMPILER,
)
