"""Item analysis: how difficult each exercise was, and how well it tells the stronger from the weaker.

The figures are those of classical test theory (Crocker and Algina, *Introduction to Classical and Modern Test Theory*,
1986, chapters 6 and 14): difficulty, item–rest correlation and Cronbach's α.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.handback.report.recorded import ClassRecord, Entry
from autograder.judging.verdict import State

FEWEST = 20
"""In a class of fewer students no figure is remarked on: chance alone would give remarks."""

EASY, HARD = 0.95, 0.25
"""Difficulties beyond which an exercise is remarked on."""

WEAK = 0.2
"""Discrimination below which an exercise is remarked on (Ebel, *Measuring Educational Achievement*, 1965)."""

SAME = 1e-9
"""Points of spread below which all have the same."""


@dataclass(frozen=True)
class Item:
    """The figures of one exercise or question.

    Attributes:
        name: its id.
        max: points it is worth.
        students: submissions that have a mark in it.
        difficulty: the mean share of its points, in [0, 1]: a high one is an easy exercise. None without students.
        discrimination: item–rest correlation, Pearson's r between its points and those of everything else, in [-1, 1].
            None where it is not defined: fewer than three students, or all have the same points here or elsewhere.
        states: how many ended how.
        remark: what the figures say to the teacher; empty where nothing stands out.
    """

    name: str
    max: float
    students: int
    difficulty: float | None
    discrimination: float | None
    states: Counter[State]
    remark: str

    @property
    def backwards(self) -> bool:
        """Whether the stronger clearly do worse: by two standard errors of the correlation of unrelated things."""
        return self.discrimination is not None and self.discrimination < -2 / math.sqrt(self.students)


def analyse(record: ClassRecord) -> list[Item]:
    """The figures of every exercise and question, in the notebook's order; submissions without marks are left out."""
    marks = mark_matrix(record.marked, list(record.items))
    return [_item(name, record.items[name], column, marks, record.marked) for column, name in enumerate(record.items)]


def mark_matrix(entries: Sequence[Entry], items: Sequence[str]) -> np.ndarray:
    """Points of shape (students, items), NaN where there is no mark yet."""
    rows = [[np.nan if (mark := entry.marks.get(item)) is None else mark for item in items] for entry in entries]
    return np.array(rows, dtype=float).reshape(len(entries), len(items))


def _item(name: str, most: float, column: int, marks: np.ndarray, entries: Sequence[Entry]) -> Item:
    there = ~np.isnan(marks[:, column])
    own = marks[there, column]
    rest = np.nansum(np.delete(marks[there], column, axis=1), axis=1)
    difficulty = float(own.mean() / most) if own.size and most else None
    discrimination = correlation(own, rest)
    states = Counter(entry.verdicts[name].state for entry in entries if name in entry.verdicts)
    item = Item(name, most, int(own.size), difficulty, discrimination, states, "")
    return replace(item, remark=_remark(item)) if own.size >= FEWEST else item


def correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Pearson's r; None where it is not defined."""
    telling = one.size >= 3 and np.ptp(one) >= SAME and np.ptp(other) >= SAME
    return float(np.corrcoef(one, other)[0, 1]) if telling else None


def _remark(item: Item) -> str:
    difficulty, discrimination = item.difficulty, item.discrimination
    if item.backwards:
        return "Who is better at everything else does worse here: is the exercise, or its key, as you mean it?"
    if difficulty is not None and difficulty > EASY:
        return "Almost everybody has it: it tells nobody apart."
    if difficulty is not None and difficulty < HARD:
        return "Hardly anybody has it: was it taught, and does the text say what is asked?"
    if discrimination is not None and discrimination < WEAK:
        return "It hardly tells the stronger from the weaker."
    return ""


def reliability(record: ClassRecord) -> float | None:
    """Cronbach's α of the items that count over the submissions in which all have marks; None where undefined."""
    marks = mark_matrix(record.marked, [name for name, most in record.items.items() if most])
    whole = marks[~np.isnan(marks).any(axis=1)]
    students, items = whole.shape
    if students < 3 or items < 2 or np.ptp(whole.sum(axis=1)) < SAME:
        return None
    spread = whole.var(axis=0, ddof=1).sum() / whole.sum(axis=1).var(ddof=1)
    return float(items / (items - 1) * (1 - spread))


def thirds(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]] | None:
    """The lower and the upper third by score; students of equal score stay together, so either may be larger.

    None where there are no thirds to compare: fewer than six students, or scores too much alike.
    """
    if len(entries) < 6:
        return None
    scores = np.array([entry.score for entry in entries])
    low, high = np.quantile(scores, (1 / 3, 2 / 3), method="inverted_cdf")
    if high - low < SAME:
        return None
    return [each for each in entries if each.score <= low], [each for each in entries if each.score >= high]
