"""The class list: from any CSV with ids and names, among them Canvas's gradebook export and Moodle's grading sheet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.collect.layout import Kind, PathHint
from autograder.gradebook.marks import Student
from autograder.gradebook.timestamp import parse_utc

_FIELDS = {
    "id": ("studentid", "studentnumber", "學號", "学号", "matriculation", "netid"),
    "first": ("firstname", "givenname"),
    "last": ("lastname", "surname", "familyname"),
    "name": ("name", "fullname", "student", "studentname", "姓名"),
    "email": ("email", "emailaddress", "mail"),
    "canvas": ("canvasid", "canvasuserid"),
    "login": ("sisloginid", "login", "loginid", "username"),
    "sis": ("sisuserid", "sisid", "idnumber"),
    "section": ("section", "group"),
    "participant": ("identifier", "participant"),
    "submitted": ("submitted", "submittedat", "lastmodifiedsubmission"),
}
"""The columns of a class list under the headings that are in use, without spaces, case and punctuation."""


MIN_NAME = 5
"""A name of no more characters is no evidence when it is only some words of another."""


class RosterError(ValueError):
    """The class list cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Person(Student):
    """A student as the class list has it; a name that is in neither column of names is in ``last``.

    Attributes:
        login, sis, section: as the class list has them, else empty.
        participant: Moodle's participant number, else empty.
        submitted: when the student handed in, UTC, where the list says it.
    """

    login: str = ""
    sis: str = ""
    section: str = ""
    participant: str = ""
    submitted: datetime | None = None


class Roster:
    """The class, and who of it a path means."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = tuple(people)
        self._canvas = {person.canvas: person for person in people if person.canvas}
        self._participants = {person.participant: person for person in people if person.participant}
        self._ids = {person.id: person for person in people}
        self._words = _by_key((text, person) for person in people for text in _words(person))
        self._names = _by_key((text, person) for person in people for text in _names(person))

    @classmethod
    def read(cls, path: Path) -> Roster:
        """The class list in a CSV file.

        Raises:
            RosterError: it cannot be read, has no column of ids or names, or gives an id twice.
        """
        try:
            wide = path.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
            text = path.read_text(encoding="utf-16" if wide else "utf-8-sig")
        except OSError as error:
            raise RosterError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise RosterError(f"{path} is not in UTF-8: save it as “CSV UTF-8”.") from None
        return cls(_people(text, path.name))

    def knows(self, text: str) -> bool:
        """Whether a text is an id, e-mail, login or name of somebody in the class."""
        return bool(self._called(text))

    def numbers(self, hint: PathHint) -> bool:
        """Whether the class list has the number that a platform gives."""
        return hint.number in (self._canvas if hint.kind is Kind.CANVAS else self._participants)

    def owner(self, hint: PathHint) -> Person | None:
        """Who of the class a path means: by number, by id, e-mail or login, by name; None where that is not sure."""
        if hint.kind is Kind.CANVAS:
            return self._of_canvas(hint)
        if hint.kind is Kind.MOODLE and hint.number in self._participants:
            return self._participants[hint.number]
        if hint.kind is not Kind.MOODLE and hint.name in self._ids:
            return self._ids[hint.name]
        return _only(self._called(hint.name) or self._named_within(hint))

    def _called(self, text: str) -> set[Person]:
        """Everybody whose id, e-mail, login or name this is."""
        whole = squashed(text)
        return self._words.get(whole, set()) | self._names.get(whole, set())

    def _of_canvas(self, hint: PathHint) -> Person | None:
        """Whose Canvas name it is; where it can be read in two ways, the reading whose name and number fit together."""
        readings = [(hint.name, hint.number), *hint.others]
        numbered = [(name, self._canvas[number]) for name, number in readings if number in self._canvas]
        if len({person for _, person in numbered}) == 1:
            return numbered[0][1]
        if numbered:
            return _only({person for name, person in numbered if person in self._called(name)})
        person = _only(_all(self._called(name) for name, _ in readings))
        return None if person and person.canvas and hint.number else person  # the same name, but another's number

    def _named_within(self, hint: PathHint) -> set[Person]:
        """Everybody whose id is among the words of a loose name, else whose whole name is some of them in a row."""
        if hint.kind is Kind.EXCHANGE:
            return set()
        found = _all(self._words.get(squashed(word)) for word in re.split(r"[^\w@.+]+|_", hint.name))
        words = [word for word in map(squashed, re.split(r"[\W_]+", hint.name)) if word]
        rows = ("".join(words[start:end]) for start in range(len(words)) for end in range(start, len(words) + 1))
        return found or _all(self._names.get(row) for row in rows if len(row) > MIN_NAME)


def squashed(text: str) -> str:
    """A name without accents' spelling, case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _names(person: Person) -> set[str]:
    return {f"{person.first} {person.last}", f"{person.last} {person.first}"}


