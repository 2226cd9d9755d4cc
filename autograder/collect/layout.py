"""Whose file is it? What the paths of Canvas, Moodle, nbgrader's exchange and plain folders say.

Sources: Canvas, lib/content_zipper.rb: ``name[_LATE]_userid_fileid_file``, the name without all but letters, digits and
``_``, ``anon_code`` in place of both where marking is anonymous; older versions wrote ``name_userid_LATE_fileid``.
Moodle, mod/assign/classes/downloader.php: the folder ``Full Name_participant_assignsubmission_file_``, or the same as a
prefix of the file. nbgrader, exchange/default/submit.py: the folder ``student+assignment+timestamp[+random]``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from autograder.collect.archive import Found
from autograder.gradebook.timestamp import parse_utc

_CANVAS = re.compile(
    r"(?:(?P<name>\w*?)_)?(?:(?P<late>late)_)?(?P<user>\d+)_(?:(?P<late2>late)_)?(?P<file>\d+)_(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?:(?P<late>late)_)?(?P<name>anon_[0-9A-Za-z]{5})_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
_CANVAS_TEXT = re.compile(
    r"(?:(?P<name>\w*?)_)?(?:(?P<late>late)_)?(?P<user>\d+)_(?P<rest>(?:text|link)\.html)", re.IGNORECASE
)
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)", re.DOTALL)
_EXCHANGE = re.compile(
    r"(?P<user>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [^+]+)(?:\+.*)?"
)
_COPY = re.compile(r"^(?:copy of|kopie von|copie de)\s+|(?:的副本|\s*-\s*copy)$", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:copy|kopie|copie|副本|untitled|notebook|submission|final|version|of|von|de|的|v?\d{1,2})+", re.IGNORECASE
)


class Kind(StrEnum):
    """Where a file came from."""

    CANVAS = "Canvas"
    MOODLE = "Moodle"
    EXCHANGE = "nbgrader's exchange"
    FOLDER = "folder"
    FILE = "file"


@dataclass(frozen=True)
class PathHint:
    """What a path says of its file.

    Attributes:
        kind: whose naming it is.
        name: the student's name or folder, as written; empty where nothing is said.
        number: Canvas's user id or Moodle's participant id, empty elsewhere.
        place: what holds the whole hand-in (the zip or folder): files of one student in one place are one hand-in.
        file: the student's own name of the file.
        late: whether the system says that it is late; None where it says nothing.
        when: when it was handed in, UTC, where that is said.
        order: Canvas's file id, which grows with time; 0 elsewhere.
        assignment: the assignment that is named, where one is.
    """

    kind: Kind
    name: str
    number: str
    place: str
    file: str
    late: bool | None = None
    when: datetime | None = None
    order: int = 0
    assignment: str | None = None


def path_hints(found: Sequence[Found], assignment: str) -> list[PathHint]:
    """What every path says, in the same order."""
    wrapped = _wrapper(found, assignment)
    return [_hint(each.parts, wrapped, assignment) for each in found]


def _hint(parts: tuple[str, ...], wrapped: int, assignment: str) -> PathHint:
    for at, part in enumerate(parts):
        if match := _EXCHANGE.fullmatch(part):
            when = parse_utc(match["when"])
            if when is not None and at < len(parts) - 1:
                place = "/".join(parts[: at + 1])
                return PathHint(
                    Kind.EXCHANGE, match["user"], "", place, parts[-1], None, when, assignment=match["assignment"]
                )
        if match := _MOODLE.fullmatch(part):
            last = at == len(parts) - 1
            place = "/".join((*parts[:at], part if not last else f"{match['name']}_{match['user']}"))
            return PathHint(Kind.MOODLE, match["name"], match["user"], place, match["rest"] if last else parts[-1])
        canvas = _canvas(part)
        if canvas:
            # A zip that was handed in is opened; its members are the hand-in, and have names of their own.
            own = canvas["rest"] or "" if at == len(parts) - 1 else parts[-1]
            late = bool(canvas.get("late") or canvas.get("late2"))
            place = "/".join((*parts[:at], f"{canvas.get('name') or ''}_{canvas.get('user') or ''}"))
            order = int(canvas.get("file") or 0)
            return PathHint(
                Kind.CANVAS, canvas.get("name") or "", canvas.get("user") or "", place, own, late, None, order
            )
    return _plain(parts, wrapped, assignment)


def _canvas(part: str) -> dict[str, str | None] | None:
    for pattern in (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT):
        if match := pattern.fullmatch(part):
            return match.groupdict()
    return None


def _plain(parts: tuple[str, ...], wrapped: int, assignment: str) -> PathHint:
    """A folder named after the student, or a loose file whose name says whose it is."""
    inner = parts[wrapped:]
    if len(inner) > 1:
        owner = PurePosixPath(inner[0]).stem if inner[0].lower().endswith(".zip") else inner[0]
        # In a folder of its own the name may still be no student's: STUDENT may be the assignment, or say nothing.
        name = own_part(owner, assignment)
        other = next((each for each in inner[1:-1] if each != assignment), None)
        if not name and other:
            return PathHint(Kind.FOLDER, other, "", "/".join((*parts[:wrapped], inner[0], other)), parts[-1])
        return PathHint(Kind.FOLDER, name and owner, "", "/".join(parts[: wrapped + 1]), parts[-1])
    stem = PurePosixPath(inner[-1]).stem
    return PathHint(Kind.FILE, own_part(stem, assignment), "", "/".join(parts), parts[-1])


def own_part(stem: str, assignment: str) -> str:
    """What is left of a file's name when the assignment's and what says nothing (copy of, (1), final) is taken out."""
    rest = re.sub(rf"(?<![^\W_]){re.escape(assignment)}(?![^\W_])", " ", stem, flags=re.IGNORECASE)
    rest = re.sub(r"\(\d+\)|\.ipynb$", " ", rest)
    words = [word for word in re.split(r"[\s_\-–—.,()\[\]]+", rest) if word]
    if all(_GENERIC.fullmatch(word) for word in words):
        return ""
    kept = rest.strip(" _-–—.,")
    return _COPY.sub("", kept).strip(" _-")


def _wrapper(found: Sequence[Found], assignment: str) -> int:
    """How many leading parts all paths share that name no student: the zip itself, a folder around all others."""
    paths = [each.parts[:-1] for each in found]
    depth = 0
    while paths and all(len(path) > depth and path[depth] == paths[0][depth] for path in paths):
        depth += 1
    if depth == 0 or not paths:
        return 0
    below = {path[depth] for path in paths if len(path) > depth}
    whole = all(len(path) > depth for path in paths)
    # One student alone shares the folder with nobody: only the source's own zip is surely no student.
    is_zip = paths[0][0].lower().endswith(".zip")
    if whole and len(below) > 1 and assignment not in below:
        return depth
    return min(depth, 1) if is_zip and all(len(each.parts) > 1 for each in found) else 0
