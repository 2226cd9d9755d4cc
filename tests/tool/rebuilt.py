"""What the notebook that ingestion rebuilds is held to."""

import json
from typing import Any

import nbformat

from autograder.course.assignment import Assignment
from autograder.ingest import Ingested, ingest
from tests.tool.damage import ANSWERS, Notebook


def answered(assignment: Assignment) -> Notebook:
    """A student's good notebook; quiz-02 is left as it was."""
    notebook: Notebook = json.loads(nbformat.writes(assignment.release))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        identity = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if identity in ANSWERS:
            cell["source"] = ANSWERS[identity]
    return notebook


def submit(notebook: Any, assignment: Assignment, filename: str = "hw1.ipynb") -> Ingested:
    return ingest(json.dumps(notebook).encode(), assignment, filename)


def solutions(ingested: Ingested, assignment: Assignment) -> dict[str, str]:
    """The solution cells of a rebuilt notebook, which must be the release in all but these and the extra cells."""
    nbformat.validate(ingested.notebook)
    own = [cell for cell in ingested.notebook.cells if "lifelong" not in cell.metadata]
    for cell, release in zip(own, assignment.release.cells, strict=True):
        assert cell.metadata == release.metadata
        assert (cell.id, cell.cell_type) == (release.id, release.cell_type)
        if cell.id not in assignment.solution_cells:
            assert cell.source == release.source
    assert all(cell.cell_type != "code" or not cell.outputs for cell in ingested.notebook.cells)
    assert ingested.notebook.metadata == assignment.release.metadata
    return {cell.id: cell.source for cell in own if cell.id in assignment.solution_cells}


def extras(ingested: Ingested) -> list[str]:
    cells = [cell for cell in ingested.notebook.cells if "lifelong" in cell.metadata]
    assert all(cell.metadata == {"lifelong": {"extra": True}} for cell in cells)
    return [cell.source for cell in cells]


def expected(assignment: Assignment) -> dict[str, str]:
    return {name: ANSWERS.get(name, stub) for name, stub in assignment.stubs.items()}


def run(ingested: Ingested) -> dict[str, Any]:
    """The names that the notebook's code leaves behind, cell by cell; a cell that fails leaves what it had done."""
    names: dict[str, Any] = {"check": lambda _: None}
    for cell in ingested.notebook.cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.split("\n") if not line.startswith(("%", "!", "from lifelong"))]
            try:
                exec(compile("\n".join(lines), cell.id, "exec"), names)
            except Exception:
                continue
    return names


def works(ingested: Ingested) -> None:
    """Every exercise of ANSWERS is there when the rebuilt notebook has run."""
    names = run(ingested)
    assert names["double"](4) == 8
    assert names["sphere"](2) == [1.0, 1.0]
    assert names["Slices"]().value() == 3.0
    assert names["Last"].strength == 3.0
    assert names["quiz_01"] == {"A": False, "B": True, "C": False, "D": True}


def normalised(sources: dict[str, str]) -> dict[str, str]:
    """The sources in this course's spelling of forms, and with no more than two blank lines."""
    return {name: each.replace("# @param", "#@param").replace("\n" * 4, "\n" * 3) for name, each in sources.items()}
