"""Check of `grid_size`: the number of blocks, rounded up."""

from typing import Any

from lifelong.checks.expect import CheckFailed, Names, expect, lookup

LINES: list[tuple[Any, ...]] = [
    ((512, 128), 4, (5, "Four blocks have 512 threads already.")),
    ((513, 128), 5, (4, "Four blocks leave one cell over: round up.")),
    ((1, 128), 1, (0, "No block at all leaves the cell over: round up.")),
    *(((127, 128), 1), ((128, 128), 1), ((512, 1024), 1), ((100, 32), 4), ((100, 40), 3), ((1160, 232), 5)),
    *(((3601, 40), 91), ((99_000, 1), 99_000), ((90_000 * 256 + 1, 256), 90_001), ((90_000 * 1024 + 1, 1024), 90_001)),
]
PLANES: list[tuple[Any, ...]] = [
    ((100, 30, (16, 8)), [2, 13], ([13, 2], "x first."), ([7, 4], "x runs along the columns: 30 cells, 16 threads.")),
    ((64, 32, (16, 8)), [2, 8], ([3, 9], "No cell is left over there.")),
    *(((64, 32, (11, 5)), [3, 13]), ((121, 55, (11, 5)), [5, 25])),
    *(((9, 2049, (512, 2)), [5, 5]), ((2049, 8, (2, 512)), [4, 5])),
]
"""What a function is given, the right answer, and wrong ones with what they betray."""


def check(names: Names) -> str:
    """Exact, one over, one under, many cells; matrices; and again for other blocks."""
    for name, cases in (("blocks_for", LINES), ("grid_for", PLANES)):
        function = lookup(names, name, "grid_size")
        for given, right, *known in cases:
            call = f"{name}({', '.join(map(str, given))})"
            got = function(*given)
            expect(got, right, call, known)
            for number in got if name == "grid_for" else [got]:
                if not isinstance(number, int):
                    kind = type(number).__name__
                    raise CheckFailed(f"{call} should be made of ints, but holds a {kind}: a launch refuses it.")
    return "enough blocks, and none too many."
