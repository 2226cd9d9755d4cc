"""Read what a student handed in: bytes of any kind → the cells that are in it."""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

from autograder.course.cell_text import markers
from autograder.course.source import TRAINING
from autograder.ingest.script import looks_like_script, script_cells, with_magics
from autograder.ingest.signs import JSON, SPELT, with_signs

OWN_TAGS = [TRAINING]
"""What the course itself says of a cell: nothing that anybody did."""

MAX_BYTES = 20_000_000
MAX_CELLS = 2_000
MAX_BRACKETS = 1_000_000
"""JSON's lists and objects, each of which takes more memory than its two bytes; outputs are long, but rarely deep."""
MAX_CODE = 100_000
"""The longest code cell, in characters: a whole homework that was exported as one script has half of that."""
MAX_PROSE = 20_000
"""The longest text cell, in characters; without the pictures that were pasted into it."""
MAX_SOURCES = 1_000_000
"""All cells together, in characters: twenty times this course's longest homework."""

_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or a Word document: unpack it and hand in the .ipynb file"),
    (b"\x1f\x8b", "a compressed archive: unpack it and hand in the .ipynb file"),
    (b"7z\xbc\xaf", "a compressed archive: unpack it and hand in the .ipynb file"),
    (b"Rar!", "a compressed archive: unpack it and hand in the .ipynb file"),
    (b"\xfd7zXZ", "a compressed archive: unpack it and hand in the .ipynb file"),
    (b"BZh", "a compressed archive: unpack it and hand in the .ipynb file"),
    (b"\x28\xb5\x2f\xfd", "a compressed archive: unpack it and hand in the .ipynb file"),
    (b"%PDF", "a PDF: hand in the notebook itself, the .ipynb file"),
    (b"\x89PNG", "a picture: hand in the notebook itself, the .ipynb file"),
    (b"\xff\xd8\xff", "a picture: hand in the notebook itself, the .ipynb file"),
)
MAX_PICTURES = 4_000_000
"""All pictures attached to one text cell together, in characters of base64."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PASTED = "(A picture was pasted here; it is in the file that was handed in.)"
_PICTURE = re.compile(r"(?:!\[[^\]\n]{0,99}\]\()?data:image/[\w.+-]{1,20};base64,[\w+/=%]{1000,}\)?")
_ATTACHED = re.compile(r"!\[[^\]\n]{0,99}\]\(attachment:([^)\n]{1,200})\)")
_BASE64 = re.compile(r"[\w+/]+={0,2}", re.ASCII)
_FENCE = re.compile(
    r"(`{3,}|~{3,}) ?(?:\{code-cell\}|\{?\.?i?py(?:thon)?3?\b)", re.IGNORECASE
)  # nbconvert's, Quarto's, MyST's
_BARE = re.compile(rf"{_FENCE.pattern}|(`{{3,}}|~{{3,}})[ \t]*\Z", re.IGNORECASE)
"""Where code begins in a document that names no language: a notebook without one is exported so, its prose as it was."""
MARKDOWN = (".md", ".markdown")
_OPTIONS = re.compile(r"\A(?:---\n.*?\n---\n|(?::[\w-]+:[^\n]*\n)+)", re.DOTALL)
"""What MyST writes above a cell's code."""
_HEAD = re.compile(r"\A---\n.*?\n---\n+", re.DOTALL)  # in YAML
_BORDER = re.compile(r"^(?:\+\+\+(?: \{[^\n]*)?|<!-- #(?:region|endregion|md)\b[^\n]*-->)$\n?", re.MULTILINE)
"""Where a text cell begins or ends, as MyST and jupytext write it."""
_PROMPT = re.compile(r"^(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)
_HTML = re.compile(r"\s*<(?:!doctype|html|head|\?xml|script|meta)\b", re.IGNORECASE)


class Ungradable(Exception):
    """The file holds no notebook to grade; the message is a sentence that tells the student what to hand in instead."""


@dataclass(frozen=True)
class StudentCell:
    """What is taken from a cell of a submission; all else in it is left behind.

    Attributes:
        kind: ``"code"``, ``"markdown"`` or ``"raw"``.
        source: its text, with ``\\n`` line ends.
        grade_id: nbgrader's id, where it is still there.
        ids: the cell ids that Jupyter and Colab gave it.
        whole: False where it may be several, for the file does not say where cells end.
        pictures: those attached to a text cell: the name by which its text has them, the type, base64.
    """

    kind: str
    source: str
    grade_id: str | None = None
    ids: tuple[str, ...] = ()
    whole: bool = True
    pictures: tuple[tuple[str, str, str], ...] = ()


def read_cells(data: bytes, filename: str = "") -> tuple[list[StudentCell], list[str]]:
    """The cells that may be graded of a notebook (nbformat 3 or 4) or a script export, and what had to be mended.

    Raises:
        Ungradable: there is none in these bytes; nothing else is raised, whatever they are.
    """
    cells, repairs = every_cell(data, filename)
    if len(cells) > MAX_CELLS:
        raise Ungradable(f"The notebook has more than {MAX_CELLS} cells.")
    kept = _within_limits(cells, repairs)
    cells = [replace(cell, source=with_signs(cell.source)) if cell.kind == "code" else cell for cell in kept]
    return cells, repairs if cells == kept else [*repairs, SPELT]


def every_cell(data: bytes, filename: str = "") -> tuple[list[StudentCell], list[str]]:
    """As ``read_cells``, however many and long the cells are."""
    if len(data) > MAX_BYTES:
        most = MAX_BYTES // 1_000_000
        message = f"The file is larger than {most} MB: clear the notebook's outputs and hand it in again."
        raise Ungradable(message)
    if not data.strip(b"\x00 \t\r\n"):
        raise Ungradable("The file is empty.")
    for start, what in _FOREIGN:
        if data.startswith(start):
            raise Ungradable(f"The file is {what}.")
    if data[257:262] == b"ustar":  # else the scripts in it would be read as one
        raise Ungradable("The file is a tar archive: unpack it and hand in the .ipynb file.")
    text, repairs = _decode(data)
    if JSON.match(text):
        text, repairs = html.unescape(text), [*repairs, SPELT]
    if text.lstrip()[:1] in ("{", "["):
        cells = _notebook_cells(_parse(text), repairs)
    elif _HTML.match(text):
        message = "The file is a web page, not a notebook: use File › Download › Download .ipynb and hand that in."
        raise Ungradable(message)
    elif not filename.lower().endswith(".py") and (fenced := _fenced_cells(text, filename)):
        repairs.append("A Markdown document was handed in place of a notebook; its cells were read from it.")
        cells = fenced
    elif filename.lower().endswith(".py") or looks_like_script(text) or markers(text):
        repairs.append("A Python script was handed in place of a notebook; its cells were read from it.")
        text = with_magics(with_signs(text))
        whole = looks_like_script(text)
        cells = [StudentCell(*cell, whole=whole) for cell in script_cells(text, MAX_CELLS)]
    else:
        raise Ungradable("The file is not a notebook: hand in the .ipynb file that Colab or Jupyter downloads.")
    return cells, repairs


def _fenced_cells(text: str, filename: str) -> list[StudentCell]:
    """The cells of a notebook that was exported as Markdown; none where exercises stand outside of its code, too.

    Fences without a language count where the file is named as Markdown: a script's texts may have some as well.
    """
    if looks_like_script(text):
        return []
    body, named = _HEAD.sub("", text).split("\n"), filename.lower().endswith(MARKDOWN)
    return _between_fences(body, _FENCE) or (_between_fences(body, _BARE) if named else [])


def _between_fences(body: list[str], opening: re.Pattern[str]) -> list[StudentCell]:
    """The cells of a document in which code begins with such a line, and ends with the fence that began it."""
    cells, kind, lines, fence = list[StudentCell](), "markdown", list[str](), ""
    for line in [*body, None]:
        if len(cells) > MAX_CELLS:
            break
        begins = opening.match(line) if line is not None and kind != "code" else None
        if line is None or begins or (kind == "code" and line.startswith(fence)):
            cells += _fenced(kind, "\n".join(lines).strip("\n"))
            fence = next(filter(None, begins.groups())) if begins else ""
            kind, lines = "markdown" if kind == "code" else "code", []
        else:
            lines.append(line)
    marked = {each.kind for each in cells for _, at in markers(each.source) if each.source[at] == "#"}
    return [each for each in cells if each.source] if marked == {"code"} else []


def _fenced(kind: str, source: str) -> list[StudentCell]:
    """The code between two fences, or the text cells between two of code: each written answer is one of its own."""
    if kind == "code":
        return [StudentCell(kind, _OPTIONS.sub("", source, count=1))]
    source = _BORDER.sub("", source)
    starts = [0, *(at for _, at in markers(source) if source[at] == "<"), len(source)]
    return [StudentCell(kind, source[start:end].strip("\n")) for start, end in pairwise(starts)]


def _within_limits(cells: list[StudentCell], repairs: list[str]) -> list[StudentCell]:
    """The cells that are no longer than any honest one."""
    kept = [cell for cell in cells if len(cell.source) <= (MAX_CODE if cell.kind == "code" else MAX_PROSE)]
    if len(kept) < len(cells):
        said = f"Code cells longer than {MAX_CODE:,} characters and text cells longer than {MAX_PROSE:,} were left out: {len(cells) - len(kept)}."
        repairs.append(said)
    if sum(len(cell.source) for cell in kept) > MAX_SOURCES:
        message = f"The notebook's cells hold more than {MAX_SOURCES:,} characters: take out what is not your work."
        raise Ungradable(message)
    return kept


def _decode(data: bytes) -> tuple[str, list[str]]:
    """The text in any encoding that editors use, with ``\\n`` line ends; what cannot be read becomes �."""
    encoding: str = json.detect_encoding(data)  # by its byte order mark, or by where the zeros stand
    repairs = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        encoding = "cp1252"
    if encoding not in ("utf-8", "utf-8-sig"):
        repairs.append("The file was not in UTF-8; its text was converted.")
    text = text.lstrip("\ufeff").rstrip("\x00\x1a")  # a second byte order mark, and DOS's end of a file
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""), repairs


