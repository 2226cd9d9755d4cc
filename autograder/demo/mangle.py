"""What happens to honest notebooks on their way: Colab, careless fingers, half a download."""

import copy
import json

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.course.source import grade_id, is_solution
from autograder.grading.result import QUIZ
from autograder.publish.colab import badge_link

REPOSITORY = "https://colab.research.google.com/github/example"


def plain(notebook: NotebookNode) -> bytes:
    """The notebook as Jupyter saves it."""
    text: str = nbformat.writes(notebook)
    return text.encode()


def colab(notebook: NotebookNode, name: str = "homework") -> bytes:
    """The notebook as Colab saves it: nbformat 4.0, a badge, ids in the metadata, nothing left of nbgrader's."""
    cells = [new_markdown_cell(badge_link(f"{REPOSITORY}/{name}.ipynb")), *copy.deepcopy(notebook.cells)]
    saved = []
    for number, cell in enumerate(cells):
        entry = {"cell_type": cell.cell_type, "metadata": {"id": f"c0lab{number:05d}"}}
        entry |= {"source": cell.source.splitlines(keepends=True)}
        if cell.cell_type == "code":
            entry |= {"execution_count": number, "outputs": []}
            entry["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"0utput{number}"}
        saved.append(entry)
    metadata = {"colab": {"provenance": [], "name": f"Copy of {name}.ipynb"}, "accelerator": "GPU"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": metadata, "cells": saved}).encode()


def careless(notebook: NotebookNode) -> bytes:
    """Cells in the middle copied, moved and deleted, a failed attempt left behind, ids lost."""
    notebook = copy.deepcopy(notebook)
    ids = [grade_id(cell) for cell in notebook.cells]
    exercises = [name for cell in notebook.cells if is_solution(cell) and (name := grade_id(cell))]
    written = [name for name in exercises if not name.startswith(QUIZ)]
    middle = (len(written) - 1) // 2
    copied, unmarked, untested = (written[(middle + step) % len(written)] for step in range(3))
    notebook.cells[ids.index(unmarked)].metadata.pop("nbgrader")
    notebook.cells.insert(ids.index(copied), new_code_cell("# my notes\nprint('it works now')", id="notes"))
    duplicate = copy.deepcopy(notebook.cells[ids.index(copied) + 1])
    duplicate.id = "a-copy"
    notebook.cells.insert(0, duplicate)
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) != f"{untested}-test"]
    return plain(notebook)


def script(notebook: NotebookNode) -> bytes:
    """The notebook exported as a Python script."""
    text: str = jupytext.writes(notebook, fmt="py:percent")
    return text.encode("utf-8-sig")


def truncated(notebook: NotebookNode) -> bytes:
    """Half a download."""
    data = plain(notebook)
    return data[: len(data) // 2]


def web_page(name: str = "homework") -> bytes:
    """The page that shows a notebook, saved in the notebook's place."""
    title = f"<title>{name}.ipynb - Colab</title>"
    return f"<!DOCTYPE html><html><head>{title}</head><body>Loading...</body></html>".encode()
