"""Kinds of damage to the file itself: encodings, names, formats, and what is no notebook any more."""

import gzip
import html
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import jupytext
import nbformat
from nbconvert.exporters import HTMLExporter, PythonExporter

from tests.tool.collect.downloads import zipped
from tests.tool.damage import UNREADABLE, Notebook, lose_metadata

File = tuple[bytes, str]


def text(notebook: Notebook, **options: Any) -> str:
    return json.dumps(notebook, ensure_ascii=False, **options)


def encoded(encoding: str) -> Callable[[Notebook], File]:
    return lambda notebook: (text(notebook).replace("·", "-").encode(encoding, "replace"), "hw1.ipynb")


def named(name: str) -> Callable[[Notebook], File]:
    return lambda notebook: (text(notebook).encode(), name)


def script(style: str) -> Callable[[Notebook], File]:
    return lambda notebook: (jupytext.writes(nbformat.from_dict(notebook), fmt=f"py:{style}").encode(), "hw1.py")


def vs_code(notebook: Notebook) -> File:
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return "\n\n".join(f"#%%\n{source}" for source in cells).encode(), "hw1.py"


def markdown(style: str, notebook: Notebook, fence: str = "```") -> File:
    fences = {"code": (f"{fence}{style}\n", f"\n{fence}")}
    parts = [cell["source"].join(fences.get(cell["cell_type"], ("", ""))) for cell in notebook["cells"]]
    return "\n\n".join(parts).encode(), "hw1.md"


def myst(notebook: Notebook) -> File:
    """Its fences name no language where the notebook does not, and its cells have options."""
    body = jupytext.writes(nbformat.from_dict(notebook), fmt="md:myst")
    return body.replace("```{code-cell} ipython3", "```{code-cell}").encode(), "hw1.md"


def nbconvert_script(notebook: Notebook) -> File:
    body, _ = PythonExporter().from_notebook_node(nbformat.from_dict(notebook))
    return body.encode(), "hw1.py"


def worksheets(notebook: Notebook) -> File:
    cells = [
        {key: value for key, value in cell.items() if key != "source"}
        | {"input" if cell["cell_type"] == "code" else "source": cell["source"]}
        for cell in notebook["cells"]
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}, {}, None]}
    return json.dumps(old).encode(), "hw1.ipynb"


def line_ends(end: str, notebook: Notebook) -> File:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", end)
    return text(notebook, indent=1).replace("\n", end).encode(), "hw1.ipynb"


def without_metadata(notebook: Notebook) -> File:
    lose_metadata(notebook)
    return script("percent")(notebook)


