"""The students in a table with ids and names, or in what Canvas's API gives."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

from autograder.collect.names import is_folder_name
from autograder.collect.person import Person, RosterError, squashed
from autograder.collect.times import NOTHING
from autograder.files import is_left_open, rows_of

_FIELDS = tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))
"""The columns of a class list under the headings that are in use, without spaces, case and punctuation."""
DIGITS = 15
"""So many of a number a spreadsheet keeps; those behind it become zeros."""
_IDENTITIES = ("id", "login", "sis", "email", "canvas", "participant")


def people_in(text: str, name: str) -> list[Person]:
    """The students in a file's text.

    Raises:
        RosterError: it holds no students, has no column of ids or names, gives an id twice, or has lost one.
    """
    rows = _rows(text, name)
    if len(rows) < 2:
        raise RosterError(f"{name} holds no students.")
    columns = _columns(rows)
    if not set(_IDENTITIES) & set(columns):
        raise RosterError(f"{name} has no column of student ids: name it student_id.")
    longer = [row for row in rows[1:] if any(map(str.strip, row[len(rows[0]) :]))]
    if 0 < len(longer) < len(rows) - 1:  # of all rows it would be a column without a heading
        told = ",".join(longer[0])[:99]
        raise RosterError(f"{name}: the row {told} has more cells than there are headings: mend it.")
    people = [person for row in rows[1:] if (person := _person(row, columns, name))]
    cut = [person.id for person in people if len(person.id) > DIGITS and person.id.isdecimal()]
    if len(cut) > 1 and not any(each[DIGITS:].strip("0") for each in cut):
        raise RosterError(f"{name}: a spreadsheet has rounded ids, as {cut[0]}: download the list anew, ids as text.")
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
            free = at not in columns.values() or (columns.get("id") == at and field != "submitted")
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
    if re.fullmatch(r"\d(?:[.,]\d+)?E\+\d+", cell, re.IGNORECASE):
        raise RosterError(f"{name}: a spreadsheet has rounded an id to {cell}: download the list anew, ids as text.")
    cell = "".join(char for char in cell if unicodedata.category(char) != "Cf")  # marks that nobody sees
    quoted = re.fullmatch(r"=\"([^\"]*)\"|'(\w[^']*)|(\d+)\.0", cell)
    return next(filter(None, quoted.groups()), "") if quoted else cell
