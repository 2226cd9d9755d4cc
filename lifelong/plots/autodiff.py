"""The figures of automatic differentiation: graphs with values and adjoints, costs, swelling formulas, two losses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, RED
from lifelong.plots.slider import Slider
from lifelong.plots.style import Panels, arrow, bare, box, drawn_on, frameless

WIDTH, HEIGHT = 1.5, 0.62
"""Of a node's box, in units of the graph's own coordinates."""

ACROSS, DOWN = 8.8, 4.6
"""Width and height of a graph's drawing in the same units."""


class Graph(NamedTuple):
    """A computation graph as it is drawn.

    Attributes:
        nodes: by name, x and y of the centre of its box, and what is written in the box.
        edges: (from, to) of every use, inputs first.
    """

    nodes: Mapping[str, tuple[float, float, str]]
    edges: Sequence[tuple[str, str]]


class Moment(NamedTuple):
    """What is known of a graph at one step.

    Attributes:
        label: the step in words.
        values: by node, those computed so far.
        adjoints: by node, those computed so far.
        active: the edges that the step runs along.
    """

    label: str
    values: Mapping[str, str]
    adjoints: Mapping[str, str]
    active: Sequence[tuple[str, str]] = ()


def _edges(text: str) -> list[tuple[str, str]]:
    """Edges from words such as ``"w1-v1"``."""
    return [(edge[:2], edge[3:]) for edge in text.split()]


LECTURE = Graph(
    {
        "w1": (0, 2.4, "$w_1$"),
        "w2": (0, 0, "$w_2$"),
        "v1": (2.3, 3.1, r"$v_1=w_1\cdot w_1$"),
        "v3": (2.3, 0.7, r"$v_3=w_1\cdot w_2$"),
        "v2": (4.6, 3.1, r"$v_2=3\,v_1$"),
        "v4": (4.6, 0.7, r"$v_4=2\,v_3$"),
        "v5": (6.9, 1.9, r"$v_5=v_2+v_4$"),
    },
    _edges("w1-v1 v1-v2 w1-v3 w2-v3 v3-v4 v2-v5 v4-v5"),
)
"""f(w1, w2) = 3 w1² + 2 w1 w2."""

VALUES = {"w1": "5", "w2": "3", "v1": "25", "v2": "75", "v3": "15", "v4": "30", "v5": "105"}

FORWARD = (
    ("v1 = 5 · 5", "w1-v1"),
    ("v2 = 3 · 25", "v1-v2"),
    ("v3 = 5 · 3", "w1-v3 w2-v3"),
    ("v4 = 2 · 15", "v3-v4"),
    ("v5 = 75 + 30", "v2-v5 v4-v5"),
)
REVERSE = (
    ("the output's adjoint is 1", {"v5": "1"}, ""),
    ("a sum hands it on", {"v2": "1", "v4": "1"}, "v2-v5 v4-v5"),
    ("times 2", {"v3": "2"}, "v3-v4"),
    ("times 3", {"v1": "3"}, "v1-v2"),
    ("product: each times the other", {"w2": "10", "w1": "6 + …"}, "w1-v3 w2-v3"),
    ("w1 is used again, 3 · 10 more: add", {"w1": "6 + 30 = 36"}, "w1-v1"),
)


def _moments() -> Iterator[Moment]:
    """The steps of both passes over LECTURE, each with all that is known after it."""
    values: dict[str, str] = {name: VALUES[name] for name in ("w1", "w2")}
    yield Moment("the inputs", values, {})
    for words, edges in FORWARD:
        values = values | {words[:2]: VALUES[words[:2]]}
        yield Moment(f"forward: {words}", values, {}, _edges(edges))
    adjoints: dict[str, str] = {}
    for words, new, edges in REVERSE:
        adjoints = adjoints | new
        yield Moment(f"reverse: {words}", VALUES, adjoints, _edges(edges))


MOMENTS = list(_moments())


