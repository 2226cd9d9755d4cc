"""Hand-ins as they are kept: every file of every attempt, whole, with what is known of when and where it came from."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.collect.archive import Found
from autograder.collect.layout import Kind, PathHint
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.files import write_atomically
from autograder.ingest import Ungradable, beside, ingest, recognise_among
from autograder.ingest.read import MAX_BYTES, read_cells

RECORD = "attempt.json"
MAX_FILES = 200
"""How many files of one attempt are kept; a hand-in is one notebook, or a folder with some pictures."""
MAX_READ = 30
"""How many of them are read to find the one that counts, notebooks first: some are slow to read."""
GRADED = (".ipynb", ".py", ".json", ".txt", ".md", ".qmd", ".rmd")
"""How the names of files end that may hold an assignment."""
PACKED = re.compile(r"\.(?:zip|rar|7z|tar|tgz|(?:tar|ipynb|py)\.(?:gz|bz2|xz|zst))\Z", re.IGNORECASE)
"""How the names of archives end that lie unopened among a student's files; a .gz alone is data."""
UNREADABLE = "?"
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[1-9]", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """A file of an attempt before it is kept."""

    found: Found
    hint: PathHint


@dataclass(frozen=True)
class Attempt:
    """One hand-in of one student.

    Attributes:
        folder: where its files are kept.
        main: the name of the file that is to be graded.
        came_from: the path of that file in its source.
        kind: whose naming that was.
        when: when it was handed in, UTC, where that is known.
        late: whether the system called it late; None where it says nothing.
        order: Canvas's file id; 0 elsewhere.
        modified: when the file, or the zip that it was handed in in, was changed last, UTC, as far as its archive or
            folder knows.
        files: how many files came in it.
        worked: how many exercises were worked on in the file that is to be graded; -1 where it holds none of them.
        others: the other assignments of the course whose notebooks came in it.
        left: what else came in it that may be the student's work, and is not graded: a sentence for each file.
        given: by which feedback goes back, as in ``PathHint``; empty where there is nothing.
    """

    folder: Path
    main: str
    came_from: str
    kind: Kind
    when: datetime | None
    late: bool | None
    order: int
    modified: datetime
    files: int
    worked: int = 0
    others: tuple[str, ...] = ()
    given: str = ""
    left: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The file that is to be graded."""
        return self.folder / self.main

    def is_late(self, due: datetime | None) -> bool:
        """Whether it came after the time that it was due; where either is unknown, what the system it came from says."""
        return self.when > due if self.when and due else bool(self.late)


def keep(items: Sequence[Item], parent: Path, assignment: Assignment) -> tuple[Attempt, bool]:
    """Keep the files of one attempt in a folder of their own, named by time and contents; what is there stays.

    Returns:
        The attempt, and whether it is new.
    """
    ends = {item.found.file: Path(item.hint.file.lower()).suffix for item in items}
    some = sorted(items, key=lambda item: (*GRADED, ends[item.found.file]).index(ends[item.found.file]))[:MAX_FILES]
    held = dict.fromkeys((item.found.file for item in some), (-1, ""))
    held |= {item.found.file: holds(item.found.file, item.hint.file, assignment) for item in some[:MAX_READ]}
    ranked = sorted(some, key=lambda item: _rank(item, held[item.found.file], assignment.name), reverse=True)
    best = ranked[0]
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda item: (item.hint.file, item.found.parts)):
        digest.update(item.hint.file.encode() + b"\0" + _digest(item.found.file))
    hint = best.hint
    stamp = hint.when or best.found.arrived
    folder = parent / f"{stamp:%Y-%m-%dT%H%M%S}-{digest.hexdigest()[:12]}"
    known = next((each for each in parent.glob(f"*-{digest.hexdigest()[:12]}") if (each / RECORD).is_file()), None)
    if known is not None:
        _learn(known, best)
        return load(known), False
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, None] = {}
    for item in ranked:
        name = _new_name(file_name(item.hint.file), names)
        names[name] = None
        shutil.copyfile(item.found.file, folder / name)
    record: dict[str, Any] = {"main": next(iter(names)), "came_from": best.found.name, "kind": hint.kind.value}
    record |= {"when": hint.when.isoformat() if hint.when else None, "late": hint.late, "order": hint.order}
    record |= {"modified": best.found.arrived.isoformat(), "files": len(items), "worked": held[best.found.file][0]}
    record["given"] = hint.given
    record["others"] = sorted({whose for _, whose in held.values()} - {"", UNREADABLE, assignment.name})
    record["left"] = _left(ranked, {item.found.file: held[item.found.file] for item in some[:MAX_READ]})
    _write(folder, record)
    return load(folder), True


def _write(folder: Path, record: dict[str, Any]) -> None:
    write_atomically(folder / RECORD, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())


def _learn(folder: Path, item: Item) -> None:
    """Add time, lateness and given name to what is kept of an attempt; where they are known, only its own source is heard."""
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    known = {"when": item.hint.when.isoformat() if item.hint.when else None, "late": item.hint.late}
    known["given"] = item.hint.given or None
    own = record["came_from"] == item.found.name
    free = [field for field in known if own or record.get(field) in (None, "")]
    news = {field: known[field] for field in free if known[field] is not None}
    if record | news != record:
        _write(folder, record | news)


def load(folder: Path) -> Attempt:
    """An attempt that is kept."""
    record = {"worked": 0, "others": (), "given": "", "left": ()} | json.loads(
        (folder / RECORD).read_text(encoding="utf-8")
    )
    record |= {"kind": Kind(record["kind"]), "others": tuple(record["others"]), "left": tuple(record["left"])}
    record |= {name: datetime.fromisoformat(record[name]) for name in ("when", "modified") if record[name]}
    return Attempt(folder, **record)


