"""The teacher's page on a class: everything in one file, without scripts, readable on a phone, light and dark."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from autograder.course.course import Course
from autograder.course.quiz import Quiz
from autograder.files import write_atomically
from autograder.grading.result import total
from autograder.handback.report.distractors import Answers, distractors, right_share
from autograder.handback.report.findings import GRAVEST, MistakeMade, by_mistake, failures, mistakes, repairs
from autograder.handback.report.items import FEWEST, WEAK, Item, analyse, reliability, thirds
from autograder.handback.report.pairs import Pair, read_pairs
from autograder.handback.report.recorded import ClassRecord, Entry, read_class
from autograder.judging.verdict import State
from autograder.render.templates import template
from autograder.render.verdict import WORDS, points

HEAT = (0.01, 0.025, 0.05, 0.1)
"""Shares of the class at which a cell of the heat map takes the next colour."""

MOST_ROWS = 40
"""Mistakes that the heat map has room for; the lists below it have all."""


def report(course: Course, name: str, path: Path | None = None) -> Path:
    """Write the page on what is recorded of an assignment; by default to ``report/NAME.html`` in the course's folder.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
        CourseError: the course has no such assignment, or it has not been built.
        ValueError: the file of similar pairs is not as it should be.
    """
    path = path or course.root / "report" / f"{name}.html"
    record = read_class(course, name)
    file = course.quiz_file(name)
    quiz = Quiz.load(file) if file else Quiz(())
    pages = {entry.student: course.feedback / entry.student / name / f"{name}.html" for entry in record.entries}
    links = {student: _link(page, path) for student, page in pages.items() if page.is_file()}
    pairs = read_pairs(course, name)
    write_atomically(path, render(record, quiz, pairs, links, path, course.submitted.name).encode())
    return path


def _link(target: Path, page: Path) -> str:
    """The address of one file in a page that lies elsewhere on the same disk."""
    return quote(os.path.relpath(target, page.parent))


def render(
    record: ClassRecord, quiz: Quiz, pairs: list[Pair] | None, links: Mapping[str, str], path: Path, submitted: str
) -> str:
    """The page, with addresses as seen from ``path``.

    Of the similar pairs there is None where nobody has looked for any; students with a feedback page have ``links``.
    """
    items = {item.name: item for item in analyse(record)}
    made = mistakes(record)
    answers = [_question(each, items[each.question.id], record) for each in distractors(record, quiz)]
    failed = failures(record)
    ranked = sorted(record.entries, key=lambda entry: (entry.waiting, entry.penalty - entry.score, entry.student))
    values: dict[str, Any] = {"record": record, "pairs": pairs, "links": links, "made": made, "answers": answers}
    values |= {"few": FEWEST, "weak": WEAK, "words": WORDS, "states": list(State)}
    values |= {"figures": _figures(record), "scores": _scores(record)}
    values |= {"repairs": repairs(record), "submitted": submitted}
    values |= {"items": [items[name] for name in record.exercises], "heat": _heat(made, record)}
    values |= {
        "thirds": tuple(map(len, split)) if (split := thirds(record.marked)) else None,
        "failures": [(it, found) for it in GRAVEST if (found := [each for each in failed if each.state is it])],
        "beside": {pair.page: _link(pair.page, path) for pair in pairs or () if pair.page},
        "everyone": [_row(entry, record) for entry in ranked],
        "notable": _notable(made, [*items.values()], record),
    }
    text: str = template("report/page.html.j2").render(values)
    return text


def _figures(record: ClassRecord) -> dict[str, Any]:
    """The figures on top."""
    scores = [entry.score for entry in record.marked]
    return {
        "waiting": len(record.entries) - len(scores),
        "median": float(np.median(scores)) if scores else None,
        "mean": np.mean(scores) if scores else None,
        "deviation": np.std(scores, ddof=1) if len(scores) > 1 else None,
        "alpha": reliability(record),
        "late": sum(entry.penalty > 0 for entry in record.marked),
        "by_hand": sum(bool(entry.by_hand) for entry in record.marked),
    }


def _scores(record: ClassRecord) -> dict[str, Any] | None:
    scores = [entry.score for entry in record.marked]
    if not scores:
        return None
    same = len(scores) > 1 and np.ptp(scores) == 0
    return {"median": float(np.median(scores)), "table": histogram_table(scores, record.max), "same": same}


def histogram_table(scores: Sequence[float], most: float) -> list[tuple[float, float, int]]:
    """From, to and number of scores for each of ten equal steps of the scale; to the last belongs its upper end."""
    top = max(most, *scores, 1e-9)  # extra credit may go beyond the most
    counts, edges = np.histogram(scores, bins=10, range=(0.0, top))
    return [(float(low), float(high), int(count)) for low, high, count in zip(edges, edges[1:], counts, strict=False)]


def _heat(made: list[MistakeMade], record: ClassRecord) -> dict[str, Any]:
    """The heat map: its columns, and its rows of (mistake, its cells, students in all)."""
    cells = by_mistake(made)
    columns = [item for item in record.items if any(item in row for row in cells.values())]
    rows = []
    for name, row in list(cells.items())[:MOST_ROWS]:
        students = {student for each in row.values() for student in each.students}
        rows.append((name.replace("-", " "), [row.get(column) for column in columns], len(students)))

    def level(count: int) -> int:
        """The colour of a cell, 1 to 5, by the share of the class."""
        return 1 + sum(count / max(1, len(record.marked)) >= step for step in HEAT)

    return {"columns": columns, "rows": rows, "hidden": len(cells) - len(rows), "level": level}


def _question(answers: Answers, item: Item, record: ClassRecord) -> dict[str, Any]:
    remarks = [f"{choice.option.letter}: {choice.remark}" for choice in answers.choices if choice.remark]
    remarks = [item.remark, *remarks] if item.remark else remarks
    return {"answers": answers, "item": item, "right": right_share(answers, record), "remarks": remarks}


def _row(entry: Entry, record: ClassRecord) -> dict[str, Any]:
    """What the table of everyone shows of one: for every exercise state, sign, points, and whether by hand."""
    cells = []
    for exercise in record.exercises:
        verdict, mark = entry.verdicts.get(exercise), entry.marks.get(exercise)
        shown = "?" if mark is None else points(mark)
        cells.append((verdict.state if verdict else None, shown, exercise in entry.by_hand))
    known = [mark for question in record.questions if (mark := entry.marks.get(question)) is not None]
    return {"entry": entry, "cells": cells, "quiz": points(total(known)) if known else "?"}


def _notable(made: list[MistakeMade], items: list[Item], record: ClassRecord) -> list[tuple[str, str, str]]:
    """What a teacher should see first: (address within the page, what, how much)."""
    found = []
    waiting = [entry for entry in record.entries if entry.waiting]
    if waiting:
        found.append(("failures", f"{len(waiting)} wait for a person", "nothing of them has been scored"))
    common = sorted((each for each in made if len(each.students) > 1), key=lambda each: -len(each.students))
    for each in common[:3]:
        share = f"{len(each.students)} of {len(record.marked)} students"
        found.append((f"m-{each.exercise}-{each.name}", f"{each.exercise}: {each.title}", share))
    for item in items:
        if item.backwards and item.remark:
            found.append((f"i-{item.name}", f"{item.name}: discrimination {item.discrimination:.2f}", item.remark))
    return found