@drawn_on(8.2, 4.1)
def graph(axes: Axes, position: int) -> None:
    """3 w1² + 2 w1 w2 at (5, 3) after so many steps."""
    _draw_graph(axes, LECTURE, MOMENTS[position])


def graph_steps() -> Slider:
    """The graph with a slider for the step; its still is the last one."""
    return Slider(graph, [moment.label for moment in MOMENTS], graph(len(MOMENTS) - 1))


HOMEWORK = Graph(
    {
        "x1": (0, 2.6, "$x_1$"),
        "x2": (0, 0.2, "$x_2$"),
        "v1": (2.3, 1.4, r"$v_1=x_1x_2$"),
        "v2": (2.3, 3.1, r"$v_2=x_1x_1$"),
        "v3": (4.6, 2.6, r"$v_3=v_1+v_2$"),
        "v4": (4.6, 0.2, r"$v_4=v_1-x_2$"),
        "v5": (6.9, 1.4, r"$v_5=v_3/v_4$"),
    },
    _edges("x1-v1 x2-v1 x1-v2 v1-v3 v2-v3 v1-v4 x2-v4 v3-v5 v4-v5"),
)
"""y = (x1 x2 + x1²) / (x1 x2 − x2)."""


@drawn_on(8.2, 4.1)
def homework_graph(axes: Axes) -> None:
    """The homework's first expression at (2, 3), values and adjoints."""
    values = {"x1": "2", "x2": "3", "v1": "6", "v2": "4", "v3": "10", "v4": "3", "v5": "10/3"}
    adjoints = {"x1": "−1", "x2": "−4/9", "v1": "−7/9", "v2": "1/3", "v3": "1/3", "v4": "−10/9", "v5": "1"}
    _draw_graph(axes, HOMEWORK, Moment("", values, adjoints))


@drawn_on(8.2, 4.1)
def draw(axes: Axes, result: Any) -> None:
    """The graph behind a result that has a value, an adjoint, a name (a number has none) and what it was made of."""
    depths: dict[Any, int] = {}

    def visit(node: Any) -> int:
        if node not in depths:
            depths[node] = max((1 + visit(each) for each in node.made_of if each.name), default=0)
        return depths[node]

    deepest = max(visit(result), 1)
    names = {node: f"{'v' if node.made_of else 'w'}{number}" for number, node in enumerate(depths)}
    nodes = {}
    for node, depth in depths.items():
        column = [each for each in reversed(depths) if depths[each] == depth]
        height = 3.2 * (column.index(node) + 0.5) / len(column) + 0.8 * (depth % 2)  # arrows over two columns pass by
        numbers = (f"{each.value:g}" for each in node.made_of if not each.name)
        nodes[names[node]] = (6.9 * depth / deepest, height, " ".join([node.name, *numbers]))
    values, adjoints = ({names[each]: f"{getattr(each, what):g}" for each in depths} for what in ("value", "adjoint"))
    edges = [(names[each], names[node]) for node in depths for each in node.made_of if each.name]
    _draw_graph(axes, Graph(nodes, edges), Moment("", values, adjoints))


