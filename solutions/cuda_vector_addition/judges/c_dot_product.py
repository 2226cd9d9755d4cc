"""Judge ``c_dot_product``: a grid-stride loop, a tree in shared memory, barriers, and one atomic per block."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Mistakes, Tree
from autograder.judging.example import shown

from .c_faults import clean, found, program_exercise, ran, said, where
from .launches import Array, along, step

ALONE, ONE, STRIDE, GRID = ("alone",), ("few", "short", "full"), ("long",), ("blocks", "drawn")
SUMS = ("alone", "one", "stride", "grid")


def draw(rng: np.random.Generator) -> list[Case]:
    """One block with a tail and without, one that strides, several blocks; halves, so that sums are exact.

    Numbers have both signs, some products are 0, and most sums are negative.
    """
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
        if name == "alone":
            arrays["x"][2] = 0
        else:
            arrays["x"] -= 30 / 2
        if (arrays["x"] * arrays["y"]).sum() % 1 == 0:  # so that whole sums show
            arrays["y"][-1] = 5.5
            arrays["x"][-1] += (arrays["x"] * arrays["y"]).sum() % 1 == 0 and 0.5
        cases.append(Case(name, {**arrays, "grid": grid, "block": block}))
    return cases


def term(x: Array, y: Array) -> Array:
    """What is added up."""
    return x * y


def until(n: int) -> int:
    """How many terms there are."""
    return n


def oracle(
    inputs: Tree,
    *,
    along: Callable[..., Any] = along,
    stride: Callable[..., int] = step,
    until: Callable[[int], int] = until,
    value: Callable[..., Array] = term,
    register: Callable[[Array], float] = np.sum,
    tree: Callable[[Array], Array] = lambda sums: sums.sum(axis=1),
    together: Callable[[Array], float] = np.sum,
) -> Tree:
    """The dot product: of each thread's terms a sum in a register, of these one by block, and of those the result."""
    x, y = (inputs[name].astype(np.float64)[: until(len(inputs["x"]))] for name in ("x", "y"))
    grid, block = inputs["grid"], inputs["block"]
    by_block, by_thread = np.indices((grid, block)).reshape(2, -1)
    terms, by = value(x, y), stride(block, grid)
    firsts = np.broadcast_to(along(by_thread, by_block, block, grid), by_thread.shape)
    sums = [register(terms[first::by]) if first < len(terms) else 0.0 for first in firsts.tolist()]
    return {"result": np.array([together(tree(np.reshape(sums, (grid, block))))])}


mistake = Mistakes(checks=SUMS, beside=__file__)
wrong = mistake.stages(oracle)
wrong("no-stride", register=lambda terms: terms[0])
wrong("strides-by-block", stride=lambda threads, blocks: threads)
wrong("strides-by-grid", stride=lambda threads, blocks: blocks)
wrong("sum-of-x", value=lambda x, y: x)
wrong("not-added-up", register=lambda terms: terms[-1])
wrong("whole-numbers", register=lambda terms: reduce(lambda total, each: int(total + each), terms, 0))
wrong("whole-numbers", tree=lambda sums: np.trunc(sums).sum(axis=1))
mistake.listed("every-thread-adds", lambda inputs: {"result": inputs["block"] * oracle(inputs)["result"]})
TREES: dict[str, Callable[[Array], Array]] = {
    "stops-early": lambda sums: sums[:, ::2].sum(axis=1) if sums.shape[1] > 1 else sums[:, 0],
    "one-step": lambda sums: sums[:, :: max(sums.shape[1] // 2, 1)].sum(axis=1),
    "one-warp": lambda sums: sums[:, :32].sum(axis=1),
    "first-thread": lambda sums: sums[:, 0],
    "first-of-warps": lambda sums: sums[:, ::32].sum(axis=1),
    "last-left": lambda sums: sums[:, :-1].sum(axis=1) if sums.shape[1] > 1 else sums[:, 0],
    "first-left": lambda sums: sums[:, 1:].sum(axis=1),
}
wrong.each("tree", TREES)
wrong("last-block", together=lambda sums: sums[-1])
wrong("first-block", together=lambda sums: sums[0])
wrong.formulas(along=along, stride=step, until=until, value=term)

IN_THREADS = ("race in a block", "unwritten", "race between blocks", "divergent-barrier", "bounds in a kernel")
mistake.listed("one-result", where(lambda inputs: inputs["grid"] > 1, faults=["bounds in a kernel"]))
mistake.add(*found(*IN_THREADS, "timeout", checks=SUMS, sizes=(0, 8, 64)))
left_early = where(lambda inputs: len(inputs["x"]) < inputs["grid"] * inputs["block"], faults=["divergent-barrier"])
mistake.named("divergent-barrier", left_early, *SUMS, says=said("divergent-barrier"))
for cells in (8, 16, 32, 64, 128):
    short = where(lambda inputs, cells=cells: inputs["block"] > cells, faults=["index"])
    mistake.named("array-too-short", short, *SUMS, says=said("index"))
mistake.listed("many-atomics", lambda inputs: {"frugal": False})


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


FRUGAL = "One atomic operation a block"
BY_ONE: dict[str, Any] = {"cases": ALONE, "complaint": added_up, "example": oracle}
CHECKS = (
    Check("alone", "A single thread adds up all terms, be they the products or not", share=0.2, **BY_ONE),
    ran("one", "One block, with a tail and without", share=0.2, cases=ONE, expected=oracle),
    ran("stride", "More elements than threads", share=0.15, cases=STRIDE, expected=oracle, needs=("one",)),
    ran("grid", "Several blocks", share=0.2, cases=GRID, expected=oracle, needs=("one",)),
    ran("frugal", FRUGAL, share=0.15, cases=GRID, expected=lambda inputs: {"frugal": True}, needs=("grid",)),
    clean("clean", "No race and no lost barrier", share=0.1, cases=(*ONE, *STRIDE, *GRID), needs=SUMS),
)
EXERCISE = program_exercise("c_dot_product", draw, CHECKS, mistake, described=launched)
