"""Pictures of kernel launches: which thread reads and writes which cell.

A small launch is drawn thread by thread, with a line for each access; shared memory once for each barrier passed, so
that a sum in a block shows as a tree. A larger launch, or one on matrices, is drawn as maps of its arrays.
"""

from collections import defaultdict
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.patches import FancyBboxPatch, Rectangle

from lifelong.cuda.memory import READ, WRITE
from lifelong.cuda.trace import Trace
from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED, SKY
from lifelong.plots.style import Picture, bare, drawn, frameless, picture

BLOCKS = (BLUE, GREEN, PINK, SKY, GREY, ORANGE)
"""Colours of the blocks, again from the first after the last; red is kept for what is wrong."""

MOST_THREADS, MOST_CELLS, MOST_ROWS = 48, 48, 8
"""Up to which a launch is drawn line by line."""

GAP, STEP = 0.7, 2.0
"""Between blocks, and from row to row, in cells."""

Point = tuple[float, float]


@drawn
def draw_launch(launch: Trace) -> Picture:
    """A launch with its threads and arrays; what was found to be wrong is red, and named below."""
    own = [array for array in launch.arrays if not array.shared]
    cells = max((array.size for array in own), default=0)
    threads = launch.blocks * launch.threads_per_block
    epochs = max((entry[2] for _, _, log in launch.logs() for entry in log), default=0)
    lines = threads <= MOST_THREADS and cells <= MOST_CELLS and epochs < MOST_ROWS
    return _Lines(launch).figure() if lines and all(array.ndim == 1 for array in own) else _maps(launch)


