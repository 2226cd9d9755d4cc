"""The class list: from any CSV with ids and names, among them Canvas's gradebook export and Moodle's grading sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, replace
from functools import reduce
from pathlib import Path

from autograder.collect.class_table import people_in
from autograder.collect.layout import Kind, PathHint
from autograder.collect.person import Person, RosterError, by_key, key, read_anew, squashed
from autograder.files import spreadsheet, table_text
from autograder.render.table_cells import neutral

HEADINGS = "student_id first_name last_name email canvas_id login sis_id section participant submitted".split()
"""Our own class list: a column for each field of ``Person``, in their order."""

SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How Excel's and LibreOffice's files begin, as all zip archives do, and older ones of Excel's."""

MIN_NAME = 5
"""A name of no more characters is no evidence when it is only some words of another."""

LOGIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*?)(-\d)?(?:-(?:main|master|final))*", re.IGNORECASE)
"""A login as GitHub Classroom's folders have it, with a number where there are several, and the branch."""


class Roster:
    """The class, and who of it a path means."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = tuple(people)
        self._canvas = {person.canvas: person for person in people if person.canvas}
        self._participants = {person.participant: person for person in people if person.participant}
        self._has_logins = any(person.login for person in people)
        self._ids = {person.id: person for person in people}
        self._words = by_key((text, person) for person in people for text in person.words())
        self._names = by_key((text, person) for person in people for text in person.names())

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
            with path.open("rb") as file:
                if file.read(8).startswith(SPREADSHEETS):
                    raise RosterError(
                        f"{path} is a spreadsheet or an archive, and no CSV: save the class list as “CSV UTF-8”."
                    )
            return people_in(table_text(path), path.name)
        except OSError as error:
            raise RosterError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeError:
            raise RosterError(f"{path} is not in UTF-8: save it as “CSV UTF-8”.") from None

    def to_csv(self) -> bytes:
        """The class list as ``read`` reads it."""
        named = [replace(each, first=str(neutral(each.first)), last=str(neutral(each.last))) for each in self.people]
        return spreadsheet([HEADINGS, *map(astuple, named)])

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
        for plain in map(key, (text, *read_anew(text))):
            if found := self._words.get(plain, set()) | self._names.get(plain, set()):
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
        found = _all(self._words.get(key(word)) for word in re.split(r"[^\w@.+]+|_", hint.name))
        if hint.kind is Kind.FOLDER and self._has_logins and (login := LOGIN.fullmatch(hint.others[0][0])):
            # ada-l is a login: no other's who is called ada
            found = self._called(login[1] + (login[2] or "")) or self._called(login[1])
        words = [word for word in map(squashed, re.split(r"[\W_]+", hint.name)) if word]
        # nobody's name has more than twelve words, a file's may have hundreds
        rows = ("".join(words[at : at + most]) for at in range(len(words)) for most in range(13))
        named = _all(self._names.get(row) for row in rows if len(row) > MIN_NAME)
        return found & named if found and named else found or named  # one's name with another's number is nobody's


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
    for keys in (Person.unique, Person.words, Person.whole_name):
        unmet = [person for person in first if result[person.id] is person]
        there = by_key((text, person) for person in unmet for text in keys(person))
        found = {each: _all(there.get(key(text)) for text in keys(each)) for each in left}
        if keys is Person.whole_name:
            found = {each: {it for it in others if not (each.sis and it.sis)} for each, others in found.items()}
            if 2 * sum(map(bool, found.values())) <= len(more):
                break
        meant = Counter(other for others in found.values() for other in others)
        for each, others in found.items():
            if len(others) > 1 or any(meant[other] > 1 for other in others):
                ids = ", ".join(sorted(other.id for other in others))
                raise RosterError(f"{each.id} may be {ids}: give both class lists a column that tells them apart.")
            for other in others:
                kept = {"id", "first", "last"} if other.last and not (each.first and each.last) else {"id"}
                new = {field: value for field, value in asdict(each).items() if value and field not in kept}
                result[other.id] = replace(other, **new)
        left = [each for each in left if not found[each]]
    return [*result.values(), *left]
