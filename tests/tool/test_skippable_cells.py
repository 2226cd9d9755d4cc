"""Which cells need not run: those that only show something, and of them the training."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course.assignment import Assignment
from autograder.course.source import TRAINING
from autograder.demo.mangle import plain
from autograder.demo.roster import with_sources
from autograder.grading.grade import grade_submission
from autograder.grading.skippable import display_only, left_out
from autograder.sandbox import Sandbox
from tests.places import COURSE, ROOT
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy


def notebook(student: str = "", table: str = "print(curves)") -> tuple[list[NotebookNode], list[bool]]:
    """A student's cell, then training, what shows it, and a picture that has nothing to do with it."""
    sources = ["import lifelong", f"# exercise: ewc\n{student}", "curves = train()", table, "draw()"]
    cells = [new_code_cell(source) for source in sources]
    cells[2].metadata["tags"] = [TRAINING]
    return cells, [True, False, True, True, True]


def left(student: str = "", table: str = "print(curves)") -> list[int]:
    cells, given = notebook(student, table)
    return sorted(left_out(cells, display_only(cells, given)))


def test_training_is_left_out_and_what_shows_it() -> None:
    assert left() == [2, 3]


def test_training_that_a_student_builds_on_is_not() -> None:
    assert left(student="print(curves)") == []


def test_what_a_comprehension_runs_over_stays_within_it() -> None:
    assert left(student="row = 1", table="print([row for row in curves])") == [2, 3]
    assert left(student="row = 1", table="for row in curves: print(row)") == []


def test_training_on_which_a_definition_builds_is_not() -> None:
    assert left(table="def best(): return max(curves)") == []


def test_a_picture_is_drawn() -> None:
    cells, given = notebook()
    assert display_only(cells, given) == {2, 3, 4}


def test_the_homework_is_graded_without_its_training() -> None:
    assignment = Assignment.load(COURSE, "hw14")
    with Sandbox(setup("hw14"), private=[ROOT]) as sandbox:
        graded = grade_submission(plain(with_sources(assignment, {})), assignment, "ada", sandbox)
    assert graded.score == graded.max
    outputs = {cell.source.split("\n")[0]: str(cell.get("outputs")) for cell in graded.notebook.cells}
    assert "Not run while grading" in outputs["if tasks:"]
    assert "Not run while grading" in outputs["quick = train_all(tasks[:2], epochs=1)"]
    assert "Not run while grading" in outputs["EPOCHS = 10"]
    assert outputs["plots.accuracy_matrices(histories) if histories else None"] == "[]"
