"""A lecture: from its source, lectures/NAME.py, to a notebook, and what the notebook shows once it has been run."""

import copy
import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course.course import Course, CourseError
from autograder.course.source import notebook_of, percent_cells

WIDGET = "application/vnd.jupyter.widget-view+json"
BIBLIOGRAPHY = "docs/bibliography.md"
"""A work a line, and after a dash the lectures that use it."""

SECONDS = 3600
"""Wall-clock limit of one cell of a lecture: it ends a loop without end, and is far above any cell on a busy machine."""


class LectureError(CourseError):
    """A lecture does not run as it should; the message shows the cell and what it said."""


def lecture_notebook(course: Course, name: str) -> NotebookNode:
    """The notebook of a lecture, without outputs: the same for the same source, cell ids included.

    Raises:
        CourseError: the course has no lecture of that name.
    """
    if name not in course.lectures:
        raise CourseError(f"There is no lecture {name!r}; this course has: {', '.join(course.lectures) or 'none'}.")
    return notebook_of([*percent_cells(course, course.lecture_directory / f"{name}.py"), *_sources(course, name)])


def _sources(course: Course, name: str) -> list[NotebookNode]:
    """A last cell with the works that the bibliography says a lecture uses; none where it says of none."""
    path = course.root / BIBLIOGRAPHY
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    parts = (line.rpartition(" — ") for line in lines if line.startswith("* "))
    works = [work for work, _, places in parts if re.search(rf"\b{name}\b", places)]
    text = "\n".join(["## Sources", "", *works])
    return [new_markdown_cell(text, metadata={"slideshow": {"slide_type": "skip"}})] if works else []


def executed(notebook: NotebookNode, course: Course, *, homework: Path | None = None) -> NotebookNode:
    """A copy of a notebook, run from top to bottom by a kernel of its own, with its outputs.

    Args:
        notebook: the lecture.
        course: whose lectures' folder is the kernel's working directory.
        homework: the folder of a homework, in place of that of lectures: its cells may fail, and what they draw is kept.

    Raises:
        LectureError: a cell raised, did not end, or wrote to stderr, where warnings go.
    """
    result = copy.deepcopy(notebook)
    # What makes cells quick in the sandbox, such as a tiny budget for training, would leave nothing to be drawn here.
    environment = {key: value for key, value in os.environ.items() if key not in course.sandbox.environment}
    environment["PAGES_WITHOUT_KERNEL"] = "1"  # for what moves in a notebook to draw all that it may show
    place = {"metadata": {"path": str(homework or course.lecture_directory)}}
    options: Any = {"timeout": SECONDS, "kernel_name": "python3", "allow_errors": homework is not None}
    options |= {"store_widget_state": False, "coalesce_streams": True}
    client = NotebookClient(result, resources=place, **options)
    try:
        client.execute(env=environment, stderr=subprocess.DEVNULL)  # the kernel's own log; cells' stderr is an output
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise LectureError(str(error)) from error
    for cell in result.cells:
        outputs = cell.get("outputs", [])
        if homework:
            outputs[:] = [output for output in outputs if "image/png" in output.get("data", {})]
        for output in outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise LectureError(f"This cell wrote to stderr:\n\n{cell.source}\n\n{output.text}")
    return result


def stills(notebook: NotebookNode, *, moving: bool = True) -> NotebookNode:
    """A notebook that has been run, with the still picture in place of every widget: a widget dies with its kernel.

    What a page's script may move stays beside its picture, unless it is not ``moving``: notebooks have no such script.
    A cell after a question (an HTML element of the class ``predict``), and what only draws below it, are marked by
    ``look`` in their metadata: what they show is the answer, and is to be folded.
    """
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET, None)
            if "image/png" in data and not moving:
                data.pop("text/html", None)
    for cell, after in pairwise(result.cells):
        drawn = after.metadata.get("jupyter", {}).get("source_hidden") and cell.metadata.get("look")
        if after.cell_type == "code" and (drawn or 'class="predict"' in cell.source):
            after.metadata["look"] = True
    return result
