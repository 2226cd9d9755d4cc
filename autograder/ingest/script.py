"""The cells of a Python script that was exported from a notebook: by jupytext, VS Code, nbconvert or Colab."""

import re
from collections.abc import Iterator
from itertools import islice

_HEADER = re.compile(r"^#[ \t]?%%(.*)$|^#[ \t]In[ \t]?\[[^\]\n]{0,9}\]:?[ \t]*$", re.MULTILINE)
_MAGIC = re.compile(r"^#[ \t]?(?=%[a-z]|!)", re.MULTILINE)
_GRADE_ID = re.compile(r'"grade_id"[ \t]*:[ \t]*"([^"\n]*)"')
_CODE = re.compile(r"^[^#\s]", re.MULTILINE)
_COMMENT = re.compile(r"^#[ \t]?", re.MULTILINE)
_CELL_MAGIC = re.compile(r"^# Commented out IPython magic[^\n]*\n((?:#[^\n]*(?:\n|\Z))+)", re.MULTILINE)
_CODE_QUOTES = re.compile(r"\"\"\"|'''")


def looks_like_script(text: str) -> bool:
    """Whether the text has a cell header of one of the exporters."""
    return _HEADER.search(text) is not None


def with_magics(text: str) -> str:
    """The script with the cells back that Colab has commented out for the cell magic above them, each before a text."""
    ended = '\n"""\n"""\n'
    return _CELL_MAGIC.sub(lambda cell: _COMMENT.sub("", cell[1]) + ended if cell[1][:4] == "# %%" else cell[1], text)


def script_cells(text: str, most: int) -> list[tuple[str, str, str | None]]:
    """The cells as (kind, source, grade_id); without headers what stands between texts, as in Colab's export, is one.

    After so many headers as ``most`` the rest is one cell: there may be millions of headers with nothing below them.
    """
    headers = list(islice(_HEADER.finditer(text), most))
    if not headers:
        return [cell for cell in _between_texts(text.split("\n"), most) if cell[1]]
    ends = [header.start() for header in headers] + [len(text)]
    # What stands before the first header is code, or no more than an exporter's comment on the file.
    cells = [_cell("", text[: ends[0]])] if _CODE.search(text, 0, ends[0]) else []
    for header, end in zip(headers, ends[1:], strict=True):
        cells.append(_cell(header[1] or "", text[header.end() : end]))
    return [cell for cell in cells if cell[1]]


def _between_texts(lines: list[str], most: int) -> Iterator[tuple[str, str, str | None]]:
    """The cells of Colab's export: texts are strings that begin a line outside of any other, below a blank one."""
    start = at = texts = 0
    inside = ""
    while at < len(lines):
        begins = not at or not lines[at - 1] or lines[at - 1].startswith("# -*-")  # the line on the file's coding
        if inside or texts == most or not lines[at].startswith('"""') or not begins:
            quotes = _CODE_QUOTES.findall(lines[at]) if inside or not lines[at].lstrip().startswith("#") else []
            for quote in quotes:
                inside = "" if inside == quote else inside or quote
            at += 1
            continue
        end = _end_of_text(lines, at)
        code = "\n".join(lines[start:at])
        yield _cell("", code if start or _CODE.search(code) else "")  # no exporter's comment on the file
        yield "markdown", "\n".join(lines[at:end]).removeprefix('"""').removesuffix('"""').strip("\n"), None
        start, at, texts = end, end, texts + 1
    yield _cell("", "\n".join(lines[start:]))


def _end_of_text(lines: list[str], start: int) -> int:
    """The line after a text, in which backslashes and docstrings stand as they were written."""
    docstring = False
    for at in range(start, len(lines)):
        closing = (lines[at].count('"""') - (at == start)) % 2
        blank = at + 1 == len(lines) or not lines[at + 1].strip()
        if closing and blank and (lines[at] == '"""' or (not docstring and lines[at].endswith('"""'))):
            return at + 1
        docstring ^= bool(closing)
    return len(lines)


def _cell(header: str, body: str) -> tuple[str, str, str | None]:
    source = body.strip("\n")
    if "[markdown]" in header or "[md]" in header:
        return "markdown", _COMMENT.sub("", source), None
    if "[raw]" in header:
        return "raw", _COMMENT.sub("", source), None
    found = _GRADE_ID.search(header)
    return "code", _MAGIC.sub("", source), found[1] if found else None
