"""Whose each file of a source is, and whether the source as a whole may be taken."""

import os
import pwd
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from autograder.collect.archive import Found, Refused
from autograder.collect.attempt import MAX_FILES, UNREADABLE, Item, holds
from autograder.collect.layout import Kind, PathHint
from autograder.collect.names import is_folder_name
from autograder.collect.person import Person, squashed
from autograder.collect.roster import Roster, merged
from autograder.collect.times import read_time
from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.gradebook.timestamp import TIMESTAMP
from autograder.render.table_cells import is_formula

SLACK = timedelta(hours=1)
"""How far clocks may differ."""
CLASS = "class.csv"
"""The class list as it is kept beside an assignment's hand-ins."""
GRADESCOPE = "submission_metadata.yml"
"""Where Gradescope's export says who handed in what, and when."""
SECRET = "submission_secret.txt"
"""Where nbgrader's exchange keeps the word by which a hand-in's feedback is found."""
BESIDE = frozenset({TIMESTAMP, SECRET, GRADESCOPE})
"""What nbgrader's exchange puts beside a student's files, and Gradescope beside all of them."""
Groups = dict[str, dict[str, list[Item]]]
"""Files by student and hand-in."""


class CollectError(CourseError):
    """A source is refused whole, before anything of it is kept; the message says why and what to do."""


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


def _from_gradescope(items: Sequence[Item], found: Iterable[Found]) -> Iterator[Item]:
    """The same files; those of Gradescope's export with whose they are and when they came, one of each in a group."""
    tables: dict[tuple[str, ...], Any] = {}
    places = {tuple(each.hint.place.split("/"))[:-1] for each in items if each.hint.kind is Kind.GRADESCOPE}
    for each in found:  # a table anywhere else may be a student's
        if each.outer[-1] == GRADESCOPE and each.outer[:-1] in places and not each.packed:
            with suppress(OSError, ValueError, RecursionError, yaml.YAMLError):  # then they are nobody's, and named
                tables[each.outer[:-1]] = yaml.load(each.file.read_text(encoding="utf-8"), yaml.BaseLoader)
    for item in items:
        beside = tuple(item.hint.place.split("/"))[:-1]
        entry = _field(tables.get(beside), item.hint.number, dict) if item.hint.kind is Kind.GRADESCOPE else {}
        submitters = _field(entry, ":submitters", list)
        for who in submitters:
            names = [_field(who, f":{key}", str) for key in ("sid", "email", "name")]
            name = next(filter(None, names), "")
            place, local = f"{item.hint.place}/{name}", _field(entry, ":created_at", str)
            others = tuple((each, "") for each in names[:2])
            yield replace(item, hint=replace(item.hint, name=name, place=place, local=local, others=others))
        if not submitters:
            yield item


def _field(table: Any, key: str, kind: type) -> Any:
    """What a table has under a key, if it is one and that is of this kind; else what is empty."""
    found = table.get(key) if isinstance(table, dict) else None
    return found if isinstance(found, kind) else kind()


def _refuse_another(hand_ins: Iterable[list[Item]], assignment: Assignment) -> None:
    """Refuse a source in which most hand-ins are notebooks of one other assignment."""
    held = [{holds(each.found.file, each.hint.file, assignment)[1] for each in items[:MAX_FILES]} for items in hand_ins]
    known = [each - {"", UNREADABLE} for each in held if each - {"", UNREADABLE}]
    found = Counter(whose for each in known if assignment.name not in each for whose in each)
    for whose, number in found.most_common(1):
        if 2 * number > len(known):
            message = f"{number} of {len(known)} hand-ins are notebooks of {whose}, not of {assignment.name}: nothing was stored. Say --assignment {whose}, or download the other archive."
            raise CollectError(message)


def _refuse_doubles(groups: Groups, course: Course, roster: Roster | None) -> None:
    """Refuse a source of which most students, and more than one, are there already under another id, by their names."""
    names = {each.id: f"{each.first} {each.last}" for each in roster.people} if roster else {}
    there = {path.name for path in course.submitted.glob("*")}

    def letters(student: str) -> str:  # Canvas writes wangming where Moodle writes Ming Wang
        return "".join(sorted(squashed(names.get(student) or re.sub(r"-\d+$", "", student))))

    old, new = (Counter(map(letters, students)) for students in (there - groups.keys(), groups.keys() - there))
    double = [each for each in sorted(groups.keys() - there) if old[letters(each)] == new[letters(each)] == 1]
    if len(double) > 1 and 2 * len(double) > len(groups):
        message = f"{len(double)} of {len(groups)} students are in this course already under other ids ({', '.join(double[:3])}): nothing was stored. Give a class list that has both ids in a row, or move submitted/ and collected/ away and collect all with the class list."
        raise CollectError(message)