def _words(person: Person) -> set[str]:
    return {person.id, person.login, person.sis, person.email, person.email.partition("@")[0]}


def _by_key(pairs: Iterable[tuple[str, Person]]) -> dict[str, set[Person]]:
    """Everybody whom a text means, by the text as it is compared."""
    found: defaultdict[str, set[Person]] = defaultdict(set)
    for text, person in pairs:
        if key := squashed(text):
            found[key].add(person)
    return dict(found)


def _all(sets: Iterable[set[Person] | None]) -> set[Person]:
    return {person for each in sets for person in each or ()}


def _only(people: set[Person]) -> Person | None:
    return next(iter(people)) if len(people) == 1 else None


def _people(text: str, name: str) -> list[Person]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows:
        raise RosterError(f"{name} holds no students.")
    columns = _columns([each for each in rows[0] if each])
    if not {"id", "login", "sis", "canvas"} & set(columns):
        raise RosterError(f"{name} has no column of student ids: name it student_id.")
    people = [person for row in rows if (person := _person(row, columns, name))]
    for field in ("id", "canvas", "participant"):
        counts = Counter(value for person in people if (value := getattr(person, field)))
        double = [value for value, number in counts.items() if number > 1]
        if double:
            raise RosterError(f"{name} has the same {field} in several rows: {', '.join(sorted(double)[:5])}.")
    return people


def _columns(headings: list[str]) -> dict[str, str]:
    """Which column is which: field → heading."""
    plain = {squashed(heading): heading for heading in headings}
    columns = {field: plain[key] for field, keys in _FIELDS.items() for key in reversed(keys) if key in plain}
    if "id" in plain:  # in Canvas's own export it is Canvas's number
        of_canvas = {"sisuserid", "sisloginid", "section"} & set(plain)
        columns.setdefault("canvas" if of_canvas else "id", plain["id"])
    return columns


def _person(row: dict[str, str | None], columns: dict[str, str], name: str) -> Person | None:
    """The student in a row; None for rows that Canvas puts between (the points, the test student)."""
    fields = {field: (row.get(heading) or "").strip() for field, heading in columns.items()}
    full = fields.get("name", "")
    if "Points Possible" in full or full in ("Student, Test", "Test Student") or not any(fields.values()):
        return None
    identity = next((fields[field] for field in ("id", "login", "sis", "canvas") if fields.get(field)), "")
    if not is_folder_name(identity):
        raise RosterError(f"{name}: {identity or full!r} has no id that can be the name of a folder.")
    first, last = fields.get("first", ""), fields.get("last", "")
    if full and not (first or last):
        last, _, first = (part.strip() for part in full.partition(","))
        if not first and " " in last and last.isascii():
            first, _, last = last.rpartition(" ")
    more = ("email", "canvas", "login", "sis", "section")
    email, canvas, login, sis, section = (fields.get(field, "") for field in more)
    number, submitted = re.sub(r"\D", "", fields.get("participant", "")), parse_utc(fields.get("submitted", ""))
    return Person(identity, first, last, email, canvas, login, sis, section, number, submitted)


def is_folder_name(text: str) -> bool:
    """Whether a student's id can be the name of a folder."""
    return text not in ("", ".", "..") and len(text) <= 100 and not re.search(r"[/\\\x00-\x1f]", text)
