"""The class list: from any CSV with ids and names, among them Canvas's gradebook export and Moodle's grading sheet."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from autograder.collect.layout import Kind, PathHint
from autograder.collect.names import is_folder_name
from autograder.collect.times import NOTHING
from autograder.course.course import CourseError
from autograder.files import is_left_open, rows_of, spreadsheet, table_text
from autograder.gradebook.marks import Student
from autograder.render.table_cells import neutral

_FIELDS = tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))
"""The columns of a class list under the headings that are in use, without spaces, case and punctuation."""
_IDENTITIES = ("id", "login", "sis", "email", "canvas", "participant")
_HEADINGS = "student_id first_name last_name email canvas_id login sis_id section participant submitted".split()
"""Our own class list: a column for each field of ``Person``, in their order."""

MIN_NAME = 5  # a shorter name is no evidence when it is only some words of another


class RosterError(CourseError):
    """The class list cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Person(Student):
    """A student as the class list has it; a name that is in neither column of names is in ``last``.

    Attributes:
        login, sis, section: as the class list has them, else empty.
        participant: Moodle's participant number, else empty.
        submitted: when the student handed in, as the list says it; empty where it says nothing.
    """

    login: str = ""
    sis: str = ""
    section: str = ""
    participant: str = ""
    submitted: str = ""


class Roster:
    """The class, and who of it a path means."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = tuple(people)
        self._canvas = {person.canvas: person for person in people if person.canvas}
        self._participants = {person.participant: person for person in people if person.participant}
        self._has_logins = any(person.login for person in people)
        self._ids = {person.id: person for person in people}
        self._words = _by_key((text, person) for person in people for text in _words(person))
        self._names = _by_key((text, person) for person in people for text in _names(person))

    @classmethod
    def read(cls, path: Path, *more: Path) -> Roster:
        """The class list in CSV files, or as Canvas's API gives it; who is in several of them is one student.

        Raises:
            RosterError: it cannot be read, has no column of ids or names, or gives an id twice.
        """
        lists = sorted(map(cls._in, (path, *more)), key=lambda people: all(each.id == each.canvas for each in people))
        return cls(reduce(merged, lists))

    @staticmethod
    def _in(path: Path) -> list[Person]:
        try:
            return _people(table_text(path), path.name)
        except OSError as error:
            raise RosterError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeError:
            raise RosterError(f"{path} is not in UTF-8: save it as “CSV UTF-8”.") from None

    def to_csv(self) -> bytes:
        """The class list as ``read`` reads it."""
        named = [replace(each, first=str(neutral(each.first)), last=str(neutral(each.last))) for each in self.people]
        fields = [[getattr(person, each) for each in Person.__dataclass_fields__] for person in named]
        return spreadsheet([_HEADINGS, *fields])

    def knows(self, text: str) -> bool:
        """Whether a text is an id, e-mail, login or name of somebody in the class."""
        return bool(self._called(text))

    def numbers(self, hint: PathHint) -> bool:
        """Whether the class list has the number that a platform gives."""
        return hint.number in {Kind.CANVAS: self._canvas, Kind.MOODLE: self._participants}.get(hint.kind, {})

    def owner(self, hint: PathHint) -> Person | None:
        """Who of the class a path means: by number, by id, e-mail or login, by name; None where that is not sure."""
        if hint.kind is Kind.CANVAS:
            return self._of_canvas(hint)
        if hint.kind is Kind.MOODLE and hint.number in self._participants:
            person, named = self._participants[hint.number], self._called(hint.name)
            return person if not named or person in named else None  # numbers of another assignment
        if hint.kind is Kind.BLACKBOARD:
            return _only(_all(self._called(name) for name, _ in hint.others))
        if hint.kind is not Kind.MOODLE and hint.name in self._ids:
            return self._ids[hint.name]
        others = (self._called(name) for name, _ in hint.others)
        return _only(self._called(hint.name) or next(filter(None, others), set()) or self._named_within(hint))

    def _called(self, text: str) -> set[Person]:
        """Everybody whose id, e-mail, login or name this is."""
        for key in map(_key, (text, *_read_anew(text))):
            if found := self._words.get(key, set()) | self._names.get(key, set()):
                return found
        return set()

    def _of_canvas(self, hint: PathHint) -> Person | None:
        """Whose Canvas name it is; where two readings have numbers of the class, nobody's."""
        readings = [(hint.name, hint.number), *hint.others]
        numbered = [(name, self._canvas[number]) for name, number in readings if number in self._canvas]
        if len({person for _, person in numbered}) == 1:
            return numbered[0][1]
        if numbered:  # one's name may begin like another's file
            return None
        person = _only(_all(self._called(name) for name, _ in readings))
        return None if person and person.canvas and hint.number else person  # the same name, but another's number

    def _named_within(self, hint: PathHint) -> set[Person]:
        """Everybody whose id is among the words of a loose name, or whose whole name is some of them in a row."""
        if hint.kind is Kind.EXCHANGE:
            return set()
        found = _all(self._words.get(_key(word)) for word in re.split(r"[^\w@.+]+|_", hint.name))
        if hint.kind is Kind.FOLDER and self._has_logins and (login := _LOGIN.fullmatch(hint.others[0][0])):
            found = self._called(login[1] + (login[2] or "")) or self._called(
                login[1]
            )  # ada-l is a login: no other's who is called ada
        words = [word for word in map(squashed, re.split(r"[\W_]+", hint.name)) if word]
        # nobody's name has more than twelve words, a file's may have hundreds
        rows = ("".join(words[at : at + most]) for at in range(len(words)) for most in range(13))
        named = _all(self._names.get(row) for row in rows if len(row) > MIN_NAME)
        return found & named if found and named else found or named  # one's name with another's number is nobody's


_LOGIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*?)(-\d)?(?:-(?:main|master|final))*", re.IGNORECASE)  # and the branch


def squashed(text: str) -> str:
    """A name without accents' spelling, case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _key(text: str) -> str:
    """By what a text is compared: of a number the zeros in front don't count, since spreadsheets drop them."""
    key = squashed(text)
    return key.lstrip("0") if key.isdecimal() else key


def _read_anew(text: str) -> Iterator[str]:
    """What a name may be that Windows wrote into a zip in its own encoding, and that zips' default has garbled."""
    for encoding in ("gbk", "big5", "cp932", "cp949", "cp1252") if not text.isascii() else ():
        with suppress(UnicodeError):
            yield text.encode("cp437").decode(encoding)


def _names(person: Person) -> set[str]:
    return {f"{person.first} {person.last}", f"{person.last} {person.first}"}


def _words(person: Person) -> set[str]:
    return {person.id, person.login, person.sis, person.email, person.email.partition("@")[0]}


def _by_key(pairs: Iterable[tuple[str, Person]]) -> dict[str, set[Person]]:
    """Everybody whom a text means, by the text as it is compared."""
    found: defaultdict[str, set[Person]] = defaultdict(set)
    for text, person in pairs:
        if key := _key(text):
            found[key].add(person)
    return dict(found)


def _all(sets: Iterable[set[Person] | None]) -> set[Person]:
    return {person for each in sets for person in each or ()}


def _only(people: set[Person]) -> Person | None:
    return next(iter(people)) if len(people) == 1 else None


def merged(first: Sequence[Person], more: Sequence[Person]) -> list[Person]:
    """Two class lists as one: ids stay the first one's, all else is as the second has it.

    Who has an id, login, e-mail or number of Canvas in common is one student, else who shares the part before the ``@``,
    else the name, where more than half of the second list does: then both are of one class. Namesakes of whom both
    lists have the student number are two.

    Raises:
        RosterError: somebody may be several students of the other list.
    """
    result, left = {person.id: person for person in first}, list(more)
    for keys in (_strong, _words, _whole_name):
        unmet = [person for person in first if result[person.id] is person]
        there = _by_key((text, person) for person in unmet for text in keys(person))
        found = {each: _all(there.get(_key(text)) for text in keys(each)) for each in left}
        if keys is _whole_name:
            found = {each: {it for it in others if not (each.sis and it.sis)} for each, others in found.items()}
            if 2 * sum(map(bool, found.values())) <= len(more):
                break
        meant = Counter(other for others in found.values() for other in others)
        for each, others in found.items():
            if len(others) > 1 or any(meant[other] > 1 for other in others):
                ids = ", ".join(sorted(other.id for other in others))
                raise RosterError(f"{each.id} may be {ids}: give both class lists a column that tells them apart.")
            for other in others:
                names = {"first", "last"} if other.last and not (each.first and each.last) else set()
                new = {field: getattr(each, field) for field in _FIELDS.keys() - {"id", "name"} - names}
                result[other.id] = replace(other, **{field: value for field, value in new.items() if value})
        left = [each for each in left if not found[each]]
    return [*result.values(), *left]


