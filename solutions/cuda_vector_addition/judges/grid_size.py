"""Judge ``grid_size``: the least number of blocks that leave no cell over."""

from collections.abc import Callable
from functools import partial
from operator import truediv

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Tree, compare

SIZES = (1, 127, 128, 129, 512)
DRAWN, DIVIDED = ([f"{name} {at}" for at in range(12)] for name in ("drawn", "divides"))
PLANE = [f"matrix {at}" for at in range(8)]
OVER = ("n = 1", "n = 127", "n = 129", *DRAWN, "large", "one over")
EXACT = ("n = 128", "n = 512", *DIVIDED, "blocks of one")


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise with 128 threads, drawn ones that divide and ones that do not, many cells; matrices, of which two are one over."""
    cases = [Case(f"n = {n}", {"n": n, "threads": 128}) for n in SIZES]
    for name in (*DRAWN, *DIVIDED):
        threads = int(rng.integers(3, 33)) * 8
        n = threads * int(rng.integers(20, 90)) + (int(rng.integers(1, threads)) if name in DRAWN else 0)
        cases.append(Case(name, {"n": n, "threads": threads}))
    for at, name in enumerate(PLANE):
        x, y = int(rng.integers(9, 17)), int(rng.integers(3, 8))
        rows, columns = y * int(rng.integers(20, 30)) + (at % 3) % y, x * int(rng.integers(4, 9)) + (at // 3) * (x - 1)
        if at > 5:
            x, y = [(512, 2), (2, 512)][at - 6]
            rows, columns = (side * int(rng.integers(3, 9)) + (side > 2) for side in (y, x))
        sides = {"rows": rows, "columns": columns, "block": [x, y]}
        cases.append(Case(name, {**sides, "factor": int(rng.integers(3, 10))}))
    for name, threads, left in (("large", 256, 1), ("one over", 1024, 1), ("blocks of one", 1, 0)):
        cases.append(Case(name, {"n": threads * int(rng.integers(70_000, 100_000)) + left, "threads": threads}))
    return cases


def along_axes(rows: int, columns: int, block_x: int, block_y: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """What belongs together along x, and along y."""
    return (columns, block_x), (rows, block_y)


def given(n: int, threads: int) -> tuple[int, int]:
    """Of what a number of blocks is made."""
    return n, threads


def enough(n: int, threads: int) -> int:
    """How many blocks there have to be."""
    return (n + threads - 1) // threads


Pairs = Callable[..., tuple[tuple[int, int], ...]]


def sides(inputs: Tree, along: Pairs = along_axes) -> tuple[tuple[int, int], ...]:
    """Along each axis: the cells, and a block's threads."""
    if "n" in inputs:
        return ((inputs["n"], inputs["threads"]),)
    return along(inputs["rows"], inputs["columns"], *inputs["block"])


def by_blocks(
    inputs: Tree,
    *,
    enough: Callable[[int, int], float] = enough,
    given: Callable[[int, int], tuple[int, int]] = given,
    along: Pairs = along_axes,
) -> Tree:
    """The right numbers of blocks, as ints or not, or those where stages are wrong."""
    return {"blocks": [enough(*given(*each)) for each in sides(inputs, along)]}


def by_types(inputs: Tree, kind: str = "int") -> Tree:
    """Ints, be they right or not; or another type."""
    return {"types": [kind] * len(sides(inputs))}


def plainly(inputs: Tree, outputs: Tree) -> Tree:
    """Numbers of all types of fractions alike."""
    return {**outputs, "types": ["float" if name[:5] == "float" else name for name in outputs["types"][:3]]}


EXCUSED = "`grid_for` is right but for your `blocks_for`, which has cost its own share already; it is judged with another in its place."


def planned(inputs: Tree, outputs: Tree) -> Difference | Excused | None:
    """The right grid, or one that would be right if ``blocks_for`` were."""
    found = compare(by_blocks(inputs), outputs, 1e-9)
    through = [inputs["factor"] * cells + threads for cells, threads in sides(inputs)]
    return Excused(EXCUSED) if found and outputs["through"] == through else found


mistake = Mistakes(beside=__file__)
wrong = mistake.stages(by_blocks)
wrong.ways("floor", "enough", lambda n, threads: n // threads, lambda n, threads: max(n // threads, 1))
wrong.ways(
    "almost-one", "enough", *(lambda n, threads, part=part: int(n / threads + part) for part in (0.9, 0.99, 0.999))
)
wrong("one-more", enough=lambda n, threads: n // threads + 1)
mistake.listed("exact-quotient", lambda inputs: {**by_blocks(inputs, enough=truediv), **by_types(inputs, "float")})
wrong("rounded", enough=lambda n, threads: round(n / threads))
mistake.listed("float", lambda inputs: {**by_blocks(inputs), **by_types(inputs, "float")})
mistake.listed("float", lambda inputs: by_types(inputs, "float") if "rows" in inputs else {})
wrong("x-and-y", along=lambda rows, columns, x, y: ((rows, y), (columns, x)))
wrong("rows-along-x", along=lambda rows, columns, x, y: ((rows, x), (columns, y)))
mistake.listed("no-answer", lambda inputs: {"types": ["NoneType"]})
mistake.listed("no-answer", lambda inputs: {"types": ["NoneType"]} if "rows" in inputs else {})
wrong("cells-by-threads", along=lambda rows, columns, x, y: ((rows * columns, x * y), (1, 1)))
wrong("kept-for-another", given=lambda n, threads: (n, 3 * threads + 5))
wrong.formulas(enough=enough, given=given)
wrong.formulas("plane", along=along_axes)

of_line = partial(Check, expected=by_blocks, tolerance=1e-9)
CHECKS = (
    of_line("over", "Blocks for n cells that fill no last block", share=0.2, cases=OVER),
    of_line("exact", "Blocks for n cells that do", share=0.2, cases=EXACT),
    Check("plane", "A grid for a matrix", share=0.4, cases=tuple(PLANE), complaint=planned, example=by_blocks),
    Check("whole", "Whole numbers", share=0.2, cases=(*OVER, *EXACT, *PLANE), expected=by_types, needs=("over",)),
)
EXERCISE = Exercise("grid_size", draw, checks=CHECKS, read=plainly, **mistake.known)
