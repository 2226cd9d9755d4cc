"""Judge ``grid_size``: the least number of blocks that leave no cell over."""

from functools import partial

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Tree, compare

SIZES = (1, 127, 128, 129, 512)
DRAWN, DIVIDED = ([f"{name} {at}" for at in range(12)] for name in ("drawn", "divides"))
PLANE = [f"matrix {at}" for at in range(6)]
OVER = ("n = 1", "n = 127", "n = 129", *DRAWN)
EXACT = ("n = 128", "n = 512", *DIVIDED)


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise with 128 threads, drawn ones that divide and ones that do not; four matrices."""
    cases = [Case(f"n = {n}", {"n": n, "threads": 128}) for n in SIZES]
    for name in (*DRAWN, *DIVIDED):
        threads = int(rng.integers(3, 33)) * 8
        n = threads * int(rng.integers(20, 90)) + (int(rng.integers(1, threads)) if name in DRAWN else 0)
        cases.append(Case(name, {"n": n, "threads": threads}))
    for at, name in enumerate(PLANE):
        x, y = int(rng.integers(9, 17)), int(rng.integers(3, 8))
        rows, columns = y * int(rng.integers(20, 30)) + (at % 3) % y, x * int(rng.integers(4, 9)) + (at // 3) * (x - 1)
        sides = {"rows": rows, "columns": columns, "block": [x, y]}
        cases.append(Case(name, {**sides, "factor": int(rng.integers(3, 10))}))
    return cases


def sides(inputs: Tree) -> list[tuple[int, int]]:
    """Along each axis: the cells, and a block's threads."""
    if "n" in inputs:
        return [(inputs["n"], inputs["threads"])]
    return list(along_axes(inputs["rows"], inputs["columns"], *inputs["block"]))


def along_axes(rows: int, columns: int, block_x: int, block_y: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """What belongs together along x, and along y."""
    return (columns, block_x), (rows, block_y)


def given(n: int, threads: int) -> tuple[int, int]:
    """Of what a number of blocks is made."""
    return n, threads


def enough(n: int, threads: int) -> int:
    """How many blocks there have to be."""
    return (n + threads - 1) // threads


def blocks(inputs: Tree) -> list[int]:
    """The right numbers of blocks."""
    return [enough(cells, threads) for cells, threads in sides(inputs)]


def by_blocks(inputs: Tree) -> Tree:
    """The right numbers, as ints or not."""
    return {"blocks": blocks(inputs)}


def by_types(inputs: Tree) -> Tree:
    """Ints, be they right or not."""
    return {"types": ["int"] * len(sides(inputs))}


def plainly(inputs: Tree, outputs: Tree) -> Tree:
    """Numbers of all types of fractions alike."""
    return {**outputs, "types": ["float" if name[:5] == "float" else name for name in outputs["types"][:3]]}


def of_all(inputs: Tree) -> tuple[int, int]:
    """All cells, and all threads of a block."""
    return inputs["rows"] * inputs["columns"], inputs["block"][0] * inputs["block"][1]


EXCUSED = "`grid_for` is right but for your `blocks_for`, which has cost its own share already; it is judged with another in its place."


def planned(inputs: Tree, outputs: Tree) -> Difference | Excused | None:
    """The right grid, or one that would be right if ``blocks_for`` were."""
    found = compare(by_blocks(inputs), outputs, 1e-9)
    through = [inputs["factor"] * cells + threads for cells, threads in sides(inputs)]
    return Excused(EXCUSED) if found and outputs["through"] == through else found


mistake = Mistakes(beside=__file__)

mistake.listed("floor", lambda inputs: {"blocks": [cells // threads for cells, threads in sides(inputs)]})
mistake.listed("one-more", lambda inputs: {"blocks": [cells // threads + 1 for cells, threads in sides(inputs)]})
mistake.listed(
    "exact-quotient",
    lambda inputs: {
        "blocks": [cells / threads for cells, threads in sides(inputs)],
        "types": ["float"] * len(sides(inputs)),
    },
)
mistake.listed("rounded", lambda inputs: {"blocks": [round(cells / threads) for cells, threads in sides(inputs)]})
mistake.listed("float", lambda inputs: {"blocks": blocks(inputs), "types": ["float"] * len(sides(inputs))})
mistake.listed("float", lambda inputs: {"types": ["float"] * 2} if "rows" in inputs else {})
mistake.listed("x-and-y", lambda inputs: {"blocks": blocks(inputs)[::-1]})
mistake.listed("rows-along-x", lambda inputs: {"blocks": blocks({**inputs, "block": inputs["block"][::-1]})[::-1]})

mistake.listed("no-answer", lambda inputs: {"types": ["NoneType"]})
mistake.listed("no-answer", lambda inputs: {"types": ["NoneType"]} if "rows" in inputs else {})
mistake.listed("cells-by-threads", lambda inputs: {"blocks": [enough(*of_all(inputs)), 1]})
mistake.group(oracle=lambda rule: lambda inputs: {"blocks": [rule(*each) for each in sides(inputs)]}).formula(enough)
mistake.group(oracle=lambda rule: lambda inputs: {"blocks": [enough(*rule(*each)) for each in sides(inputs)]}).formula(
    given
)
mistake.group(
    "plane",
    oracle=lambda rule: (
        lambda inputs: {"blocks": [enough(*each) for each in rule(inputs["rows"], inputs["columns"], *inputs["block"])]}
    ),
).formula(along_axes)

of_line = partial(Check, expected=by_blocks, tolerance=1e-9)
CHECKS = (
    of_line("over", "Blocks for n cells that fill no last block", share=0.2, cases=OVER),
    of_line("exact", "Blocks for n cells that do", share=0.2, cases=EXACT),
    Check("plane", "A grid for a matrix", share=0.4, cases=tuple(PLANE), complaint=planned, example=by_blocks),
    Check("whole", "Whole numbers", share=0.2, cases=(*OVER, *EXACT, *PLANE), expected=by_types, needs=("over",)),
)
EXERCISE = Exercise("grid_size", draw, checks=CHECKS, read=plainly, **mistake.known)