def _parse(text: str) -> Any:
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise Ungradable("The notebook holds too much data: clear its outputs and hand it in again.")
    try:
        # Numbers mean nothing here, and converting a number of a million digits is slow or refused.
        return json.loads(text, strict=False, parse_int=lambda _: 0, parse_float=lambda _: 0.0)
    except RecursionError:
        raise Ungradable("The file is not a notebook: it is nested too deeply.") from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line})" if line else ""
        raise Ungradable(f"The notebook is damaged or cut short{where}: download it again and hand that in.") from None


def _notebook_cells(notebook: Any, repairs: list[str]) -> list[StudentCell]:
    listed = notebook.get("cells") if isinstance(notebook, Mapping) else None
    if listed is None and isinstance(notebook, Mapping) and isinstance(notebook.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, Mapping)]
        listed = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
        repairs.append("The notebook was in the old nbformat 3; it was converted.")
    if not isinstance(listed, list):
        raise Ungradable("The file is not a notebook: it has no cells.")
    cells = [_cell(cell) for cell in listed if isinstance(cell, Mapping)]
    if not cells:
        raise Ungradable("The notebook has no cells.")
    if any(_tags(cell) for cell in listed[:MAX_CELLS]):
        repairs.append("Tags on cells were left out: they have no say in how a notebook is graded.")
    return cells


