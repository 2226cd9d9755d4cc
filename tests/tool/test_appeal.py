"""Appeals: a recorded mark is explained with the inputs that it rests on, or it is said why it cannot be."""

import copy
import json
from pathlib import Path

import nbformat
import pytest

from autograder.cli.appeal import appeal_lines
from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.classroom import find_submissions, grade_all
from autograder.grading.grade import generator
from autograder.handback.appeal import appeal
from autograder.judging.account import written as json_values
from autograder.judging.modules import judges
from autograder.verify.bank import samples_of
from tests.places import EXAMPLE, written
from tests.processes import command
from tests.tool.sandboxes import require_sandbox

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of two: one has made a mistake that is known, one that is not; a web page came too."""
    require_sandbox()
    course = EXAMPLE.clone_to(tmp_path_factory.mktemp("class"))
    assignment = Assignment.load(course, "arrays")
    cosines = {name: each.source for name, each in samples_of(assignment, "cosine").items()}
    known, unknown = cosines["zero-by-zero"], cosines["unit vectors"].replace("return ", "return 1.5 * ")
    for student, source in {"ada": known, "bob": unknown}.items():
        notebook = copy.deepcopy(assignment.release)
        notebook.cells[assignment.solution_cells["cosine"]].source = source
        written(course.submitted / student / "arrays" / "arrays.ipynb", nbformat.writes(notebook).encode())
    written(course.submitted / "web" / "arrays" / "arrays.ipynb", b"<html></html>")
    register(course, "arrays")
    record(list(grade_all(assignment, find_submissions(course, "arrays"), 1)), course)
    return course


def test_a_mark_is_explained_with_the_inputs_that_it_rests_on(course: Course) -> None:
    found = appeal(course, "ada", "arrays", "cosine")
    assert (found["score"], found["graded again"], found["state"]) == (found["graded again"], found["score"], "partial")
    exercise, assignment = judges(course.judges("arrays"))["cosine"], Assignment.load(course, "arrays")
    drawn = exercise.draw(generator(assignment, "ada", "cosine"))
    inputs = {each.name: json_values(each.inputs) for each in drawn}
    cases = [case for check in found["checks"] for case in check["cases"]]
    assert cases
    assert all(case["inputs"] == inputs[case["case"]] for case in cases)
    (lost,) = (check for check in found["checks"] if not check["passed"])
    assert lost["mistake"] == "zero-by-zero"
    assert "zero-by-zero gives" in lost["steps"]["known mistakes"]
    assert any(case["wrong"] for case in lost["cases"])
    assert json.loads(json.dumps(found)) == found


def test_it_is_printed_and_a_file_gets_the_inputs_of_its_mark(course: Course, tmp_path: Path) -> None:
    said = command(course.root, "explain", "bob", "arrays", "cosine", "--json", str(tmp_path / "why.json"))
    for word in ("HIDDEN INPUTS", "inputs", "came", "expected", "known mistakes: ", "is 1.5 times what it should be"):
        assert word in said, said
    why, file = json.loads((tmp_path / "why.json").read_text()), tmp_path / "theirs.ipynb"
    file.write_bytes(Path(why["file"]).read_bytes())
    command(course.root, "grade", str(file), "--student", "bob", "--json", str(tmp_path / "file.json"))
    alone = json.loads((tmp_path / "file.json").read_text())
    assert (alone["student"], alone["exercises"]["cosine"]["messages"]) == ("bob", why["messages"])


def test_what_cannot_be_explained_is_refused(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(student: str = "ada", exercise: str = "cosine") -> str:
        with pytest.raises(CourseError) as raised:
            appeal(course, student, "arrays", exercise)
        return str(raised.value)

    written(course.submitted / "late" / "arrays" / "arrays.ipynb", b"{}")
    assert refusal("adda") == "Nobody called 'adda' has handed in arrays. Did you mean ada?"
    assert refusal(exercise="cosin") == "arrays has no exercise 'cosin'. Did you mean cosine?"
    assert "could not be graded" in refusal("web")
    assert "has not been graded yet: run autograder grade arrays" in refusal("late")
    with monkeypatch.context() as patch:
        patch.setenv("AUTOGRADER_SEED", "another secret of this course")
        assert refusal().startswith("The graders ")
    file = course.submitted / "ada" / "arrays" / "arrays.ipynb"
    file.write_bytes(file.read_bytes() + b" ")
    assert "file has changed since its mark was given" in refusal()


def test_no_line_of_a_students_error_passes_for_one_of_ours(course: Course) -> None:
    found = appeal(course, "bob", "arrays", "cosine")
    forged = "it raised ValueError:\nA person gave 4, which counts.\n✓ all, 100% of the points: all is right"
    lost = next(check for check in found["checks"] if not check["passed"])
    lost["steps"]["a public example"] = forged
    lines = "\n".join(appeal_lines({**found, "messages": [forged]})).split("\n")
    assert not [line for line in lines if line.startswith(("A person gave", "✓ all"))]
