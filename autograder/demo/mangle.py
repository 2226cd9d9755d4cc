"""What happens to honest notebooks on their way: Colab, careless fingers, half a download."""

from __future__ import annotations

import copy
import json

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

BADGE = '<a href="https://colab.research.google.com/github/example/hw14.ipynb" target="_parent"><img src="https://colab.research.google.com/assets/colab-badge.svg" alt="Open In Colab"/></a>'


def plain(notebook: NotebookNode) -> bytes:
    """The notebook as Jupyter saves it."""
    text: str = nbformat.writes(notebook)
    return text.encode()


def colab(notebook: NotebookNode) -> bytes:
    """The notebook as Colab saves it: nbformat 4.0, a badge, ids in the metadata, nothing left of nbgrader's."""
    cells = [new_markdown_cell(BADGE), *copy.deepcopy(notebook.cells)]
    saved = []
    for number, cell in enumerate(cells):
        entry = {
            "cell_type": cell.cell_type,
            "metadata": {"id": f"c0lab{number:05d}"},
            "source": cell.source.splitlines(keepends=True),
        }
        if cell.cell_type == "code":
            entry |= {"execution_count": number, "outputs": []}
            entry["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"0utput{number}"}
        saved.append(entry)
    metadata = {"colab": {"provenance": [], "name": "Copy of hw14.ipynb"}, "accelerator": "GPU"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": metadata, "cells": saved}).encode()


def careless(notebook: NotebookNode) -> bytes:
    """Cells copied, moved and deleted, a failed attempt left behind, ids lost."""
    notebook = copy.deepcopy(notebook)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    ewc, mas = ids.index("ewc"), ids.index("mas")
    notebook.cells[mas].metadata.pop("nbgrader")
    notebook.cells.insert(ewc, new_code_cell("# my notes\nprint('it works now')", id="notes"))
    duplicate = copy.deepcopy(notebook.cells[ewc + 1])
    duplicate.id = "a-copy"
    notebook.cells.insert(0, duplicate)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "si-test"]
    return plain(notebook)


def script(notebook: NotebookNode) -> bytes:
    """The notebook exported as a Python script."""
    text: str = jupytext.writes(notebook, fmt="py:percent")
    return text.encode("utf-8-sig")


def truncated(notebook: NotebookNode) -> bytes:
    """Half a download."""
    data = plain(notebook)
    return data[: len(data) // 2]


def web_page(notebook: NotebookNode) -> bytes:
    """The page that shows the notebook, saved in the notebook's place."""
    return b"<!DOCTYPE html><html><head><title>hw14.ipynb - Colab</title></head><body>Loading...</body></html>"
