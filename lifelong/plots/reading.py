"""Pictures of the three reading pages: on deep learning, on training, and on architectures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, RED
from lifelong.plots.style import Panels, Picture, bare, drawn, drawn_on, frameless, note, picture

Array = NDArray[Any]
Values = Mapping[tuple[int, int], float]

DATA_SETS = (
    (1936, 150, "Iris"),
    (1998, 70_000, "MNIST"),
    (2009, 60_000, "CIFAR-10"),
    (2009, 3_200_000, "ImageNet"),
    (2014, 328_000, "COCO"),
    (2017, 300_000_000, "JFT-300M"),
    (2022, 5_850_000_000, "LAION-5B"),
)
"""Year, examples, name; from the papers that introduced or used them."""


@drawn_on(6.8, 3.2)
def data_sets(axes: Axes) -> None:
    """Sizes of data sets over the years, on a logarithmic scale: from 150 flowers to billions of images."""
    for year, count, name in DATA_SETS:
        axes.semilogy(max(year, 1992), count, "o", color=BLUE, markersize=8)
        above = name != "CIFAR-10"
        text, side = f"{name}\n{year}" if year < 1992 else name, "bottom" if above else "top"
        note(axes, text, (max(year, 1992), count), (0, 9 if above else -9), ha="center", va=side)
    axes.set(xlabel="year", ylabel="examples", ylim=(30, 3e11), xlim=(1989, 2026))
    axes.set_title("Data sets grew by a factor of ten every five years or so")


@drawn_on(6.0, 3.2)
def learning_curves(axes: Axes, sizes: Sequence[int], errors: Mapping[str, Sequence[float]]) -> None:
    """Test error over the number of training examples: the linear classifier flattens, the network goes on falling."""
    for (name, values), color, marker in zip(errors.items(), (ORANGE, BLUE), "os", strict=True):
        axes.loglog(sizes, values, marker=marker, color=color, label=name)
    axes.set(xlabel="training digits", ylabel="share of test digits wrong", title="Error against data")
    axes.legend()


@drawn_on(7.6, 3.0, columns=2)
def curse(panels: Panels, dimensions: Sequence[int], contrast: Sequence[float]) -> None:
    """Left: the nearest point's distance over the farthest's rises to one. Right: the edge of a hundredth of a cube."""
    left, right = panels
    left.semilogx(dimensions, contrast, marker="o", color=BLUE)
    left.axhline(1, color=LIGHT, zorder=0)
    left.set(xlabel="dimensions", ylabel="nearest / farthest distance", ylim=(0, 1.08))
    left.set_title("Everything is equally far")
    grid = np.geomspace(1, max(dimensions), 100)
    right.semilogx(grid, 0.01 ** (1 / grid), color=ORANGE)
    right.axhline(1, color=LIGHT, zorder=0)
    right.set(xlabel="dimensions", ylabel="its edge, of the whole edge", ylim=(0, 1.08))
    right.set_title("A cube with 1 % of the volume")


@drawn
def folds(line: Array, values: Sequence[Array]) -> Picture:
    """The tent applied once, twice, three and four times to a line: two, four, eight and sixteen straight pieces."""
    figure, panels = picture(1, len(values), 7.8, 2.1, sharey=True)
    for depth, (axes, value) in enumerate(zip(panels, values, strict=True), start=1):
        axes.plot(line, value, color=BLUE, linewidth=1.4)
        axes.set(xlabel="input", xticks=[0, 1], yticks=[0, 1], title=f"depth {depth}: {2**depth} pieces")
    panels[0].set_ylabel("output")
    return figure


@drawn_on(8.0, 2.8, columns=3)
def ancestors(
    panels: Panels,
    cloud: Array,
    side: Array,
    weights: Array,
    heights: Array,
    mixture: tuple[Array, Array, Array],
    ask: Callable[[Array], int],
) -> None:
    """Three panels: the perceptron's line between two clouds, EM's two bells over a histogram, a tree's rectangles."""
    line, bells, boxes = panels
    for sign, color, marker in ((-1, ORANGE, "o"), (1, BLUE, "s")):
        dots = cloud[side == sign]
        line.scatter(dots[:, 0], dots[:, 1], s=14, color=color, marker=marker)
    ends = np.array([cloud[:, 0].min(), cloud[:, 0].max()])
    line.plot(ends, -(weights[2] + weights[0] * ends) / weights[1], color=BLACK)
    line.set(xlabel="input 1", ylabel="input 2", ylim=(cloud[:, 1].min() - 0.3, cloud[:, 1].max() + 0.3))
    line.set_title("Perceptron")
    bells.hist(heights, bins=30, density=True, color=LIGHT)
    grid = np.linspace(heights.min(), heights.max(), 200)
    for share, mean, spread, color in zip(*mixture, (GREEN, RED), strict=True):
        bell = share * np.exp(-(((grid - mean) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
        bells.plot(grid, bell, color=color)
    bells.set(xlabel="height, cm", ylabel="density", title="EM")
    grid = np.linspace(-0.3, 1.3, 60)
    answers = np.array([[ask(np.array([x, y])) for x in grid] for y in grid])
    boxes.contourf(grid, grid, answers, levels=[-2, 0, 2], colors=[ORANGE, BLUE], alpha=0.25)
    for x, y in ((0, 0), (1, 1)):
        boxes.plot(x, y, "o", color=ORANGE, markeredgecolor=GREY)
        boxes.plot(x, 1 - y, "s", color=BLUE, markeredgecolor=GREY)
    boxes.set(xlabel="input 1", ylabel="input 2", xticks=[0, 1], yticks=[0, 1], title="Decision tree on XOR")


# Training.


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


@drawn_on(6.6, 3.0)
def averaging(axes: Axes, many: Array, short_cut: Array, label: int) -> None:
    """What thousands of thinned networks believe of one digit, as a cloud for each class, and the one pass for all."""
    jitter = np.random.default_rng(0).uniform(-0.25, 0.25, size=(300, many.shape[1]))
    axes.plot((np.arange(10) + jitter).T, many[:300].T, ".", color=LIGHT, markersize=4, zorder=0)
    axes.plot(many.mean(0), "o", color=ORANGE, markersize=9, label="mean of all thinned networks")
    axes.plot(short_cut, "x", color=BLUE, markersize=8, markeredgewidth=2, label="one pass, all neurons on")
    axes.set(xticks=range(10), xlabel=f"class (this digit is a {label})", ylabel="probability", ylim=(-0.03, 1.03))
    axes.set_title("One pass stands for many networks")
    axes.legend()


@drawn_on(7.4, 2.8, columns=2, width_ratios=[1.6, 1])
def normalised(panels: Panels, spreads: Mapping[str, Sequence[float]], before: float, after: float) -> None:
    """Left: activations fade over twenty layers, but not with batch norm. Right: task A before and after seeing B."""
    left, right = panels
    for (name, values), color, line in zip(spreads.items(), (ORANGE, BLUE), ("--", "-"), strict=True):
        left.semilogy(range(1, len(values) + 1), values, color=color, linestyle=line, label=name)
    left.set(xlabel="layer", ylabel="spread of the activations", title="Twenty layers deep")
    left.legend()
    right.bar(["before", "after\nlooking at B"], [before, after], color=[BLUE, RED], width=0.55)
    right.set(ylabel="accuracy on task A", ylim=(0, 1), title="No weight has changed")


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


# Architectures.


@drawn
def feature_maps(image: Array, maps: Mapping[str, Array]) -> Picture:
    """A digit, and what three small windows find in it: its upright edges, its level edges, and a blurred copy."""
    figure, panels = picture(1, 1 + len(maps), 7.6, 2.2)
    panels[0].imshow(image, cmap="gray_r")
    panels[0].set_title("image")
    for axes, (name, found) in zip(panels[1:], maps.items(), strict=True):
        limit = abs(found).max()
        axes.imshow(found, cmap="RdBu_r" if found.min() < 0 else "gray_r", vmin=-limit if found.min() < 0 else 0)
        axes.set_title(name)
    for axes in panels:
        bare(axes)
    return figure


@drawn_on(7.8, 3.0, columns=2, width_ratios=[1.35, 1])
def learned(
    panels: Panels,
    windows: Array,
    neurons: Array,
    shifts: Sequence[int],
    found: Mapping[str, Sequence[float]],
    shown: int = 8,
) -> None:
    """Left: eight learned windows above eight whole neurons. Right: accuracy falls as the test digits are moved."""
    left, right = panels
    frameless(left)
    left.set_title(f"Learned: {len(windows)} windows 5 × 5; {shown} neurons 28 × 28")
    for row, weights in enumerate((windows[:shown], neurons[:shown])):
        for column, weight in enumerate(weights):
            inset = left.inset_axes((column / shown, 0.5 - 0.5 * row, 0.92 / shown, 0.42))
            limit = abs(weight).max()
            inset.imshow(weight, cmap="RdBu_r", vmin=-limit, vmax=limit)
            bare(inset)
    for (name, values), color, marker in zip(found.items(), (ORANGE, BLUE), "os", strict=True):
        right.plot(shifts, values, color=color, marker=marker, label=name)
    right.set(xlabel="moved by, pixels", ylabel="accuracy", ylim=(0, 1.02), title="Digits out of place")
    right.legend(loc="lower left")


@drawn_on(7.8, 3.0, columns=2)
def recurrence(panels: Panels, factors: Mapping[float, Sequence[float]], memory: Mapping[str, Sequence[float]]) -> None:
    """Left: adjoints that fade, stay and explode on the way back. Right: GRU and LSTM learn what the RNN does not."""
    left, right = panels
    looks = ((ORANGE, "--"), (GREY, "-"), (RED, "-."))
    for (scale, norms), (color, line) in zip(factors.items(), looks, strict=True):
        left.semilogy(norms, color=color, linestyle=line, label=f"scale {scale:g}")
    left.set(xlabel="steps back in time", ylabel="size of the adjoint", title="A product of many factors")
    left.legend()
    for (name, values), color, marker in zip(memory.items(), (ORANGE, BLUE, GREEN), "os^", strict=True):
        right.plot([10 * (at + 1) for at in range(len(values))], values, color=color, marker=marker, label=name)
    right.set(xlabel="updates", ylabel="answers right", ylim=(0.4, 1.03), title="What was the first of 25 numbers?")
    right.legend(loc="center right")
