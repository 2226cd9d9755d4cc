"""Figures of what was trained: tasks, accuracy curves, accuracy matrices, importances over the pixels."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import Image
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from lifelong.budget import budget
from lifelong.plots.colors import GREY, HEAT, LIGHT
from lifelong.plots.style import Picture, bare, drawn, drawn_on, frameless, look, note, picture
from lifelong.run_history import History
from lifelong.tasks import Task

SIDE = 28
"""Pixels along each side of an MNIST image."""


@drawn
def permuted_digits(tasks: Sequence[Task], count: int = 8) -> Picture:
    """The first training images, a row for each task: the same digits, their pixels in that task's order."""
    figure, panels = picture(len(tasks), count, 0.85 * count, 0.9 * len(tasks))
    for index, axes in enumerate(panels):
        task, image = tasks[index // count], index % count
        axes.imshow(task.train.images[image].reshape(SIDE, SIDE).numpy(), cmap="gray_r", vmin=0, vmax=255)
        bare(axes)
        axes.spines[:].set(visible=True, color=LIGHT)
        if image == 0:
            axes.set_ylabel(f"task {index // count + 1}", rotation=0, ha="right", va="center")
        if index < count:
            axes.set_title(f"“{int(task.train.labels[image])}”", fontweight="normal", loc="center")
    return figure


@drawn_on(8.5, 4.6)
def accuracy_curves(axes: Axes, histories: Sequence[History]) -> None:
    """The average accuracy over the tasks seen so far, after every epoch, a line for each method.

    Args:
        histories: of runs over the same tasks and epochs. Runs of one name are several seeds of one method: they are
            drawn as their mean, with a band of one standard deviation to each side.
    """
    epochs, total = histories[0].epochs, len(histories[0].average)
    ends = {}
    for name, runs in _by_name(histories).items():
        style = look(name)
        curves = 100 * np.stack([history.average.numpy() for history in runs])
        mean = curves.mean(axis=0)
        ends[name] = float(mean[-1])
        looks = {"color": style.color, "linestyle": style.line, "marker": style.marker, "markersize": 4.5}
        axes.plot(range(1, total + 1), mean, markevery=max(1, epochs // 5), **looks)
        if len(runs) > 1:
            spread = curves.std(axis=0, ddof=1)
            axes.fill_between(range(1, total + 1), mean - spread, mean + spread, color=style.color, alpha=0.2, lw=0)
    _mark_tasks(axes, epochs, total)
    _label_ends(axes, ends, total)
    axes.set(xlabel="epoch", ylabel="average accuracy over the tasks seen so far (%)", xlim=(0.5, total + 0.5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title("Who remembers?", loc="left", pad=18)


def full_result() -> Image | None:
    """The curves of all six methods on the whole of MNIST, as they were stored; None where nobody looks."""
    alternative = "Average accuracy over the tasks seen so far: the baseline falls by task, the five methods hold on."
    stored = str(Path(__file__).parents[1] / "data" / "hw14.png")
    return None if budget() else Image(stored, width=816, metadata={"alt": alternative})


def _by_name(histories: Sequence[History]) -> dict[str, list[History]]:
    """The runs of each method, methods in the order of their first run."""
    runs: dict[str, list[History]] = {}
    for history in histories:
        runs.setdefault(history.name, []).append(history)
    return runs


def _mark_tasks(axes: Axes, epochs: int, total: int) -> None:
    """A thin line where each task begins, its number above."""
    for number, start in enumerate(range(0, total, epochs), start=1):
        if start:
            axes.axvline(start + 0.5, color=LIGHT, linewidth=1, zorder=0)
        at = (start + epochs / 2 + 0.5, 1)
        note(axes, f"task {number}", at, (0, 3), xycoords=("data", "axes fraction"), ha="center", color=GREY)


def _label_ends(axes: Axes, values: dict[str, float], right: int) -> None:
    """Each line's name and last value at its right end, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = 0.06 * (high - low)
    ends = sorted((value, name) for name, value in values.items())
    heights = np.array([end for end, _ in ends])
    for _ in range(200):  # push neighbours apart until all have room
        for lower in range(len(heights) - 1):
            lack = gap - (heights[lower + 1] - heights[lower])
            if lack > 0:
                heights[lower] -= lack / 2
                heights[lower + 1] += lack / 2
    for (end, name), height in zip(ends, heights, strict=True):
        style = look(name)
        line = {"arrowstyle": "-", "color": style.color, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 3}
        looks: Any = {"color": style.color, "va": "center", "fontweight": "bold", "annotation_clip": False}
        place = (right * 1.045 + 0.5, height)
        axes.annotate(f"{name} {end:.1f}", (right, end), xytext=place, textcoords="data", arrowprops=line, **looks)


@drawn
def accuracy_matrices(histories: Sequence[History]) -> Picture:
    """R of every method as a heat map: a row for each task learnt, a column for each task tested, in percent."""
    columns = min(3, len(histories))
    rows = -(-len(histories) // columns)
    figure, panels = picture(rows, columns, 2.9 * columns + 0.6, 3.1 * rows)
    # over the tasks that have been trained: the lower triangle of R
    lowest = 100 * min(float(each.matrix[np.tril_indices(len(each.matrix))].min()) for each in histories)
    lowest = 10 * np.floor(min(lowest, 90.0) / 10)
    image = None
    for axes, history in zip(panels, histories, strict=False):
        values = 100 * history.matrix.numpy()
        image = axes.imshow(values, cmap=HEAT, vmin=lowest, vmax=100)
        size = len(values)
        for (row, column), value in np.ndenumerate(values):
            dark = (value - lowest) / (100 - lowest) < 0.55
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", color="white" if dark else "black")
        axes.set_xticks(range(size), [str(number) for number in range(1, size + 1)])
        axes.set_yticks(range(size), [str(number) for number in range(1, size + 1)])
        axes.set(xlabel="accuracy on task", ylabel="after training task")
        axes.set_title(f"{history.name}: {100 * float(history.average[-1]):.1f} % on average", loc="center")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
    for axes in panels[len(histories) :]:
        axes.set_visible(False)
    assert image is not None
    figure.colorbar(image, ax=panels, label="test accuracy (%)", shrink=0.6, extend="min")
    return figure


@drawn
def importance_maps(histories: Sequence[History]) -> Picture:
    """What each input pixel matters to the first layer: a column for each method, after the first and the last task.

    Args:
        histories: of methods that have importances; others are left out. At least one must have some.
    """
    shown = [(history.name, history.pixels) for history in histories if history.pixels is not None]
    if not shown:
        raise ValueError("none of these histories holds importances")
    figure, panels = picture(2, len(shown), 1.75 * len(shown) + 0.9, 4.0)
    last = len(shown[0][1])
    image = None
    for column, (name, pixels) in enumerate(shown):
        for row, number in enumerate((1, last)):
            axes = panels[row * len(shown) + column]
            values = pixels[number - 1]
            scaled = (values / values.max().clamp(min=1e-30)).reshape(SIDE, SIDE)
            image = axes.imshow(scaled.numpy(), cmap=HEAT, vmin=0, vmax=1)
            frameless(axes)
            if row == 0:
                axes.set_title(name, loc="center")
            if column == 0:
                axes.set_ylabel(f"after task {number}")
    assert image is not None
    figure.colorbar(image, ax=panels, label="Ω of the pixel's weights,\nshare of the largest", shrink=0.7)
    return figure
