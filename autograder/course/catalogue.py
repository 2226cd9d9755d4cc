"""What students read in another language: English, as it is made, looked up in gettext catalogues."""

import re
from functools import cache
from pathlib import Path

from autograder.course.course import ENGLISH, CourseError
from autograder.paths import AUTOGRADER

PLACE = re.compile(r"\{(\w+)\}")
VALUE = r"(?:[^.?!。]|[.?!](?! ))+?"
"""What may stand in a place: no end of a sentence."""


class Catalogue:
    """Puts English into a language: a whole text where it is a msgid, else those of its parts that are, longest first.

    A msgid is a title, a sentence, with ``{name}`` where a value stands, or a text cell. What is in none stays English.

    Attributes:
        whole: msgid → msgstr.
        parts: of each that may be a part its literals, a regular expression, and what takes the place of a match.
    """

    def __init__(self, language: str, *files: Path) -> None:
        self.language, self.whole = language, dict[str, str]()
        for path in files:
            from babel.messages.pofile import read_po  # no page in English needs it

            with path.open("rb") as file:
                self.whole |= {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}
        parts = [each for each in self.whole if len(each.split()) > 1 and not {"\n", "$"} & set(each)]
        longest_first = sorted(parts, key=lambda each: -len(PLACE.sub("", each)))
        self.parts = [_part(each, self.whole[each]) for each in longest_first]

    def __call__(self, text: str) -> str:
        """The text in the language."""
        if text in self.whole:
            return self.whole[text]
        for literals, form, words in self.parts:
            if all(literal in text for literal in literals):
                text = re.sub(form, words, text)
        return re.sub("(?<=[。？！：；，]) ", "", text)  # full-width signs bring their own space


def _part(msgid: str, msgstr: str) -> tuple[list[str], str, str]:
    """A value ends where its literal first follows, for good: else a text from students could make this slow."""
    literals, names = PLACE.split(msgid)[::2], PLACE.findall(msgid)
    first, *others = [*map(re.escape, literals[:-1]), re.escape(literals[-1]) + r"(?!\w)"]
    values = (f"(?>(?P<{name}>{VALUE}){literal})" for name, literal in zip(names, others, strict=True))
    return literals, rf"(?a)(?<!\w){first}{''.join(values)}", PLACE.sub(r"\\g<\1>", msgstr.replace("\\", r"\\"))


@cache
def catalogue(language: str, folder: Path) -> Catalogue:
    """What the tool's catalogue of a language and that of an assignment's folder say.

    Raises:
        CourseError: there is neither.
    """
    files = [path for each in (AUTOGRADER / "locale", folder) if (path := each / f"{language}.po").is_file()]
    if not files and language != ENGLISH:
        raise CourseError(f"There is no catalogue of the language {language!r}: {folder / language}.po is missing.")
    return Catalogue(language, *files)


def catalogues(folder: Path) -> list[Catalogue]:
    """Those of all languages into which an assignment is translated."""
    return [catalogue(each.stem, folder) for each in sorted(folder.glob("*.po"))]
