"""Pictures of the reading page on training: ways downhill, dropout's average, batch norm, values on a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, RED
from lifelong.plots.style import Picture, bare, drawn, picture

Array = NDArray[Any]
Values = Mapping[tuple[int, int], float]


@drawn
def descents(paths: Mapping[str, Array], goal: Array) -> Picture:
    """Three ways down a long valley: smooth with all examples, jagged with one, swinging with momentum."""
    figure, panels = picture(1, len(paths), 8.0, 2.7, sharex=True, sharey=True)
    first, second = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-3.2, 2.2, 80))
    height = (first - goal[0]) ** 2 + (0.35 * (second - goal[1])) ** 2
    for axes, (name, path), color in zip(panels, paths.items(), (BLUE, ORANGE, GREEN), strict=True):
        axes.contour(first, second, height, levels=np.geomspace(0.03, 8, 8), colors=LIGHT, linewidths=1)
        axes.plot(*path.T, color=color, linewidth=1.1, marker=".", markersize=3)
        axes.plot(*goal, "*", color=BLACK, markersize=10)
        axes.set(xlabel="weight 1", title=name)
    panels[0].set_ylabel("weight 2")
    return figure


@drawn
def averaging(many: Array, short_cut: Array, label: int) -> Picture:
    """What thousands of thinned networks believe of one digit, as a cloud for each class, and the one pass for all."""
    figure, (axes,) = picture(1, 1, 6.6, 3.0)
    jitter = np.random.default_rng(0).uniform(-0.25, 0.25, size=(300, many.shape[1]))
    axes.plot((np.arange(10) + jitter).T, many[:300].T, ".", color=LIGHT, markersize=4, zorder=0)
    axes.plot(many.mean(0), "o", color=ORANGE, markersize=9, label="mean of all thinned networks")
    axes.plot(short_cut, "x", color=BLUE, markersize=8, markeredgewidth=2, label="one pass, all neurons on")
    axes.set_xticks(range(10))
    axes.set(xlabel=f"class (this digit is a {label})", ylabel="probability", ylim=(-0.03, 1.03))
    axes.set_title("One pass stands for many networks")
    axes.legend()
    return figure


@drawn
def normalised(spreads: Mapping[str, Sequence[float]], before: float, after: float) -> Picture:
    """Left: activations fade over twenty layers, but not with batch norm. Right: task A before and after seeing B."""
    figure, (left, right) = picture(1, 2, 7.4, 2.8, width_ratios=[1.6, 1])
    for (name, values), color, line in zip(spreads.items(), (ORANGE, BLUE), ("--", "-"), strict=True):
        left.semilogy(range(1, len(values) + 1), values, color=color, linestyle=line, label=name)
    left.set(xlabel="layer", ylabel="spread of the activations", title="Twenty layers deep")
    left.legend()
    right.bar(["before", "after\nlooking at B"], [before, after], color=[BLUE, RED], width=0.55)
    right.set(ylabel="accuracy on task A", ylim=(0, 1), title="No weight has changed")
    return figure


@drawn
def grids(world: Sequence[str], sweeps: Sequence[Values], policy: Mapping[tuple[int, int], str]) -> Picture:
    """The grid world after one, three and ten Bellman sweeps: values spread from the goal; arrows lead there."""
    figure, panels = picture(1, len(sweeps), 8.2, 2.5)
    for axes, values, title in zip(panels, sweeps, ("1 sweep", "3 sweeps", "10 sweeps, and the way"), strict=True):
        board = np.full((len(world), len(world[0])), np.nan)
        for state, value in values.items():
            board[state] = value
        axes.imshow(board, cmap="cividis", vmin=-0.3, vmax=1.3)
        for i, row in enumerate(world):
            for j, kind in enumerate(row):
                arrow = f"\n{policy[i, j]}" if kind == "." and axes is panels[-1] else ""
                text = {"#": "wall", "+": "+1", "-": "−1"}.get(kind) or f"{values[i, j]:.2f}{arrow}"
                color = GREY if kind == "#" else BLACK if kind != "." or values[i, j] > 0.4 else "white"
                axes.text(j, i, text, ha="center", va="center", color=color, fontsize=10)
        axes.set_title(title)
        bare(axes)
    return figure
