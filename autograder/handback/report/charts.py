"""Charts as inline SVG: widths in per cent, so that text keeps its size on a phone; colours are the page's classes.

Every chart is an image with a sentence that says what it shows; a table beside it has the numbers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from autograder.judging.verdict import State
from autograder.render.verdict import WORDS, points

STEPS = 10
"""Bars of a histogram."""

LOWEST = -0.5
"""The least discrimination that its axis shows; lower ones, which hardly occur, sit on its edge."""


def _svg(height: int, text: str, parts: Sequence[Markup], kind: str) -> Markup:
    return Markup('<svg class="{}" role="img" aria-label="{}" width="100%" height="{}">{}</svg>').format(
        kind, text, height, Markup("").join(parts)
    )


def _rect(x: float, width: float, y: float, height: float, kind: str) -> Markup:
    return Markup('<rect x="{:.2f}%" width="{:.2f}%" y="{:.1f}" height="{:.1f}" class="{}"/>').format(
        x, max(0.0, width), y, max(0.0, height), kind
    )


def _line(x: float, top: float, bottom: float, kind: str) -> Markup:
    return Markup('<line x1="{0:.2f}%" x2="{0:.2f}%" y1="{1}" y2="{2}" class="{3}"/>').format(x, top, bottom, kind)


def _dot(x: float, y: float, kind: str) -> Markup:
    return Markup('<circle cx="{:.2f}%" cy="{}" r="5" class="{}"/>').format(x, y, kind)


def _text(x: float, y: float, text: str, anchor: str = "middle", kind: str = "") -> Markup:
    return Markup('<text x="{:.2f}%" y="{:.1f}" text-anchor="{}" class="{}">{}</text>').format(x, y, anchor, kind, text)


def histogram_table(scores: Sequence[float], most: float) -> list[tuple[float, float, int]]:
    """From, to and number of scores for each of ten equal steps of the scale; to the last belongs its upper end."""
    top = max(most, *scores, 1e-9) if scores else most or 1.0  # extra credit may go beyond the most
    counts, edges = np.histogram(scores, bins=STEPS, range=(0.0, top))
    return [(float(edges[step]), float(edges[step + 1]), int(counts[step])) for step in range(STEPS)]


def histogram(scores: Sequence[float], most: float) -> Markup:
    """How many scored how much, with the median as a line."""
    table = histogram_table(scores, most)
    top, floor, head = 150, 186, 34
    highest = max(count for *_, count in table) or 1
    wide = 100 / STEPS
    heights = [top * count / highest for *_, count in table]
    parts = [_rect(step * wide + 0.4, wide - 0.8, floor - high, high, "bar") for step, high in enumerate(heights)]
    parts.append(_rect(0, 100, floor, 1, "axis"))
    for step in range(0, STEPS + 1, 2):
        anchor = {0: "start", STEPS: "end"}.get(step, "middle")
        edge = table[step][0] if step < STEPS else table[-1][1]
        parts.append(_text(step * wide, floor + 17, points(edge), anchor, "soft"))
    end = table[-1][1]
    middle = float(np.median(scores))
    at = 100 * middle / end
    side = "end" if at > 50 else "start"
    parts.append(_line(at, head - 16, floor, "median"))
    for step, high in enumerate(heights):
        if table[step][2]:
            parts.append(_text((step + 0.5) * wide, floor - high - 5, str(table[step][2])))
    parts.append(_text(at - 1.5 if at > 50 else at + 1.5, head - 18, f"median {points(middle)}", side))
    text = "; ".join(f"{points(low)} to {points(high)}: {count}" for low, high, count in table if count)
    return _svg(floor + 24, f"Histogram of {len(scores)} scores. Median {points(middle)}. {text}.", parts, "histogram")


def states(name: str, counts: Mapping[State, int]) -> Markup:
    """How many ended how, as parts of one bar."""
    whole = sum(counts.values()) or 1
    parts, at = [], 0.0
    for state in State:
        width = 100 * counts.get(state, 0) / whole
        if width:
            parts.append(_rect(at, width, 0, 20, f"s-{state}"))
            if width >= 9:  # what is narrow even so has no room for its number on a phone
                kind = f"on-{state} narrow" if width < 24 else f"on-{state}"
                parts.append(_text(at + width / 2, 15, f"{WORDS[state][0]} {counts[state]}", kind=kind))
        at += width
    text = ", ".join(f"{counts[state]} {WORDS[state][1]}" for state in State if counts.get(state))
    return _svg(20, f"{name}: {text or 'nobody'}", parts, "states")


def share(value: float, text: str) -> Markup:
    """A share of a whole, in [0, 1], as a bar."""
    return _svg(12, text, [_rect(0, 100, 0, 12, "track"), _rect(0, 100 * value, 0, 12, "bar")], "share")


def discrimination(value: float, weak: float) -> Markup:
    """An item–rest correlation as a dot on an axis from ``LOWEST`` to 1; below ``weak`` lies a shade."""

    def place(value: float) -> float:
        return 4 + 92 * (min(max(value, LOWEST), 1) - LOWEST) / (1 - LOWEST)

    parts = [_rect(0, place(weak), 0, 14, "shade"), _rect(4, 92, 6.5, 1, "axis"), _line(place(0), 1, 13, "zero")]
    parts.append(_dot(place(value), 7, "dot low" if value < weak else "dot"))
    return _svg(14, f"Discrimination {value:.2f}", parts, "lollipop")


def chosen(value: float, lower: float | None, upper: float | None, right: bool) -> Markup:
    """The share that chose an option, as a bar, and those of the lower and the upper third, as a ring and a dot."""
    parts = [_rect(1, 98, 3, 12, "track"), _rect(1, 98 * value, 3, 12, "key" if right else "bar")]
    text = f"Chosen by {value:.0%}"
    if lower is not None and upper is not None:
        low, high = 1 + 98 * lower, 1 + 98 * upper
        parts += [_dot(low, 9, "ring"), _dot(high, 9, "dot")]
        text += f"; lower third {lower:.0%}, upper third {upper:.0%}"
    return _svg(18, text, parts, "chosen")