CONVERTED, SCRIPT, GIVEN = "not in UTF-8", "A Python script", "its own are used"
FILES: dict[str, tuple[Callable[[Notebook], File], str]] = {
    "byte order mark": (encoded("utf-8-sig"), GIVEN),
    "two byte order marks": (lambda notebook: (b"\xef\xbb\xbf" * 2 + text(notebook).encode(), "hw1.ipynb"), ""),
    "DOS's end of a file": (lambda notebook: (text(notebook).encode() + b"\n\x1a", "hw1.ipynb"), ""),
    "UTF-16": (encoded("utf-16"), CONVERTED),
    "UTF-16, no mark": (encoded("utf-16-le"), CONVERTED),
    "UTF-16, no mark, the other way": (encoded("utf-16-be"), CONVERTED),
    "UTF-32": (encoded("utf-32"), CONVERTED),
    "Windows' Western encoding": (encoded("cp1252"), CONVERTED),
    "Windows' Chinese encoding": (encoded("cp950"), CONVERTED),
    "signs spelt out": (lambda notebook: (html.escape(text(notebook)).encode(), "hw1.ipynb"), "`&lt;` for `<`"),
    "a script of spelt signs": (lambda notebook: (html.escape(vs_code(notebook)[0].decode()).encode(), "a.py"), SCRIPT),
    "Windows' line ends": (partial(line_ends, "\r\n"), ""),
    "old Mac's line ends": (partial(line_ends, "\r"), ""),
    "line ends within strings": (lambda notebook: (text(notebook).replace("\\n", "\r\n").encode(), "hw1.ipynb"), ""),
    "all on one line": (lambda notebook: (json.dumps(notebook, separators=(",", ":")).encode(), "hw1.ipynb"), ""),
    "zeros at the end": (lambda notebook: (text(notebook).encode() + bytes(4096), "hw1.ipynb"), ""),
    "blank lines around": (lambda notebook: (b"\n\n \t" + text(notebook).encode() + b"\n\n", "hw1.ipynb"), ""),
    "named .ipynb.txt": (named("hw1.ipynb.txt"), ""),
    "named .json": (named("Copy of hw1.json"), ""),
    "named .PY": (named("hw1.PY"), ""),
    "without a name": (named(""), ""),
    "nbformat 3": (worksheets, "nbformat 3"),
    "jupytext's percent script": (script("percent"), SCRIPT),
    "jupytext's percent script, ids lost": (without_metadata, SCRIPT),
    "VS Code's script": (vs_code, SCRIPT),
    "nbconvert's script": (nbconvert_script, SCRIPT),
    "nbconvert's Markdown": (partial(markdown, "python"), "A Markdown document"),
    "Markdown that names no language": (partial(markdown, ""), "A Markdown document"),
    "Markdown between tildes": (partial(markdown, "python", fence="~~~"), "A Markdown document"),
    "Markdown between four signs": (partial(markdown, "python", fence="````"), "A Markdown document"),
    "Quarto's document": (partial(markdown, "{python}"), "A Markdown document"),
    "MyST's document": (partial(markdown, "{code-cell} ipython3"), "A Markdown document"),
    "MyST's document as jupytext writes it": (myst, "A Markdown document"),
    "old Mac's script": (lambda notebook: (re.sub(b"(#%%)?\n", b"\r", vs_code(notebook)[0]), "hw1.py"), SCRIPT),
}
"""Files that hold the whole work all the same, and what has to be told of them; nothing where it is empty."""


def web_page(notebook: Notebook) -> bytes:
    body, _ = HTMLExporter().from_notebook_node(nbformat.from_dict(notebook))
    return str(body).encode()


def conflict(notebook: Notebook) -> bytes:
    lines = text(notebook, indent=1).split("\n")
    return "\n".join([*lines[:9], "<<<<<<< HEAD", lines[9], "=======", lines[9], ">>>>>>> mine", *lines[10:]]).encode()


def cells(source: str, count: int = 1) -> bytes:
    """A file of equal cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": source}] * count}).encode()


UNGRADABLE: dict[str, tuple[Callable[[Notebook], bytes], str]] = {
    **{name: (lambda _, words=words: words.encode("latin-1"), said) for name, (words, said) in UNREADABLE.items()},
    "half a download": (lambda notebook: text(notebook).encode()[: len(text(notebook)) // 2], "damaged or cut short"),
    "without its first bytes": (lambda notebook: text(notebook).encode()[40:], "not a notebook"),
    "two downloads in one file": (lambda notebook: 2 * text(notebook).encode(), "damaged"),
    "a merge conflict": (conflict, "damaged"),
    "a zip": (lambda notebook: zipped(None, {"hw1.ipynb": text(notebook).encode()}), "zip archive"),
    "gzip": (lambda notebook: gzip.compress(text(notebook).encode()), "compressed"),
    "nbconvert's web page": (web_page, "web page"),
    "a screenshot": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(64), "picture"),
    "only zeros": (lambda _: bytes(4096) + b" \n", "empty"),
    "another homework": (lambda _: cells("def triple(x): pass"), "None of the exercises"),
    "no cells left": (lambda notebook: text(notebook | {"cells": []}).encode(), "no cells"),
    "shuffled bytes": (lambda notebook: bytes(sorted(text(notebook).encode())), "not a notebook"),
    "too deep": (lambda _: b'{"cells": ' + b"[" * 200_000, "deep"),
    "surrogates": (lambda _: cells("\ud800"), "None of the exercises"),
    "too large": (lambda _: b" " * 20_000_001, "larger"),
    "too much data": (lambda _: b'{"cells": [' + b"[]," * 1_000_000 + b"0]}", "too much data"),
    "too much text": (lambda _: cells("#" * 99_999, 11), "1,000,000 characters"),
    "too many cells": (lambda _: cells("x", 2001), "2000 cells"),
}
"""Files that hold no notebook, and what their students are told."""
