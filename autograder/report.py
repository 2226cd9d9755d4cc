"""What a class did, in three pictures: the scores, every exercise of every student, and the mistakes by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from autograder.annotation import WORDS, points
from autograder.graded import Graded, is_question, quiz
from autograder.verdict import State, Verdict
from lifelong.plots.style import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PINK, RED, SKY, STYLE

STATE_COLOURS = {
    State.CORRECT: GREEN,
    State.PARTIAL: ORANGE,
    State.WRONG: RED,
    State.ERROR: PINK,
    State.TIMEOUT: BLUE,
    State.MEMORY: BLACK,
    State.MISSING: LIGHT,
    State.UNGRADABLE: SKY,
}
READABLE_ROWS = 60
"""Students beyond whom a row of the heat map is too thin for a name and a number."""

MOST_MISTAKES = 25
"""Mistakes that the picture has room for, most frequent first."""


def class_figures(gradeds: Sequence[Graded], directory: Path) -> list[Path]:
    """Draw the class's figures as PNG files: scores.png, exercises.png, mistakes.png.

    Args:
        gradeds: the results of one assignment, at least one.
        directory: where the files go; made if need be.

    Raises:
        ValueError: there are no results.
    """
    if not gradeds:
        raise ValueError("There is nothing to draw: no submission has been graded.")
    directory.mkdir(parents=True, exist_ok=True)
    drawings: dict[str, Callable[[Sequence[Graded]], Figure]] = {
        "scores": scores,
        "exercises": exercises,
        "mistakes": mistakes,
    }
    written = []
    for name, draw in drawings.items():
        with mpl.rc_context(STYLE):  # type: ignore[arg-type]
            figure = draw(gradeds)
            path = directory / f"{name}.png"
            figure.savefig(path, dpi=150, metadata={"Software": None})
        written.append(path)
    return written


def scores(gradeds: Sequence[Graded]) -> Figure:
    """How many submissions scored how much, in ten equal steps; those waiting for a person are left out."""
    graded = [each.score for each in gradeds if each.problem is None]
    waiting = len(gradeds) - len(graded)
    most = gradeds[0].max
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    axes = figure.subplots()
    counts, edges = np.histogram(graded, bins=10, range=(0, most or 1))
    axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color=BLUE, edgecolor="white", linewidth=1.5)
    for count, left, right in zip(counts, edges[:-1], edges[1:], strict=True):
        if count:
            axes.annotate(str(count), ((left + right) / 2, count), (0, 2), textcoords="offset points", ha="center")
    if graded:
        median = float(np.median(graded))
        axes.axvline(median, color=BLACK, linestyle="--", linewidth=1.4)
        side, shift = ("right", -4) if median > most / 2 else ("left", 4)
        axes.annotate(
            f"median {points(median)}",
            (median, 1),
            (shift, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=side,
            va="bottom",
        )
    axes.set(xlim=(0, most or 1), xlabel=f"score (points of {points(most)})", ylabel="submissions")
    axes.set_xticks(edges)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(y=0.15)
    note = f", {waiting} waiting for a person" if waiting else ""
    axes.set_title(f"{gradeds[0].assignment}: {len(graded)} submissions graded{note}", loc="left", pad=18)
    return figure


def exercises(gradeds: Sequence[Graded]) -> Figure:
    """Every exercise of every student, best first: the state as colour and sign, the points as a number."""
    ranked = sorted(gradeds, key=lambda each: (each.problem is not None, -each.score, each.student))
    rows = [_columns(each) for each in ranked]
    columns = [verdict.exercise for verdict in rows[0]]
    readable = len(rows) <= READABLE_ROWS
    height = 1.5 + 0.27 * len(rows) if readable else 10.0
    figure = Figure(figsize=(2.6 + 0.95 * len(columns), height), layout="constrained")
    axes = figure.subplots()
    states = list(STATE_COLOURS)
    grid = np.array([[states.index(verdict.state) for verdict in row] for row in rows])
    palette = mpl.colors.ListedColormap(list(STATE_COLOURS.values()))
    axes.pcolormesh(
        grid, cmap=palette, vmin=-0.5, vmax=len(states) - 0.5, edgecolors="white", linewidth=1.5 if readable else 0
    )
    if readable:
        for at, row in enumerate(rows):
            for column, verdict in enumerate(row):
                text = f"{WORDS[verdict.state][0]} {points(verdict.score)}"
                ink = "white" if verdict.state in (State.TIMEOUT, State.MEMORY) else BLACK
                axes.text(column + 0.5, at + 0.5, text, ha="center", va="center", fontsize=8, color=ink)
        axes.set_yticks(
            np.arange(len(rows)) + 0.5, [f"{_short(each.student)}  {points(each.score)}" for each in ranked]
        )
    else:
        axes.set_yticks([])
        axes.set_ylabel(f"{len(rows)} submissions, best first")
    worth = [f"{name}\n({points(verdict.max)})" for name, verdict in zip(columns, rows[0], strict=True)]
    axes.set_xticks(np.arange(len(columns)) + 0.5, worth)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=BLACK)
    axes.spines[:].set_visible(False)
    axes.invert_yaxis()
    seen = [state for state in states if (grid == states.index(state)).any()]
    handles = [Patch(color=STATE_COLOURS[state], label=f"{WORDS[state][0]} {state}") for state in seen]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(handles)), fontsize=9)
    return figure


def _columns(graded: Graded) -> list[Verdict]:
    """The verdicts on the exercises, the quiz's questions taken together."""
    questions = [verdict for verdict in graded.verdicts if is_question(verdict)]
    return [verdict for verdict in graded.verdicts if not is_question(verdict)] + (
        [quiz(questions)] if questions else []
    )


def _short(student: str) -> str:
    """A student's id that fits beside the picture, and in which matplotlib sees no formula."""
    return (student if len(student) <= 24 else f"{student[:23]}…").replace("$", r"\$")


def mistakes(gradeds: Sequence[Graded]) -> Figure:
    """How many students made each of the mistakes that were recognised, by exercise and name, most frequent first."""
    counts = Counter(
        (verdict.exercise, mistake) for each in gradeds for verdict in each.verdicts for mistake in verdict.mistakes
    )
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    shown = ranked[:MOST_MISTAKES]
    figure = Figure(figsize=(7.5, 1.1 + 0.3 * max(1, len(shown))), layout="constrained")
    axes = figure.subplots()
    axes.set_title("Mistakes recognised by name", loc="left")
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    if not shown:
        axes.set_yticks([])
        axes.text(0, 0.5, "None of the known mistakes was made.", color=GREY)
        return figure
    labels = [f"{exercise}: {mistake.replace('-', ' ')}" for (exercise, mistake), _ in shown]
    bars = axes.barh(labels, [count for _, count in shown], color=BLUE, height=0.7)
    axes.bar_label(bars, padding=4)
    axes.invert_yaxis()
    axes.tick_params(length=0, labelcolor=BLACK)
    left_out = f"; {len(ranked) - len(shown)} rarer ones are left out" if len(ranked) > len(shown) else ""
    axes.set_xlabel(f"students (of {len(gradeds)}){left_out}")
    return figure
