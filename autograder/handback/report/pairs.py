"""Similar pairs, as the search for copies leaves them in the course folder: ``similar/NAME.json``.

The file holds ``{"assignment": NAME, "pairs": [{"students": [A, B], "similarity": 0.93, "page": "NAME.html"}, …]}``;
``page`` shows the two side by side, relative to ``similar/``, and may be absent.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike: how much, in [0, 1], and a page with the two side by side, where there is one."""

    students: tuple[str, str]
    similarity: float
    page: Path | None


def pairs_path(course: Course, name: str) -> Path:
    """Where the similar pairs of an assignment are kept."""
    return course.similar / f"{name}.json"


def read_pairs(course: Course, name: str) -> list[Pair] | None:
    """The similar pairs, most alike first; None where nobody has looked for any.

    Raises:
        ValueError: the file is not as described above.
    """
    path = pairs_path(course, name)
    if not path.is_file():
        return None
    try:
        found = []
        for pair in json.loads(path.read_text(encoding="utf-8"))["pairs"]:
            (one, other), page = pair["students"], path.parent / (pair.get("page") or "")
            found.append(Pair((one, other), float(pair["similarity"]), page if page.is_file() else None))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} does not hold similar pairs: {type(error).__name__} {error}") from error
    return sorted(found, key=lambda pair: (-pair.similarity, pair.students))
