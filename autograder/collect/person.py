"""A student as class lists have them, and the texts by which one is known."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from autograder.course.course import CourseError
from autograder.gradebook.marks import Student


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

    def unique(self) -> set[str]:
        """What nobody else has: id, login, e-mail, number of Canvas."""
        return {self.id, self.login, self.sis, self.email, self.canvas and f"canvas {self.canvas}"}

    def words(self) -> set[str]:
        """What a file may be called after, in one word."""
        return {self.id, self.login, self.sis, self.email, self.email.partition("@")[0]}

    def names(self) -> set[str]:
        """Both orders of the name."""
        return {f"{self.first} {self.last}", f"{self.last} {self.first}"}

    def whole_name(self) -> set[str]:
        """All words of the name, in whatever order."""
        return {" ".join(sorted(f"{self.first} {self.last}".casefold().split()))}


def squashed(text: str) -> str:
    """A name without accents' spelling, case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def key(text: str) -> str:
    """By what a text is compared: of a number the zeros in front don't count, since spreadsheets drop them."""
    plain = squashed(text)
    return plain.lstrip("0") if plain.isdecimal() else plain


def read_anew(text: str) -> Iterator[str]:
    """What a name may be that Windows wrote into a zip in its own encoding, and that zips' default has garbled."""
    for encoding in ("gbk", "big5", "cp932", "cp949", "cp1252") if not text.isascii() else ():
        with suppress(UnicodeError):
            yield text.encode("cp437").decode(encoding)


def by_key(pairs: Iterable[tuple[str, Person]]) -> dict[str, set[Person]]:
    """Everybody whom a text means, by the text as it is compared."""
    found: defaultdict[str, set[Person]] = defaultdict(set)
    for text, person in pairs:
        if plain := key(text):
            found[plain].add(person)
    return dict(found)
