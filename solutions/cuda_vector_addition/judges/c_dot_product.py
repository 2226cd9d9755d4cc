"""Judge ``c_dot_product``: a grid-stride loop, a tree in shared memory, barriers, and one atomic per block."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Mistakes, Tree
from autograder.judging.example import shown

from .c_faults import clean, found, program_exercise, ran, said

ALONE, ONE, STRIDE, GRID = ("alone",), ("few", "short", "full"), ("long",), ("blocks", "drawn")
SUMS = ("alone", "one", "stride", "grid")


def draw(rng: np.random.Generator) -> list[Case]:
    """One block with a tail and without, one that strides, several blocks; halves, so that sums are exact."""
    shapes = {
        "alone": (int(rng.integers(5, 9)), 1, 1),
        "few": (6, 1, 8),
        "short": (100, 1, 128),
        "full": (64, 1, 64),
        "long": (int(rng.integers(300, 900)), 1, 64),
        "blocks": (int(rng.integers(900, 1000)), 8, 128),
        "drawn": (int(rng.integers(2000, 4000)), int(rng.integers(3, 7)), 256),
    }
    cases = []
    for name, (n, grid, block) in shapes.items():
        arrays = {key: rng.integers(1, 40, n).astype(np.float32) / 2 for key in ("x", "y")}
        cases.append(Case(name, {**arrays, "grid": grid, "block": block}))
    return cases


def term(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What is added up."""
    return x * y


def products(inputs: Tree, of: Callable[..., np.ndarray] = term) -> np.ndarray:
    """The terms."""
    return of(inputs["x"].astype(np.float64), inputs["y"].astype(np.float64))


def total(terms: np.ndarray) -> Tree:
    """What the program brings back."""
    return {"result": np.array([terms.sum()])}


def oracle(inputs: Tree) -> Tree:
    """The dot product."""
    return total(products(inputs))


def left_early(inputs: Tree) -> Tree:
    """What is found where threads without an element return."""
    return {"faults": ["divergent-barrier"]} if len(inputs["x"]) < inputs["grid"] * inputs["block"] else {}


mistake = Mistakes(beside=__file__)

mistake.listed("no-stride", lambda inputs: total(products(inputs)[: inputs["grid"] * inputs["block"]]))


@mistake()
def strides_by_block(inputs: Tree) -> Tree:
    """Your loop goes on by blockDim.x only: with several blocks, elements are added more than once."""
    terms = products(inputs)
    return total(terms * np.minimum(np.arange(len(terms)) // inputs["block"] + 1, inputs["grid"]))


mistake.listed("sum-of-x", lambda inputs: total(inputs["x"].astype(np.float64)))


mistake.listed("every-thread-adds", lambda inputs: total(inputs["block"] * products(inputs)))
mistake.group(oracle=lambda wrong: lambda inputs: total(products(inputs, wrong))).formula(term)

IN_THREADS = ("race in a block", "unwritten", "race between blocks", "divergent-barrier", "bounds in a kernel")
mistake.add(*found(*IN_THREADS, "timeout", checks=SUMS, sizes=(0, 8, 64)))
mistake.named("divergent-barrier", left_early, *SUMS).says(said("divergent-barrier"))
mistake.named("atomic-per-thread", lambda inputs: {"frugal": False}, "frugal").says(
    "The sum is right, but every thread does an atomic operation of its own, and all wait for one cell: add up in shared memory, and let one thread of each block add to the result.",
    unless=SUMS,
)


def frugal(inputs: Tree) -> Tree:
    """At most one atomic operation per block."""
    return {"frugal": True}


def added_up(inputs: Tree, outputs: Tree) -> str | None:
    """The sum of the products, or of what a slip puts in their place."""
    x, y = (inputs[name].astype(np.float64) for name in ("x", "y"))
    slips = (x * y, x, y, x + y, x * x, y * y, np.floor(x * y))
    right = outputs["result"].shape == (1,) and outputs["result"] in [terms.sum() for terms in slips]
    return None if right else "its sum is not that of all terms."


def launched(inputs: Tree) -> str:
    """A case as a student would write it."""
    x, y = (shown(inputs[name]) for name in ("x", "y"))
    return f"`dot<<<{inputs['grid']}, {inputs['block']}>>>` of n = {len(inputs['x'])}, x = {x} and y = {y}"


BY_ONE: dict[str, Any] = {"cases": ALONE, "complaint": added_up, "example": oracle, "fixed": True}
CHECKS = (
    Check("alone", "A single thread adds up all terms, be they the products or not", share=0.2, **BY_ONE),
    ran("one", "One block, with a tail and without", share=0.2, cases=ONE, expected=oracle),
    ran("stride", "More elements than threads", share=0.15, cases=STRIDE, expected=oracle, needs=("one",)),
    ran("grid", "Several blocks", share=0.2, cases=GRID, expected=oracle, needs=("one",)),
    ran("frugal", "One atomic operation a block", share=0.15, cases=GRID, expected=frugal, needs=("grid",)),
    clean("clean", "No race and no lost barrier", share=0.1, cases=(*ONE, *STRIDE, *GRID), needs=SUMS),
)
EXERCISE = program_exercise("c_dot_product", draw, CHECKS, mistake, described=launched)
