"""Figures of lifelong learning: forgetting as it happens, sequences of tasks, families of methods, what R holds."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

from lifelong.plots.colors import AMBER, BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED, SKY
from lifelong.plots.style import Panels, Picture, arrow, bare, box, drawn, drawn_on, note, picture

ARROW = {"color": GREY, "linewidth": 1.6, "mutation_scale": 12}


@drawn_on(8.2, 3.5)
def forgetting(axes: Axes, steps: Sequence[int], accuracies: ArrayLike, switch: int, guess: float) -> None:
    """Accuracy on A and on B while A is learnt, then B.

    Args:
        steps: after how many optimiser steps was measured, [K].
        accuracies: on A and on B, as fractions, [K, 2].
        switch: the step at which B takes A's place.
        guess: the accuracy of guessing, a fraction.
    """
    values = 100 * np.asarray(accuracies)
    axes.axvspan(0, switch, color=BLUE, alpha=0.06, linewidth=0)
    axes.axvspan(switch, steps[-1], color=ORANGE, alpha=0.1, linewidth=0)
    axes.axhline(100 * guess, color=GREY, linewidth=1, linestyle=":")
    axes.text(0.02 * steps[-1], 100 * guess + 1, "guessing", color=GREY, va="bottom", fontsize=9)
    axes.plot(steps, values[:, 0], color=BLUE, label="on A")
    axes.plot(steps, values[:, 1], color=ORANGE, linestyle="--", label="on B")
    before = int(np.searchsorted(steps, switch, side="right")) - 1
    for at, name, color, place in (
        (before, "A", BLUE, (-6, -14)),
        (len(steps) - 1, "A", BLUE, (6, 0)),
        (len(steps) - 1, "B", AMBER, (6, 0)),
    ):
        value = values[at, "AB".index(name)]
        axes.plot(steps[at], value, "o", color=color, markersize=6, clip_on=False)
        side, looks = "right" if at == before else "left", {"fontweight": "bold", "annotation_clip": False}
        note(axes, f"{name} {value:.0f} %", (steps[at], value), place, color=color, ha=side, va="center", **looks)
    for middle, text, color in ((switch / 2, "A is learnt", BLUE), ((switch + steps[-1]) / 2, "B is learnt", AMBER)):
        axes.text(middle, 103, text, color=color, ha="center", fontweight="bold")
    axes.set(xlabel="step of training", ylabel="test accuracy (%)", xlim=(0, steps[-1]), ylim=(0, 101))


@drawn_on(9.4, 3.7)
def sequences(axes: Axes) -> None:
    """Curriculum, active and continual learning: all train, update, train; what the update is tells them apart."""
    rows = (
        ("curriculum", GREEN, ("easy ones", "harder ones", "all"), "add harder\nexamples"),
        ("active", BLUE, ("a few labels", "more labels", "more labels"), "ask for the\nlabels you need"),
        ("continual", RED, ("task A", "task B", "task C"), "note what\nmatters, then\nlose the data"),
    )
    remarks = (
        "one task; a teacher\nsets the order",
        "one task; the learner\nchooses the data",
        "many tasks; nobody\nchooses, all are tested",
    )
    for row, (name, color, trainings, update) in enumerate(rows):
        y = 2.6 - 1.25 * row
        axes.text(-0.2, y, name, ha="right", va="center", color=color, fontweight="bold", fontsize=12)
        for index, words in enumerate(trainings):
            x = 0.75 + 3.1 * index
            _box(axes, (x, y), f"train on\n{words}", color, filled=True)
            if index < 2:
                _box(axes, (x + 1.55, y), update, GREY, filled=False)
                arrow(axes, (x + 0.64, y), (x + 0.9, y), **ARROW)
                arrow(axes, (x + 2.2, y), (x + 2.46, y), **ARROW)
        axes.text(7.85, y, remarks[row], va="center", fontsize=9, color=BLACK)
    for index in range(5):
        words = "training" if index % 2 == 0 else "update"
        axes.text(0.75 + 1.55 * index, 3.35, words, ha="center", color=GREY, fontsize=9)
    axes.set(xlim=(-1.6, 10.0), ylim=(-0.45, 3.55))
    axes.set_axis_off()


def _box(axes: Axes, centre: tuple[float, float], words: str, color: str, filled: bool) -> None:
    x, y = centre
    width, height = 1.22, 0.8
    looks: Any = {"edgecolor": color, "linewidth": 1.2, "linestyle": "-" if filled else "--"}
    paper = _mix(color, 0.16) if filled else "white"
    shape = "round,pad=0.02,rounding_size=0.1"
    box(axes, x - width / 2, y - height / 2, width, height, boxstyle=shape, facecolor=paper, **looks)
    axes.text(x, y, words, ha="center", va="center", fontsize=8)


def _mix(color: str, share: float) -> tuple[float, float, float]:
    """So much of a colour in white."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 1 - share * (1 - red), 1 - share * (1 - green), 1 - share * (1 - blue)


LAYERS = ((0.0, (0.4, 1.2, 2.0)), (1.3, (0.0, 0.8, 1.6, 2.4)), (2.6, (0.8, 1.6)))
"""x, and the y of every unit, of the little network that represents them all."""


