"""The figures of the homework on framework history: boxes and arrows of what is to be written."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, RED
from lifelong.plots.style import Panels, arrow, box, drawn_on, frameless

Place = tuple[float, float]

HEIGHT = 0.62

EXERCISES = (
    (2002, "Torch", "1 bagging_trainer", BLUE),
    (2010, "Theano", "2 symbolic_grad · 3 simplify\n4 theano_function · 5 scan_loop", ORANGE),
    (2011, "Torch7", "6 torch7_containers", BLUE),
    (2013, "Pylearn2", "7 yaml_objects", ORANGE),
    (2015, "Keras · TensorFlow", "8 keras_graph · 9 session_run", ORANGE),
    (2015.6, "Chainer, Autograd", "10 gradient_tape", GREEN),
    (2016, "Torchnet", "11 sgd_engine", BLUE),
    (2017, "ONNX", "12 onnx_exchange", GREY),
)
"""When, who, which exercises, and the colour of the kind: modules, static graphs, tapes, exchange."""


@drawn_on(8.6, 4.2)
def exercises(axes: Axes) -> None:
    """The thirteen exercises on a line of time, coloured by kind."""
    rows = len(EXERCISES)
    for row, (year, name, text, colour) in enumerate(EXERCISES):
        y = rows - row
        axes.plot([2001.4, year], [y, y], color=LIGHT, linewidth=1)
        axes.plot([year], [y], "o", color=colour, markersize=8)
        axes.text(year + 0.35, y, f"{name}:  {text}", va="center", fontsize=9.5, color=BLACK)
    kinds = {"modules and engines": BLUE, "static graphs": ORANGE, "tapes": GREEN, "exchange": GREY}
    for at, (label, colour) in enumerate(kinds.items()):
        axes.plot([2002.0 + 4.6 * at], [0], "o", color=colour, markersize=8)
        axes.text(2002.3 + 4.6 * at, 0, label, va="center", fontsize=9.5)
    axes.set(xlim=(2001.4, 2022.5), ylim=(-0.7, rows + 0.7), xticks=[2002, 2006, 2010, 2014, 2018], yticks=[])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("year")


def _box(axes: Axes, at: Place, text: str, width: float = 1.3, colour: str = BLACK) -> None:
    x, y = at
    looks: Any = {"boxstyle": "round,pad=0.02,rounding_size=0.12", "edgecolor": colour, "linewidth": 1.4}
    box(axes, x - width / 2, y - HEIGHT / 2, width, HEIGHT, **looks)
    axes.text(x, y, text, ha="center", va="center", fontsize=9, color=colour)


def _arrow(axes: Axes, start: Place, end: Place, colour: str = GREY, text: str = "", bend: float = 0.0) -> None:
    arrow(axes, start, end, color=colour, linewidth=1.3, shrinkA=1, shrinkB=1, connectionstyle=f"arc3,rad={bend}")
    if text:
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        axes.text(x, y, text, ha="center", va="center", fontsize=8.5, color=colour, backgroundcolor="white")


def _canvas(axes: Axes, x: Place, y: Place, title: str = "") -> None:
    frameless(axes)
    axes.set(xlim=x, ylim=y, aspect="equal")
    axes.set_title(title, loc="center")


@drawn_on(6.6, 3.1)
def gradient_graph(axes: Axes) -> None:
    """x · x: the graph, and the graph of its gradient beside it, growing from the top down."""
    _canvas(axes, (-1.4, 7.6), (-0.6, 3.6))
    x, square, one = (0.0, 0.2), (0.0, 2.8), (3.0, 2.8)
    left, right, total = (2.4, 1.5), (4.6, 1.5), (6.4, 0.2)
    _arrow(axes, (-0.25, 0.52), (-0.25, 2.48))
    _arrow(axes, (0.25, 0.52), (0.25, 2.48))
    _arrow(axes, (0.66, 2.8), (2.34, 2.8), ORANGE, "start")
    _arrow(axes, (2.8, 2.48), (2.5, 1.82), ORANGE)
    _arrow(axes, (3.4, 2.48), (4.3, 1.82), ORANGE)
    _arrow(axes, (2.9, 1.18), (5.8, 0.5), ORANGE)
    _arrow(axes, (5.0, 1.18), (6.1, 0.52), ORANGE)
    _arrow(axes, (0.6, 0.45), (1.75, 1.35), GREY, bend=-0.1)
    _arrow(axes, (0.66, 0.15), (4.0, 1.2), GREY, bend=0.12)
    for at, text in ((x, "x"), (square, "x * x")):
        _box(axes, at, text)
    for at, text in ((one, "1"), (left, "1 * x"), (right, "1 * x"), (total, "sum: gradient")):
        _box(axes, at, text, 1.9 if at == total else 1.3, ORANGE)
    axes.text(0, -0.45, "your graph", ha="center", fontsize=9, color=BLACK)
    axes.text(4.4, -0.45, "what grad adds to it", ha="center", fontsize=9, color=ORANGE)


@drawn_on(7.4, 2.6)
def containers(axes: Axes) -> None:
    """A Sequential of a ConcatTable and a CAddTable: forward arrows in grey, gradients in red."""
    _canvas(axes, (-0.9, 9.2), (-1.6, 1.9))
    box(axes, 1.2, -1.3, 4.1, 2.6, boxstyle="round,pad=0.05", facecolor="none", edgecolor=BLUE, linestyle="--")
    axes.text(3.25, 1.5, "ConcatTable", ha="center", fontsize=9, color=BLUE)
    for y, text in ((0.75, "Linear, Tanh"), (-0.75, "Identity")):
        _box(axes, (3.25, y), text, 2.2)
        for shift, colour, direction in ((0.12, GREY, 1), (-0.12, RED, -1)):
            ends = [((0.35, shift), (2.1, y + shift)), ((4.4, y + shift), (6.05, shift))]
            for start, end in ends:
                _arrow(axes, start, end, colour) if direction > 0 else _arrow(axes, end, start, colour)
    _box(axes, (0.0, 0.0), "x", 0.7)
    _box(axes, (6.9, 0.0), "CAddTable", 1.6)
    _arrow(axes, (7.72, 0.12), (8.7, 0.12), GREY)
    _arrow(axes, (8.7, -0.12), (7.72, -0.12), RED)
    axes.text(8.75, 0.3, "output", fontsize=9, color=GREY, ha="center")
    axes.text(8.75, -0.5, "gradOutput", fontsize=9, color=RED, ha="center")
    axes.text(0.0, -0.75, "gradInput:\nboth added up", fontsize=9, color=RED, ha="center", va="center")


@drawn_on(8.6, 2.4, columns=2)
def unrolled(panels: Panels) -> None:
    """Heron's rule: three rounds built in, against as many as the data ask for."""
    static, tape = panels
    _canvas(static, (-0.9, 7.6), (-1.2, 1.9), "define, then run: three rounds for everybody")
    _canvas(tape, (-0.9, 7.6), (-1.2, 1.9), "define by run: the record of a = 2, of a = 100")
    for at in range(4):
        _box(static, (2.2 * at, 0.35), "a" if at == 0 else f"round {at}", 1.5)
        if at:
            _arrow(static, (2.2 * at - 1.42, 0.35), (2.2 * at - 0.78, 0.35))
    static.text(3.3, -0.75, "a = 2: one too many.  a = 100: not nearly enough.", ha="center", fontsize=9, color=RED)
    for y, count, text in ((1.05, 2, "a = 2"), (-0.35, 6, "a = 100")):
        tape.text(-0.75, y, text, va="center", fontsize=9)
        for at in range(count):
            _box(tape, (1.35 + 1.1 * at, y), f"{at + 1}", 0.8, GREEN)
            if at:
                _arrow(tape, (0.66 + 1.1 * at, y), (0.94 + 1.1 * at, y))


