"""Check of `grid_size`: the number of blocks, rounded up."""

from typing import Any

from lifelong.checks.expect import CheckFailed, Names, expect, lookup


def check(names: Names) -> str:
    """Exact, one over, one under, and a matrix."""
    blocks_for, grid_for = (lookup(names, name, "grid_size") for name in ("blocks_for", "grid_for"))
    cases: list[tuple[int, int, int, list[tuple[float, str]]]] = [
        (512, 128, 4, [(5, "Four blocks have 512 threads already.")]),
        (513, 128, 5, [(4, "Four blocks leave one cell over: round up.")]),
        (1, 128, 1, [(0, "No block at all leaves the cell over: round up.")]),
        (127, 128, 1, []),
        (100, 32, 4, []),
    ]
    for n, threads, right, known in cases:
        call = f"blocks_for({n}, {threads})"
        got = blocks_for(n, threads)
        expect(got, right, call, known)
        _whole(got, call)
    call = "grid_for(100, 30, (16, 8))"
    got = grid_for(100, 30, (16, 8))
    expect(got, [2, 13], call, [([13, 2], "x first."), ([7, 4], "x runs along the columns: 30 cells, 16 threads.")])
    for number in got:
        _whole(number, call)
    expect(grid_for(64, 32, (16, 8)), [2, 8], "grid_for(64, 32, (16, 8))", [([3, 9], "No cell is left over there.")])
    return "enough blocks, and none too many."


def _whole(number: Any, call: str) -> None:
    if not isinstance(number, int):
        raise CheckFailed(f"{call} should be made of ints, but holds a {type(number).__name__}: a launch refuses it.")
