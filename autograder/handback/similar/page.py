"""Similar submissions side by side, as one page that loads nothing and runs nothing."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.files import write_atomically
from autograder.handback.similar.compare import Pair, Resemblance, Work
from autograder.render.sanitise import visible
from autograder.render.templates import template

CONTEXT = 3
"""Lines shown before and after each passage."""


def write(found: Resemblance, course: Course, name: str) -> Path:
    """Write the page and, for ``autograder report``, the pairs as data; returns the page."""
    path = course.similar / f"{name}.html"
    write_atomically(path, page(found, name).encode())
    data: dict[str, Any] = {"assignment": name, "pairs": [entry | {"page": path.name} for entry in _entries(found)]}
    data["not_compared"] = [asdict(omission) for omission in found.omissions]
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    write_atomically(path.with_suffix(".json"), text.encode())
    return path


def _entries(found: Resemblance) -> Iterator[dict[str, Any]]:
    """Each pair as data; of a group whose code is the same the first with each of the others."""
    for first, *others in found.groups:
        for other in others:
            yield {"students": [first.student, other.student], "similarity": 1.0}
    for pair in found.pairs:
        yield {"students": [pair.one.student, pair.other.student], "similarity": round(pair.share, 4)}


def page(found: Resemblance, name: str) -> str:
    """The page as HTML; whatever students wrote is text in it."""
    return template("similar.html.j2").render(name=name, found=found, pairs=[_shown(pair) for pair in found.pairs])


def _shown(pair: Pair) -> dict[str, Any]:
    return {
        "share": round(100 * pair.share),
        "sides": [
            {"student": work.student, "lines": list(_excerpt(work, marked)), "marked": len(marked)}
            for work, marked in ((pair.one, pair.one_lines), (pair.other, pair.other_lines))
        ],
    }


def _excerpt(work: Work, marked: frozenset[int]) -> Iterator[dict[str, Any]]:
    """The lines around the passages, numbered, with a gap where lines are left out."""
    lines = work.code.split("\n")
    near = {at for mark in marked for at in range(mark - CONTEXT, mark + CONTEXT + 1) if 0 <= at < len(lines)}
    before = -1
    for at in sorted(near):
        if at != before + 1:
            yield {"number": None, "text": "⋯", "marked": False}
        yield {"number": at + 1, "text": visible(lines[at]), "marked": at in marked}
        before = at
    if near and before < len(lines) - 1:
        yield {"number": None, "text": "⋯", "marked": False}