def attempts(parent: Path) -> list[Attempt]:
    """Everything that is kept of one student, the latest first.

    Canvas's file ids grow with time and decide where all attempts have one; elsewhere it is the time of handing in.
    Where that is not known of all, the one counts in which more was done, then the file that was changed last.
    """
    kept = [load(path.parent) for path in parent.glob(f"*/{RECORD}")]
    if kept and all(each.order for each in kept):
        return sorted(kept, key=lambda each: (each.order, each.modified), reverse=True)
    timed = order_known(kept)
    return sorted(kept, key=lambda each: (not timed and each.worked, each.when or each.modified, each.modified))[::-1]


def order_known(kept: Sequence[Attempt]) -> bool:
    """Whether a platform says which of several attempts is the latest."""
    times = {each.when for each in kept} - {None}
    return len(kept) < 2 or all(each.order for each in kept) or len(times) == len(kept)


def hand_ins(course: Course, name: str) -> dict[str, int]:
    """How often each student has handed in an assignment: as many attempts as are kept, or as Canvas has numbered.

    Canvas calls the second hand-in NAME-1.ipynb, also where nobody has downloaded the first.
    """
    numbered = re.compile(rf"{re.escape(name)}-(\d{{1,3}})\.\w+\Z")
    counts = {}
    for folder in (course.collected / name / "students").glob("*"):
        kept = attempts(folder)
        found = [match for each in kept if each.kind is Kind.CANVAS and (match := numbered.search(each.came_from))]
        counts[folder.name] = max(len(kept), *(int(match[1]) + 1 for match in found), 0)
    return counts


def _left(ranked: Sequence[Item], held: Mapping[Path, tuple[int, str]]) -> list[str]:
    """What beside the file that is graded, the first, may be the student's work: other such notebooks, what cannot be read."""
    left, best = dict[bytes, str](), ranked[0]
    for item in ranked[1:]:
        worked, whose = held.get(item.found.file, (-1, ""))
        said = "was worked on, too" if worked > 0 else "cannot be read" if whose == UNREADABLE else ""
        if said and (digest := _digest(item.found.file)) != _digest(best.found.file):
            own = "/".join(item.found.parts[len(PurePosixPath(item.hint.place).parts) :]) or item.hint.file
            left.setdefault(digest, f"{own} {said}")
    return list(left.values())


def _rank(item: Item, held: tuple[int, str], name: str) -> tuple[bool, int, int, int, bool, datetime, tuple[str, ...]]:
    """Of several files of one attempt the notebook of this assignment that is newest, or that most was done in.

    One that is as it was released gives way to one that cannot be read: a person has to see that.
    """
    worked, whose = held
    exact = item.hint.file in (f"{name}.ipynb", f"{name}.py")
    sure = 2 if worked > 0 else 1 if whose == UNREADABLE else 0
    return worked >= 0 or sure > 0, sure, item.hint.order, worked, exact, item.found.modified, item.found.parts


def holds(path: Path, name: str, assignment: Assignment) -> tuple[int, str]:
    """What a file of this name holds: how many of the assignment's exercises were worked on, or another assignment.

    Returns:
        The number, -1 where it holds none, and the name of the course's assignment whose notebook it is, else nothing;
        ``UNREADABLE`` of a notebook or an archive that nobody can look into.
    """
    if PACKED.search(name):
        return -1, UNREADABLE
    if not name.lower().endswith(GRADED):
        return -1, ""
    known = path.stat()
    return _holds(path, (known.st_mtime_ns, known.st_size, known.st_ino), name, assignment)


@cache
def _holds(path: Path, state: tuple[int, ...], name: str, assignment: Assignment) -> tuple[int, str]:
    """The same, of a file in this state: a source is asked first whose it is, then what of it counts."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        whose = recognise_among(data, beside(assignment), assignment.name + Path(name.lower()).suffix).name
        if whose != assignment.name:
            return -1, whose
        rebuilt = ingest(data, assignment, name).notebook
    except Ungradable:
        return -1, "" if not name.lower().endswith(".ipynb") or _is_readable(data) else UNREADABLE
    release = {cell.id: cell.source for cell in assignment.release.cells}
    worked = sum(cell.source != release[cell.id] for cell in rebuilt.cells if cell.id in assignment.solution_cells)
    return worked, assignment.name


def _is_readable(data: bytes) -> bool:
    try:
        return bool(read_cells(data))
    except Ungradable:
        return False


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    return one.stat().st_size == other.stat().st_size and _digest(one) == _digest(other)


def _new_name(name: str, taken: dict[str, None]) -> str:
    """The name, with a number where another file of the attempt has it already, on Windows too."""
    lower = {each.lower() for each in taken} | {RECORD}
    stem, _, suffix = name.rpartition(".")
    number, candidate = 1, name
    while candidate.lower() in lower:
        number += 1
        candidate = f"{stem} ({number}).{suffix}" if stem else f"{name} ({number})"
    return candidate


def file_name(name: str) -> str:
    """A name under which a file can be kept on any system: no separators, control characters or reserved names."""
    kept = "".join("_" if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in name).strip(" .")
    stem, suffix = os.path.splitext(kept)
    while len(os.fsencode(stem + suffix)) > 120:
        stem, suffix = (stem[:-1], suffix) if stem else ("file", suffix[:10])
    reserved = _RESERVED.fullmatch(stem) is not None
    return f"_{stem}{suffix}" if reserved else (stem + suffix) or "file"
