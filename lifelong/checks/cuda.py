"""Checks of the kernels: small launches in the simulator, with results by hand; what it finds is said first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import Known, expect
from lifelong.cuda import recording, to_device
from lifelong.cuda.kernel import Kernel

Names = Mapping[str, Any]


def _kernel(names: Names, name: str, exercise: str) -> Kernel:
    found = lookup(names, name, exercise)
    if not isinstance(found, Kernel):
        raise CheckFailed(f"`{name}` should be a kernel: keep the line @kernel above its def.")
    return found


def _launch(kernel: Kernel, grid: Any, block: Any, args: Sequence[Any], result: int, known: Known = ()) -> Any:
    """The cells of one argument after a launch in which nothing was found."""
    call = f"{kernel.__name__}[{grid}, {block}]"
    for interleaved in (False, True):
        copies = [to_device(each) if isinstance(each, np.ndarray) else each for each in args]
        with recording(seed=7, interleaved=interleaved) as record:
            kernel[grid, block](*copies)
        values = copies[result].values()
        for wrong, text in known:
            if np.shape(wrong) == values.shape and np.allclose(values, wrong):
                raise CheckFailed(f"{call} leaves {values.tolist()}. {text}")
        if record.findings:
            more = f" ({len(record.findings) - 1} more findings)" if len(record.findings) > 1 else ""
            first = record.findings[0]
            raise CheckFailed(f"{call}: {first.kind}. {first.text}{more}")
    return values


def global_index(names: Names) -> str:
    """Six cells in 1-D, twelve in 2-D."""
    label = _kernel(names, "label_1d", "global_index")
    cells = _launch(
        label, 2, 3, [np.full(6, -1)], 0, [([0, 1, 2, -1, -1, -1], "The second block found no cells of its own.")]
    )
    expect(cells, [0, 1, 2, 1000, 1001, 1002], "label_1d[2, 3]: the labels")
    label = _kernel(names, "label_2d", "global_index")
    cells = _launch(label, (2, 2), (3, 1), [np.full((2, 6), -1)], 0)
    expect(
        cells,
        [[0, 0, 0, 1, 1, 1], [2, 2, 2, 3, 3, 3]],
        "label_2d[(2, 2), (3, 1)]: the labels",
        [
            (
                [[0, 0, 0, 2, 2, 2], [1, 1, 1, 3, 3, 3]],
                "Reading order goes along the first row of blocks, then the second.",
            )
        ],
    )
    cells = _launch(label, (1, 2), (2, 2), [np.full((4, 2), -1)], 0)
    expect(cells, [[0, 0], [0, 0], [1, 1], [1, 1]], "label_2d[(1, 2), (2, 2)]: the labels")
    return "every thread signs its own cell, in one dimension and in two."


def bounds_guard(names: Names) -> str:
    """Two cells of three, then exactly as many cells as there are."""
    kernel = _kernel(names, "fahrenheit", "bounds_guard")
    celsius, seven = np.array([0.0, 100.0, -40.0]), np.full(3, 7.0)
    cells = _launch(
        kernel,
        1,
        3,
        [celsius, seven, 2],
        1,
        [
            ([32.0, 212.0, -40.0], "n is 2: result[2] is not yours."),
            ([32.0, 7.0, 7.0], "The last cell, n − 1, is yours, too."),
        ],
    )
    expect(cells, [32, 212, 7], "fahrenheit[1, 3]([0, 100, −40], [7, 7, 7], 2): result")
    expect(
        _launch(kernel, 2, 2, [celsius, seven, 3], 1),
        [32, 212, -40],
        "fahrenheit[2, 2]([0, 100, −40], [7, 7, 7], 3): result",
    )
    return "the first n cells, and no other."


def grid_size(names: Names) -> str:
    """Exact, one over, one under, and a matrix."""
    blocks_for, grid_for = (lookup(names, name, "grid_size") for name in ("blocks_for", "grid_for"))
    cases: list[tuple[int, int, int, list[tuple[float, str]]]] = [
        (512, 128, 4, [(5, "Four blocks have 512 threads already.")]),
        (513, 128, 5, [(4, "Four blocks leave one cell over: round up.")]),
        (1, 128, 1, [(0, "No block at all leaves the cell over: round up.")]),
        (127, 128, 1, []),
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
    return "enough blocks, and none too many."


def _whole(number: Any, call: str) -> None:
    if not isinstance(number, int):
        raise CheckFailed(f"{call} should be made of ints, but holds a {type(number).__name__}: a launch refuses it.")


def grid_stride(names: Names) -> str:
    """Five cells with 2, 4, 1 and 8 threads."""
    kernel = _kernel(names, "saxpy", "grid_stride")
    x, y = np.array([1.0, 2, 3, 4, 5]), np.full(5, 10.0)
    for grid, block in ((1, 2), (2, 2), (1, 1), (2, 4)):
        cells = _launch(
            kernel,
            grid,
            block,
            [2.0, x, y, 5],
            2,
            [
                ([12.0, 14, 10, 10, 10], "The threads take a cell each and stop: go on by all threads of the grid."),
                ([12.0, 14, 16, 18, 10], "The threads take a cell each and stop: go on by all threads of the grid."),
                ([2.0, 4, 6, 8, 10], "The old y is added, too."),
            ],
        )
        expect(cells, [12, 14, 16, 18, 20], f"saxpy[{grid}, {block}](2, [1, 2, 3, 4, 5], [10, 10, 10, 10, 10], 5): y")
    return "one thread or many, each cell once."


def hadamard(names: Names) -> str:
    """Two rows of three with a pitch of four."""
    kernel = _kernel(names, "hadamard", "hadamard")
    a = np.array([1.0, 2, 3, 90, 4, 5, 6, 90])
    b = np.array([10.0, 20, 30, 2, 40, 50, 60, 2])
    right = [10, 40, 90, -1, 160, 250, 360, -1]
    cells = _launch(
        kernel,
        (2, 2),
        (2, 2),
        [a, b, np.full(8, -1.0), 2, 3, 4],
        2,
        [
            ([10.0, 40, 90, 180, 160, 250, -1, -1], "The second row begins at index 4: rows are `pitch` cells apart."),
            ([10.0, 40, 90, 180, 160, 250, 360, 180], "The padding at the end of each row is not yours."),
        ],
    )
    expect(cells, right, "hadamard[(2, 2), (2, 2)], 2 × 3 with pitch 4: c")
    cells = _launch(kernel, (1, 1), (4, 4), [a, b, np.full(8, -1.0), 2, 3, 4], 2)
    expect(cells, right, "hadamard[(1, 1), (4, 4)], 2 × 3 with pitch 4: c")
    return "cell by cell, and the padding as it was."


def block_sum(names: Names) -> str:
    """Two blocks, the second with two cells; then one of sixteen."""
    kernel = _kernel(names, "block_sum", "block_sum")
    x = np.array([3, 1, 7, 0, 4, 1, 6, 3, 5, 5], dtype=np.float32)
    cells = _launch(kernel, 2, 8, [x, np.full(2, -1, np.float32), 10], 1, [([25.0, -1.0], "Block 1's sum is missing.")])
    expect(cells, [25, 10], "block_sum[2, 8] of [3, 1, 7, 0, 4, 1, 6, 3, 5, 5]: sums")
    cells = _launch(kernel, 1, 16, [np.full(16, 2, np.float32), np.full(1, -1, np.float32), 16], 1)
    expect(cells, [32], "block_sum[1, 16] of sixteen 2s: sums")
    return "the threads add up together, and wait for each other."


def convolution(names: Names) -> str:
    """Ones over ones, then a window that is not symmetric."""
    kernel = _kernel(names, "convolve", "convolution")
    ones = np.ones((3, 3))
    cells = _launch(kernel, (2, 2), (2, 2), [ones, ones, np.full((3, 3), -1.0), 3, 3, 3], 2)
    expect(cells, [[4, 6, 4], [6, 9, 6], [4, 6, 4]], "3 × 3 weights of ones over a 3 × 3 image of ones: result")
    image = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    weights = np.array([[0.0, 0, 0], [0, 0, 1], [0, 0, 0]])
    expect(
        _launch(kernel, (1, 1), (8, 4), [image, weights, np.full((2, 4), -1.0), 2, 4, 3], 2),
        [[2, 3, 4, 0], [6, 7, 8, 0]],
        "a single weight 1 right of the centre, over [[1, 2, 3, 4], [5, 6, 7, 8]]: result",
        [
            ([[0, 1, 2, 3], [0, 5, 6, 7]], "That is the window flipped: here each pixel takes its right neighbour."),
            ([[5, 6, 7, 8], [0, 0, 0, 0]], "That is the pixel below: u counts rows, v columns."),
        ],
    )
    return "windows inside, at the edges and in the corners."


CHECKS: dict[str, Callable[[Names], str]] = {
    "global_index": global_index,
    "bounds_guard": bounds_guard,
    "grid_size": grid_size,
    "grid_stride": grid_stride,
    "hadamard": hadamard,
    "block_sum": block_sum,
    "convolution": convolution,
}
"""By exercise id."""
