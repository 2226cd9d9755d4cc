"""What a notebook cell says about itself: its exercise marker, the names it defines, its essence.

All of it works on text from students, so nothing here parses Python: these are single passes over lines, which
no input can make slow, crash or warn, and which a syntax error or a magic elsewhere in the cell does not disturb.
"""

import re
from functools import lru_cache

MOST = 2048
"""Cells that are kept with what was said of them: most of a notebook's are the course's own."""

_MARK = r"^(?:#|<!--)[ \t]*exercise[ \t]*:[ \t]*([\w-]+)(?:[ \t]+-->)?[ \t]*$"
_MARKER = re.compile(_MARK, re.IGNORECASE | re.MULTILINE)
_DEFINITION = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+([A-Za-z_]\w*)")
_ASSIGNMENT = re.compile(r"^((?:[A-Za-z_]\w*[ \t]*[,=][ \t]*)*[A-Za-z_]\w*)[ \t]*(?::[^=]*)?=(?!=)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_QUOTES = re.compile(r'"""|\'\'\'')
_FORM = re.compile(r"#[ \t]*@param.*")


def markers(source: str) -> list[tuple[str, int]]:
    """The exercise ids that a cell's lines ``# exercise: ID`` or ``<!-- exercise: ID -->`` name, each with its offset."""
    return [(match[1], match.start()) for match in _MARKER.finditer(source)]


def unmarked(source: str) -> str:
    """A source without its marker lines."""
    return _MARKER.sub("", source).strip("\n")


def wording(source: str) -> str:
    """What a written answer says: all but its marker and white space; in code, comments are part of it."""
    return "".join(unmarked(source).split())


@lru_cache(MOST)
def defined_names(source: str) -> frozenset[str]:
    """The names that a cell defines at top level by ``def``, ``class`` or assignment."""
    names: set[str] = set()
    for line in _code_lines(source):
        match = _DEFINITION.match(line)
        if match:
            names.add(match[1])
            continue
        match = _ASSIGNMENT.match(line[:2000])
        if match:
            names.update(_NAME.findall(match[1]))
    return frozenset(names)


@lru_cache(MOST)
def essence(source: str, cell_type: str = "code") -> str:
    """A source with all white space and, in code, comment lines and form hints left out: equal for equal contents."""
    if cell_type != "code":
        return "".join(source.split())
    lines = (_FORM.sub("", line) for line in source.split("\n") if not line.lstrip().startswith("#"))
    return "".join("".join(lines).split())


def _code_lines(source: str) -> list[str]:
    """The lines of a source that don't begin inside a triple-quoted string."""
    kept = []
    inside: str | None = None
    for line in source.split("\n"):
        if inside is None:
            kept.append(line)
        if inside is None and line.lstrip().startswith("#"):
            continue
        for quote in _QUOTES.findall(line):
            if inside is None:
                inside = quote
            elif inside == quote:
                inside = None
    return kept
