"""Judge ``grid_size``: the least number of blocks that launch_check no cell over."""

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree

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
        cases.append(Case(name, {"rows": rows, "columns": columns, "block": [x, y]}))
    return cases


def sides(inputs: Tree) -> list[tuple[int, int]]:
    """Along each axis: the cells, and a block's threads."""
    if "n" in inputs:
        return [(inputs["n"], inputs["threads"])]
    return list(zip((inputs["columns"], inputs["rows"]), inputs["block"], strict=True))


def blocks(inputs: Tree) -> list[int]:
    """The right numbers of blocks."""
    return [-(-cells // threads) for cells, threads in sides(inputs)]


def oracle(inputs: Tree) -> Tree:
    """Rounded up, and integers."""
    return {"blocks": blocks(inputs), "types": ["int"] * len(sides(inputs))}


mistake = Mistakes()


mistake.named("floor", lambda inputs: {"blocks": [cells // threads for cells, threads in sides(inputs)]}).says(
    "You round down: 513 cells in blocks of 128 leave one cell over. Round up."
)
mistake.named("one-more", lambda inputs: {"blocks": [cells // threads + 1 for cells, threads in sides(inputs)]}).says(
    "You always add one block, also where the cells fill the blocks exactly: 512 cells need 4 blocks of 128, not 5."
)


@mistake()
def exact_quotient(inputs: Tree) -> Tree:
    """Your number of blocks has a fraction: round up to a whole number."""
    return {"blocks": [cells / threads for cells, threads in sides(inputs)], "types": ["float"] * len(sides(inputs))}


mistake.named("rounded", lambda inputs: {"blocks": [round(cells / threads) for cells, threads in sides(inputs)]}).says(
    "You round to the nearest number, which is down half of the time. Round up."
)
mistake.named("float", lambda inputs: {"blocks": blocks(inputs), "types": ["float"] * len(sides(inputs))}).says(
    "The number is right, but a float; a launch wants an int."
)
mistake.named("x-and-y", lambda inputs: {"blocks": blocks(inputs)[::-1]}, "plane").says(
    "The two numbers have changed places: x first."
)
mistake.named(
    "rows-along-x", lambda inputs: {"blocks": blocks({**inputs, "block": inputs["block"][::-1]})[::-1]}, "plane"
).says("You divide the rows by x; x runs along a row, so it goes with the columns.")


LINE = (*(f"n = {n}" for n in SIZES), "drawn a", "drawn b", "divides")
PLANE = ("both", "columns", "rows", "neither")
CHECKS = (
    Check("line", "Blocks for n cells", share=0.5, cases=LINE, expected=oracle, tolerance=1e-9),
    Check("plane", "A grid for a matrix", share=0.5, cases=PLANE, expected=oracle, tolerance=1e-9),
)
EXERCISE = Exercise("grid_size", draw, checks=CHECKS, mistakes=tuple(mistake))