HOOKS: Mapping[str, Sequence[str]] = {
    "once": ("onStart",),
    "every epoch": ("onStartEpoch",),
    "every sample": ("onSample", "onForward", "onForwardCriterion", "onBackwardCriterion", "onBackward", "onUpdate"),
    "every epoch ": ("onEndEpoch",),
    "once ": ("onEnd",),
}
INDENT = {"once": 0.0, "every epoch": 0.9, "every sample": 1.8}
CALLS = {
    "onForward": "network.forward",
    "onForwardCriterion": "criterion.forward",
    "onBackwardCriterion": "criterion.backward",
    "onBackward": "network.backward",
    "onUpdate": "network.updateParameters",
}


@drawn_on(7.0, 3.6)
def engine(axes: Axes) -> None:
    """The engine's loop in a loop, and where the hooks are called in it."""
    y = 0.0
    for when, names in HOOKS.items():
        left = INDENT[when.strip()]
        for name in names:
            if name in CALLS:
                axes.text(left, y, CALLS[name], va="center", fontsize=9, color=GREY)
            axes.text(left + (3.2 if name in CALLS else 0), y, name, va="center", fontsize=9, color=BLUE, weight="bold")
            y -= 1
    for left, top, bottom, text in (
        (0.45, -0.6, -8.4, "while epoch < maxepoch"),
        (1.35, -1.6, -7.4, "for sample in iterator()"),
    ):
        axes.plot([left + 0.25, left, left, left + 0.25], [top, top, bottom, bottom], color=ORANGE, linewidth=1.4)
        axes.text(7.3, top - 0.1, text, va="center", ha="right", fontsize=9, color=ORANGE)
    axes.set(xlim=(-0.2, 7.5), ylim=(y + 0.3, 0.7))
    frameless(axes)
