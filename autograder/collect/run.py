"""Bring what students handed in from anywhere into submitted/STUDENT/NAME/, and keep all that came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from autograder.collect.archive import Found, Refused, on_disk, outermost, walk
from autograder.collect.attempt import Attempt, Item, attempts, keep, order_known, same
from autograder.collect.layout import Kind, Layout, PathHint
from autograder.collect.owners import BESIDE, CLASS, by_student, is_future, known_class
from autograder.collect.person import Person
from autograder.collect.roster import Roster
from autograder.course.assignment import Assignment
from autograder.course.exceptions import read
from autograder.files import delete, own_files, scratch, write_atomically
from autograder.gradebook.deadline import extensions
from autograder.gradebook.timestamp import TIMESTAMP, read_timestamp

NONE = timedelta(0)
LEFT = 4
"""So many files that are not graded are told one by one."""


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
        absent: who of the class has handed in nothing, this time and before, nor the own group, and needs to.
        people: the class as far as it is known, from this class list and those that were kept.
    """

    rows: tuple[Row, ...]
    nobody: tuple[Refused, ...]
    refused: tuple[Refused, ...]
    absent: tuple[Person, ...]
    people: tuple[Person, ...] = ()


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
        roster: the class, added to what is kept of it; where neither is, every name that a path gives is a student.
        policy: which of several attempts counts.

    Raises:
        FileNotFoundError: there is no such source.
        CollectError: most of it is another assignment's, or is there already under other ids.
        RosterError: the class list does not fit the one that is kept.
    """
    roster = known_class(assignment.course, assignment.name, roster)
    home = assignment.course.collected / assignment.name
    layout = Layout(outermost(source), assignment.name, roster.knows if roster else _students_of(home).__contains__)
    with scratch() as folder:
        walked = list(walk(source, folder, lambda outer: layout.hint(outer).place))
        found = [each for each in walked if isinstance(each, Found)]
        items = [Item(each, layout.hint(each.outer, each.parts[-1] if each.packed else None)) for each in found]
        groups, strays, times = by_student(items, found, assignment, roster)
        if roster:
            _write(home / CLASS, roster.to_csv())
        nobody = _set_aside(strays, assignment, home)
        for student, hand_ins in groups.items():
            _adopt(student, assignment, home)
            for items in hand_ins.values():
                keep(items, home / "students" / student, assignment)
        for student in _students_of(home):
            if student not in groups:
                _adopt(student, assignment, home)
    more, exceptions = extensions(assignment.course, assignment.name), read(assignment.course, assignment.name)
    rows = [_hand_over(student, assignment, policy, more.get(student, NONE)) for student in _students_of(home)]
    submissions = assignment.course.submitted.glob(f"*/{assignment.name}")
    there = {row.student for row in rows} | {path.parent.name for path in submissions}
    there |= {each for group in exceptions.groups if there.intersection(group) for each in group}
    there |= exceptions.those("excused") | exceptions.those("withdrawn")
    refused = [each for each in walked if isinstance(each, Refused)]
    absent = tuple(each for each in roster.people if each.id not in there) if roster else ()
    return Collected(tuple(rows), tuple(nobody), (*refused, *times), absent, roster.people if roster else ())


def _students_of(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "students").glob("*") if any(path.glob("*/attempt.json")))


def _set_aside(strays: Iterable[tuple[list[Item], str]], assignment: Assignment, home: Path) -> list[Refused]:
    """Keep what belongs to nobody, each with its reason."""
    nobody = []
    for items, reason in strays:
        attempt, _ = keep(items, home / "nobody", assignment)
        names = ", ".join(item.found.name for item in items[:3]) + (f" and {len(items) - 3} more" * (len(items) > 3))
        nobody.append(Refused(names, f"{reason} Kept in {attempt.folder.relative_to(assignment.course.root)}."))
    return nobody


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


def _hand_over(student: str, assignment: Assignment, policy: Policy, extension: timedelta) -> Row:
    """Put the attempt that counts where it is graded, alone, with its time beside it.

    The time that is written is kept in a second place, too: where the two differ, a person has written the first.
    """
    course, home = assignment.course, assignment.course.collected / assignment.name / "students" / student
    first = course.entry(assignment.name).due_utc
    due = first + max(extension, NONE) if first else None
    kept = attempts(home)
    chosen = kept[0]

    def forgiven(attempt: Attempt) -> bool:  # Canvas says late, by its own date
        return attempt.when is None and bool(attempt.late and due and first and due > first)

    if policy is Policy.in_time:
        grace = timedelta(minutes=course.late.grace_minutes if course.late else 0)
        in_time = (each for each in kept if not each.is_late(due + grace if due else None) or forgiven(each))
        chosen = next(in_time, chosen)
    late = chosen.is_late(due) and not forgiven(chosen)
    folder = course.submitted / student / assignment.name
    wanted = {_graded_name(chosen, assignment.name): chosen.path.read_bytes()}
    stamp, notes = _stamp(chosen, late or forgiven(chosen), first)
    if forgiven(chosen):
        notes = ["Canvas says late, and nobody can know by how much: taken to be within the extension"]
    if not order_known(kept):
        notes.append("order unknown: the one in which more was done is graded")
    if chosen.others:
        also = "this is the notebook" if chosen.worked < 0 else "there was also a notebook"
        notes.append(f"{also} of {', '.join(chosen.others)}")
    if chosen.left:
        notes.append(f"handed in with it, not graded: {_few(chosen.left)}")
    by_hand = read_timestamp(folder)
    if (home / TIMESTAMP).is_file() and by_hand not in (None, read_timestamp(home)) and not is_future(by_hand):
        stamp, late = by_hand, bool(by_hand and due and by_hand > due)
        notes = [f"its time was written by hand: {by_hand:%Y-%m-%d %H:%M} UTC", *notes]
    else:
        _write(home / TIMESTAMP, f"{stamp} UTC\n".encode() if stamp else b"")
    if stamp is not None:
        wanted[TIMESTAMP] = f"{stamp} UTC\n".encode()
    changed = _make_so(folder, wanted)
    return Row(student, chosen, len(kept) - 1, late, changed, "; ".join(notes))


def _stamp(attempt: Attempt, late: bool, due: datetime | None) -> tuple[datetime | None, list[str]]:
    """The time to be written beside an attempt, and what to say of it.

    Canvas's archive says that something is late, but not by how much: then it is late by as little as can be.
    """
    if attempt.when is not None or not late:
        doubt = "late by course.toml, though Canvas does not say so: compare due dates and extensions"
        return attempt.when, [doubt] * (late and attempt.late is False)
    if due is None:
        return None, ["late, but course.toml does not say when it was due: no penalty"]
    unknown = "late, nobody can know by how much: counted as one second; a class list with submitted_at would tell"
    return due + timedelta(seconds=1), [unknown]


def _few(sentences: Sequence[str]) -> str:
    more = f" and {len(sentences) - LEFT} more" if len(sentences) > LEFT else ""
    return ", ".join(sentences[:LEFT]) + more


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
        delete(there[name])
        changed = True
    written = [_write(folder / name, data) for name, data in wanted.items()]
    return changed or any(written)


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it is so already; returns whether it was not."""
    same_already = path.is_file() and not path.is_symlink() and path.read_bytes() == data
    if not same_already:
        write_atomically(path, data)
    return not same_already
