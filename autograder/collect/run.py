"""Bring what students handed in from anywhere into submitted/STUDENT/NAME/, and keep all that came."""

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from autograder.collect.archive import Found, Refused, on_disk, outermost, walk
from autograder.collect.attempt import MAX_FILES, Attempt, Item, attempts, holds, keep, order_known, same
from autograder.collect.layout import Kind, Layout, PathHint
from autograder.collect.roster import Person, Roster, is_folder_name, merged, squashed
from autograder.collect.times import read_time
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.files import own_files, scratch, write_atomically
from autograder.gradebook.deadline import extensions
from autograder.gradebook.timestamp import TIMESTAMP, read_timestamp

NONE = timedelta(0)
SLACK = timedelta(hours=1)
"""How far clocks may differ."""
CLASS = "class.csv"
"""The class list as it is kept beside an assignment's hand-ins."""
GRADESCOPE = "submission_metadata.yml"
"""Where Gradescope's export says who handed in what, and when."""
BESIDE = frozenset({TIMESTAMP, "submission_secret.txt", GRADESCOPE})
"""What nbgrader's exchange puts beside a student's files, and Gradescope beside all of them."""
Groups = dict[str, dict[str, list[Item]]]
"""Files by student and hand-in."""


class CollectError(ValueError):
    """A source is refused whole, before anything of it is kept; the message says why and what to do."""


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
        groups, strays, times = _by_student(list(_from_gradescope(items, found)), assignment, roster)
        _refuse_another(groups, assignment)
        _refuse_doubles(groups, assignment.course, roster)
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
    more = extensions(assignment.course, assignment.name)
    rows = [_hand_over(student, assignment, policy, more.get(student, NONE)) for student in _students_of(home)]
    submissions = assignment.course.submitted.glob(f"*/{assignment.name}")
    there = {row.student for row in rows} | {path.parent.name for path in submissions}
    refused = [each for each in walked if isinstance(each, Refused)]
    absent = tuple(each for each in roster.people if each.id not in there) if roster else ()
    return Collected(tuple(rows), tuple(nobody), (*refused, *times), absent, roster.people if roster else ())


def known_class(course: Course, name: str, given: Roster | None = None) -> Roster | None:
    """The class list that is given, added to those that were kept; None where there is none.

    Times and Moodle's participant numbers are one assignment's alone: of other assignments' lists they are left out.

    Raises:
        RosterError: somebody may be several students of the other list.
    """
    people: list[Person] = []
    for path in sorted(course.collected.glob(f"*/{CLASS}")):
        own = path.parent.name == name
        kept = Roster.read(path).people
        people = merged(people, kept if own else [replace(each, participant="", submitted="") for each in kept])
    people = merged(people, given.people) if given else people
    return Roster(people) if people else None


def _from_gradescope(items: Iterable[Item], found: Iterable[Found]) -> Iterator[Item]:
    """The same files; those of Gradescope's export with whose they are and when they came, one of each in a group."""
    table: dict[str, Any] = {}
    for each in found:
        if each.parts[-1] == GRADESCOPE and not each.packed:
            with suppress(OSError, ValueError, yaml.YAMLError):  # then they are nobody's, and named
                table |= yaml.load(each.file.read_text(encoding="utf-8"), yaml.BaseLoader) or {}
    for item in items:
        entry = table.get(item.hint.number, {}) if item.hint.kind is Kind.GRADESCOPE else {}
        for who in entry.get(":submitters", ()):
            names = [str(who.get(f":{key}") or "") for key in ("sid", "email", "name")]
            name = next(filter(None, names), "")
            said = {"local": str(entry.get(":created_at", "")), "others": tuple((each, "") for each in names)}
            yield replace(item, hint=replace(item.hint, name=name, place=f"{item.hint.place}/{name}", **said))
        if not entry.get(":submitters"):
            yield item


def _refuse_another(groups: Groups, assignment: Assignment) -> None:
    """Refuse a source in which most hand-ins are notebooks of one other assignment."""
    hand_ins = [items for places in groups.values() for items in places.values()]
    held = [{holds(each.found.file, each.hint.file, assignment)[1] for each in items[:MAX_FILES]} for items in hand_ins]
    found = Counter(whose for each in held if assignment.name not in each for whose in each if whose)
    for whose, number in found.most_common(1):
        if 2 * number > len(hand_ins):
            raise CollectError(
                f"{number} of {len(hand_ins)} hand-ins are notebooks of {whose}, not of {assignment.name}: nothing was stored. Say --assignment {whose}, or download the other archive."
            )


def _refuse_doubles(groups: Groups, course: Course, roster: Roster | None) -> None:
    """Refuse a source of which most students are there already under another id, by their names."""
    names = {each.id: f"{each.first} {each.last}" for each in roster.people} if roster else {}
    there = {path.name for path in course.submitted.glob("*")}

    def letters(student: str) -> str:  # Canvas writes wangming where Moodle writes Ming Wang
        return "".join(sorted(squashed(names.get(student) or re.sub(r"-\d+$", "", student))))

    before = {letters(student): student for student in sorted(there - groups.keys())}
    double = [(before[letters(each)], each) for each in sorted(groups.keys() - there) if letters(each) in before]
    if 2 * len(double) > len(groups):
        old, new = double[0]
        raise CollectError(
            f"{len(double)} of {len(groups)} students are in this course already under other ids ({old} is {new} here): nothing was stored. Give a class list that has both ids in a row, or move submitted/ and collected/ away and collect all with the class list."
        )