def _draw_graph(axes: Axes, graph: Graph, moment: Moment) -> None:
    """Boxes with formulas, values above them in blue, adjoints below in red."""
    backwards = bool(moment.adjoints)
    for start, end in graph.edges:
        active = (start, end) in moment.active
        (x0, y0, _), (x1, y1, _) = graph.nodes[start], graph.nodes[end]
        tail, head = (x0 + WIDTH / 2, y0), (x1 - WIDTH / 2, y1)
        if active and backwards:
            tail, head = head, tail
        color = (RED if backwards else BLUE) if active else GREY
        arrow(axes, tail, head, color=color, linewidth=2.4 if active else 1.1, shrinkA=1, shrinkB=1)
    for name, (x, y, formula) in graph.nodes.items():
        touched = any(name in edge for edge in moment.active)
        looks: Any = {"edgecolor": BLACK if touched else GREY, "linewidth": 1.6 if touched else 1.0}
        paper = "#eef4fa" if name[0] == "v" else "#fdf3df"
        box(axes, x - WIDTH / 2, y - HEIGHT / 2, WIDTH, HEIGHT, facecolor=paper, **looks)
        axes.text(x, y, formula, ha="center", va="center", fontsize=11)
        if name in moment.values:
            axes.text(x, y + HEIGHT / 2 + 0.06, moment.values[name], ha="center", va="bottom", color=BLUE, fontsize=12)
        if name in moment.adjoints:
            text = moment.adjoints[name]
            axes.text(x, y - HEIGHT / 2 - 0.06, text, ha="center", va="top", color=RED, fontsize=12, fontweight="bold")
    axes.set(xlim=(-1.0, ACROSS - 0.9), ylim=(-0.85, DOWN - 0.7), aspect="equal")
    axes.text(ACROSS - 0.95, DOWN - 0.75, "value", color=BLUE, ha="right", va="top")
    axes.text(ACROSS - 0.95, DOWN - 1.1, "adjoint", color=RED, ha="right", va="top", fontweight="bold")
    axes.set_xlabel(moment.label, fontsize=11)
    frameless(axes)


@drawn_on(6.2, 3.5)
def dual_tangent(axes: Axes) -> None:
    """A dual number is a point with a little arrow; a function maps the arrow by its slope."""
    x = np.linspace(0.2, 3.2, 200)
    axes.plot(x, np.log(x) + x / 3, color=BLACK)
    at, slope = 1.2, 1 / 1.2 + 1 / 3
    height = np.log(at) + at / 3
    for end, color in (((at + 0.7, height), BLUE), ((at + 0.7, height + 0.7 * slope), RED)):
        arrow(axes, (at, height), end, color=color, linewidth=2)
    axes.plot([at + 0.7] * 2, [height, height + 0.7 * slope], color=RED, linestyle=":", linewidth=1.4)
    axes.plot(at, height, "o", color=BLACK)
    axes.text(at + 0.35, height - 0.08, r"in: $\dot x$", color=BLUE, ha="center", va="top", fontsize=12)
    axes.text(at + 0.76, height + 0.35 * slope, r"out: $f'(x)\,\dot x$", color=RED, va="center", fontsize=12)
    axes.text(at - 0.1, height + 0.04, r"$(x,\ f(x))$", ha="right", va="bottom", fontsize=12)
    axes.set(xlabel="x", ylabel="f(x)")
    bare(axes)


@drawn_on(6.2, 3.6)
def swell(axes: Axes, steps: Sequence[int], formula: Sequence[int], tape: Sequence[int]) -> None:
    """Size of a derivative as a formula, and as a list of steps, against the number of iterations."""
    axes.semilogy(steps, formula, color=RED, marker="o", label="symbolic: symbols in the derivative's formula")
    axes.semilogy(steps, tape, color=BLUE, marker="s", linestyle="--", label="tape: steps of forward and reverse pass")
    axes.set(xlabel="how often x ← 4 x (1 − x) is applied", ylabel="size", xticks=list(steps))
    axes.legend(loc="upper left", fontsize=9)


@drawn_on(8.0, 3.5, columns=2, sharey=True)
def costs(
    panels: Panels, sizes: Sequence[int], forward: Mapping[str, Sequence[float]], reverse: Mapping[str, Sequence[float]]
) -> None:
    """Measured time of a whole Jacobian, in evaluations of the function, for wide and for tall ones.

    Args:
        sizes: the longer side of each Jacobian.
        forward: by shape ("wide", "tall"), time of all columns by forward mode, over that of one evaluation.
        reverse: the same of all rows by reverse mode.
    """
    titles = {"wide": "wide: n inputs, 1 output", "tall": "tall: 1 input, n outputs"}
    for axes, (shape, title) in zip(panels, titles.items(), strict=True):
        axes.loglog(sizes, forward[shape], color=ORANGE, marker="o", label="forward: one run a column")
        axes.loglog(sizes, reverse[shape], color=BLUE, marker="s", linestyle="--", label="reverse: one run a row")
        axes.set(xlabel="n", title=title)
        axes.set_xticks(list(sizes), [str(size) for size in sizes])
        axes.minorticks_off()
    panels[0].set_ylabel("time of the Jacobian,\nin evaluations of f")
    panels[0].legend(loc="upper left", fontsize=9)