def by_student(
    items: Sequence[Item], found: Iterable[Found], assignment: Assignment, roster: Roster | None
) -> tuple[Groups, list[tuple[list[Item], str]], list[Refused]]:
    """The files by student and hand-in; what belongs to nobody, and why; times that are refused.

    Raises:
        CollectError: most of it is another assignment's, or is there already under other ids.
    """
    zone = assignment.course.zone(assignment.name)
    groups: defaultdict[str, defaultdict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    strays: defaultdict[str, list[Item]] = defaultdict(list)
    reasons: dict[str, str] = {}
    refused: set[tuple[str, str]] = set()
    others = assignment.course.entries.keys() - {assignment.name}  # all lie in the exchange's one folder
    exchanged = {(_account(each), each.hint.name) for each in items if each.hint.kind is Kind.EXCHANGE}
    accounts = {*(name for _, name in exchanged), *(person.id for person in (roster.people if roster else ()))}
    often = Counter(name for _, name in exchanged)
    own = any(account == name for account, name in exchanged)  # each hands in by an account of their own
    accounts |= {account for account, name in exchanged if own or often[name] > 1} - {"root", _name_of(os.getuid())}
    secrets = {each.outer[:-1]: each.file for each in found if each.outer[-1] == SECRET and not each.packed}
    for item in _from_gradescope(items, found):
        if item.hint.file in BESIDE or item.hint.assignment in others:
            continue
        if item.hint.kind is Kind.EXCHANGE and (secret := secrets.get(item.found.outer[:-1])):
            with secret.open(encoding="utf-8", errors="replace") as file:
                item = replace(item, hint=replace(item.hint, given=file.read(200)))
        if item.hint.local:
            item = replace(item, hint=replace(item.hint, when=read_time(item.hint.local, zone)))
            if item.hint.when is None:
                said = f"It says “{item.hint.local}”, which cannot be read as a time: not used."
                refused.add((item.found.name, said))
        student, reason, said = _owner(item.hint, assignment, roster)
        if item.hint.kind is Kind.EXCHANGE and (account := _account(item)) in accounts - {item.hint.name}:
            student, reason = "", f"It says that it is {item.hint.name}'s, but the account {account} has put it there."
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
    _refuse_another([*strays.values(), *(one for own in of_students.values() for one in own.values())], assignment)
    _refuse_doubles(of_students, assignment.course, roster)
    return of_students, [(strays[each], reasons[each]) for each in strays], [Refused(*each) for each in sorted(refused)]


def _account(item: Item) -> str:
    """Whose file it is on this machine; in nbgrader's exchange students make the folders that say whose a hand-in is."""
    return _name_of(item.found.file.stat().st_uid)


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _contested(student: str, hints: dict[str, PathHint], roster: Roster | None) -> list[str]:
    """The places that only by their names are one student's, while others are so, too, or more surely.

    A folder that has the very id goes before folders whose names resemble it. Of numbers that the class list does not
    know, each is another account: then a name that several have says nothing.
    """
    if roster is None:
        return []
    folders = {place: hint.name == student for place, hint in hints.items() if hint.kind is Kind.FOLDER}
    known = {hint.number: roster.numbers(hint) for hint in hints.values() if hint.number}
    less = [place for place, exact in folders.items() if not exact and any(folders.values())]
    return less + [place for place, hint in hints.items() if len(known) > 1 and hint.number and not known[hint.number]]


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
        person, said = roster.owner(hint), " ".join(part for part in (hint.name, hint.number) if part)
        none = f"Nobody in the class list, or more than one, is {said}."
        return (person.id, "", person.submitted) if person else ("", none, "")
    student = hint.name
    if hint.kind in (Kind.CANVAS, Kind.MOODLE, Kind.BRIGHTSPACE) and hint.number:
        student = f"{squashed(hint.name)}-{hint.number}"
    if is_formula(student) or not is_folder_name(student):
        return "", "Its name cannot be a student's id.", ""
    return student, "", ""


def is_future(when: datetime | None) -> bool:
    """Whether a time (UTC) is still to come, by more than clocks differ."""
    return when is not None and when > datetime.now(UTC).replace(tzinfo=None) + SLACK
