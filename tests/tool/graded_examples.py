"""Hand-made results of grading the small course, for tests of what happens after grading."""

import atexit
import shutil
import tempfile
from copy import deepcopy
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.source import is_graded
from autograder.gradebook.generate import register
from autograder.grading.result import Result
from autograder.judging.verdict import CheckResult, State, Verdict
from autograder.publish.build import build
from tests.places import described, written
from tests.tool.small_course import write_course

CORRECT = Verdict("double", 2.0, 2.0, State.CORRECT, (), (CheckResult("value", "twice any number", 1.0, True),))
ONE_SLICE = "The sum is taken over one slice only; sum over all of them."
CHECKS = [CheckResult("value", "the right value", 0.44, True)]
CHECKS += [CheckResult("any-count", "the same for any number of slices", 0.56, False, "…", "one-slice")]
PARTIAL = Verdict("slices", 1.33, 3.0, State.PARTIAL, (ONE_SLICE, "The dtype is lost."), tuple(CHECKS))
MISSING = Verdict("last", 0.0, 1.0, State.MISSING, ("This exercise has not been written yet.",))
RIGHT = Verdict("quiz-01", 0.5, 0.5, State.CORRECT)
WRONG = Verdict("quiz-02", 0.0, 0.5, State.WRONG, ("Not all and only the right options are chosen.",))
VERDICTS = (CORRECT, PARTIAL, MISSING, RIGHT, WRONG)


def small_course(folder: Path) -> Course:
    """The small course, built and entered into its gradebook."""
    shutil.copytree(_built(), folder, dirs_exist_ok=True)
    return Course.at(folder)


def redated(folder: Path, old: str, new: str, above: str) -> Course:
    """The small course with other lines in its course.toml, and its gradebook knows them."""
    course = described(described(small_course(folder), "[course]", f"{above}[course]"), old, new)
    register(course, "hw1")
    return course


@cache
def _built() -> str:
    """The course in a folder of this process's own: building it takes seconds, copying it none."""
    folder = tempfile.mkdtemp(prefix="small-course-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    course = write_course(Path(folder))
    build(course)
    register(course, "hw1")
    return folder


def graded(
    course: Course,
    student: str = "ada",
    verdicts: tuple[Verdict, ...] = VERDICTS,
    extra: tuple[NotebookNode, ...] = (),
    repairs: tuple[str, ...] = (),
    problem: str | None = None,
) -> Result:
    """A result with these verdicts: the first exercise's cell is written, the others are as released."""
    notebook = deepcopy(Assignment.load(course, "hw1").release)
    cell = solution(notebook, "double")
    cell.source = "# exercise: double\ndef double(x):\n    print('doubling', x)\n    return x + x"
    cell.outputs = [new_output("stream", name="stdout", text="doubling 3\n")]
    for each in filter(is_graded, notebook.cells):  # what the student's process says there counts for nothing
        each.outputs = [new_output("execute_result", {"text/plain": "0.7", "text/html": "<b class='verdict'>✓</b>"})]
    notebook.cells[2:2] = [mark_extra(each) for each in extra]
    return Result("hw1", student, notebook, verdicts, repairs, problem)


def stamped(course: Course, stamp: str | bytes) -> None:
    """Ada's folder with the time of handing in."""
    written(course.submitted / "ada" / "hw1" / "timestamp.txt", stamp)


def ungradable(course: Course, student: str = "eve") -> Result:
    """The result of a file that is no notebook."""
    reason = "The file is a PDF; hand in the .ipynb file."
    release = deepcopy(Assignment.load(course, "hw1").release)
    verdicts = tuple(Verdict(each.exercise, 0.0, each.max, State.UNGRADABLE, (reason,)) for each in VERDICTS)
    return Result("hw1", student, release, verdicts, problem=reason)


def solution(notebook: NotebookNode, exercise: str) -> NotebookNode:
    """The cell in which an exercise is written."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise)


def mark_extra(cell: NotebookNode) -> NotebookNode:
    """A cell as ingest marks those that students added."""
    cell.metadata["lifelong"] = {"extra": True}
    return cell


def code(*outputs: NotebookNode, source: str = "pass") -> NotebookNode:
    """A code cell with outputs."""
    return new_code_cell(source, outputs=list(outputs))


def html(source: str) -> NotebookNode:
    """A cell whose output is a piece of HTML."""
    return code(new_output("display_data", data={"text/html": source, "text/plain": "html"}))


def prose(source: str) -> NotebookNode:
    """A Markdown cell."""
    return new_markdown_cell(source)
