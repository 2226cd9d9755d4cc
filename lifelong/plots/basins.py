"""Why a network has many best weights: two settings, one function, and the landscape of the loss between them."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from lifelong.plots.colors import BLACK, HEAT, RED
from lifelong.plots.style import Picture, drawn, note, picture


class Landscape(NamedTuple):
    """A loss over two coordinates, and settings with the same function in it.

    Attributes:
        title: what the panel shows.
        x: the first coordinate, [C].
        y: the second, [R].
        loss: [R, C].
        twins: places (x, y) of weights that compute the same function.
        labels: of the two axes.
        bar: whether neighbouring levels are a factor apart (else a difference).
    """

    title: str
    x: ArrayLike
    y: ArrayLike
    loss: ArrayLike
    twins: tuple[tuple[float, float], ...]
    labels: tuple[str, str]
    bar: str = "loss"


@drawn
def twins(*landscapes: Landscape) -> Picture:
    """Landscapes side by side: dark is low, and the stars are as low as each other."""
    figure, panels = picture(1, len(landscapes), 3.15 * len(landscapes), 3.1)
    for axes, landscape in zip(panels, landscapes, strict=True):
        _landscape(axes, landscape)
    return figure


def _landscape(axes: Axes, landscape: Landscape) -> None:
    loss = np.log10(np.asarray(landscape.loss) + 1e-3)  # the bottoms of valleys are what matters
    levels = np.linspace(loss.min(), loss.max(), 15)
    axes.contourf(landscape.x, landscape.y, loss, levels=levels, cmap=HEAT)
    axes.contour(landscape.x, landscape.y, loss, levels=levels[::2], colors="white", linewidths=0.5, alpha=0.6)
    for number, (x, y) in enumerate(landscape.twins):
        axes.plot(x, y, "*", color=RED, markersize=15, markeredgecolor="white", markeredgewidth=1)
        name = r"$\theta^*$" if number == 0 else r"$\theta^{*\prime}$"
        paper = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.85, "linewidth": 0}
        note(axes, name, (x, y), (9, 7), color=BLACK, fontsize=12, bbox=paper)
    axes.set(xlabel=landscape.labels[0], ylabel=landscape.labels[1], title=landscape.title)
