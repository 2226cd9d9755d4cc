"""More kinds of damage to the cells of a notebook: what Colab, editors, tools and hurried hands do to them."""

import copy
import html
from typing import Any

from tests.tool.damage import ANSWERS, STUBS, Damage, Notebook, each_cell, find, keep


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def colab_today(notebook: Notebook) -> None:
    """nbformat 4.5 as Colab writes it now: ids both ways, forms hidden, a GPU asked for, times of execution."""
    notebook["metadata"] = {"accelerator": "GPU", "colab": {"gpuType": "T4", "name": "Copy of hw1.ipynb"}}
    for number, cell in enumerate(notebook["cells"]):
        kept = {"nbgrader": cell["metadata"]["nbgrader"]} if "nbgrader" in cell["metadata"] else {}
        cell["metadata"] = kept | {"id": f"c0l{number:06d}", "cellView": "form", "executionInfo": {"elapsed": 3}}
        cell["id"] = f"c0l{number:06d}"


def colab_without_ids(notebook: Notebook) -> None:
    colab_today(notebook)
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)


def titled(cell: dict[str, Any]) -> str:
    """Its source, with Colab's ``#@title`` above the marker of code."""
    return "#@title My title\n" * (cell["cell_type"] == "code") + str(cell["source"])


def no_metadata_at_all(notebook: Notebook) -> None:
    del notebook["metadata"]
    for cell in notebook["cells"]:
        del cell["metadata"]


def ids_of_other_cells(notebook: Notebook) -> None:
    ids = [cell["id"] for cell in notebook["cells"]]
    for cell, other in zip(notebook["cells"], ids[1:] + ids[:1], strict=True):
        cell["id"] = other


def all_in_one_cell(notebook: Notebook) -> None:
    notebook["cells"] = [code("\n\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "code"))]


def released_again(notebook: Notebook) -> list[dict[str, Any]]:
    """The cells of the release, which somebody opened again and pasted beside the own work."""
    return [cell | {"source": STUBS.get(cell["id"], cell["source"])} for cell in copy.deepcopy(notebook["cells"])]


def split_in_three(notebook: Notebook) -> None:
    """As Colab splits: the parts below have no ids."""
    at = find(notebook, "slices")
    source = notebook["cells"][at]["source"]
    start, body = source.index("class Slices"), source.index("    def value")
    notebook["cells"][at]["source"] = source[:start]
    notebook["cells"][at + 1 : at + 1] = [code(source[start:body]), code(source[body:])]


def prose_between_the_parts(notebook: Notebook) -> None:
    at = find(notebook, "slices")
    source = notebook["cells"][at]["source"]
    start = source.index("class Slices")
    text = {"cell_type": "markdown", "metadata": {}, "source": "Now the class:"}
    second = copy.deepcopy(notebook["cells"][at]) | {"source": source[start:]}
    notebook["cells"][at]["source"] = source[:start]
    notebook["cells"][at + 1 : at + 1] = [text, second]


def attempt_commented_out_above(notebook: Notebook) -> None:
    old = "# exercise: double\n# def double(x):\n#     return x ** 2"
    notebook["cells"].insert(find(notebook, "double"), code(old))


def nbgrader_says(**otherwise: Any) -> Damage:
    """As in cells that were copied to make new ones, or by hand."""
    return each_cell(lambda cell: cell["metadata"].get("nbgrader", {}).update(otherwise))


def widgets_and_attachments(notebook: Notebook) -> None:
    state = {"state": {"abc": {"model_name": "FloatProgressModel", "state": {"value": 1.0}}}}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": state}
    notebook["cells"][0]["attachments"] = {"a.png": {"image/png": "QUJD"}}


def blank_cells_everywhere(notebook: Notebook) -> None:
    notebook["cells"] = [each for cell in notebook["cells"] for each in (code(""), cell, code(" \n\t"))]


FUTURE = {"nbformat": 5, "nbformat_minor": 77, "cell_groups": [{"cells": [0, 1]}]}
KERNEL_OF_R = {"name": "ir", "display_name": "R", "language": "R"}
BROKEN = [None, 7, {"output_type": "stream"}, {"output_type": "error", "traceback": "no list"}]
MORE: dict[str, tuple[Damage, str | None]] = {
    "saved by Colab today": (colab_today, None),
    "saved by Colab today, nbgrader's metadata gone": (colab_without_ids, "lost their ids"),
    "Colab's titles": (each_cell(lambda cell: cell.update(source=titled(cell))), None),
    "marker spelt otherwise": (
        each_cell(
            lambda each: each.update(
                metadata={}, source=each["source"].replace("# exercise: double", "#Exercise :  double  ")
            )
        ),
        "lost their ids",
    ),
    "no metadata at all": (no_metadata_at_all, None),
    "fields of outputs gone": (
        each_cell(lambda it: [it.pop(key, None) for key in ("outputs", "execution_count")]),
        None,
    ),
    "no version": (lambda work: [work.pop(key) for key in ("nbformat", "nbformat_minor")], None),
    "a version from the future": (lambda work: work.update(FUTURE), None),
    "another kernel": (lambda notebook: notebook.update(metadata={"kernelspec": KERNEL_OF_R}), None),
    "the same id everywhere": (each_cell(lambda cell: cell.update(id="cell")), None),
    "ids of other cells": (ids_of_other_cells, None),
    "lines without ends": (each_cell(lambda cell: cell.update(source=cell["source"].split("\n"))), None),
    "cell types in capitals": (each_cell(lambda each: each.update(cell_type=each["cell_type"].title())), "into text"),
    "turned into a raw cell": (lambda work: work["cells"][find(work, "last")].update(cell_type="raw"), "into text"),
    "all in one cell": (all_in_one_cell, "lost their ids"),
    "release pasted above": (lambda work: work.update(cells=released_again(work) + work["cells"]), "several cells"),
    "release pasted below": (lambda work: work["cells"].extend(released_again(work)), "several cells"),
    "solutions at the end": (lambda notebook: notebook["cells"].sort(key=lambda cell: cell["id"] in ANSWERS), None),
    "solutions first": (lambda notebook: notebook["cells"].sort(key=lambda cell: cell["id"] not in ANSWERS), None),
    "split in three": (split_in_three, "joined"),
    "prose between the parts": (prose_between_the_parts, "joined"),
    "attempt commented out above": (attempt_commented_out_above, None),
    "one grade_id everywhere": (nbgrader_says(grade_id="double"), "lost their ids"),
    "nbgrader's metadata forged": (nbgrader_says(points=1e6, solution=False, grade=True, locked=False), None),
    "widgets and attachments": (widgets_and_attachments, None),
    "broken outputs": (each_cell(lambda cell: cell.update(outputs=copy.deepcopy(BROKEN))), None),
    "white space at the ends of lines": (
        each_cell(lambda each: each.update(source=each["source"].replace("\n", "  \n") + "  ")),
        None,
    ),
    "blank cells everywhere": (blank_cells_everywhere, None),
    "signs spelt out": (each_cell(lambda each: each.update(source=html.escape(each["source"]))), "`&lt;` for `<`"),
    "prose deleted": (keep(lambda cell: cell["cell_type"] == "code"), None),
}
"""Damage, and what has to be told of it; None where anything or nothing may be told."""
