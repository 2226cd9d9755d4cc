"""Figures of the methods that look back: gradients turned by what is remembered, and what all of that buys."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike, NDArray

from lifelong.plots.colors import AMBER, BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED
from lifelong.plots.slider import Slider
from lifelong.plots.style import Picture, arrow, bare, drawn, drawn_on, note, picture

Array = NDArray[np.float64]

FAMILIES = {"none": GREY, "regularisation": BLUE, "replay": ORANGE, "gradients turned": GREEN, "bound": BLACK}
"""The colour of each family of methods."""

EDGE = 0.03
"""Megabytes at which those are drawn that keep nothing: a logarithm has no 0."""

MARKERS = {"none": "o", "regularisation": "s", "replay": "D", "gradients turned": "^", "bound": "*"}


def projections(memories: ArrayLike, gradients: ArrayLike, turned: Mapping[str, ArrayLike]) -> Slider:
    """The new task's gradient and what GEM and A-GEM make of it, with a slider for where it points.

    Args:
        memories: the gradients of two old tasks, [2, 2].
        gradients: of the new task, at each position of the slider, [S, 2].
        turned: by method, what it makes of them, [S, 2].
    """
    old, new = np.asarray(memories, dtype=float), np.asarray(gradients, dtype=float)
    results = {name: np.asarray(values, dtype=float) for name, values in turned.items()}
    draw, count = partial(projection, old, new, results), len(new)
    degrees = [f"g points to {round(np.degrees(np.arctan2(y, x))):d}°" for x, y in new]
    return Slider(draw, degrees, draw(*(round(share * count) for share in (1 / 12, 5 / 12, 5 / 6))), count // 2)


@drawn
def projection(memories: Array, gradients: Array, turned: Mapping[str, Array], *positions: int) -> Picture:
    """A gradient that leaves the wedge allowed by two old tasks, and the nearest vectors that GEM and A-GEM allow."""
    figure, panels = picture(1, len(positions), 3.3 * len(positions) + 0.3, 3.7)
    for axes, position in zip(panels, positions, strict=True):
        _wedge(axes, memories)
        for name, vector in zip((r"$g_1$", r"$g_2$"), memories, strict=True):
            _vector(axes, vector, GREY, name)
        styles = zip(turned.items(), ((GREEN, 0.04), (PINK, -0.04)), strict=True)
        harmless = bool((memories @ gradients[position] >= 0).all())
        for (name, values), (color, aside) in () if harmless else styles:
            _vector(axes, values[position], color, name, aside)
        _vector(axes, gradients[position], RED, "$g$")
        axes.set_title("g is allowed: nothing to do" if harmless else "g would harm an old task")
        axes.set(xlim=(-1.35, 1.45), ylim=(-1.2, 1.5), aspect="equal", xlabel="gradient, weight 1")
        bare(axes)
    panels[0].set_ylabel("gradient, weight 2")
    return figure


def _wedge(axes: Axes, memories: Array) -> None:
    """Shade all z with ⟨z, g_k⟩ ≥ 0 for every k."""
    turn = np.linspace(-np.pi, np.pi, 721)
    circle = 3 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    allowed = circle[(circle @ memories.T >= -1e-9).all(axis=1)]
    edges = np.argsort(np.arctan2(*(allowed @ _frame(allowed.mean(axis=0))).T[::-1]))
    axes.add_patch(Polygon(np.vstack([[0, 0], allowed[edges]]), facecolor=LIGHT, alpha=0.45, linewidth=0))
    middle = allowed.mean(axis=0)
    place = 1.15 * middle / np.linalg.norm(middle)
    axes.text(place[0], place[1], "no old loss\nrises", ha="center", va="center", color=GREY, fontsize=8)


def _frame(axis: Array) -> Array:
    """A rotation that makes an axis the first one."""
    x, y = axis / np.linalg.norm(axis)
    return np.array([[x, -y], [y, x]])


def _vector(axes: Axes, vector: Array, color: str, name: str, aside: float = 0.0) -> None:
    """An arrow from 0, moved aside a little, with its name beyond the tip; a dot if it has no length."""
    length = float(np.linalg.norm(vector))
    if length < 0.05:
        axes.plot(0, 0, "o", color=color, markersize=9)
        axes.text(0.12, -0.14, f"{name}: 0", color=color, fontsize=11, fontweight="bold", va="center")
        return
    shift = aside * np.array([-vector[1], vector[0]]) / length
    tip = vector + shift
    arrow(axes, tuple(shift), tuple(tip), color=color, linewidth=2.2, mutation_scale=14)
    place = tip + (0.12 + 0.03 * len(name.strip("$"))) * vector / length + 3 * shift
    axes.text(place[0], place[1], name, color=color, ha="center", va="center", fontsize=11, fontweight="bold")


@drawn_on(8.4, 4.0)
def purchase(axes: Axes, rows: Sequence[tuple[str, str, float, float]]) -> None:
    """Average accuracy of every method against the memory it keeps beside the network, one mark each.

    Args:
        rows: name, family (a key of ``FAMILIES``), average accuracy as a fraction, megabytes kept.
    """
    seen: set[str] = set()
    below, side = (0.0, 0.0), "left"
    for name, family, accuracy, megabytes in sorted(rows, key=lambda row: (row[2], row[3])):
        place = max(megabytes, EDGE), 100 * accuracy
        close = place[1] - below[1] < 1 and 0.5 < place[0] / max(below[0], EDGE) < 2
        size, label = 14 if family == "bound" else 9, None if family in seen else family
        axes.plot(*place, MARKERS[family], color=FAMILIES[family], markersize=size, label=label, linestyle="none")
        dark = AMBER if family == "replay" else FAMILIES[family]
        offset, side = ((-8, 0), "right") if close and side == "left" else ((8, 0), "left")
        note(axes, name, place, offset, color=dark, ha=side, va="center")
        seen, below = seen | {family}, place
    axes.set_xscale("log")
    axes.set(xlabel="kept beside the network (MB; nothing stands at the left edge)", ylabel="average accuracy (%)")
    axes.legend(loc="lower right", fontsize=9)