@drawn_on(9.6, 3.2, columns=3)
def families(panels: Panels) -> None:
    """Three ways not to forget: train on old examples again, hold important weights, or give each task its own."""
    heads = ("replay: old examples come again", "regularisation: weights on springs", "isolation: a part for each task")
    names = (
        "kept: iCaRL, GEM, A-GEM · generated: DGR",
        "on weights: EWC, MAS, SI, RWalk, SCP · on outputs: LwF",
        "new columns: Progressive Nets · masks: PackNet, HAT",
    )
    for axes, title, below in zip(panels, heads, names, strict=True):
        axes.set_title(title, loc="center")
        axes.text(1.3, -0.95, below.replace(" · ", "\n"), ha="center", va="center", fontsize=9)
        axes.set(xlim=(-1.5, 3.2), ylim=(-1.3, 2.9), aspect="equal")
        axes.set_axis_off()
    replay, springs, parts = panels
    _network(replay, lambda *_: (GREY, 1.0))
    for y, hue, words in ((1.75, ORANGE, "new\ndata"), (0.65, BLUE, "old\nones")):
        replay.add_patch(Rectangle((-1.45, y - 0.4), 0.85, 0.8, facecolor=_mix(hue, 0.2), edgecolor=hue, linewidth=1.2))
        replay.text(-1.03, y, words, ha="center", va="center", fontsize=8)
        arrow(replay, (-0.58, y), (-0.22, 1.2), **ARROW | {"color": hue})
    rng = np.random.default_rng(4)
    _network(springs, lambda *_: (BLUE, float(rng.choice([0.5, 0.6, 4.2], p=[0.35, 0.3, 0.35]))))
    springs.text(-1.5, 2.65, "thick: held", color=BLUE, fontsize=9)
    owners = (BLUE, BLUE, ORANGE, PINK)
    _network(parts, lambda layer, start, end: (owners[end] if layer == 0 else owners[start], 1.6), owners)
    for place, (color, words) in enumerate(((BLUE, "A"), (ORANGE, "B"), (PINK, "C"))):
        parts.text(-1.4 + 0.4 * place, 2.65, words, color=color, fontweight="bold", fontsize=10)


def _network(axes: Axes, edge: Callable[[int, int, int], tuple[str, float]], owners: Sequence[str] = ()) -> None:
    """A little network whose edge (layer, from, to) has a colour and a width, and whose hidden units have owners."""
    for layer, ((x0, above), (x1, below)) in enumerate(pairwise(LAYERS)):
        for start, y0 in enumerate(above):
            for end, y1 in enumerate(below):
                color, width = edge(layer, start, end)
                axes.plot([x0, x1], [y0, y1], color=color, linewidth=width, alpha=0.65, zorder=1)
    for layer, (x, places) in enumerate(LAYERS):
        for unit, y in enumerate(places):
            color = owners[unit] if owners and layer == 1 else BLACK
            axes.add_patch(Circle((x, y), 0.17, facecolor="white", edgecolor=color, linewidth=1.6, zorder=2))


@drawn_on(7.4, 3.3)
def matrix_map(axes: Axes, tasks: int = 4) -> None:
    """Which entries of the accuracy matrix R tell what."""
    colors = {"learnt": SKY, "remembered": GREEN, "yet to come": LIGHT}
    for i in range(tasks):
        for j in range(tasks):
            kind = "learnt" if i == j else "remembered" if j < i else "yet to come"
            axes.add_patch(Rectangle((j, i), 1, 1, facecolor=_mix(colors[kind], 0.5), edgecolor="white", linewidth=2))
            axes.text(j + 0.5, i + 0.5, f"$R_{{{i + 1}{j + 1}}}$", ha="center", va="center", fontsize=11)
    axes.add_patch(Rectangle((0, tasks - 1), tasks, 1, facecolor="none", edgecolor=BLACK, linewidth=2))
    for y, color, words in (
        (0.3, GREY, "above the diagonal: not learnt yet.\nForward transfer: better than an untrained network?"),
        (1.6, BLUE, "diagonal: just learnt.\nLearning accuracy; too low is intransigence"),
        (2.75, GREEN, "below: learnt before.\nForgetting and backward transfer"),
        (3.75, BLACK, "last row: the mean is the average accuracy"),
    ):
        axes.text(tasks + 0.35, y, words, color=color, va="center", fontsize=10)
    axes.set(xlim=(0, tasks + 6.4), ylim=(tasks, 0), aspect="equal", ylabel="after training task")
    axes.set_xlabel("accuracy on task", loc="left")
    axes.set_xticks(np.arange(tasks) + 0.5, [str(number + 1) for number in range(tasks)])
    axes.set_yticks(np.arange(tasks) + 0.5, [str(number + 1) for number in range(tasks)])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


@drawn
def digits(rows: Sequence[tuple[str, ArrayLike]], columns: int = 10) -> Picture:
    """Images in rows, each with its name on the left.

    Args:
        rows: a name, and images [N, 784] of any scale.
        columns: how many of them are shown.
    """
    figure, panels = picture(len(rows), columns, 0.82 * columns + 1.0, 0.86 * len(rows) + 0.1)
    for index, axes in enumerate(panels):
        name, images = rows[index // columns]
        values, column = np.asarray(images), index % columns
        bare(axes)
        axes.spines[:].set(visible=True, color=LIGHT)
        if column < len(values):
            axes.imshow(values[column].reshape(28, 28), cmap="gray_r")
        else:
            axes.set_axis_off()
        if column == 0:
            axes.set_ylabel(name, rotation=0, ha="right", va="center")
    return figure
