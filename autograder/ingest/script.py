"""The cells of a Python script that was exported from a notebook: by jupytext, VS Code, nbconvert or Colab."""

import re
from itertools import islice

_HEADER = re.compile(r"^#[ \t]?%%(.*)$|^#[ \t]In[ \t]?\[[^\]\n]{0,9}\]:?[ \t]*$", re.MULTILINE)
_MAGIC = re.compile(r"^#[ \t]?(?=%[a-z]|!)", re.MULTILINE)
_GRADE_ID = re.compile(r'"grade_id"[ \t]*:[ \t]*"([^"\n]*)"')
_CODE = re.compile(r"^[^#\s]", re.MULTILINE)
_COMMENT = re.compile(r"^#[ \t]?", re.MULTILINE)


def looks_like_script(text: str) -> bool:
    """Whether the text has a cell header of one of the exporters."""
    return _HEADER.search(text) is not None


def script_cells(text: str, most: int) -> list[tuple[str, str, str | None]]:
    """The cells as (kind, source, grade_id); a script without headers is one code cell.

    After so many headers as ``most`` the rest is one cell: there may be millions of headers with nothing below them.
    """
    headers = list(islice(_HEADER.finditer(text), most))
    ends = [header.start() for header in headers] + [len(text)]
    # What stands before the first header is code, or no more than an exporter's comment on the file.
    cells = [_cell("", text[: ends[0]])] if _CODE.search(text, 0, ends[0]) else []
    for header, end in zip(headers, ends[1:], strict=True):
        cells.append(_cell(header[1] or "", text[header.end() : end]))
    return [cell for cell in cells if cell[1]]


def _cell(header: str, body: str) -> tuple[str, str, str | None]:
    source = body.strip("\n")
    if "[markdown]" in header or "[md]" in header:
        return "markdown", _COMMENT.sub("", source), None
    if "[raw]" in header:
        return "raw", _COMMENT.sub("", source), None
    found = _GRADE_ID.search(header)
    return "code", _MAGIC.sub("", source), found[1] if found else None