class _Lines:
    """The picture of a small launch; y runs downwards, a cell is one wide."""

    def __init__(self, launch: Trace) -> None:
        self.launch = launch
        size, count = launch.threads_per_block, launch.blocks
        self.width = count * (size + GAP) - GAP
        inputs = [each for each in launch.logs() if not each[1].shared and not any(entry[3] for entry in each[2])]
        outputs = [each for each in launch.logs() if not each[1].shared and any(entry[3] for entry in each[2])]
        self.rows = {name: at * STEP for at, (name, _, _) in enumerate(inputs)}
        self.thread_y = len(inputs) * STEP
        shared = [each for each in launch.logs() if each[1].shared]
        self.epochs = sorted({entry[2] for _, _, log in shared for entry in log if entry[3]})
        self.shared_y = {
            (name, epoch): self.thread_y + STEP * (1 + at + len(self.epochs) * which)
            for which, name in enumerate(dict.fromkeys(name for name, _, _ in shared))
            for at, epoch in enumerate(self.epochs)
        }
        below = self.thread_y + STEP * (1 + len(self.shared_y))
        self.rows |= {name: below + at * STEP for at, (name, _, _) in enumerate(outputs)}
        self.sizes = {name: array.size for name, array, _ in launch.logs()}
        self.writers: dict[tuple[str, int], set[int]] = defaultdict(set)
        for name, _, log in (*inputs, *outputs):
            for cell, number, _, kind, _, _ in log:
                if kind:
                    self.writers[name, cell].add(number)

    def figure(self) -> Picture:
        """All of it."""
        widest = max(self.width, *(self.sizes[name] + 2 for name in self.rows), 8)
        bottom = max([self.thread_y, *self.rows.values()]) + 1
        scale = min(0.34, 8.6 / (widest + 3))
        figure, (axes,) = picture(1, 1, max(scale * (widest + 3), 4.2), max(scale, 0.26) * (bottom + 1.8))
        self._accesses(axes)
        self._threads(axes)
        for name, y in self.rows.items():
            self._array(axes, name, y)
        self._shared(axes)
        self._outside(axes)
        left = (self.width - widest) / 2
        axes.set(xlim=(left - 3.2, left + widest + 0.4), ylim=(bottom + 0.5, -0.7))
        _title(axes, self.launch)
        return figure

    def _thread(self, number: int) -> Point:
        """The centre of a thread's square."""
        block, thread = divmod(number, self.launch.threads_per_block)
        return block * (self.launch.threads_per_block + GAP) + thread + 0.5, self.thread_y + 0.5

    def _cell(self, name: str, cell: int) -> Point:
        return (self.width - self.sizes[name]) / 2 + cell + 0.5, self.rows[name] + 0.5

    def _shared_cell(self, name: str, block: int, cell: int, epoch: int) -> Point:
        size = self.launch.threads_per_block
        start = block * (size + GAP) + (size - self.sizes[name]) / 2
        return start + cell + 0.5, self.shared_y[name, epoch] + 0.5

    def _color(self, number: int) -> str:
        return BLOCKS[number // self.launch.threads_per_block % len(BLOCKS)]

    def _accesses(self, axes: Axes) -> None:
        """Lines from what a thread reads to the thread, and on to what it writes."""
        fetched: dict[tuple[int, int], list[Point]] = defaultdict(list)
        for name, array, log in self.launch.logs():
            for cell, number, epoch, kind, _, _ in log:
                if kind != READ:
                    continue
                if array.shared:
                    before = [each for each in self.epochs if each < epoch] or self.epochs[:1]
                    if before:
                        block = number // self.launch.threads_per_block
                        fetched[number, epoch].append(self._shared_cell(name, block, cell, before[-1]))
                else:
                    self._line(axes, self._cell(name, cell), self._thread(number), self._color(number), arrow=False)
        for name, array, log in self.launch.logs():
            for cell, number, epoch, kind, _, _ in log:
                if kind == READ:
                    continue
                block = number // self.launch.threads_per_block
                end = self._shared_cell(name, block, cell, epoch) if array.shared else self._cell(name, cell)
                for start in fetched.get((number, epoch)) or [self._thread(number)]:
                    self._line(axes, start, end, self._color(number), arrow=True)

    def _line(self, axes: Axes, start: Point, end: Point, color: str, *, arrow: bool) -> None:
        way = 0.5 if end[1] > start[1] else -0.5
        (x0, y0), (x1, y1) = (start[0], start[1] + way), (end[0], end[1] - way)
        style: dict[str, Any] = {"arrowstyle": "-|>" if arrow else "-", "color": color, "shrinkA": 0, "shrinkB": 0}
        style |= {"linewidth": 1.3 if arrow else 0.9, "alpha": 0.85, "mutation_scale": 8}
        axes.annotate("", (x1, y1), (x0, y0), arrowprops=style)

    def _threads(self, axes: Axes) -> None:
        """Each block a box of numbered squares."""
        size = self.launch.threads_per_block
        for block in range(self.launch.blocks):
            x, color = block * (size + GAP), BLOCKS[block % len(BLOCKS)]
            frame = (x - 0.15, self.thread_y - 0.15)
            box = FancyBboxPatch(frame, size + 0.3, 1.3, boxstyle="round,pad=0,rounding_size=0.2", linewidth=1.5)
            box.set(facecolor="white", edgecolor=color)
            axes.add_patch(box)
            for thread in range(size):
                _box(axes, x + thread, self.thread_y, _pale(color), str(thread))
            if size >= 3:
                note = axes.text(x + size / 2, self.thread_y - 0.16, f"block {block}", color=color, ha="center")
                note.set(fontsize=8, va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        axes.text(-0.5, self.thread_y + 0.5, "threads", ha="right", va="center", fontsize=9, fontweight="bold")

    def _array(self, axes: Axes, name: str, y: float) -> None:
        """Cells with their indices: white, or in the colour of the block that writes; red, if two threads do."""
        x = (self.width - self.sizes[name]) / 2
        wrong = any(each.array == name and len(each.threads) == 2 for each in self.launch.findings)
        for cell in range(self.sizes[name]):
            writers = self.writers.get((name, cell), set())
            color = _pale(self._color(min(writers))) if writers else "white"
            _box(axes, x + cell, y, color, str(cell), edge=RED if wrong and len(writers) > 1 else GREY)
        left = x - 1.5 if any(array == name and index[0] < 0 for array, index, _, _ in self.launch.outside) else x - 0.5
        axes.text(left, y + 0.5, name, ha="right", va="center", fontsize=10, family="monospace")

    def _shared(self, axes: Axes) -> None:
        """Shared arrays, once for every stretch between barriers in which they are written."""
        for (name, epoch), y in self.shared_y.items():
            for block in range(self.launch.blocks):
                for cell in range(self.sizes[name]):
                    x, _ = self._shared_cell(name, block, cell, epoch)
                    _box(axes, x - 0.5, y, _pale(BLOCKS[block % len(BLOCKS)], 0.1), str(cell))
            label = f"{name}" if epoch == self.epochs[0] else f"barrier {epoch}"
            axes.text(-0.5, y + 0.5, label, ha="right", va="center", fontsize=9, family="monospace")

    def _outside(self, axes: Axes) -> None:
        """Dashed red cells beside an array, which accesses out of bounds hit."""
        for name, index, place, verb in self.launch.outside:
            if name not in self.rows or len(index) != 1:
                continue
            at = min(max(index[0], -1), self.sizes[name])
            x = (self.width - self.sizes[name]) / 2 + at + (0.3 if at > 0 else -0.3)
            y = self.rows[name]
            cell = Rectangle((x + 0.04, y + 0.04), 0.92, 0.92, facecolor="white", edgecolor=RED, linestyle="--")
            axes.add_patch(cell)
            axes.text(x + 0.5, y + 0.5, str(index[0]), color=RED, ha="center", va="center", fontsize=8)
            block = place.block[0] + self.launch.grid[0] * (place.block[1] + self.launch.grid[1] * place.block[2])
            inner = place.thread[0] + self.launch.block[0] * (place.thread[1] + self.launch.block[1] * place.thread[2])
            thread = self._thread(block * self.launch.threads_per_block + inner)
            ends = ((x + 0.5, y + 0.5), thread) if verb == "reads" else (thread, (x + 0.5, y + 0.5))
            self._line(axes, *ends, RED, arrow=verb != "reads")


def _box(axes: Axes, x: float, y: float, color: Any, text: str, edge: str = GREY) -> None:
    width = 1.8 if edge == RED else 0.8
    axes.add_patch(Rectangle((x + 0.04, y + 0.04), 0.92, 0.92, facecolor=color, edgecolor=edge, linewidth=width))
    axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=8, color=RED if edge == RED else BLACK)


def _pale(color: str, strength: float = 0.3) -> tuple[float, ...]:
    """A colour mixed with white."""
    return tuple(1 - strength * (1 - part) for part in to_rgb(color))


def _title(axes: Axes, launch: Trace) -> None:
    """The launch in words on top, what is wrong with it below, and no scales."""
    axes.set_title(_launched(launch), loc="left", fontsize=10)
    if launch.findings:
        axes.set_xlabel("✗ " + ", ".join(dict.fromkeys(str(each.kind) for each in launch.findings)), color=RED)
    frameless(axes)


def _launched(launch: Trace) -> str:
    sides = [
        tuple(side for at, side in enumerate(each) if at == 0 or any(part > 1 for part in each[at:]))
        for each in (launch.grid, launch.block)
    ]
    grid, block = (str(each[0]) if len(each) == 1 else str(each) for each in sides)
    return f"{launch.kernel}[{grid}, {block}]"


def _maps(launch: Trace) -> Picture:
    """Every array as a map: which block writes a cell, or, where nobody writes, how often it is read."""
    logs = [each for each in launch.logs() if not each[1].shared and each[2]]
    columns = min(len(logs), 3) or 1
    rows = -(-len(logs) // columns) or 1
    figure, panels = picture(rows, columns, max(3.1 * columns, 5.0), 2.9 * rows + 0.6)
    for axes in panels[len(logs) :]:
        axes.set_visible(False)
    for axes, (name, array, log) in zip(panels, logs, strict=False):
        table = np.array([entry[:4] for entry in log], dtype=np.int64)
        writes = table[table[:, 3] != READ]
        if len(writes):
            _map_of_writers(axes, launch, name, array, writes)
        else:
            _map_of_reads(axes, name, array, table)
        bare(axes)
    faults = ", ".join(dict.fromkeys(str(each.kind) for each in launch.findings))
    title = _launched(launch) + (f"\n✗ {faults}" if faults else "")
    figure.suptitle(title, fontsize=10, fontweight="bold", color=RED if faults else BLACK)
    return figure


def _folded(array: Any, values: Any, behind: float) -> Any:
    """One value a cell as a matrix: a matrix as it is, a long row folded like a text, `behind` after its end."""
    if array.ndim == 2:
        return values.reshape(array.shape)
    width = array.shape[-1] if array.ndim > 2 else min(array.size, max(16, int(np.sqrt(array.size) * 1.2)))
    height = -(-array.size // width)
    folded = np.full(width * height, behind, dtype=float)
    folded[: array.size] = values
    return folded.reshape(height, width)


def _map_of_writers(axes: Axes, launch: Trace, name: str, array: Any, writes: Any) -> None:
    """Each cell in the colour of the block that writes it; red for two threads without an atomic; grey for none."""
    values = np.full(array.size, np.nan)
    values[writes[:, 0]] = writes[:, 1] // launch.threads_per_block % len(BLOCKS)
    plain = np.unique(writes[writes[:, 3] == WRITE][:, :2], axis=0)
    wrong = any(each.array == name and len(each.threads) == 2 for each in launch.findings)
    cells, counts = np.unique(plain[:, 0], return_counts=True)
    if wrong:
        values[cells[counts > 1]] = len(BLOCKS)
    colors = ListedColormap([to_rgb("white"), *(_pale(color, 0.55) for color in BLOCKS), to_rgb(RED)])
    axes.set_facecolor(LIGHT)
    limits: dict[str, Any] = {"vmin": -1.5, "vmax": len(BLOCKS) + 0.5}
    axes.imshow(_folded(array, values, -1), cmap=colors, aspect="auto", interpolation="none", **limits)
    axes.set_title(f"{name}: who writes", loc="left", fontsize=9)
    notes = ["a colour a block"]
    if np.isnan(values).any():
        notes.append("grey: nobody")
    if wrong and (counts > 1).any():
        notes.append("red: two threads")
    if array.size <= 150 and array.ndim == 2:
        _name_threads(axes, launch, array, writes)
        notes.append("numbers: threadIdx.x, .y")
    axes.set_xlabel("; ".join(notes), fontsize=8)


def _name_threads(axes: Axes, launch: Trace, array: Any, writes: Any) -> None:
    """In each cell the index of the thread that writes it, x before y."""
    for cell, number in {int(row[0]): int(row[1]) for row in writes}.items():
        row, column = divmod(cell, array.shape[1])
        x, y, _ = launch.place(number).thread
        axes.text(column, row, f"{x},{y}", ha="center", va="center", fontsize=8)


def _map_of_reads(axes: Axes, name: str, array: Any, table: Any) -> None:
    counts = np.bincount(table[:, 0], minlength=array.size).astype(float)
    image = axes.imshow(_folded(array, counts, np.nan), cmap="cividis", vmin=0, aspect="auto", interpolation="none")
    axes.set_title(f"{name}: how often read", loc="left", fontsize=9)
    most = int(counts.max())
    bar = axes.figure.colorbar(image, ax=axes, ticks=sorted({0, most // 2, most}), fraction=0.05)
    bar.ax.tick_params(labelsize=8, length=0)
