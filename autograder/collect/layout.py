"""Whose file is it? What the paths of Canvas, Moodle, nbgrader's exchange and plain folders say.

Sources: Canvas, lib/content_zipper.rb: ``name[_LATE]_userid_fileid_file``, the name without all but letters, digits and
``_``, ``anon_code`` in place of both where marking is anonymous; older versions wrote ``name_userid_LATE_fileid``.
Moodle, mod/assign/classes/downloader.php: the folder ``Full Name_participant_assignsubmission_file_``, or the same as a
prefix of the file. Blackboard: ``Title_login_attempt_2026-11-20-10-00-00_file``, and ``.txt`` in place of ``_file``, with
what was written there; "attempt" in the teacher's language. Brightspace: the folder ``123-456 - Full Name - Nov 20, 2026 1000 AM``, or that before `` - file``.
Google Classroom: ``Full Name - file``. Gradescope: the folder ``submission_3001``, whose it is says a table. nbgrader, exchange/default/submit.py: the folder ``student+assignment+timestamp[+random]``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

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
_MOODLE_FOLDER = re.compile(r"(?P<name>.+)_(?P<user>\d+)_assignsubmission_[a-z]+_?(?P<rest>)", re.DOTALL)
_MOODLE_FILE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)", re.DOTALL)
_EXCHANGE = re.compile(
    r"(?P<user>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [^+]+)(?:\+.*)?"
)
_BLACKBOARD = re.compile(
    r"(?P<who>.+?)_(?:attempt|versuch|poging|intento?|tentativ[aeo]|fors[øö]k|forsøg|deneme|尝试|嘗試|試行|시도)_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|\.txt)",
    re.DOTALL | re.IGNORECASE,
)
_BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-\d+\s*-\s+(?P<name>.+?)\s*-\s+(?P<when>[^-]*?\d{4}[^-]*?)(?:\s+-\s+(?P<file>.+))?"
)
_NO_COLON = re.compile(r"(?<=[\d日,]\s)(\d\d?)(?:\s?h)?[ :]?(\d\d\D*)$")  # 1158 PM, 23 h 58
_CLASSROOM = re.compile(r"(?P<name>[^\W\d_][^\d_]*?) - (?P<file>.+)", re.DOTALL)
_GRADESCOPE = re.compile(r"submission_\d+")
_COPY = re.compile(r"^(?:copy of|kopie von|copie de)\s+|(?:的副本|\s*-\s*copy)$", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:copy|kopie|copie|副本|untitled|notebook|submission|final|version|of|von|de|的|v?(?<!\d)\d{1,4}(?!\d))+",
    re.IGNORECASE,
)

MIN_DIGITS = 6
"""Fewer digits are a copy's number, a day or a year before they are an id."""

_BESIDE = frozenset(".csv .tsv .xlsx .ods .yml .yaml .html .htm .md .log".split())
"""Tables and pages that platforms and people put beside the hand-ins."""
_WORK = frozenset({".ipynb", ".py", ".json", ".zip"})
"""What is handed in without a folder where others have one; anything else is a stray file."""


class Kind(StrEnum):
    """Where a file came from."""

    CANVAS = "Canvas"
    MOODLE = "Moodle"
    BLACKBOARD = "Blackboard"
    BRIGHTSPACE = "Brightspace"
    CLASSROOM = "Classroom"
    GRADESCOPE = "Gradescope"
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
        others: other readings of the name, (name, user id): a name or a file's name may hold numbers or a ``_`` itself.
        place: what holds the whole hand-in (the zip or folder): files of one student in one place are one hand-in.
        file: the student's own name of the file.
        late: whether the system says that it is late; None where it says nothing.
        when: when it was handed in, UTC, where that is said.
        local: the same where the source does not say in which zone, as text.
        order: Canvas's file id, which grows with time; 0 elsewhere.
        assignment: the assignment that is named, where one is.
        given: by which feedback goes back: the file's or folder's name as Canvas or Moodle gave it out, the exchange's secret.
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
    others: tuple[tuple[str, str], ...] = ()
    local: str = ""
    given: str = ""


