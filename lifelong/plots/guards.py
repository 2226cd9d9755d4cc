"""Figures of the guard on the weights: four pixels and five opinions on them, the path of SI, slices, 784 pixels."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from lifelong.plots.colors import AMBER, BLACK, BLUE, GREEN, GREY, HEAT, LIGHT, ORANGE, PINK, RED
from lifelong.plots.slider import Slider
from lifelong.plots.style import Panels, Picture, arrow, bare, drawn, drawn_on, look, note, picture

Array = NDArray[np.float64]
Loss = Callable[[Array, Array], Array]
"""From two weights, arrays of one shape, to the loss there."""


@drawn
def four_pixels(rows: Sequence[tuple[str, ArrayLike]], reach: float) -> Picture:
    """Squares of 2 × 2 pixels in a row: an image, or one number for each weight, written into its pixel.

    Args:
        rows: a title and four numbers for each square.
        reach: the number that is darkest; its negative is, too.
    """
    figure, panels = picture(1, len(rows), 1.42 * len(rows), 1.75)
    for axes, (title, numbers) in zip(panels, rows, strict=True):
        _square(axes, np.asarray(numbers, dtype=float), reach)
        axes.set_title(title, loc="center")
    return figure


def _square(axes: Axes, numbers: Array, reach: float) -> None:
    axes.imshow(np.abs(numbers).reshape(2, 2), cmap="Blues", vmin=0, vmax=1.6 * reach)
    for at, number in enumerate(numbers):
        axes.text(at % 2, at // 2, f"{number:.2g}".replace("-", "−"), ha="center", va="center", fontsize=11)
    bare(axes)
    axes.spines[:].set(visible=True, color=GREY)
    axes.axhline(0.5, color=GREY, linewidth=0.8)
    axes.axvline(0.5, color=GREY, linewidth=0.8)


def walk(loss: Loss, path: ArrayLike, credits: ArrayLike) -> Slider:
    """A walk downhill in two weights with a slider for the step: the way, and what each weight has earned so far.

    Args:
        loss: over the two weights.
        path: the weights before the first and after every step, [S + 1, 2].
        credits: ω of both after so many steps, [S + 1, 2].
    """
    draw, last = partial(walked, loss, np.asarray(path), np.asarray(credits)), len(np.asarray(path)) - 1
    return Slider(draw, [f"step {step}" for step in range(last + 1)], draw(last), min(3, last))


@drawn_on(8.6, 3.5, columns=2)
def walked(panels: Panels, loss: Loss, path: Array, credits: Array, position: int) -> None:
    """Left the way downhill over the contours of the loss, right the rising credit ω of each of the two weights."""
    left, right = panels
    low, high = path.min(axis=0), path.max(axis=0)
    span = high - low
    grid = np.meshgrid(
        np.linspace(low[0] - 0.25 * span[0], high[0] + 0.7 * span[0], 90),
        np.linspace(low[1] - 0.2 * span[1], high[1] + 0.35 * span[1], 90),
    )
    heights = loss(*grid)
    levels = heights.min() + (heights.max() - heights.min()) * np.linspace(0.04, 1, 9) ** 2
    left.contour(*grid, heights, levels=levels, colors=GREY, linewidths=0.8, alpha=0.7)
    for start, end in pairwise(path[: position + 1]):
        arrow(left, start, end, color=GREEN, mutation_scale=8, linewidth=1.4)
    left.plot(*path[0], "o", color=BLACK, markersize=6)
    left.plot(*path[position], "s", color=GREEN, markersize=7)
    left.plot(*path[-1], "*", color=RED, markersize=13, markeredgecolor="white")
    left.set(xlabel=r"weight $\theta_1$", ylabel=r"weight $\theta_4$", title="The way down")
    steps = np.arange(len(credits))
    for column, (name, color, line) in enumerate(((r"$\omega_1$", BLUE, "-"), (r"$\omega_4$", ORANGE, "--"))):
        right.step(steps, credits[:, column], where="post", color=LIGHT, linestyle=line, linewidth=1.2)
        right.step(steps[: position + 1], credits[: position + 1, column], where="post", color=color, linestyle=line)
        right.plot(position, credits[position, column], "s", color=color, markersize=6)
        text, dark = f"{name} = {credits[position, column]:.2f}", AMBER if color == ORANGE else color
        higher = credits[position].argmax() == column
        offset, side = ((-5, 9), "right") if position > len(steps) / 2 else ((9, 9 if higher else -3), "left")
        note(right, text, (position, credits[position, column]), offset, ha=side, color=dark)
    right.set(xlabel="step", ylabel=r"credit $\omega=\sum-g\,\Delta$", ylim=(0, 1.18 * credits.max()))
    right.set_title("Who earned the fall of the loss?")


@drawn_on(6.6, 2.2)
def two_terms(axes: Axes, fisher: ArrayLike, score: ArrayLike) -> None:
    """Stacked bars of four weights: the Fisher over its largest, the score over its largest, and their sum."""
    first, second = (np.asarray(values) / np.max(values) for values in (fisher, score))
    places = np.arange(len(first))
    axes.bar(places, first, color=BLUE, width=0.55, label="F / max F: how steep it is here")
    looks: Any = {"color": PINK, "hatch": "//", "edgecolor": "white", "linewidth": 0}
    axes.bar(places, second, bottom=first, width=0.55, label="s / max s: what it earned on the way", **looks)
    for place, total in zip(places, first + second, strict=True):
        axes.text(float(place), total + 0.05, f"{total:.2f}", ha="center", fontweight="bold")
    axes.set_xticks(places, [rf"$\theta_{number}$" for number in range(1, len(first) + 1)])
    axes.set(ylim=(0, 2.2), yticks=[0, 1, 2], ylabel=r"$\Omega$ of RWalk", xlabel="weight")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)
    axes.tick_params(axis="x", length=0)


@drawn_on(8.8, 3.7, columns=2, width_ratios=(1, 1.25))
def slices(panels: Panels, directions: ArrayLike, jacobian: ArrayLike) -> None:
    """Left random directions on the circle of two outputs, right how far each sees the mean move when a weight moves.

    Args:
        directions: ξ, [L, 2], of length 1.
        jacobian: ∂(mean output)/∂θ for two weights, [2, 2]: a column for each weight.
    """
    rays, moves = np.asarray(directions, dtype=float), np.asarray(jacobian, dtype=float)
    left, right = panels
    turn = np.linspace(0, 2 * np.pi, 200)
    left.plot(np.cos(turn), np.sin(turn), color=LIGHT)
    for ray in rays:
        arrow(left, (0, 0), tuple(ray), color=GREY, linewidth=1.2, alpha=0.7)
    for column, (color, name) in enumerate(((BLUE, r"$\theta_1$"), (ORANGE, r"$\theta_4$"))):
        arrow(left, (0, 0), tuple(moves[:, column]), color=color, linewidth=3)
        left.plot([], [], color=color, linewidth=3, label=f"when {name} moves")
    left.set(xlabel="output 1", ylabel="output 2", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), aspect="equal")
    left.set_title(f"{len(rays)} slices, and the way of the mean")
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), fontsize=9, ncols=2)
    angles = np.degrees(np.arctan2(rays[:, 1], rays[:, 0]))
    order = np.argsort(angles)
    weights = ((BLUE, r"$\theta_1$", "o", "-"), (ORANGE, r"$\theta_4$", "s", "--"))
    for column, (color, name, marker, line) in enumerate(weights):
        seen = (rays @ moves[:, column]) ** 2
        right.plot(angles[order], seen[order], marker, color=color, markersize=4.5)
        dense = np.stack([np.cos(turn - np.pi), np.sin(turn - np.pi)], axis=1) @ moves[:, column]
        right.plot(np.degrees(turn - np.pi), dense**2, color=color, linewidth=1, alpha=0.5)
        right.axhline(seen.mean(), color=color, linestyle=line, linewidth=1.6)
        text, dark = rf"mean for {name}: {seen.mean():.3f}", AMBER if color == ORANGE else color
        note(right, text, (180, seen.mean()), (6, 0), color=dark, va="center", annotation_clip=False)
    right.set(
        xlabel="direction of the slice (degrees)",
        ylabel=r"$(\partial\,\xi\cdot\bar\varphi\,/\,\partial\theta)^2$",
        xticks=range(-180, 181, 90),
        xlim=(-180, 180),
    )
    right.set_title("Seen by each slice, squared")


@drawn_on(6.8, 3.0)
def cramer(axes: Axes, before: Array, after: Array) -> None:
    """The distribution functions of two samples along a slice, the area between them, and both means."""
    grid = np.sort(np.concatenate([[np.min(before) - 0.5], before, after, [np.max(after) + 0.5]]))
    shares = [np.searchsorted(np.sort(values), grid, side="right") / len(values) for values in (before, after)]
    axes.fill_between(grid, shares[0], shares[1], step="post", color=LIGHT)
    looks = (("before", before, BLUE, "-"), ("after", after, ORANGE, "--"))
    for share, (name, values, color, line) in zip(shares, looks, strict=True):
        axes.step(grid, share, where="post", color=color, linestyle=line, label=f"{name}, mean {values.mean():.1f}")
        axes.axvline(values.mean(), color=color, linestyle=":", linewidth=1.2)
    area, distance = (float(((shares[0] - shares[1]) ** power)[:-1] @ np.diff(grid)) for power in (1, 2))
    axes.set(xlabel="output along the slice", ylabel="share up to here")
    axes.set_title(f"Area {area:.2f}, as far as the mean has moved; Cramér's distance {distance:.2f}")
    axes.legend(loc="upper left")


def compromises(
    loss: Loss, anchor: ArrayLike, goal: ArrayLike, omegas: Mapping[str, ArrayLike], strengths: Sequence[float]
) -> Slider:
    """Where training on B ends under five guards, with a slider for λ.

    Args:
        loss: of the new task, ``½ |θ − goal|²``, for drawing.
        anchor: the old weights θ*, [2].
        goal: the weights that the new task alone would choose, [2].
        omegas: by method, Ω of the two weights, [2].
        strengths: the positions of λ.
    """
    start, end = np.asarray(anchor, dtype=float), np.asarray(goal, dtype=float)
    guards = {name: np.asarray(values, dtype=float) for name, values in omegas.items()}
    draw = partial(compromise, loss, start, end, guards, strengths)
    middle = len(strengths) // 2
    return Slider(draw, [f"λ = {strength:g}" for strength in strengths], draw(middle), middle)


@drawn_on(6.8, 3.9)
def compromise(
    axes: Axes,
    loss: Loss,
    anchor: Array,
    goal: Array,
    omegas: Mapping[str, Array],
    strengths: Sequence[float],
    position: int,
) -> None:
    """Five ways from the old weights to B's own, one for each guard, and a mark where training under this λ ends."""
    low, high = np.minimum(anchor, goal) - 0.55, np.maximum(anchor, goal) + 0.55
    grid = np.meshgrid(np.linspace(low[0], high[0], 80), np.linspace(low[1], high[1], 80))
    axes.contour(*grid, loss(*grid), levels=8, colors=LIGHT, linewidths=0.9)
    many = np.geomspace(1e-3, 1e3, 200)[:, None]
    for number, (name, omega) in enumerate(omegas.items()):
        style = look(name)
        way = (goal + 2 * many * omega * anchor) / (1 + 2 * many * omega)
        axes.plot(way[:, 0], way[:, 1], color=style.color, linestyle=style.line, linewidth=1.2)
        pull = 2 * strengths[position] * omega
        place = (goal + pull * anchor) / (1 + pull)
        axes.plot(*place, style.marker, color=style.color, markersize=15 - 2 * number, label=name)
    for place, words, offset in ((anchor, r"$\theta^*$: best for A", (8, 8)), (goal, "best for B alone", (-8, -14))):
        axes.plot(*place, "o", color=BLACK, markersize=6)
        note(axes, words, tuple(place), offset, ha="left" if offset[0] > 0 else "right")
    axes.set(xlabel=r"weight $\theta_1$", ylabel=r"weight $\theta_4$", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.set_title(f"λ = {strengths[position]:g}")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))


@drawn
def importance_maps(maps: Mapping[str, ArrayLike], agreement: ArrayLike) -> Picture:
    """A heat map of the 784 pixels for each method, and below a table of how alike they rank the pixels.

    Args:
        maps: by name, [784].
        agreement: the rank correlation of every map with every other, [M, M].
    """
    names, correlation = list(maps), np.asarray(agreement)
    figure = Picture(figsize=(1.5 * len(names) + 0.9, 4.6), dpi=96, layout="constrained")
    grid = figure.add_gridspec(2, len(names), height_ratios=(1, 1.5))
    for column, (name, values) in enumerate(maps.items()):
        axes = figure.add_subplot(grid[0, column])
        axes.imshow((np.asarray(values) / np.max(values)).reshape(28, 28), cmap=HEAT, vmin=0, vmax=1)
        axes.set_title(name, loc="center")
        axes.axis("off")
    axes = figure.add_subplot(grid[1, :])
    image = axes.imshow(correlation, cmap=HEAT, vmin=min(0.0, float(correlation.min())), vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(correlation):
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if value < 0.55 else "black")
    axes.set_xticks([])
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, label="rank correlation (1: the same order)", shrink=0.85)
    return figure
