"""The figure of the red team: attacks that succeed, by theme and grader."""

from collections import Counter
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, LIGHT, RED
from lifelong.plots.style import STYLE, Picture, picture

THEMES = {
    "metadata": "metadata: tags, flags,\npoints, ids, outputs",
    "interpreter": "interpreter: hooks,\npatches, shadow modules",
    "lying": "answers that lie: tensors\nequal to everything",
    "system": "system: files, network,\nprocesses, time",
    "reader": "reader: browser,\nspreadsheet, terminal",
}
COLORS = (RED, BLUE, GREEN)
THICKNESS = 0.25


def figure(counts: dict[str, dict[str, Counter[str]]]) -> Picture:
    """How many attacks of each theme succeed against each grader, of how many that there are.

    Args:
        counts: by grader and theme, how many attacks succeed, fail and were not run.
    """
    themes = list(next(iter(counts.values())))
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        drawing, (axes,) = picture(1, 1, 8.2, 5.4)
        for place, (color, found) in enumerate(zip(COLORS, counts.values(), strict=True)):
            for row, theme in enumerate(themes):
                _bar(axes, row + (place - 1) * (THICKNESS + 0.03), color, found[theme])
        axes.set_yticks(range(len(themes)), [THEMES[theme] for theme in themes])
        axes.tick_params(axis="y", length=0, labelcolor=BLACK)
        axes.invert_yaxis()
        axes.set_xlabel("attacks")
        drawing.suptitle("Hostile submissions that reach their aim", fontweight="bold")
        totals = [sum(found.values(), Counter()) for found in counts.values()]
        handles = [
            Patch(color=color, label=f"{grader}: {total['succeed']} succeed of {total['succeed'] + total['fail']} run")
            for color, grader, total in zip(COLORS, counts, totals, strict=True)
        ]
        handles += [Patch(color=LIGHT, label="fail"), _hatched(label="not run")]
        drawing.legend(handles=handles, loc="outside lower center", ncols=2)
    drawing.description = "Bars for each theme of attacks and each grader; the coloured part succeeds."
    return drawing


def _bar(axes: Axes, row: float, color: str, found: Counter[str]) -> None:
    """One bar: what succeeds, what fails, what was not run, and the number of the first two."""
    run = found["succeed"] + found["fail"]
    axes.barh(row, run, THICKNESS, color=LIGHT)
    axes.barh(row, found["succeed"], THICKNESS, color=color)
    if found["not run"]:
        axes.add_patch(_hatched(xy=(run, row - THICKNESS / 2), width=found["not run"], height=THICKNESS))
    axes.text(found.total() + 0.5, row, f"{found['succeed']} of {run}", va="center", fontsize=9)


def _hatched(**options: Any) -> Rectangle:
    """The look of what was not run."""
    place: dict[str, Any] = {"xy": (0, 0), "width": 1, "height": 1} | options
    return Rectangle(facecolor="white", edgecolor=GREY, hatch="/////", linewidth=0.6, **place)
