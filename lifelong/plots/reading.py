"""Pictures of the reading page on deep learning: data, dimensions, depth, and three of its ancestors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, RED
from lifelong.plots.style import Picture, drawn, note, picture

Array = NDArray[Any]

DATA_SETS = (
    (1936, 150, "Iris"),
    (1998, 70_000, "MNIST"),
    (2009, 60_000, "CIFAR-10"),
    (2009, 14_197_122, "ImageNet"),
    (2014, 330_000, "COCO"),
    (2017, 300_000_000, "JFT-300M"),
    (2022, 5_850_000_000, "LAION-5B"),
)
"""Year, examples, name; from the papers that introduced or used them."""


@drawn
def data_sets() -> Picture:
    """Sizes of data sets over the years, on a logarithmic scale: from 150 flowers to billions of images."""
    figure, (axes,) = picture(1, 1, 6.8, 3.2)
    for year, count, name in DATA_SETS:
        axes.semilogy(max(year, 1992), count, "o", color=BLUE, markersize=8)
        above = name != "CIFAR-10"
        text, side = f"{name}\n{year}" if year < 1992 else name, "bottom" if above else "top"
        note(axes, text, (max(year, 1992), count), (0, 9 if above else -9), ha="center", va=side)
    axes.set(xlabel="year", ylabel="examples", ylim=(30, 3e11), xlim=(1989, 2026))
    axes.set_title("Data sets grew by a factor of ten every five years or so")
    return figure


@drawn
def learning_curves(sizes: Sequence[int], errors: Mapping[str, Sequence[float]]) -> Picture:
    """Test error over the number of training examples: the linear classifier flattens, the network goes on falling."""
    figure, (axes,) = picture(1, 1, 6.0, 3.2)
    for (name, values), color, marker in zip(errors.items(), (ORANGE, BLUE), "os", strict=True):
        axes.loglog(sizes, values, marker=marker, color=color, label=name)
    axes.set(xlabel="training digits", ylabel="share of test digits wrong", title="Error against data")
    axes.legend()
    return figure


@drawn
def curse(dimensions: Sequence[int], contrast: Sequence[float]) -> Picture:
    """Left: the nearest point's distance over the farthest's rises to one. Right: the edge of a hundredth of a cube."""
    figure, (left, right) = picture(1, 2, 7.6, 3.0)
    left.semilogx(dimensions, contrast, marker="o", color=BLUE)
    left.axhline(1, color=LIGHT, zorder=0)
    left.set(xlabel="dimensions", ylabel="nearest / farthest distance", ylim=(0, 1.08))
    left.set_title("Everything is equally far")
    grid = np.geomspace(1, max(dimensions), 100)
    right.semilogx(grid, 0.01 ** (1 / grid), color=ORANGE)
    right.axhline(1, color=LIGHT, zorder=0)
    right.set(xlabel="dimensions", ylabel="its edge, of the whole edge", ylim=(0, 1.08))
    right.set_title("A cube with 1 % of the volume")
    return figure


@drawn
def folds(line: Array, values: Sequence[Array]) -> Picture:
    """The tent applied once, twice, three and four times to a line: two, four, eight and sixteen straight pieces."""
    figure, panels = picture(1, len(values), 7.8, 2.1, sharey=True)
    for depth, (axes, value) in enumerate(zip(panels, values, strict=True), start=1):
        axes.plot(line, value, color=BLUE, linewidth=1.4)
        axes.set(xlabel="input", xticks=[0, 1], yticks=[0, 1], title=f"depth {depth}: {2**depth} pieces")
    panels[0].set_ylabel("output")
    return figure


@drawn
def ancestors(
    cloud: Array,
    side: Array,
    weights: Array,
    heights: Array,
    mixture: tuple[Array, Array, Array],
    ask: Callable[[Array], int],
) -> Picture:
    """Three panels: the perceptron's line between two clouds, EM's two bells over a histogram, a tree's rectangles."""
    figure, (line, bells, boxes) = picture(1, 3, 8.0, 2.8)
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
    return figure
