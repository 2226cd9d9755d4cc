"""Figures of finite differences: the secant that turns into the tangent, and errors between truncation and rounding."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator
from numpy.typing import NDArray

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED
from lifelong.plots.slider import Slider
from lifelong.plots.style import Look, Panels, Picture, bare, drawn, drawn_on, note, picture

Array = NDArray[Any]
Function = Callable[[Any], Any]


LINES = {
    "forward": Look(RED, "o", "-"),
    "backward": Look(ORANGE, "v", "--"),
    "central": Look(BLUE, "s", "-"),
    "five-point": Look(GREEN, "D", "-"),
    "complex step": Look(PINK, "^", "-"),
}


def secants(f: Function, x: float, slope: float, steps: Array, slopes: Array) -> Slider:
    """The secant through [x, f(x)] and [x+h, f(x+h)] beside the error of its slope, with a slider for h.

    Args:
        f: the function, for arrays.
        x: where.
        slope: f′(x).
        steps: the positions of h, falling, [K].
        slopes: of the secants, [K].
    """
    labels = [f"h = {step:.0e}" for step in steps]
    shown = [0, len(steps) // 12, len(steps) - 3]  # too large, better, too small
    draw = partial(secant, f, x, slope, steps, slopes)
    return Slider(draw, labels, draw(*shown), shown[0])


@drawn_on(8.6, 3.6, columns=2)
def secant(panels: Panels, f: Function, x: float, slope: float, steps: Array, slopes: Array, *chosen: int) -> None:
    """Left the tangent and the secants of some steps, right where their errors lie among those of all steps."""
    errors = np.abs(slopes - slope)
    left, right = panels
    place = np.linspace(x - 0.6, x + 1.35, 200)
    left.plot(place, f(place), color=BLACK)
    left.axline((x, f(x)), slope=slope, color=GREY, linestyle="--", linewidth=1.4)
    note(left, "tangent", (x + 0.8, f(x) + 0.8 * slope), (8, -14), color=GREY)
    colors = (RED, ORANGE, BLUE)
    for index, color in zip(chosen, colors, strict=False):
        h = steps[index]
        left.axline((x, f(x)), slope=float(slopes[index]), color=color, linewidth=1.4)
        left.plot([x, x + h], [f(x), f(x + h)], "o", color=color, markersize=6)
    left.set(xlabel="x", ylabel="f(x)", xlim=(x - 0.6, x + 1.35), ylim=(f(x - 0.6) - 1, f(x + 1.3)))
    left.set_title("Secant and tangent")
    right.loglog(steps, errors, color=LIGHT, marker=".", markersize=4)
    for index, color in zip(chosen, colors, strict=False):
        right.loglog(steps[index], errors[index], "o", color=color, markersize=8, label=f"h = {steps[index]:.0e}")
    right.xaxis.set_major_locator(LogLocator(numticks=6))
    right.set(xlabel="step h", ylabel="error of the secant's slope", title="How far off the slope is")
    right.legend(loc="lower left", fontsize=9)


@drawn_on(9.2, 2.6, columns=4, sharey=True)
def schemes(panels: Panels) -> None:
    """The points that each scheme uses, and the straight line of its slope through x."""
    titles = {"forward": (0, 1), "backward": (-1, 0), "central": (-1, 1), "five-point": (-2, -1, 1, 2)}
    place = np.linspace(-2.4, 2.4, 200)

    def curve(t: Any) -> Any:
        return 0.25 * t**2 + 0.06 * t**3 + 0.55 * t + 1

    for axes, (name, points) in zip(panels, titles.items(), strict=True):
        axes.plot(place, curve(place), color=BLACK)
        axes.axline((0, 1), slope=0.55, color=GREY, linestyle="--", linewidth=1.2)
        if len(points) == 2:
            (a, b), line = points, LINES[name]
            axes.axline((a, curve(a)), (b, curve(b)), color=line.color, linewidth=1.4)
        axes.plot(points, [curve(t) for t in points], LINES[name].marker, color=LINES[name].color, markersize=7)
        axes.axvline(0, color=LIGHT, zorder=0, linewidth=1)
        axes.set(ylim=(-0.3, 4.2))
        axes.set_title(name, loc="left", color=LINES[name].color)
        bare(axes)
        axes.set_xticks(range(-2, 3), ["x−2h", "", "x", "", "x+2h"])
        axes.tick_params(labelsize=8)
    panels[0].set_ylabel("f")
    panels[3].text(0.0, 3.6, "weights 1, −8, 8, −1", ha="center", fontsize=9, color=GREEN)


@drawn_on(7.2, 3.2)
def staircase(axes: Axes, x: float, offsets: Array, values: Array, exact: Array) -> None:
    """What a float sees of a smooth function when one looks very closely.

    Args:
        x: the point looked at.
        offsets: distances from x, in units of the machine epsilon.
        values: f as computed, minus f(x), in the same unit.
        exact: f as it is, minus f(x), in the same unit.
    """
    axes.plot(offsets, exact, color=GREY, linestyle="--", label="the function")
    axes.step(offsets, values, where="mid", color=BLUE, label="what float64 has of it")
    axes.set(xlabel=f"distance from x = {x:g}, in ε = 2.2e-16", ylabel="f − f(x), in ε")
    axes.set_title("Look closely enough, and every function is a staircase")
    axes.legend(loc="upper left")


@drawn_on(6.2, 3.2)
def valley(axes: Axes, p: int = 2, truncation: float = 0.5, rounding: float = 1e-16) -> None:
    """Truncation T hᵖ, rounding R/h, and their sum, whose lowest point is the best h."""
    h = np.logspace(-10, -0.5, 400)
    total = truncation * h**p + rounding / h
    lowest = int(total.argmin())
    axes.loglog(h, truncation * h**p, color=RED, linestyle="--", label=r"truncation $T\,h^p$")
    axes.loglog(h, rounding / h, color=BLUE, linestyle="-.", label=r"rounding $R/h$")
    axes.loglog(h, total, color=BLACK, label="their sum E(h)")
    axes.loglog(h[lowest], total[lowest], "o", color=BLACK, markersize=8)
    note(axes, "the best h", (h[lowest], total[lowest]), (0, 24), ha="center", fontweight="bold")
    axes.set(xlabel="step h", ylabel="error", ylim=(1e-16, 1e-1))
    axes.legend(loc="upper center", fontsize=9)


@drawn
def error_curves(
    steps: Mapping[str, Array],
    errors: Mapping[str, Mapping[str, Array]],
    slopes: Mapping[str, float],
    best: Mapping[str, Mapping[str, float]],
) -> Picture:
    """The V of every scheme in each precision.

    Args:
        steps: by precision: h, [K].
        errors: by precision, then scheme: ``|estimate − truth|``, [K].
        slopes: by scheme: the order fitted to the right arm in the first precision.
        best: by precision, then scheme: the h with the least error.
    """
    width = 7.0 if len(steps) == 1 else 4.8 * len(steps)
    figure, panels = picture(1, len(steps), width, 4.2, sharey=True)
    for axes, (precision, h) in zip(panels, steps.items(), strict=True):
        for name, values in errors[precision].items():
            line = LINES[name]
            label = f"{name}, slope {slopes[name]:.2f}" if axes is panels[0] and name in slopes else name
            axes.loglog(h, np.maximum(values, 1e-17), line.line, color=line.color, linewidth=1.2, label=label)
            if name in best[precision]:
                at = best[precision][name]
                axes.axvline(at, color=line.color, linestyle=":", linewidth=1.3)
                low = float(np.interp(np.log(at), np.log(h), values))
                axes.plot(at, max(low, 1e-17), line.marker, color=line.color, markersize=8, markeredgecolor="white")
        axes.set(xlabel="step h", ylim=(1e-17, 30), title=precision)
    panels[0].set_ylabel("error of the slope")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


@drawn_on(7.0, 3.8)
def cost(axes: Axes, sizes: Array, differences: Array, reverse: Array, network: int) -> None:
    """Seconds for one gradient, against the number of parameters.

    Args:
        sizes: numbers of parameters n, [K].
        differences: seconds of n + 1 evaluations, [K].
        reverse: seconds of one reverse pass, [K].
        network: parameters of the network to which both lines are prolonged.
    """
    ends: list[tuple[Array, str, str, str]] = [
        (differences, "finite differences, n + 1 evaluations", RED, "o"),
        (reverse, "reverse mode, one pass", BLUE, "s"),
    ]
    for seconds, label, color, marker in ends:
        rate = np.polyfit(np.log(sizes[-3:]), np.log(seconds[-3:]), 1)
        goal = float(np.exp(np.polyval(rate, np.log(network))))
        axes.loglog(sizes, seconds, color=color, marker=marker, label=label)
        axes.loglog([sizes[-1], network], [seconds[-1], goal], color=color, linestyle=":", linewidth=1.4)
        axes.loglog(network, goal, marker, color=color, markerfacecolor="white", markersize=8)
        note(axes, _duration(goal), (network, goal), (-8, 6), color=color, ha="right")
    axes.axvline(network, color=LIGHT, zorder=0)
    axes.set(xlabel="parameters n", ylabel="seconds for one gradient")
    axes.set_title(f"Dotted: prolonged to a network of {network / 1e6:.2f} million parameters")
    axes.legend(loc="upper left")
    axes.set_ylim(top=axes.get_ylim()[1] * 20)


def _duration(seconds: float) -> str:
    """A time in the unit that a person would use."""
    for unit, size in (("hours", 3600.0), ("minutes", 60.0), ("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            count = seconds / size
            return f"{count:.0f} {unit}" if count >= 10 else f"{count:.1f} {unit}"
    return f"{seconds * 1e6:.0f} µs"
