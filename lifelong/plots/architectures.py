"""Pictures of the reading page on architectures: convolutions and what they learn, recurrence and what it forgets."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from lifelong.plots.colors import BLUE, GREEN, GREY, ORANGE, RED
from lifelong.plots.style import Picture, bare, drawn, frameless, picture

Array = NDArray[Any]


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


@drawn
def learned(
    windows: Array, neurons: Array, shifts: Sequence[int], found: Mapping[str, Sequence[float]], shown: int = 8
) -> Picture:
    """Left: eight learned windows above eight whole neurons. Right: accuracy falls as the test digits are moved."""
    figure, panels = picture(1, 2, 7.8, 3.0, width_ratios=[1.35, 1])
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
    return figure


@drawn
def recurrence(factors: Mapping[float, Sequence[float]], memory: Mapping[str, Sequence[float]]) -> Picture:
    """Left: adjoints that fade, stay and explode on the way back. Right: GRU and LSTM learn what the RNN does not."""
    figure, (left, right) = picture(1, 2, 7.8, 3.0)
    looks = ((ORANGE, "--"), (GREY, "-"), (RED, "-."))
    for (scale, norms), (color, line) in zip(factors.items(), looks, strict=True):
        left.semilogy(norms, color=color, linestyle=line, label=f"scale {scale:g}")
    left.set(xlabel="steps back in time", ylabel="size of the adjoint", title="A product of many factors")
    left.legend()
    for (name, values), color, marker in zip(memory.items(), (ORANGE, BLUE, GREEN), "os^", strict=True):
        right.plot([10 * (at + 1) for at in range(len(values))], values, color=color, marker=marker, label=name)
    right.set(xlabel="updates", ylabel="answers right", ylim=(0.4, 1.03), title="What was the first of 25 numbers?")
    right.legend(loc="center right")
    return figure
