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
from tests.places import COURSE

pytestmark = pytest.mark.heavy


def notebook(student: str = "", table: str = "print(curves)") -> tuple[list[NotebookNode], list[bool]]:
    """A student's cell, then training, what shows it, and a picture that has nothing to do with it."""
    sources = ["import lifelong", f"# exercise: ewc\n{student}", "curves = train()", table, "draw()"]
    cells = [new_code_cell(source) for source in sources]
    cells[2].metadata["tags"] = [TRAINING]
    return cells, [True, False, True, True, True]


@pytest.mark.parametrize(
    ("student", "table", "left"),
    [
        ("", "print(curves)", [2, 3]),
        ("print(curves)", "print(curves)", []),
        ("row = 1", "print([row for row in curves])", [2, 3]),  # what a comprehension runs over stays within it
        ("row = 1", "for row in curves: print(row)", []),
        ("", "def best(): return max(curves)", []),
    ],
)
def test_training_is_left_out_where_nothing_builds_on_it(student: str, table: str, left: list[int]) -> None:
    cells, given = notebook(student, table)
    assert sorted(left_out(cells, display_only(cells, given))) == left


def test_a_picture_is_drawn() -> None:
    cells, given = notebook()
    assert display_only(cells, given) == {2, 3, 4}


def test_the_homework_is_graded_without_its_training(course_sandbox: Sandbox) -> None:
    assignment = Assignment.load(COURSE, "hw14")
    graded = grade_submission(plain(with_sources(assignment, {})), assignment, "ada", course_sandbox)
    assert graded.score == graded.max
    outputs = {cell.source.split("\n")[0]: str(cell.get("outputs")) for cell in graded.notebook.cells}
    assert "Not run while grading" in outputs["if tasks:"]
    assert "Not run while grading" in outputs["quick = train_all(tasks[:2], epochs=1)"]
    assert "Not run while grading" in outputs["EPOCHS = 10"]
    assert outputs["plots.accuracy_matrices(histories) if histories else None"] == "[]"
