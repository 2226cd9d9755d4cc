"""Judge ``grid_size``: the least number of blocks that leave no cell over."""

from functools import partial

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Tree, compare

SIZES = (1, 127, 128, 129, 512)


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes of the exercise with 128 threads, drawn ones that divide and ones that do not; four matrices."""
    cases = [Case(f"n = {n}", {"n": n, "threads": 128}) for n in SIZES]
    for name in ("drawn a", "drawn b", "divides"):
        threads = int(rng.integers(3, 33)) * 8
        n = threads * int(rng.integers(20, 90))
        rest = 0 if name == "divides" else int(rng.integers(1, 4))
        cases.append(Case(name, {"n": n + rest, "threads": threads}))
    x, y = int(rng.integers(9, 17)), int(rng.integers(3, 8))
    for name, (rest_x, rest_y) in {"both": (1, 2), "columns": (x - 1, 0), "rows": (0, 1), "neither": (0, 0)}.items():
        rows, columns = y * int(rng.integers(20, 30)) + rest_y, x * int(rng.integers(4, 9)) + rest_x
        sides = {"rows": rows, "columns": columns, "block": [x, y]}
        cases.append(Case(name, {**sides, "factor": int(rng.integers(3, 10))}))
    return cases


def sides(inputs: Tree) -> list[tuple[int, int]]:
    """Along each axis: the cells, and a block's threads."""
    if "n" in inputs:
        return [(inputs["n"], inputs["threads"])]
    return list(zip((inputs["columns"], inputs["rows"]), inputs["block"], strict=True))


def blocks(inputs: Tree) -> list[int]:
    """The right numbers of blocks."""
    return [-(-cells // threads) for cells, threads in sides(inputs)]


def by_blocks(inputs: Tree) -> Tree:
    """The right numbers, as ints or not."""
    return {"blocks": blocks(inputs)}


def by_types(inputs: Tree) -> Tree:
    """Ints, be they right or not."""
    return {"types": ["int"] * len(sides(inputs))}


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
mistake.listed("x-and-y", lambda inputs: {"blocks": blocks(inputs)[::-1]})
mistake.listed("rows-along-x", lambda inputs: {"blocks": blocks({**inputs, "block": inputs["block"][::-1]})[::-1]})

OVER = ("n = 1", "n = 127", "n = 129", "drawn a", "drawn b")
EXACT = ("n = 128", "n = 512", "divides")
PLANE = ("both", "columns", "rows", "neither")
of_line = partial(Check, expected=by_blocks, tolerance=1e-9)
CHECKS = (
    of_line("over", "Blocks for n cells that fill no last block", share=0.2, cases=OVER),
    of_line("exact", "Blocks for n cells that do", share=0.2, cases=EXACT),
    Check("plane", "A grid for a matrix", share=0.4, cases=PLANE, complaint=planned, example=by_blocks),
    Check("whole", "Whole numbers", share=0.2, cases=(*OVER, *EXACT, *PLANE), expected=by_types, needs=("over",)),
)
EXERCISE = Exercise("grid_size", draw, checks=CHECKS, mistakes=tuple(mistake))
