"""Kinds of damage that a notebook takes between the student and the grader; each changes a submission in place."""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.places import table

Notebook = dict[str, Any]
Damage = Callable[[Notebook], object]

ANSWERS, STUBS, UNREADABLE = table("tool/damage.toml").values()
"""Exercise id → source: what a student writes, and what the course gives; files that hold no notebook, and what is said."""


def find(notebook: Notebook, identity: str) -> int:
    return next(at for at, cell in enumerate(notebook["cells"]) if cell["id"] == identity)


def each_cell(change: Callable[[dict[str, Any]], object]) -> Damage:
    """The same change to every cell."""
    return lambda notebook: [change(cell) for cell in notebook["cells"]]


def keep(wanted: Callable[[dict[str, Any]], bool]) -> Damage:
    """All other cells are deleted."""
    return lambda notebook: notebook.update(cells=[cell for cell in notebook["cells"] if wanted(cell)])


def replace(old: str, new: str) -> Damage:
    """Another text in every cell that has it."""
    return each_cell(lambda cell: cell.update(source=cell["source"].replace(old, new)))


def copied(source: str, notebook: Notebook, below: int = 0) -> None:
    """The cell of ``double`` again, with its ids and another source, above it or ``below`` it."""
    at = find(notebook, "double")
    notebook["cells"].insert(at + below, copy.deepcopy(notebook["cells"][at]) | {"source": source})


lose_metadata = each_cell(lambda cell: cell.update(metadata={}))
markers_lost = replace("# exercise:", "# mine:")
forge_tests = each_cell(lambda cell: cell["id"].endswith("-test") and cell.update(source="100"))
delete_tests = keep(lambda cell: not cell["id"].endswith("-test"))
duplicate_stub_below = partial(copied, STUBS["double"], below=1)


def lose_ids(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]


def colab(notebook: Notebook) -> None:
    """As Colab saves: nbformat 4.0, ids in the metadata, outputs with ids, a badge, no kernelspec of ours."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id"), "outputId": "1234"}
        cell["source"] = cell["source"].replace("#@param {type:", "# @param {type:").splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["hello"]}]
    badge = '<a href="x"><img src="https://colab.research.google.com/assets/colab-badge.svg"/></a>'
    notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {"id": "view-in-github"}, "source": [badge]})


def outputs_and_tags(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "1e9"}, "metadata": {}}]
            cell["execution_count"] = 3


def split_with_metadata(notebook: Notebook) -> None:
    """As JupyterLab splits: both halves keep the metadata."""
    at = find(notebook, "slices")
    cell = notebook["cells"][at]
    cut = cell["source"].index("class Slices")
    second = copy.deepcopy(cell) | {"source": cell["source"][cut:], "id": "other"}
    notebook["cells"][at : at + 1] = [cell | {"source": cell["source"][:cut]}, second]


def merge_exercises(notebook: Notebook) -> None:
    """As JupyterLab merges: the first cell's metadata stays."""
    first, last = find(notebook, "double"), find(notebook, "slices")
    parts = [cell["source"] for cell in notebook["cells"][first : last + 1] if "exercise:" in cell["source"]]
    notebook["cells"][first]["source"] = "\n\n".join(parts)
    del notebook["cells"][last]


def merge_given_and_solution(notebook: Notebook) -> None:
    base, slices = find(notebook, "base"), find(notebook, "slices")
    notebook["cells"][base]["source"] += "\n\n" + notebook["cells"][slices]["source"]
    del notebook["cells"][slices]


def turned_into_text(notebook: Notebook) -> None:
    cell = notebook["cells"][find(notebook, "last")]
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def given_changed(notebook: Notebook) -> None:
    notebook["cells"][find(notebook, "base")]["source"] = "class Base:\n    strength = 1e9"


def wrong_shapes(notebook: Notebook) -> None:
    notebook["cells"][0]["metadata"] = None
    notebook["cells"][1]["metadata"] = {"nbgrader": ["?"], "tags": 7}
    notebook["cells"] += [None, 7, "cell", [], {}, {"cell_type": "code"}, {"cell_type": 3, "source": {"a": 1}}]
    notebook["cells"] += [{"cell_type": "code", "source": [1, None, ""], "metadata": {"nbgrader": {"grade_id": [4]}}}]
    notebook["cells"] += [{"cell_type": "code", "source": "100", "metadata": ["?"], "id": {}}]


def unknown_grade_ids(notebook: Notebook) -> None:
    notebook["cells"].append({"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": "../../etc"}}})


def old_schema(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] = {"grade_id": cell["metadata"]["nbgrader"]["grade_id"], "schema_version": 1}


DAMAGE: dict[str, tuple[Damage, str | None]] = {
    "lost metadata": (lose_metadata, "lost their ids"),
    "lost cell ids": (lose_ids, None),
    "saved by Colab": (colab, "lost their ids"),
    "outputs and tags": (outputs_and_tags, "Tags"),
    "reversed": (lambda notebook: notebook["cells"].reverse(), "another order"),
    "stub copied below": (duplicate_stub_below, "several cells"),
    "stub copied above": (partial(copied, STUBS["double"].replace("raise", "# todo\n    raise")), "several cells"),
    "every cell twice": (lambda notebook: notebook["cells"].extend(copy.deepcopy(notebook["cells"])), "several cells"),
    "older attempt above": (
        partial(copied, "# exercise: double\ndef double(x):\n    return x ** 2"),
        "the last of them",
    ),
    "split, ids on both": (split_with_metadata, "joined"),
    "two exercises merged": (merge_exercises, "lost their ids"),
    "merged into a given cell": (merge_given_and_solution, "lost their ids"),
    "turned into text": (turned_into_text, "into text"),
    "graded cells deleted": (delete_tests, "missing"),
    "graded cells forged": (forge_tests, "changed"),
    "given cell changed": (given_changed, "changed; its own are used: base"),
    "all but solutions deleted": (keep(lambda cell: cell["id"] in ANSWERS), "missing"),
    "markers wrong": (replace("# exercise: last", "# exercise: double"), None),
    "cells of wrong shapes": (wrong_shapes, None),
    "unknown grade_id": (unknown_grade_ids, None),
    "old nbgrader schema": (old_schema, None),
}


COMBINABLE = [duplicate_stub_below, delete_tests, forge_tests, given_changed, outputs_and_tags]
COMBINABLE += [old_schema, lose_metadata, lose_ids, wrong_shapes, unknown_grade_ids]
"""In an order in which each can follow those before it."""
