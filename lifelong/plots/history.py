"""The figures of framework history: two ways to a graph, the timeline, the layers, and what all eras trained."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lifelong.eras.problem import ACCELERATION, SPEED, STOPPING, TIME, Array, predicted
from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED, SKY
from lifelong.plots.slider import Slider
from lifelong.plots.style import Panels, Picture, arrow, box, drawn, drawn_on, frameless, picture

END = 2026
"""Where the time axis ends."""


class Entry(NamedTuple):
    """One name of the story; the lecture has them all.

    Attributes:
        name: as its makers write it.
        first: year of the first public release, or of the paper if that came first.
        brought: what was new, or newly easy.
        source: where first and ended are said.
        ended: year after which its makers added nothing more, or None.
        parents: names of entries that it took over ideas or code from.
    """

    name: str
    first: int
    brought: str
    source: str
    ended: int | None = None
    parents: tuple[str, ...] = ()


class Moment(NamedTuple):
    """What is there after a step of the program, in a static graph and on a tape.

    Attributes:
        label: the step in words.
        line: which line of the program is at work; −1 for none.
        graph: what is written in the nodes x, a and b as far as they are there; "?" while there is no value.
        tape: what has been written down, in order.
        note_graph, note_tape: what happens, in words.
    """

    label: str
    line: int
    graph: str
    tape: Sequence[str]
    note_graph: str
    note_tape: str


PROGRAM = ("x = input", "a = x * x", "b = a + x", "while b < 50:", "    b = b * 2")

TAPE, AGAIN = ("x = 3", "a = 9", "b = 12"), ("x = 2", "a = 4", "b = 6", "b = 12")
LOOP = ("b = 24", "b = 48", "b = 96")
UNKNOWN = "is b < 50? Nobody knows yet: TypeError"
ONCE = "the same graph again: built once, optimised once"

MOMENTS = (
    Moment("x = input", 0, "?", ("x = 3",), "a place for x", "the value is there"),
    Moment("a = x * x", 1, "? ?", ("x = 3", "a = 9"), "a node, no value", "computed and written down"),
    Moment("b = a + x", 2, "? ? ?", TAPE, "another node, still no value", "computed and written down"),
    Moment("while b < 50", 3, "? ? ?", (*TAPE, *LOOP), UNKNOWN, "Python's own loop: 12, 24, 48, 96, stop"),
    Moment("run with x = 3", -1, "3 9 12", (*TAPE, *LOOP), "without the loop: now values flow through", "has long run"),
    Moment("run with x = 2", -1, "2 4 6", (*AGAIN, *LOOP), ONCE, "written anew, and one entry longer"),
)


@drawn_on(9.0, 3.7, columns=3, width_ratios=[0.95, 1.15, 1.3])
def two_ways(panels: Panels, position: int) -> None:
    """The program, its static graph and its tape after so many steps."""
    _draw_moment(panels, MOMENTS[position])


def static_and_tape() -> Slider:
    """The two ways with a slider for the step; its still is the step in which they differ."""
    return Slider(two_ways, [moment.label for moment in MOMENTS], two_ways(3))


def _draw_moment(panels: Panels, moment: Moment) -> None:
    code, graph, tape = panels
    titles = ((code, "the program", BLACK), (graph, "static graph", BLUE), (tape, "tape", ORANGE))
    for axes, title, color in titles:
        axes.set(xlim=(0, 10), ylim=(0, 10))
        axes.set_title(title, loc="left", color=color)
        frameless(axes)
    for number, line in enumerate(PROGRAM):
        active = number == moment.line or (moment.line == 3 and number == 4)
        axes_color, weight = (RED, "bold") if active else (BLACK, "normal")
        code.text(0, 8.6 - 1.4 * number, line, family="monospace", color=axes_color, fontweight=weight, fontsize=11)
    if moment.line < 0:
        code.text(0, 1.0, moment.label, color=RED, fontweight="bold", fontsize=11)
    places = {"x": (2.0, 5.6), "a": (5.2, 8.0), "b": (8.3, 5.6)}
    arrows = {"a": [((2.6, 6.6), (3.9, 7.7))], "b": [((6.5, 7.7), (7.9, 6.6)), ((3.3, 5.6), (7.0, 5.6))]}
    nodes = dict(zip("xab", moment.graph.split(), strict=False))
    for end in nodes:
        for tail, head in arrows.get(end, []):
            arrow(graph, tail, head, color=GREY, linewidth=1.3)
    operation = {"x": "x", "a": "×", "b": "+"}
    for name, value in nodes.items():
        x, y = places[name]
        box(graph, x - 1.3, y - 1.0, 2.6, 2.0, facecolor=SKY if value != "?" else LIGHT, edgecolor="none")
        graph.text(x, y, f"{operation[name]}\n{value}", ha="center", va="center", fontsize=12, linespacing=1.1)
    trouble = "TypeError" in moment.note_graph
    graph.text(0.2, 2.2, moment.note_graph, color=RED if trouble else BLUE, fontsize=9.5, va="top", wrap=True)
    for number, entry in enumerate(moment.tape):
        column, row = divmod(number, 4)
        x, y = 0.3 + 5 * column, 7.6 - 1.55 * row
        box(tape, x, y, 4.3, 1.25, facecolor="#fdf3df", edgecolor="none")
        tape.text(x + 2.15, y + 0.62, entry, ha="center", va="center", fontsize=12)
    tape.text(0.2, 2.2, moment.note_tape, color="#8a5a00", fontsize=9.5, va="top", wrap=True)


@drawn
def timeline(entries: Sequence[Entry]) -> Picture:
    """A bar for each name, from its first year to its end, what it brought, and thin lines from parents to heirs."""
    ordered = sorted(entries, key=lambda entry: entry.first)
    figure, (axes,) = picture(1, 1, 11.0, 0.7 + 0.285 * len(ordered))
    rows = {entry.name: row for row, entry in enumerate(ordered)}
    ends = {entry.name: END if entry.ended is None else max(entry.ended, entry.first + 0.6) for entry in ordered}
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    for entry in ordered:
        row, stop, alive = rows[entry.name], ends[entry.name], entry.ended is None
        color = GREEN if alive else GREY
        axes.barh(row, stop - entry.first - 0.2 * alive, left=entry.first, height=0.5, color=color, zorder=2)
        if alive:
            axes.plot(END - 0.1, row, ">", color=color, markersize=13, markeredgewidth=0, zorder=2, clip_on=False)
        axes.text(entry.first - 0.15, row, f"{entry.first}", ha="right", va="center", fontsize=9, bbox=white, zorder=4)
        if entry.ended and entry.ended > entry.first + 1.5:
            axes.text(stop - 0.1, row, f"{entry.ended}", ha="right", va="center", fontsize=8.5, color="white", zorder=4)
        elif entry.ended and entry.ended > entry.first:
            axes.text(stop + 0.15, row, f"{entry.ended}", va="bottom", fontsize=8.5, color=GREY, bbox=white, zorder=2.5)
        axes.text(END + 0.9, row, entry.brought, va="center", fontsize=9.5, clip_on=False)
    _inheritance(axes, ordered, rows, ends)
    start = ordered[0].first - 2
    axes.set(xlim=(start, END), ylim=(len(ordered) - 0.4, -1.5))
    axes.set_yticks(range(len(ordered)), [entry.name for entry in ordered], fontsize=10, color=BLACK)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks(range(start + 2 - start % 2, END + 1, 4 if END - start > 20 else 2))
    axes.grid(axis="x", color=LIGHT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.text(END + 0.9, -1.05, "what was new, or newly easy", va="center", fontsize=9.5, fontweight="bold")
    keys: list[Artist] = [Patch(color=GREEN, label="alive"), Patch(color=GREY, label="ended")]
    keys.append(Line2D([], [], color=ORANGE, marker="v", markersize=5, label="from parent to heir"))
    axes.legend(handles=keys, loc="upper left", ncols=3, fontsize=9, borderaxespad=0)
    return figure


def _inheritance(axes: Axes, ordered: Sequence[Entry], rows: Mapping[str, int], ends: Mapping[str, float]) -> None:
    """A line down to each heir, with a dot at each of its parents; heirs of one year are side by side."""
    taken: dict[int, int] = {}
    for entry in ordered:
        parents = [parent for parent in entry.parents if parent in rows]
        if not parents:
            continue
        place = taken.get(entry.first, 0)
        taken[entry.first] = place + 1
        x, color = entry.first + 0.12 + 0.3 * place, (ORANGE, PINK, SKY)[place % 3]
        for parent in parents:
            y = rows[parent]
            axes.plot([min(ends[parent], x), x, x], [y, y, rows[entry.name]], color=color, linewidth=1.5, zorder=3)
            axes.plot(x, y, "o", color=color, markersize=4, zorder=3)
        axes.plot(x, rows[entry.name], "v", color=color, markersize=7, markeredgecolor="white", zorder=5)


LAYERS = (
    ("hubs, zoos", "Hugging Face, PyTorch Hub, TF Hub, modelzoo", 'load("resnet18")', PINK),
    ("training loop", "Keras fit, Torchnet, Ignite, Estimators, Avalanche", "model.fit(x, y)", RED),
    ("layers", "torch.nn, Keras, Chainer links, Torch7 nn", "Dense(1)", ORANGE),
    ("tensors and derivatives", "PyTorch, TensorFlow, JAX, Theano, MXNet, CNTK", "x @ W + b", GREEN),
    ("compilers of kernels", "XLA, Triton, Tensor Comprehensions, PlaidML", "C(i) +=! A(i,k) * B(k)", SKY),
    ("libraries of kernels", "cuBLAS, cuDNN, oneDNN", "cublasDgemm(…)", BLUE),
    ("device language", "CUDA, OpenCL, HIP", "i = blockIdx.x * …", "#004c78"),
    ("hardware", "CPU, GPU, TPU, phone", "fma", BLACK),
)


@drawn_on(10.0, 4.9)
def layers(axes: Axes) -> None:
    """From the hardware to the hubs: what stands on what, with one line of y = x W + b on each floor."""
    for row, (name, who, code, color) in enumerate(LAYERS):
        y = len(LAYERS) - 1 - row
        box(axes, 0.0, y + 0.08, 10.0, 0.84, facecolor=color, edgecolor="none", alpha=0.16)
        axes.text(0.15, y + 0.5, name, va="center", fontsize=11, fontweight="bold")
        axes.text(2.75, y + 0.5, who, va="center", fontsize=10.5)
        axes.text(9.85, y + 0.5, code, va="center", ha="right", fontsize=10, family="monospace")
    top, looks = len(LAYERS), {"color": GREY, "linewidth": 1.6, "shrinkA": 2, "shrinkB": 2}
    for start, end, words in (((-0.2, 0), (-0.2, top), "easier to say"), ((10.2, top), (10.2, 0), "more can be said")):
        arrow(axes, start, end, **looks).set_annotation_clip(False)
        beside = start[0] + (0.22 if start[0] > 0 else -0.22)
        axes.text(beside, top / 2, words, rotation=90, va="center", ha="center", color=GREY)
    axes.set(xlim=(-0.6, 10.6), ylim=(-0.05, len(LAYERS) + 0.05))
    frameless(axes)


@drawn_on(9.0, 3.5, columns=2)
def fits(panels: Panels, line: Sequence[Array], net: Sequence[Array]) -> None:
    """The two data sets in their own units, with the trained line and the trained net."""
    columns = ((SPEED, STOPPING), (TIME, ACCELERATION))
    labels = (("speed, miles an hour", "stopping distance, feet"), ("time after impact, ms", "acceleration, g"))
    titles = ("the regression: 50 cars", "the small net: a helmet in a crash")
    for axes, texts, (xlabel, ylabel), title, weights in zip(panels, columns, labels, titles, (line, net), strict=True):
        x, y = (np.array(text.split(), dtype=np.float64) for text in texts)
        grid = np.linspace(x.min(), x.max(), 300)
        curve = predicted(weights, (grid[:, None] - x.mean()) / x.std())[:, 0] * y.std() + y.mean()
        axes.plot(x, y, "o", color=GREY, markersize=3.5, alpha=0.75)
        axes.plot(grid, curve, color=RED, linewidth=2.2)
        axes.set(xlabel=xlabel, ylabel=ylabel, title=title)


@drawn
def agreement(entries: Mapping[str, tuple[float, float]]) -> Picture:
    """How far each era's weights are from PyTorch's, line and net, on a scale of powers of ten."""
    figure, (axes,) = picture(1, 1, 8.0, 0.9 + 0.27 * len(entries))
    rows = np.arange(len(entries))
    for column, (label, color, marker) in enumerate((("line", BLUE, "o"), ("net", RED, "s"))):
        values = np.maximum([pair[column] for pair in entries.values()], 1e-17)
        axes.semilogx(values, rows, marker, color=color, markersize=6, label=label)
    axes.axvline(1e-6, color=GREY, linestyle="--", linewidth=1.3)
    axes.text(7e-7, -0.75, "promised: 1e-6", ha="right", va="center", color=GREY, fontsize=9)
    axes.axvline(2.2e-16, color=LIGHT, linewidth=1.3)
    axes.text(2.6e-16, -0.75, "rounding of float64", ha="left", va="center", color=GREY, fontsize=9)
    axes.set_yticks(rows, list(entries), color=BLACK)
    axes.set_xticks([10.0**power for power in range(-17, -4, 2)])
    axes.set_xticklabels(["equal", *(f"$10^{{{power}}}$" for power in range(-15, -4, 2))])
    axes.minorticks_off()
    axes.set(xlim=(5e-18, 1e-5), ylim=(len(entries) - 0.4, -1.3), xlabel="largest difference from PyTorch's weights")
    axes.legend(loc="center right", bbox_to_anchor=(0.9, 0.5), fontsize=9)
    axes.grid(axis="x", color=LIGHT, linewidth=0.6)
    return figure