class Layout:
    """Where a source's students begin and what its outermost paths say of them, decided once for the whole source.

    Words are ``known`` that are a student's id or name.
    """

    def __init__(
        self, outermost: Sequence[tuple[str, ...]], assignment: str, known: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._assignment, self._known = assignment, known
        self._depth = _depth(outermost, assignment, known)
        self._in_folders = len({path[self._depth] for path in outermost if len(path) > self._depth + 1}) > 1

        named = [path[-1] for path in outermost if len(path) == self._depth + 1]
        named = [name for name in named if PurePosixPath(name).suffix.lower() not in _BESIDE]
        # it names all files; a student may name one so
        self._is_blackboards = 2 * sum(map(bool, map(_BLACKBOARD.fullmatch, named))) > len(named)

    def _is_classroom(self, name: str, file: str) -> bool:
        """Whether ``name - file`` is Google Classroom's: a student's name, and a file whose name says nothing of whose."""
        anyones = not own_part(PurePosixPath(file).stem, self._assignment)
        return bool(own_part(name, self._assignment)) and (anyones or self._known(name))

    def _said(self, stem: str) -> str:
        return own_part(stem, self._assignment) or known_number(stem, self._assignment, self._known)

    def hint(self, outer: tuple[str, ...], packed: str | None = None) -> PathHint:
        """What an outermost path says; the file ``packed`` in its zip says nothing of whose it is."""
        at = min(self._depth, len(outer) - 1)
        if at < len(outer) - 1 and outer[at].casefold() == self._assignment.casefold():
            at += 1
        part, loose = outer[at], at == len(outer) - 1
        own = packed or outer[-1]
        place = "/".join(outer[: at + 1])
        if not loose and (match := _EXCHANGE.fullmatch(part)) and (when := parse_utc(match["when"])):
            return PathHint(Kind.EXCHANGE, match["user"], "", place, own, when=when, assignment=match["assignment"])
        if match := (_MOODLE_FILE if loose else _MOODLE_FOLDER).fullmatch(part):
            place = "/".join((*outer[:at], f"{match['name']}_{match['user']}"))
            rest = match["rest"] if loose and packed is None else own
            return PathHint(Kind.MOODLE, match["name"], match["user"], place, rest, given=part)
        if loose and (canvas := canvas_parts(part)):
            rest = canvas["rest"] or "" if packed is None else own
            late = bool(canvas.get("late") or canvas.get("late2"))
            name, user = canvas.get("name") or "", canvas.get("user") or ""
            place = "/".join((*outer[:at], f"{name}_{user}"))
            order, others = int(canvas.get("file") or 0), tuple(_other_readings(part, user))
            return PathHint(Kind.CANVAS, name, user, place, rest, late, None, order, others=others, given=part)
        if match := _BRIGHTSPACE.fullmatch(part):
            local = _NO_COLON.sub(r"\1:\2", match["when"])
            place = "/".join((*outer[:at], part.removesuffix(match["file"] or "")))
            own = match["file"] if loose and packed is None and match["file"] else own
            return PathHint(Kind.BRIGHTSPACE, match["name"], match["number"], place, own, local=local)
        if not loose and _GRADESCOPE.fullmatch(part):
            return PathHint(Kind.GRADESCOPE, "", part, place, own)
        if loose and (match := _CLASSROOM.fullmatch(part)) and self._is_classroom(match["name"], match["file"]):
            return PathHint(Kind.CLASSROOM, match["name"], "", place, own if packed else match["file"])
        if loose and self._is_blackboards and (match := _BLACKBOARD.fullmatch(part)):
            who, stamp = match["who"], match["when"]
            place = "/".join((*outer[:at], f"{who}_{stamp}"))
            titled = re.fullmatch(rf"{re.escape(self._assignment)}_(.+)", who, re.IGNORECASE | re.DOTALL)
            words = (titled[1] if titled else who).split("_")
            name = titled[1] if titled else words[-1]
            others = tuple(("_".join(words[at:]), "") for at in range(len(words)))
            local = f"{stamp[:10]} {stamp[11:].replace('-', ':')}"
            own = (match["rest"] or "comment.html") if packed is None else own
            return PathHint(Kind.BLACKBOARD, name, "", place, own, others=others, local=local)
        if loose and packed is None:
            stem, suffix = PurePosixPath(part).stem, PurePosixPath(part).suffix.lower()
            stray = suffix in _BESIDE or (suffix not in _WORK and (self._in_folders or stem.casefold() == "readme"))
            return PathHint(Kind.FILE, "" if stray else self._said(stem), "", place, own)
        owner = PurePosixPath(part).stem if part.lower().endswith(".zip") else part
        said = self._said(owner)  # GitHub Classroom's folders are hw1-LOGIN
        name = owner if said or owner.isdecimal() else ""
        return PathHint(Kind.FOLDER, name, "", place, own, others=((said, ""),))


def canvas_parts(part: str) -> dict[str, str | None] | None:
    """What a file's name says that Canvas gave out, by group of the patterns; None for any other name."""
    for pattern in (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT):
        if match := pattern.fullmatch(part):
            return match.groupdict()
    return None


def moodle_participant(given: str) -> tuple[str, str]:
    """The number and the full name in the name of a folder or file that Moodle gave out; both empty in any other."""
    match = _MOODLE_FOLDER.fullmatch(given) or _MOODLE_FILE.fullmatch(given)
    return (match["user"], match["name"]) if match else ("", "")


def _other_readings(part: str, user: str) -> Iterator[tuple[str, str]]:
    """The names and user ids that a Canvas name may mean besides the first: any two numbers side by side."""
    words = [word for word in part.split("_") if word.lower() != "late"]
    for at in range(len(words) - 2):
        if words[at].isdecimal() and words[at + 1].isdecimal() and words[at] != user:
            yield "_".join(words[:at]), words[at]


def own_part(stem: str, assignment: str) -> str:
    """What is left of a file's name when the assignment's and what says nothing (copy of, (1), final) is taken out."""
    rest = re.sub(rf"(?<![^\W_]){re.escape(assignment)}(?![^\W_])", " ", stem, flags=re.IGNORECASE)
    rest = re.sub(r"\(\d+\)|\.ipynb$", " ", rest)
    words = [word for word in re.split(r"[\s_\-–—.,()\[\]]+", rest) if word]
    if all(_GENERIC.fullmatch(word) for word in words):
        return ""
    return _COPY.sub("", rest.strip(" _-–—.,")).strip(" _-")


def known_number(stem: str, assignment: str, known: Callable[[str], bool]) -> str:
    """An id like 12-345-678 that is in the class list and else would count as dates and numbers of copies."""
    rest = re.sub(rf"(?<![^\W_]){re.escape(assignment)}(?![^\W_])|\(\d+\)", " ", stem, flags=re.IGNORECASE)
    rest = rest.strip(" _-–—.,")
    return rest if sum(map(str.isdecimal, rest)) >= MIN_DIGITS and known(rest) else ""


_ONE_STUDENTS = (_EXCHANGE, _MOODLE_FOLDER, _BRIGHTSPACE, _GRADESCOPE)
_ONE_STUDENTS_FILES = (_MOODLE_FILE, _BLACKBOARD, _BRIGHTSPACE, _CLASSROOM)
"""Folders and files that platforms name, one per hand-in."""


def _depth(paths: Sequence[tuple[str, ...]], assignment: str, known: Callable[[str], bool]) -> int:
    """How many leading folders hold the whole class: never one that a platform or the class list names a student's."""
    paths = [path for path in paths if PurePosixPath(path[-1]).suffix.lower() not in _BESIDE]
    notebooks = [path for path in paths if path[-1].lower().endswith(".ipynb")]
    depth = 0
    while paths and all(len(path) > depth + 1 and path[depth] == paths[0][depth] for path in paths):
        folder = paths[0][depth]
        if known(folder) or any(pattern.fullmatch(folder) for pattern in _ONE_STUDENTS):
            return depth
        depth += 1
    names = {path[depth] for path in paths}
    loose = [path[depth] for path in paths if len(path) == depth + 1]
    if len({path[depth] for path in notebooks if len(path) > depth + 1}) > 1:  # then other files there are nobody's
        loose = [each for each in loose if PurePosixPath(each).suffix.lower() in _WORK]

    def is_one_students(name: str) -> bool:
        by_platform = canvas_parts(name) or any(pattern.fullmatch(name) for pattern in _ONE_STUDENTS_FILES)
        stem = PurePosixPath(name).stem
        whose = known(own_part(stem, assignment)) or known_number(stem, assignment, known)
        return bool(by_platform) or name.endswith(".zip") or bool(whose)

    # One student alone shares the folder with nobody.
    return depth if len(names) > 1 and all(map(is_one_students, loose)) and assignment not in names else 0
