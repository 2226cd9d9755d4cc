"""What students read in another language: English, as it is made, looked up in gettext catalogues."""

import re
from functools import cache
from pathlib import Path

from autograder.course.course import Course, CourseError
from autograder.paths import AUTOGRADER

PLACE = re.compile(r"\{(\w+)\}")
VALUE = r"(?:[^.?!。]|[.?!](?! ))+?"
"""What may stand in a place: no end of a sentence."""


class Catalogue:
    """Puts English into a language: a whole text where it is a msgid, else those of its parts that are, longest first.

    A msgid is a title, a sentence, with ``{name}`` where a value stands, or a text cell. What is in none stays English.

    Args:
        language: as in ``"zh_TW"``.
        files: catalogues, of which a later one counts before an earlier.
    """

    def __init__(self, language: str, *files: Path) -> None:
        self.language = language
        self.whole: dict[str, str] = {}
        for path in files:
            from babel.messages.pofile import read_po  # no page in English needs it

            with path.open("rb") as file:
                self.whole |= {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}
        parts = [(PLACE.split(each), each) for each in self.whole if " " in each and not {"\n", "$"} & set(each)]
        parts.sort(key=lambda part: -len("".join(part[0][::2])))
        self._parts = [(pieces[::2], _form(pieces), _filled(self.whole[each])) for pieces, each in parts]

    def __call__(self, text: str) -> str:
        """The text in the language."""
        if text in self.whole:
            return self.whole[text]
        for literals, form, words in self._parts:
            if all(literal in text for literal in literals):
                text = form.sub(words, text)
        return re.sub(r"(?<=[。？！：；，]) ", "", text)  # full-width signs bring their own space


ENGLISH = Catalogue("en")


def _form(pieces: list[str]) -> re.Pattern[str]:
    """What finds a msgid in a text, from its literals with a name between each two.

    A value ends where its literal first follows, for good: else a text from students could make this slow.
    """
    first, *literals = [*map(re.escape, pieces[:-1:2]), re.escape(pieces[-1]) + r"(?!\w)"]
    values = (f"(?>(?P<{name}>{VALUE}){literal})" for name, literal in zip(pieces[1::2], literals, strict=True))
    return re.compile(rf"(?a)(?<!\w){first}{''.join(values)}")


def _filled(msgstr: str) -> str:
    """What ``re.sub`` puts in its place."""
    return PLACE.sub(r"\\g<\1>", msgstr.replace("\\", r"\\"))


def catalogue(course: Course, name: str) -> Catalogue:
    """From English to the course's language, in what is said of an assignment.

    Raises:
        CourseError: neither the tool nor the assignment has a catalogue of the language.
    """
    return ENGLISH if course.language is None else _read(course.language, course.solutions / name)


@cache
def _read(language: str, folder: Path) -> Catalogue:
    files = [path for each in (AUTOGRADER / "locale", folder) if (path := each / f"{language}.po").is_file()]
    if not files:
        raise CourseError(f"course.toml names the language {language!r}, but there is no {folder}/{language}.po.")
    return Catalogue(language, *files)