def _cell(cell: Mapping[str, Any]) -> StudentCell:
    kind = cell.get("cell_type")
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    nbgrader = metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    source = _text(cell.get("source", cell.get("input")))
    if kind != "code" and len(source) > MAX_PROSE:
        source = _PICTURE.sub(PASTED, source)
    source, pictures = (source, ()) if kind == "code" else _attached(source, cell.get("attachments"))
    return StudentCell(
        kind if kind in ("code", "raw") else "markdown",
        _PROMPT.sub("", source) if source.lstrip()[:4] == ">>> " else source,
        grade_id if isinstance(grade_id, str) else None,
        tuple(value for value in (cell.get("id"), metadata.get("id")) if isinstance(value, str)),
        pictures=pictures,
    )


def _attached(source: str, attachments: Any) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """A text in which attached pictures are called by what is in them, and these; a note for each that is not taken."""
    pictures: dict[str, tuple[str, str, str]] = {}
    room = MAX_PICTURES

    @cache  # a text may show one large picture a million times
    def taken(called: str) -> str:
        nonlocal room
        kinds = attachments.get(called) if isinstance(attachments, Mapping) else None
        kinds = kinds if isinstance(kinds, Mapping) else {}
        for kind in PICTURES:
            data = "".join(_text(kinds.get(kind)).split())
            name = f"{hashlib.sha256(data.encode()).hexdigest()[:20]}.{kind.removeprefix('image/')}"
            more = 0 if name in pictures else len(data)
            if _BASE64.fullmatch(data) and more <= room:
                pictures[name], room = (name, kind, data), room - more
                return f"![picture](attachment:{name})"
        return PASTED

    return _ATTACHED.sub(lambda match: taken(match[1]), source), tuple(pictures.values())


def _text(value: Any) -> str:
    """A source as one string that can be written in UTF-8 and compiled: no lone surrogates, no NUL."""
    if isinstance(value, list):
        lines = [line for line in value if isinstance(line, str)]
        # The format's lines have their ends; a tool that splits and does not join again loses them.
        value = ("" if any("\n" in line or "\r" in line for line in lines) else "\n").join(lines)
    text: str = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _tags(cell: Any) -> bool:
    """Whether a cell has tags that the course has not given."""
    metadata = cell.get("metadata") if isinstance(cell, Mapping) else None
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return bool(tags) and tags != OWN_TAGS