def _strong(person: Person) -> set[str]:
    return {person.id, person.login, person.sis, person.email, person.canvas and f"canvas {person.canvas}"}


def _whole_name(person: Person) -> set[str]:
    return {" ".join(sorted(f"{person.first} {person.last}".casefold().split()))}


def _people(text: str, name: str) -> list[Person]:
    rows = _rows(text, name)
    if len(rows) < 2:
        raise RosterError(f"{name} holds no students.")
    columns = _columns(rows)
    if not set(_IDENTITIES) & set(columns):
        raise RosterError(f"{name} has no column of student ids: name it student_id.")
    people = [person for row in rows[1:] if (person := _person(row, columns, name))]
    for field in ("id", "canvas", "participant"):
        counts = Counter(value for person in people if (value := getattr(person, field)))
        double = [value for value, number in counts.items() if number > 1]
        if double:
            raise RosterError(f"{name} has the same {field} in several rows: {', '.join(sorted(double)[:5])}.")
    return people


def _rows(text: str, name: str) -> list[list[str]]:
    """The rows of a table from its headings on, below titles and Excel's ``sep=;``; objects of Canvas's API as rows."""
    if text.lstrip().startswith(("[", "{")):
        try:
            users = [(each.pop("user", None) or {}) | each for each in json.loads(text)]
        except (ValueError, AttributeError, TypeError, RecursionError):
            raise RosterError(f"{name} is no list as Canvas's API gives it.") from None
        keys = list(dict.fromkeys(key for each in users for key in each if not (key == "id" and "user_id" in each)))
        return [keys, *([str(each.get(key) or "") for key in keys] for each in users)]
    text = re.sub(r"\Asep=.\r?\n", "", text, flags=re.IGNORECASE)
    often = sorted(",;\t|", key=text[:2000].count, reverse=True)
    tables = {each: [row for row in rows_of(text, each) if any(map(str.strip, row))] for each in often}
    delimiter = max(tables, key=lambda each: _evidence(tables[each]))
    if is_left_open(text, delimiter):
        raise RosterError(f'{name}: a cell begins with " and nothing closes it, so that students are in it: mend that.')
    rows = tables[delimiter]
    head = max(range(min(10, len(rows))), key=lambda at: (len(_headed(rows[at])), -at), default=0)
    return rows[head:]


def _evidence(rows: list[list[str]]) -> tuple[int, int]:
    """How much speaks for a delimiter: headings that are known, rows of one length; a student may write any into a cell."""
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    return max((len(_headed(row)) for row in rows[:10]), default=0), max(lengths.values(), default=0)


def _headed(headings: list[str]) -> dict[str, int]:
    """Which column is which by its heading: field → position."""
    plain = {squashed(heading): at for at, heading in reversed(list(enumerate(headings)))}
    columns = {field: plain[key] for field, keys in _FIELDS.items() for key in reversed(keys.split()) if key in plain}
    of_canvas = {"sisuserid", "sisloginid", "loginid", "section", "sortablename"} & set(plain)
    if "id" in plain:  # in Canvas's own tables it is Canvas's number
        columns.setdefault("canvas" if of_canvas else "id", plain["id"])
    if "studentsisid" in plain and "studentid" in plain:
        columns["canvas"] = columns.pop("id")
    return columns


