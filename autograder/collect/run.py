"""Bring what students handed in from anywhere into submitted/STUDENT/NAME/, and keep all that came."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from autograder.collect.archive import Found, Refused, on_disk, outermost, walk
from autograder.collect.attempt import Attempt, Item, attempts, keep, same
from autograder.collect.layout import Kind, Layout, PathHint
from autograder.collect.roster import Person, Roster, is_folder_name, squashed
from autograder.course.assignment import Assignment
from autograder.files import own_files, scratch, write_atomically
from autograder.gradebook.timestamp import TIMESTAMP, read_timestamp

BESIDE = frozenset({TIMESTAMP, "submission_secret.txt"})
"""What nbgrader's exchange puts beside a student's files."""


SLACK = timedelta(hours=1)
"""How far clocks may differ."""
ZONES = timedelta(hours=14)
"""How far a class list's time may be ahead, for it is some zone's."""


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
    layout = Layout(outermost(source), assignment.name, roster.knows if roster else _students_of(home).__contains__)
    with scratch() as folder:
        walked = list(walk(source, folder, lambda outer: layout.hint(outer).place))
        found = [each for each in walked if isinstance(each, Found)]
        items = [Item(each, layout.hint(each.outer, each.parts[-1] if each.packed else None)) for each in found]
        groups, nobody, times = _by_student(items, assignment, roster, home)
        for student, hand_ins in groups.items():
            _adopt(student, assignment, home)
            for items in hand_ins.values():
                keep(items, home / "students" / student, assignment)
        for student in _students_of(home):
            if student not in groups:
                _adopt(student, assignment, home)
    rows = [_hand_over(student, assignment, home, policy) for student in _students_of(home)]
    submissions = assignment.course.submitted.glob(f"*/{assignment.name}")
    there = {row.student for row in rows} | {path.parent.name for path in submissions}
    refused = [each for each in walked if isinstance(each, Refused)]
    absent = tuple(each for each in roster.people if each.id not in there) if roster else ()
    return Collected(tuple(rows), tuple(nobody), (*refused, *times), absent)


def _students_of(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "students").glob("*") if any(path.glob("*/attempt.json")))


Groups = dict[str, dict[str, list[Item]]]


def _by_student(
    items: Iterable[Item], assignment: Assignment, roster: Roster | None, home: Path
) -> tuple[Groups, list[Refused], list[Refused]]:
    """The files by student and hand-in; what belongs to nobody, kept aside and named; times that are refused."""
    groups: defaultdict[str, defaultdict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    strays: defaultdict[str, list[Item]] = defaultdict(list)
    reasons: dict[str, str] = {}
    refused: set[tuple[str, str]] = set()
    for item in items:
        if item.hint.file in BESIDE:
            continue
        student, reason, time = _owner(item.hint, assignment, roster)
        if student:
            if time and is_future(time - ZONES):
                reason, time = f"The class list says {time:%Y-%m-%d %H:%M} UTC, which is still to come: not used.", None
                refused.add((student, reason))
            timed = item if item.hint.when or time is None else replace(item, hint=replace(item.hint, when=time))
            groups[student][item.hint.place].append(timed)
        else:
            strays[item.hint.place].append(item)
            reasons[item.hint.place] = reason
    for student, hand_ins in groups.items():
        for place in _contested(student, {place: each[0].hint for place, each in hand_ins.items()}, roster):
            strays[place] = hand_ins.pop(place)
            reasons[place] = f"Not only this one could be {student}'s; a person decides."
    nobody = []
    for place, each in strays.items():
        attempt, _ = keep(each, home / "nobody", assignment)
        names = ", ".join(item.found.name for item in each[:3]) + (f" and {len(each) - 3} more" * (len(each) > 3))
        nobody.append(Refused(names, f"{reasons[place]} Kept in {attempt.folder.relative_to(assignment.course.root)}."))
    of_students = {student: dict(hand_ins) for student, hand_ins in groups.items() if hand_ins}
    return of_students, nobody, [Refused(*each) for each in sorted(refused)]


def _contested(student: str, hints: dict[str, PathHint], roster: Roster | None) -> list[str]:
    """The places that only by their names are one student's, while others are so, too, or more surely.

    A folder that has the very id goes before folders whose names resemble it. Of numbers that the class list does not
    know, each is another account: then a name that several have says nothing.
    """
    if roster is None:
        return []
    folders = {place: hint.name == student for place, hint in hints.items() if hint.kind is Kind.FOLDER}
    accounts = {hint.number: roster.numbers(hint) for hint in hints.values() if hint.number}
    less = [place for place, exact in folders.items() if not exact and any(folders.values())]
    return less + [
        place for place, hint in hints.items() if len(accounts) > 1 and hint.number and not accounts[hint.number]
    ]


def _owner(hint: PathHint, assignment: Assignment, roster: Roster | None) -> tuple[str, str, datetime | None]:
    """The student's id, or why there is none, and the time of handing in that the class list gives."""
    if hint.assignment not in (None, assignment.name):
        return "", f"It was handed in as {hint.assignment}.", None
    if is_future(hint.when):
        return "", f"It says that it was handed in on {hint.when:%Y-%m-%d at %H:%M} UTC, which is still to come.", None
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


def is_future(when: datetime | None) -> bool:
    """Whether a time (UTC) is still to come, by more than clocks differ."""
    return when is not None and when > datetime.now(UTC).replace(tzinfo=None) + SLACK


def _adopt(student: str, assignment: Assignment, home: Path) -> None:
    """Keep what lies in a student's folder without having been collected as one more attempt."""
    folder = assignment.course.submitted / student / assignment.name
    files = [path for path in own_files(folder, assignment.course.submitted) if path.name not in BESIDE]
    kept = [each.path for each in attempts(home / "students" / student)]
    strange = [path for path in files if not any(same(path, other) for other in kept)]
    if not strange:
        return
    when = None if is_future(stamp := read_timestamp(folder)) else stamp
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
    """Make a folder hold these files and no others; returns whether anything had to be done.

    Links are deleted, not followed: what they lead to is another's.
    """
    for each in (folder.parent, folder):
        if each.is_symlink():
            each.unlink()
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
