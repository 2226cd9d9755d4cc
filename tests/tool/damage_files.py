"""Kinds of damage to the file itself: encodings, names, formats, and what is no notebook any more."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import jupytext
import nbformat
from nbconvert.exporters import HTMLExporter, PythonExporter

from tests.tool.damage import Notebook

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


def nbconvert_script(notebook: Notebook) -> File:
    body, _ = PythonExporter().from_notebook_node(nbformat.from_dict(notebook))
    return body.encode(), "hw1.py"


def worksheets(notebook: Notebook) -> File:
    cells = [
        {key: value for key, value in cell.items() if key != "source"}
        | {"input" if cell["cell_type"] == "code" else "source": cell["source"]}
        for cell in notebook["cells"]
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    return json.dumps(old).encode(), "hw1.ipynb"


def line_ends(end: str) -> Callable[[Notebook], File]:
    def damaged(notebook: Notebook) -> File:
        for cell in notebook["cells"]:
            cell["source"] = cell["source"].replace("\n", end)
        return text(notebook, indent=1).replace("\n", end).encode(), "hw1.ipynb"

    return damaged


FILES: dict[str, Callable[[Notebook], File]] = {
    "byte order mark": encoded("utf-8-sig"),
    "UTF-16": encoded("utf-16"),
    "UTF-16, no mark": encoded("utf-16-le"),
    "UTF-32": encoded("utf-32"),
    "Windows' Western encoding": encoded("cp1252"),
    "Windows' Chinese encoding": encoded("cp950"),
    "Windows' line ends": line_ends("\r\n"),
    "old Mac's line ends": line_ends("\r"),
    "all on one line": lambda notebook: (json.dumps(notebook, separators=(",", ":")).encode(), "hw1.ipynb"),
    "zeros at the end": lambda notebook: (text(notebook).encode() + bytes(4096), "hw1.ipynb"),
    "blank lines around": lambda notebook: (b"\n\n \t" + text(notebook).encode() + b"\n\n", "hw1.ipynb"),
    "named .ipynb.txt": named("hw1.ipynb.txt"),
    "named .json": named("Copy of hw1.json"),
    "named .PY": named("hw1.PY"),
    "without a name": named(""),
    "nbformat 3": worksheets,
    "jupytext's percent script": script("percent"),
    "VS Code's script": vs_code,
    "nbconvert's script": nbconvert_script,
}
"""Files that hold the whole work all the same."""


def zipped(notebook: Notebook) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hw1.ipynb", text(notebook))
    return file.getvalue()


def web_page(notebook: Notebook) -> bytes:
    body, _ = HTMLExporter().from_notebook_node(nbformat.from_dict(notebook))
    return str(body).encode()


def conflict(notebook: Notebook) -> bytes:
    lines = text(notebook, indent=1).split("\n")
    return "\n".join([*lines[:9], "<<<<<<< HEAD", lines[9], "=======", lines[9], ">>>>>>> mine", *lines[10:]]).encode()


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
QUARANTINED: dict[str, tuple[Callable[[Notebook], bytes], str]] = {
    "half a download": (lambda notebook: text(notebook).encode()[: len(text(notebook)) // 2], "damaged or cut short"),
    "without its first bytes": (lambda notebook: text(notebook).encode()[40:], "not a notebook"),
    "two downloads in one file": (lambda notebook: 2 * text(notebook).encode(), "damaged"),
    "a merge conflict": (conflict, "damaged"),
    "a zip": (zipped, "zip archive"),
    "gzip": (lambda notebook: gzip.compress(text(notebook).encode()), "compressed"),
    "nbconvert's web page": (web_page, "web page"),
    "Colab's web page": (lambda _: b"<!doctype html><html><head><title>hw1 - Colab", "web page"),
    "a PDF": (lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
    "a screenshot": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(64), "picture"),
    "an empty file": (lambda _: b"", "empty"),
    "only zeros": (lambda _: bytes(4096), "empty"),
    "Drive's error message": (lambda _: b'{"error": {"code": 404, "message": "File not found"}}', "no cells"),
    "a link to Drive": (lambda _: b'{"url": "https://docs.google.com/open?id=x", "doc_id": "x"}', "no cells"),
    "git-lfs's pointer": (lambda _: POINTER, "not a notebook"),
    "another homework": (
        lambda _: b'{"cells": [{"cell_type": "code", "source": "def triple(x): pass", "metadata": {}}]}',
        "None of the exercises",
    ),
    "no cells left": (lambda notebook: text(notebook | {"cells": []}).encode(), "no cells"),
    "shuffled bytes": (lambda notebook: bytes(sorted(text(notebook).encode())), "not a notebook"),
}
"""Files that hold no notebook, and what their students are told."""