def _students_of(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "students").glob("*") if any(path.glob("*/attempt.json")))


def _by_student(
    items: Iterable[Item], assignment: Assignment, roster: Roster | None
) -> tuple[Groups, list[tuple[list[Item], str]], list[Refused]]:
    """The files by student and hand-in; what belongs to nobody, and why; times that are refused."""
    zone = assignment.course.zone(assignment.name)
    groups: defaultdict[str, defaultdict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    strays: defaultdict[str, list[Item]] = defaultdict(list)
    reasons: dict[str, str] = {}
    refused: set[tuple[str, str]] = set()
    for item in items:
        if item.hint.file in BESIDE:
            continue
        if item.hint.local:
            item = replace(item, hint=replace(item.hint, when=read_time(item.hint.local, zone)))
        student, reason, said = _owner(item.hint, assignment, roster)
        if student:
            time = read_time(said, zone)
            if time and is_future(time):
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
    for person in roster.people if roster else ():
        if person.submitted and read_time(person.submitted, zone) is None:
            reason = f"The class list says “{person.submitted}”, which cannot be read as a time: not used."
            refused.add((person.id, reason))
    of_students = {student: dict(hand_ins) for student, hand_ins in groups.items() if hand_ins}
    return of_students, [(strays[each], reasons[each]) for each in strays], [Refused(*each) for each in sorted(refused)]


def _set_aside(strays: Iterable[tuple[list[Item], str]], assignment: Assignment, home: Path) -> list[Refused]:
    """Keep what belongs to nobody, each with its reason."""
    nobody = []
    for items, reason in strays:
        attempt, _ = keep(items, home / "nobody", assignment)
        names = ", ".join(item.found.name for item in items[:3]) + (f" and {len(items) - 3} more" * (len(items) > 3))
        nobody.append(Refused(names, f"{reason} Kept in {attempt.folder.relative_to(assignment.course.root)}."))
    return nobody


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


def _owner(hint: PathHint, assignment: Assignment, roster: Roster | None) -> tuple[str, str, str]:
    """The student's id, or why there is none, and the time of handing in that the class list gives."""
    if hint.assignment not in (None, assignment.name):
        return "", f"It was handed in as {hint.assignment}.", ""
    if is_future(hint.when):
        return "", f"It says that it was handed in on {hint.when:%Y-%m-%d at %H:%M} UTC, which is still to come.", ""
    if not (hint.name or hint.number):
        return "", "Its name does not say whose it is.", ""
    if hint.kind is Kind.GRADESCOPE and not hint.name:
        return "", f"Gradescope's table does not say whose {hint.number} is.", ""
    if roster is not None:
        person = roster.owner(hint)
        if person is None:
            said = " ".join(part for part in (hint.name, hint.number) if part)
            return "", f"Nobody in the class list, or more than one, is {said}.", ""
        return person.id, "", person.submitted
    student = hint.name
    if hint.kind in (Kind.CANVAS, Kind.MOODLE, Kind.BRIGHTSPACE) and hint.number:
        student = f"{squashed(hint.name)}-{hint.number}"
    return (student, "", "") if is_folder_name(student) else ("", "Its name cannot be a student's id.", "")


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


def _hand_over(student: str, assignment: Assignment, policy: Policy, extension: timedelta) -> Row:
    """Put the attempt that counts where it is graded, alone, with its time beside it.

    The time that is written is kept in a second place, too: where the two differ, a person has written the first.
    """
    course, home = assignment.course, assignment.course.collected / assignment.name / "students" / student
    due = course.entry(assignment.name).due_utc
    due = due + max(extension, NONE) if due else None
    kept = attempts(home)
    chosen = kept[0]
    if policy is Policy.in_time:
        grace = timedelta(minutes=course.late.grace_minutes if course.late else 0)
        chosen = next((each for each in kept if not each.is_late(due + grace if due else None)), chosen)
    late = chosen.is_late(due)
    folder = course.submitted / student / assignment.name
    wanted = {_graded_name(chosen, assignment.name): chosen.path.read_bytes()}
    stamp, notes = _stamp(chosen, late, due)
    if not order_known(kept):
        notes.append("order unknown: the one in which more was done is graded")
    if chosen.others:
        also = "this is the notebook" if chosen.worked < 0 else "there was also a notebook"
        notes.append(f"{also} of {', '.join(chosen.others)}")
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
        return attempt.when, []
    if due is None:
        return None, ["late, but course.toml does not say when it was due: no penalty"]
    unknown = "late, nobody can know by how much: counted as one second; a class list with submitted_at would tell"
    return due + timedelta(seconds=1), [unknown]


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
    return any([_write(folder / name, data) for name, data in wanted.items()]) or changed


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it is so already; returns whether it was not."""
    same_already = path.is_file() and not path.is_symlink() and path.read_bytes() == data
    if not same_already:
        write_atomically(path, data)
    return not same_already
