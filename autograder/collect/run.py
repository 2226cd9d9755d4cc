"""Bring what students handed in from anywhere into submitted/STUDENT/NAME/, and keep all that came."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from autograder.collect.archive import Found, Refused, on_disk, walk
from autograder.collect.attempt import Attempt, Item, attempts, keep, same
from autograder.collect.layout import Kind, PathHint, path_hints
from autograder.collect.roster import Person, Roster, is_folder_name, squashed
from autograder.course.assignment import Assignment
from autograder.files import scratch, write_atomically
from autograder.gradebook.timestamp import TIMESTAMP, read_timestamp

BESIDE = frozenset({TIMESTAMP, "submission_secret.txt"})
"""What nbgrader's exchange puts beside a student's files."""


class Policy(StrEnum):
    """Which of several attempts is graded."""

    latest = "latest"
    in_time = "in-time"


@dataclass(frozen=True)
class Row:
    """What was made of one student.

    Attributes:
        student: the id.
        attempt: the one that is to be graded.
        older: how many others are kept.
        late: whether it is late.
        changed: whether there is something else in ``submitted`` now than before.
        note: what an instructor should know, else empty.
    """

    student: str
    attempt: Attempt
    older: int
    late: bool
    changed: bool
    note: str = ""


@dataclass(frozen=True)
class Collected:
    """What came of a source.

    Attributes:
        rows: by student, sorted.
        nobody: files that belong to nobody, each with the folder in which it is kept and the reason.
        refused: what was not taken.
        absent: who of the class has handed in nothing, this time and before.
    """

    rows: tuple[Row, ...]
    nobody: tuple[Refused, ...]
    refused: tuple[Refused, ...]
    absent: tuple[Person, ...]


def collect(
    source: Path, assignment: Assignment, roster: Roster | None = None, policy: Policy = Policy.latest
) -> Collected:
    """Collect an assignment from a folder or an archive; doing it again changes nothing.

    Every file that came is kept in ``collected/NAME/``, by student and attempt. The attempt that counts is copied to
    ``submitted/STUDENT/NAME/``, with its time in ``timestamp.txt``. What lay there before, put by hand, is kept as
    one more attempt.

    Args:
        source: a folder, a zip or a file.
        assignment: what was handed in.
        roster: the class; without one every name that a path gives is a student.
        policy: which of several attempts counts.

    Raises:
        FileNotFoundError: there is no such source.
    """
    home = assignment.course.collected / assignment.name
    with scratch() as folder:
        found, refused = _sorted_out(walk(source, folder))
        groups, nobody = _by_student(found, assignment, roster, home)
        for student, hand_ins in groups.items():
            _adopt(student, assignment, home)
            for items in hand_ins.values():
                keep(items, home / "students" / student, assignment)
        for student in _students_of(home):
            if student not in groups:
                _adopt(student, assignment, home)
    rows = [_hand_over(student, assignment, home, policy) for student in _students_of(home)]
    there = {row.student for row in rows} | {path.parent.name for path in _submissions(assignment)}
    absent = tuple(each for each in roster.people if each.id not in there) if roster else ()
    return Collected(tuple(rows), tuple(nobody), tuple(refused), absent)


def _submissions(assignment: Assignment) -> Iterable[Path]:
    return assignment.course.submitted.glob(f"*/{assignment.name}")


def _sorted_out(walked: Iterable[Found | Refused]) -> tuple[list[Found], list[Refused]]:
    found, refused = [], []
    for each in walked:
        if isinstance(each, Found):
            found.append(each)
        else:
            refused.append(each)
    return found, refused


def _students_of(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "students").glob("*") if any(path.glob("*/attempt.json")))


Groups = dict[str, dict[str, list[Item]]]


def _by_student(
    found: list[Found], assignment: Assignment, roster: Roster | None, home: Path
) -> tuple[Groups, list[Refused]]:
    """The files by student and hand-in; what belongs to nobody is kept aside and named."""
    groups: defaultdict[str, defaultdict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    strays: defaultdict[str, list[Item]] = defaultdict(list)
    reasons: dict[str, str] = {}
    for each, hint in zip(found, path_hints(found, assignment.name), strict=True):
        if hint.file in BESIDE:
            continue
        student, reason, time = _owner(hint, assignment, roster)
        if student:
            timed = hint if hint.when or time is None else replace(hint, when=time)
            groups[student][hint.place].append(Item(each, timed))
        else:
            strays[hint.place].append(Item(each, hint))
            reasons[hint.place] = reason
    nobody = []
    for place, items in strays.items():
        attempt, _ = keep(items, home / "nobody", assignment)
        names = ", ".join(item.found.name for item in items[:3]) + (f" and {len(items) - 3} more" * (len(items) > 3))
        nobody.append(Refused(names, f"{reasons[place]} Kept in {attempt.folder.relative_to(assignment.course.root)}."))
    return {student: dict(hand_ins) for student, hand_ins in groups.items()}, nobody


def _owner(hint: PathHint, assignment: Assignment, roster: Roster | None) -> tuple[str, str, datetime | None]:
    """The student's id, or why there is none, and the time of handing in that the class list gives."""
    if hint.assignment not in (None, assignment.name):
        return "", f"It was handed in as {hint.assignment}.", None
    if not (hint.name or hint.number):
        return "", "Its name does not say whose it is.", None
    if roster is not None:
        person = roster.owner(hint)
        if person is None:
            said = " ".join(part for part in (hint.name, hint.number) if part)
            return "", f"Nobody in the class list, or more than one, is {said}.", None
        return person.id, "", person.submitted
    student = hint.name
    if hint.kind in (Kind.CANVAS, Kind.MOODLE) and hint.number:
        student = f"{squashed(hint.name)}-{hint.number}"
    return (student, "", None) if is_folder_name(student) else ("", "Its name cannot be a student's id.", None)


