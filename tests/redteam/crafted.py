"""Attacks that take more than cells and other values, which stand in the tables of their themes."""

import copy
import gzip
import io
import json
import zipfile
from pathlib import PurePath
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell

from .corpus import Aim, Handin, Link, Work, attack


def _json(work: Work) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(work.bytes())
    return loaded


@attack("metadata", Aim.DENIAL)
def duplicated_graded_cell(work: Work) -> None:
    """Two cells of one id end the grading of the whole class."""
    cell = copy.deepcopy(work.cells["ewc-test"])
    cell.id = "again"
    work.notebook.cells.append(cell)


@attack("metadata", Aim.POINTS, ["ewc", "mas"])
def deleted_graded_cells(work: Work) -> None:
    """Without the graded cell there is nothing that fails, and an earlier mark stays."""
    gone = {"ewc-test", "mas-test"}
    cells = work.notebook.cells
    work.notebook.cells = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in gone]


@attack("metadata", Aim.DENIAL)
def metadata_of_other_types(work: Work) -> bytes:
    """Lists, numbers and nothing where a notebook has objects."""
    notebook = _json(work)
    for index, cell in enumerate(notebook["cells"]):
        if not cell["metadata"].get("nbgrader"):
            cell["metadata"] = ([], None, 7, "x")[index % 4]
        else:
            cell["outputs"] = {"a": 1}
    notebook["metadata"] = [1, 2, 3]
    return json.dumps(notebook).encode()


@attack("metadata", Aim.POINTS, ["rwalk"])
def forged_summary(work: Work) -> None:
    """A text cell that claims to be the autograder's summary."""
    cell = new_markdown_cell("## Graded by the autograder: 40 / 40", id="autograder-summary")
    cell.metadata["autograder"] = "summary"
    work.notebook.cells.insert(0, cell)
    work.notebook.metadata["autograder"] = {"repairs": [], "problem": None, "score": 40}


@attack("metadata", Aim.POINTS, ["scp"])
def graded_cells_of_ones_own(work: Work) -> None:
    """Forty new graded cells, each with a point that cannot be missed."""
    for number in range(40):
        nbgrader = dict(work.cells["ewc-test"].metadata.nbgrader, grade_id=f"mine-{number}-test", points=1)
        work.notebook.cells.append(new_code_cell("pass", id=f"mine-{number}", metadata={"nbgrader": nbgrader}))


@attack("metadata", Aim.POINTS, ["scp"])
def task_cell_of_ones_own(work: Work) -> None:
    """A new task, to be graded by hand, worth forty points."""
    nbgrader = dict(work.cells["ewc-test"].metadata.nbgrader, grade_id="task", points=40, task=True, grade=False)
    work.notebook.cells.append(new_markdown_cell("My task", id="task", metadata={"nbgrader": nbgrader}))


@attack("metadata", Aim.DENIAL)
def foreign_format(work: Work) -> bytes:
    """Format versions that nobody has seen."""
    notebook = _json(work)
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 99
    notebook["cells"][0]["cell_type"] = "heading"
    notebook["orig_nbformat"] = 1
    return json.dumps(notebook).encode()


@attack("metadata", Aim.DENIAL)
def ids_that_clash(work: Work) -> bytes:
    """All cells have one id, longer than the format allows."""
    notebook = _json(work)
    for cell in notebook["cells"]:
        cell["id"] = "x/../" * 40
    return json.dumps(notebook).encode()


@attack("metadata", Aim.DENIAL, ungradable=True)
def deep_json(work: Work) -> bytes:
    """JSON so deep that a parser runs out of stack."""
    return b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b', "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'


@attack("metadata", Aim.DENIAL)
def hundred_thousand_digits(work: Work) -> bytes:
    """A number that takes seconds to read, as the count of a cell."""
    notebook = work.bytes().decode().replace('"execution_count": null', '"execution_count": ' + "9" * 500_000, 1)
    return notebook.encode()


@attack("metadata", Aim.DENIAL)
def surrogates_and_zeros(work: Work) -> bytes:
    """Characters that cannot be written: lone surrogates, NUL."""
    work.first("print('ok')  # REPLACE")
    return work.bytes().replace(b"REPLACE", b"\\ud800\\u0000\\udfff")


@attack("reader", Aim.LEAK)
def attachments_elsewhere(work: Work) -> None:
    """Attachments and file names that lead out of the folder."""
    work.prose("![a](attachment:../../../../tmp/redteam-attachment.png)")
    work.notebook.cells[0]["attachments"] = {"../../../../tmp/redteam-attachment.png": {"image/png": "iVBORw0KGgo="}}


@attack("reader", Aim.HARM, student='<img src=x onerror="x">')
def name_as_html(work: Work) -> Handin:
    """The name of the folder and of the file are tags."""
    return {"<script>document.<script>.ipynb": work.bytes()}


@attack("reader", Aim.DENIAL)
def tables_without_end(work: Work) -> None:
    """Text packed with tables, quotes and brackets, over which a renderer broods."""
    texts = ("|a" * 9_000 + "\n" + "|-" * 9_000, "|-|-\n" * 3_900, "|\n|-\n" * 3_300, "a|b\n-|-\n" * 2_400)
    for text in texts:
        work.prose(text)


@attack("reader", Aim.DENIAL)
def brooding_markdown(work: Work) -> None:
    """Emphasis, links, quotes and lists nested thousands deep."""
    texts = [unit * (18_000 // len(unit)) for unit in ("*_", "[", "> ", "![", "<", "- ", "$")]
    texts.insert(5, "`" * 9_000 + "a")
    for text in texts:
        work.prose(text)


@attack("system", Aim.LEAK, ungradable=True)
def linked_submission(work: Work) -> Handin:
    """The file that is handed in is a link to the solutions."""
    return {"hw14.ipynb": Link(PurePath("build/source/hw14/hw14.ipynb"))}


@attack("system", Aim.LEAK)
def linked_neighbours(work: Work) -> Handin:
    """Links to the seed and the gradebook beside an honest notebook, to be copied along."""
    links = {"data.txt": ".course-seed", "timestamp.txt": "course.toml", "book.db": "gradebook.db"}
    return {"hw14.ipynb": work.bytes(), **{name: Link(PurePath(target)) for name, target in links.items()}}


@attack("system", Aim.DENIAL, ungradable=True)
def zip_bomb(work: Work) -> bytes:
    """An archive that unpacks to a gigabyte, under a notebook's name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(16):
            archive.writestr(f"../../../../tmp/redteam-zip-{number}", bytes(1 << 26))
    return packed.getvalue()


@attack("system", Aim.DENIAL, ungradable=True)
def gzip_bomb(work: Work) -> bytes:
    """A compressed notebook of a quarter of a gigabyte."""
    return gzip.compress(b'{"cells": [' + b" " * (1 << 28), 9)


@attack("system", Aim.DENIAL, ungradable=True)
def million_lists(work: Work) -> bytes:
    """Twenty megabytes of notebook that take gigabytes in memory."""
    return b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + b"{}," * 6_000_000 + b"{}]}"
