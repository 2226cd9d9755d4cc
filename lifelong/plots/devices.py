"""The figures of vector addition: one adder against many, two memories, indices, memory transactions, peak rates."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, RED, SKY
from lifelong.plots.style import Panels, Picture, arrow, box, drawn, drawn_on, frameless, note, picture

WARP = 32
SECTOR = 32
"""Threads of a warp, and bytes of one memory transaction (a sector)."""

TINTS = (BLUE, ORANGE, GREEN, RED)


class Device(NamedTuple):
    """A device, its name with its year, its peak rate in 10¹² operations a second, and whether CPU, GPU or TPU."""

    name: str
    teraflops: float
    kind: str


def transactions(stride: int, offset: int = 0, width: int = 4) -> int:
    """How many 32-byte sectors a warp fetches when thread t reads element offset + t · stride.

    Args:
        stride: elements between neighbouring threads.
        offset: element of thread 0.
        width: bytes of an element.
    """
    first = (offset + stride * np.arange(WARP)) * width
    return len({int(byte) // SECTOR for start in first for byte in (start, start + width - 1)})


@drawn_on(8.2, 2.9, rows=2, sharex=True)
def one_or_many(panels: Panels) -> None:
    """Sixteen additions: by one adder in sixteen steps, and by sixteen adders in one."""
    for axes, together in zip(panels, (False, True), strict=True):
        for i in range(16):
            x, y = (0, i) if together else (i, 0)
            size = 1 / 16 if together else 1
            axes.add_patch(Rectangle((x, y * size), 0.92, size * 0.9, facecolor=BLUE if together else ORANGE))
            if not together:
                axes.text(i + 0.46, 0.45, f"c[{i}]", ha="center", va="center", color="white", fontsize=8)
        axes.set(xlim=(-0.1, 16.1), ylim=(-0.05, 1.05), yticks=[])
        axes.spines["left"].set_visible(False)
    panels[0].set_title("A CPU core: one addition after the other")
    panels[1].set(xlabel="steps", title="A GPU: all at once, each by a thread of its own")


@drawn_on(8.2, 3.0)
def two_memories(axes: Axes) -> None:
    """Host and device, each with its memory, and the three ways between them."""
    for x, title, color, arrays in ((0.0, "host (CPU)", ORANGE, "abc"), (6.2, "device (GPU)", BLUE, "abc")):
        box(axes, x, 0, 3.2, 3.2, boxstyle="round,pad=0.1", facecolor="#fafafa", edgecolor=color)
        axes.text(x + 1.6, 3.0, title, ha="center", va="center", color=color, weight="bold")
        for at, name in enumerate(arrays):
            label = name if x == 0 else f"d_{name}"
            box(axes, x + 0.3, 2.05 - at * 0.8, 2.6, 0.45, label, boxstyle="round,pad=0.03", edgecolor=color, lw=2)
    for y, text, forward in (
        (2.27, "cudaMemcpyHostToDevice", True),
        (1.47, "cudaMemcpyHostToDevice", True),
        (0.67, "cudaMemcpyDeviceToHost", False),
    ):
        ends = ((3.35, y), (6.05, y)) if forward else ((6.05, y), (3.35, y))
        arrow(axes, *ends, color=GREEN if forward else RED, mutation_scale=14, shrinkA=2, shrinkB=2)
        axes.text(4.7, y + 0.14, text, ha="center", fontsize=8, color=GREEN if forward else RED)
    axes.text(7.8, -0.42, "kernel<<<blocks, threads>>>(d_a, d_b, d_c)", ha="center", color=BLUE, family="monospace")
    axes.set(xlim=(-0.3, 9.8), ylim=(-0.7, 3.5))
    frameless(axes)


@drawn_on(8.2, 2.1)
def indices(axes: Axes, n: int = 14, block: int = 4) -> None:
    """Every thread's global index over the cells of an array, and the threads that have none."""
    blocks = -(-n // block)
    for i in range(blocks * block):
        color = TINTS[i // block % len(TINTS)]
        spare = i >= n
        axes.add_patch(Rectangle((i, 1.1), 0.9, 0.8, facecolor="white" if spare else color, edgecolor=color, lw=1.5))
        axes.text(i + 0.45, 1.5, str(i % block), ha="center", va="center", color=color if spare else "white")
        if not spare:
            axes.add_patch(Rectangle((i, 0), 0.9, 0.6, facecolor=LIGHT))
            axes.text(i + 0.45, 0.3, str(i), ha="center", va="center")
        else:
            axes.text(i + 0.45, 0.3, "✕", ha="center", va="center", color=RED, weight="bold", family="DejaVu Sans")
    for at in range(blocks):
        axes.text(at * block + block / 2, 2.15, f"blockIdx.x = {at}", ha="center", color=TINTS[at % len(TINTS)])
    axes.text(-0.2, 1.5, "threadIdx.x", ha="right", va="center")
    axes.text(-0.2, 0.3, "index", ha="right", va="center")
    axes.set(xlim=(-2.4, blocks * block + 0.2), ylim=(-0.15, 2.5))
    frameless(axes)


@drawn
def coalescing(cases: Sequence[tuple[str, int, int]]) -> Picture:
    """Which sectors of memory a warp of 32 threads fetches, for some strides.

    Args:
        cases: (title, stride, offset), both in elements of 4 bytes.
    """
    figure, panels = picture(len(cases), 1, 8.2, 1.25 * len(cases))
    sectors = 36
    for axes, (title, stride, offset) in zip(panels, cases, strict=True):
        elements = offset + stride * np.arange(WARP)
        touched = sorted({int(element) * 4 // SECTOR for element in elements})
        for sector in range(sectors):
            axes.add_patch(Rectangle((sector * 8, 0), 7.7, 1, facecolor=SKY if sector in touched else LIGHT))
        axes.vlines(elements + 0.5, 0.1, 0.9, color=BLACK, lw=0.9)
        axes.set(xlim=(-1, sectors * 8), ylim=(-0.1, 1.1))
        count = transactions(stride, offset)
        axes.set_title(f"{title}: {count} transactions, {128 / (count * SECTOR):.0%} of the bytes are used")
        frameless(axes)
    panels[-1].set_xlabel("memory: a box for each sector of 32 bytes, a line for each of the warp's reads", color=GREY)
    return figure


@drawn
def peak_rates(devices: Sequence[Device]) -> Picture:
    """Peak rates as bars on a logarithmic scale."""
    colors = {"CPU": ORANGE, "GPU": BLUE, "TPU": GREEN}
    figure, (axes,) = picture(1, 1, 8.2, 0.42 * len(devices) + 0.8)
    for at, (_, rate, kind) in enumerate(devices):
        axes.barh(at, rate, color=colors[kind], height=0.65)
        axes.text(rate * 1.15, at, f"{rate:,.0f}" if rate > 1000 else f"{rate:g}", va="center")
    axes.set_yticks(range(len(devices)), [device.name for device in devices])
    axes.set(xscale="log", xlim=(0.1, 1e7), xlabel="peak rate, 10¹² operations a second (logarithmic)")
    axes.invert_yaxis()
    return figure


@drawn_on(8.2, 2.9, columns=3)
def dot_products(
    panels: Panels, rows: int = 6, inner: int = 8, columns: int = 7, row: int = 2, column: int = 4
) -> None:
    """C = A · B: one element is a dot product of a row and a column, and every element has a thread."""
    shapes = ((rows, inner), (inner, columns), (rows, columns))
    for axes, (height, width), title in zip(panels, shapes, ("A", "B", "C: a thread for each cell"), strict=True):
        for y in range(height):
            for x in range(width):
                lit = y == row if title == "A" else x == column if title == "B" else (y, x) == (row, column)
                color = {"A": ORANGE, "B": GREEN}.get(title, BLUE) if lit else LIGHT
                axes.add_patch(Rectangle((x, -y), 0.9, 0.9, facecolor=color))
        axes.set(xlim=(-0.3, 8.2), ylim=(-7.2, 1.2), aspect="equal")
        axes.set_title(f"{title}\n{height} × {width}", loc="center")
        frameless(axes)


@drawn_on(8.2, 3.6)
def capsule(axes: Axes, rows: Sequence[tuple[str, float, float]]) -> None:
    """The trade: seconds until there is a program against milliseconds of one run, a point for (name, seconds, ms)."""
    for name, seconds, ms in rows:
        color = RED if name.startswith("CUDA") else GREEN if name.startswith("gcc") else BLUE
        axes.loglog(seconds, ms, "o", color=color, markersize=9)
        note(axes, f"{name}: {ms:g} ms", (seconds, ms), (8, 0), color=color, va="center")
    axes.set_xticks([1, 60, 3600, 48 * 3600], ["1 s", "1 min", "1 h", "48 h"])
    axes.set(xlim=(0.3, 3e7), ylim=(1, 1500), xlabel="time until there is a program", ylabel="one run, ms")
    axes.minorticks_off()


@drawn_on(8.2, 1.8)
def gpu_times(axes: Axes, host: float, kernel: float, transfers: float, n: int) -> None:
    """The time of an addition on host and GPU, transfers apart, in seconds."""
    axes.barh(1, host * 1e3, color=ORANGE, label="host")
    axes.barh(0, kernel * 1e3, color=BLUE, label="kernel")
    axes.barh(0, transfers * 1e3, left=kernel * 1e3, color=GREEN, label="transfers")
    axes.set_yticks([0, 1], ["GPU", "host"])
    axes.set(xlabel=f"ms for {n:,} additions")
    axes.legend(ncols=3)