def _adopt(student: str, assignment: Assignment, home: Path) -> None:
    """Keep what lies in a student's folder without having been collected as one more attempt."""
    folder = assignment.course.submitted / student / assignment.name
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    files = [path for path in files if path.name not in BESIDE]
    kept = [each.path for each in attempts(home / "students" / student)]
    strange = [path for path in files if not any(same(path, other) for other in kept)]
    if not strange:
        return
    when = read_timestamp(folder)
    items = []
    for path in strange:
        found = on_disk(path, (student, assignment.name, path.name))
        items.append(Item(found, PathHint(Kind.FOLDER, student, "", str(folder), path.name, None, when)))
    keep(items, home / "students" / student, assignment)


def _hand_over(student: str, assignment: Assignment, home: Path, policy: Policy) -> Row:
    """Put the attempt that counts where it is graded, alone, with its time beside it."""
    due = assignment.course.entry(assignment.name).due_utc
    kept = attempts(home / "students" / student)
    chosen = kept[0]
    if policy is Policy.in_time:
        chosen = next((each for each in kept if not each.is_late(due)), chosen)
    late = chosen.is_late(due)
    folder = assignment.course.submitted / student / assignment.name
    wanted = {_graded_name(chosen, assignment.name): chosen.path.read_bytes()}
    stamp, note = _stamp(chosen, late, due)
    if stamp is not None:
        wanted[TIMESTAMP] = f"{stamp} UTC\n".encode()
    changed = _make_so(folder, wanted)
    return Row(student, chosen, len(kept) - 1, late, changed, note)


def _stamp(attempt: Attempt, late: bool, due: datetime | None) -> tuple[datetime | None, str]:
    """The time to be written beside an attempt, and what to say of it.

    Canvas's archive says that something is late, but not by how much: then it is late by as little as can be.
    """
    if attempt.when is not None or not late:
        return attempt.when, ""
    if due is None:
        return None, "late, but course.toml does not say when it was due: no penalty"
    return due + timedelta(seconds=1), "late by an unknown time: counted as one second"


def _graded_name(attempt: Attempt, name: str) -> str:
    """A notebook is called NAME.ipynb, for nbgrader takes no other; what is no notebook keeps its own name."""
    with attempt.path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start == b"{":
        return f"{name}.ipynb"
    return f"{name}.py" if attempt.main.lower().endswith(".py") else attempt.main


def _make_so(folder: Path, wanted: dict[str, bytes]) -> bool:
    """Make a folder hold these files and no others; returns whether anything had to be done."""
    there = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    changed = False
    for name in there.keys() - wanted.keys():
        path = there[name]
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
        changed = True
    for name, data in wanted.items():
        path = folder / name
        if path.is_symlink() or not path.is_file() or path.read_bytes() != data:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)
            changed = True
    return changed