@drawn_on(7.6, 2.9, columns=2)
def broadcasting(panels: Panels) -> None:
    """Forward a bias is copied to every row; backward the copies' gradients are added up."""
    titles = ("forward: copied to each row", "backward: added over the copies")
    for axes, title, color in zip(panels, titles, (BLUE, RED), strict=True):
        for row in range(4):
            for column in range(3):
                axes.add_patch(Rectangle((column + 4.6, row), 0.92, 0.82, facecolor=color, alpha=0.18, edgecolor=color))
        for column in range(3):
            axes.add_patch(Rectangle((column, 1.5), 0.92, 0.82, facecolor=color, alpha=0.45, edgecolor=color))
        for row in range(4):
            ends = ((3.1, 1.91), (4.5, row + 0.41))
            tail, head = ends if color == BLUE else ends[::-1]
            arrow(axes, tail, head, color=color, linewidth=1.5, shrinkA=2, shrinkB=2)
        axes.text(1.45, 1.3, "[3]", ha="center", va="top")
        axes.text(6.05, -0.15, "[4, 3]", ha="center", va="top")
        axes.set(xlim=(-0.3, 7.8), ylim=(-0.8, 4.1), aspect="equal")
        axes.set_title(title, loc="left", color=color)
        frameless(axes)


@drawn_on(8.0, 2.7, columns=3, sharey=True)
def softmax_gradient(panels: Panels) -> None:
    """What the loss sends back into the logits: probability minus one-hot."""
    p, hot = np.array([0.15, 0.6, 0.2, 0.05]), np.array([0.0, 0.0, 1.0, 0.0])
    places = np.arange(4)
    titles = ("softmax p", "label, one-hot", "gradient p − one-hot")
    for axes, values, title in zip(panels, (p, hot, p - hot), titles, strict=True):
        axes.bar(places, values, color=[RED if value < 0 else BLUE for value in values], width=0.62)
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.set_title(title)
        axes.set_xticks(places, [f"class {k}" for k in places], fontsize=8)
        axes.tick_params(length=0)
    panels[2].text(2, 0.06, "push up", color=RED, ha="center", fontsize=9)
    panels[2].text(1, 0.63, "push down", color=BLUE, ha="center", fontsize=9)
    panels[0].set_ylim(-1.0, 1.15)


@drawn_on(8.0, 3.3, columns=2)
def beside_torch(panels: Panels, own: Sequence[float], torchs: Sequence[float]) -> None:
    """Two losses step by step, one over the other, and how far they are apart."""
    mine, theirs = np.asarray(own, dtype=float), np.asarray(torchs, dtype=float)
    left, right = panels
    steps = np.arange(1, len(mine) + 1)
    left.plot(steps, theirs, color=LIGHT, linewidth=5, label="PyTorch's tape")
    left.plot(steps, mine, color=BLUE, linewidth=1.0, label="own tape")
    left.set(xlabel="step", ylabel="loss of the mini-batch", ylim=(0, None))
    left.legend(loc="upper right", fontsize=9)
    left.set_title("Two curves, one line")
    right.semilogy(steps, np.maximum(np.abs(mine - theirs), 1e-18), ".", color=GREEN, markersize=3)
    right.axhline(2.2e-16, color=GREY, linestyle=":", linewidth=1.2)
    right.text(steps[-1], 2.6e-16, "rounding of float64", ha="right", va="bottom", color=GREY, fontsize=9)
    right.set(xlabel="step", ylabel="difference", ylim=(3e-19, 1e-8), title="… to this many digits")
