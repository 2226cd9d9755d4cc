"""A verdict in words, signs and colours: the same on every page, in the notebook and in what other systems get."""

import html
import re

from autograder.judging.verdict import State, Verdict
from autograder.render import mathjax

_LOOKS = {
    State.CORRECT: ("✓", "correct", "#0b6b3a", "#e7f5ec"),
    State.PARTIAL: ("◐", "partly right", "#8a5a00", "#fdf3dc"),
    State.WRONG: ("✗", "not right yet", "#a3360b", "#fdece4"),
    State.ERROR: ("!", "stopped with an error", "#a3360b", "#fdece4"),
    State.TIMEOUT: ("∞", "did not finish in time", "#7a2f73", "#f7eaf6"),
    State.MEMORY: ("▣", "ran out of memory", "#7a2f73", "#f7eaf6"),
    State.MISSING: ("–", "not written yet", "#4a5563", "#eef1f4"),
    State.UNGRADABLE: ("?", "could not be graded: a person will look at it", "#1f4e8c", "#e8f0fa"),
    State.WAITING: ("…", "waits for a person to read it", "#1f4e8c", "#e8f0fa"),
}
WORDS = {state: look[:2] for state, look in _LOOKS.items()}
"""A sign and words for every state, so that no state is told by its colour alone."""
COLOURS = {state: look[2:] for state, look in _LOOKS.items()}
"""Ink and paper of every state; ink on paper has a contrast above 5:1."""

BEYOND = "The exercises have earned {} points more than full marks ask for: these do not count."
CLOSED_QUIZ = "Question by question once the deadline has passed for everybody."
"""What stands in place of the quiz's questions before."""


def sentence_html(text: str) -> str:
    """A sentence, escaped, with its line breaks and with what stands between backticks as code."""
    return mathjax.tamed(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>"))


def verdict_text(verdict: Verdict) -> str:
    """The verdict in plain text."""
    lines = [f"{verdict.exercise}: {WORDS[verdict.state][1]} ({points(verdict.score)} / {points(verdict.max)})"]
    lines += [f"  [{'kept' if check.passed else 'not kept'}] {check.title}" for check in verdict.checks]
    return "\n".join(lines + [f"  {message}" for message in verdict.messages])


def points(score: float) -> str:
    """Points without needless zeros: 4, 0.4, 2.67."""
    return f"{score:.2f}".rstrip("0").rstrip(".")
