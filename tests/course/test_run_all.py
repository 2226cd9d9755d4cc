"""A homework's *Run all* in a real kernel: every cell runs, whatever is missing, wrong or crashes; `progress()` is right."""

import os
from collections.abc import Mapping

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from autograder.course.assignment import Assignment
from autograder.course.source import grade_id
from tests.places import COURSE, ROOT, table

pytestmark = pytest.mark.heavy

DAMAGED = table("course/damaged.toml")
"""Assignment → exercise → its sign in the end, and what reads differently in its solution."""
BUILDING = {"hw14": {"ewc", "mas", "si", "rwalk", "scp"}, "autodiff": {"hessian_vector"}}
"""What may not be right either then."""


def run_all(name: str, changed: Mapping[str, str], *, solved: bool, own: str = "", **environment: str) -> list[str]:
    """The text that each code cell shows, some having other sources, one the student's own; raises if one stops it."""
    assignment = Assignment.load(COURSE, name)
    notebook = assignment.solution_notebook() if solved else nbformat.from_dict(assignment.release)
    for cell in notebook.cells:
        cell.source = changed.get(grade_id(cell) or "", cell.source)
    notebook.cells.insert(len(notebook.cells) // 2, new_code_cell(own))
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "LIFELONG_BUDGET": "tiny", **environment}
    NotebookClient(notebook, kernel_name="python3", timeout=600).execute(env=variables)
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    texts = [[each.get("text") or each.get("data", {}).get("text/plain", "") for each in shown] for shown in outputs]
    return list(map("".join, texts))


def signs(shown: list[str]) -> dict[str, str]:
    """Exercise → its sign in the table of `progress()`, the notebook's last output."""
    return {row.split()[1]: row.split()[0] for row in shown[-1].splitlines()[:-1]}


@pytest.mark.parametrize("name", COURSE.assignments)
def test_what_is_damaged_stops_no_other(name: str) -> None:
    assignment, changed = Assignment.load(COURSE, name), {}
    for exercise, (_, right, damaged) in DAMAGED[name].items():
        solution = assignment.solved[exercise]
        assert right in solution
        changed[exercise] = solution.replace(right, damaged) if right else assignment.stubs[exercise]
    found = signs(run_all(name, changed, solved=True))
    assert [found.pop(each) for each in changed] == [sign for sign, *_ in DAMAGED[name].values()]
    assert {each for each, other in found.items() if other not in "✓•"} <= BUILDING.get(name, set())


@pytest.mark.parametrize("name", COURSE.assignments)
def test_the_untouched_notebook_runs_to_its_end_past_an_own_cell_that_crashes(name: str) -> None:
    assert set(signs(run_all(name, {}, solved=False, own="print(no_such_name)")).values()) - {"–"} == {"…"}


def test_all_right_and_silent_where_a_grader_runs_it() -> None:
    shown = run_all("hw14", {}, solved=True)
    assert set(signs(shown).values()) == {"✓", "•"}
    assert "25 of 25 answered\nPassed: 30 of 30 points." in shown[-1]
    assert run_all("finite_differences", {}, solved=True, NBGRADER_EXECUTION="validate")[-1] == ""
    with pytest.raises(Exception, match="`forward` is not written yet"):
        run_all("finite_differences", {}, solved=False, NBGRADER_EXECUTION="validate")