def _columns(rows: list[list[str]]) -> dict[str, int]:
    """Which column is which: by its heading, else by what is in it."""
    columns = _headed(rows[0])
    below = [[row[at].strip() for row in rows[1:] if at < len(row) and row[at].strip()] for at in range(len(rows[0]))]
    numbers = below[columns.get("participant", 0)]
    forms = [_LOOKS["email"].fullmatch, _LOOKS["submitted"].fullmatch]
    of_moodle = all(any(cells and all(map(form, cells)) for cells in below) for form in forms)
    one_word = of_moodle and len({cell.rstrip("0123456789") for cell in numbers}) == 1  # Participante7
    if one_word and 0 not in columns.values() and all(map(_WORDED.fullmatch, numbers)):
        columns["participant"] = 0
    if "id" not in columns and not one_word and not all(map(_NUMBER.fullmatch, numbers)):
        columns = {"id" if field == "participant" else field: at for field, at in columns.items()}  # GitHub Classroom's
    for field, looks in _LOOKS.items():
        for at, cells in enumerate(below):
            free = at not in columns.values() or columns.get("id") == at
            alike = cells and all(map(looks.fullmatch, cells)) and (field == "submitted" or len({*cells}) == len(cells))
            if field not in columns and free and alike:
                columns = {each: where for each, where in columns.items() if where != at} | {field: at}
    return columns


_NUMBER = re.compile(r"\d+|(?=.*[\s/])\D*[^\W\d_]{2}\D*\d+")  # Participant 701, Teilnehmer/in 701
_WORDED = re.compile(r"[^\W\d_]{4,}\d+")
_LOOKS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "participant": re.compile(r"(?=.*\D)" + _NUMBER.pattern),
    "submitted": re.compile(r"-|(?=.*\d{4}).*\d[:.h時点时]\d\d.*"),
}
"""How cells of a column look whose heading says nothing, as in the languages that Moodle is used in."""


def _person(row: list[str], columns: dict[str, int], name: str) -> Person | None:
    """The student in a row; None for rows that Canvas puts between (the points, the test student)."""
    fields = {field: row[at].strip().lstrip("#") for field, at in columns.items() if at < len(row)}
    fields |= {field: _as_text(fields[field], name) for field in _IDENTITIES if field in fields}
    full, first, last = (fields.get(field, "") for field in ("name", "first", "last"))
    test = sorted(re.findall(r"\w+", full or f"{first} {last}")) == ["Student", "Test"]
    fields["participant"] = re.sub(r"\D", "", fields.get("participant", ""))
    ids = [fields[field] for field in _IDENTITIES if fields.get(field)]
    if "Points Possible" in f"{full} {last} {first}" or test or not (ids or full or first or last):
        return None
    identity = fields.get("id") or next((each for each in ids if "@" not in each), "")
    if identity in (fields.get("canvas"), fields["participant"], "") and any("@" in each for each in ids):
        identity = next(each for each in ids if "@" in each).partition("@")[0]
    if not is_folder_name(identity):
        who = identity[:99] or full or f"{first} {last}"
        raise RosterError(f"{name}: {who!r} has no id that can be the name of a folder: give one, or delete the row.")
    if full and not (first or last):
        last, _, first = (part.strip() for part in full.partition(","))
        if not first and " " in last and max(last) < "⺀":  # where Chinese begins
            first, _, last = last.rpartition(" ")
    submitted = fields.get("submitted", "")
    fields |= {"submitted": "" if NOTHING.fullmatch(submitted) else submitted}
    more = ("email", "canvas", "login", "sis", "section", "participant", "submitted")
    return Person(identity, first, last, *(fields.get(field, "") for field in more))


def _as_text(cell: str, name: str) -> str:
    """An id as it was before a spreadsheet took it for a number, or was kept from that by ="7" or '7."""
    if re.fullmatch(r"\d[.,]\d+E\+\d+", cell):
        raise RosterError(f"{name}: a spreadsheet has rounded an id to {cell}: download the list anew, ids as text.")
    cell = "".join(char for char in cell if unicodedata.category(char) != "Cf")  # marks that nobody sees
    quoted = re.fullmatch(r"=\"([^\"]*)\"|'(\w[^']*)|(\d+)\.0", cell)
    return next(filter(None, quoted.groups()), "") if quoted else cell
