"""A written question from build to feedback: a person's mark counts everywhere, and for the words it was given for."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbconvert.exporters import PythonExporter
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.generate import register
from autograder.gradebook.marks import read_marks
from autograder.gradebook.record import record
from autograder.grading.grade import grade_submission
from autograder.handback import canvas, grades_csv
from autograder.handback.feedback import feedback
from autograder.handback.gradescope import results
from autograder.ingest import ingest
from autograder.judging.verdict import CheckResult, State, Verdict
from autograder.sandbox import Sandbox
from tests.places import table
from tests.processes import command
from tests.tool.rebuilt import extras
from tests.tool.sandboxes import EXAMPLE, setup

FOUND = table("tool/written.toml")
"""What a student has done → the cells in the place of the question's, the answer that is found, what is said of it."""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    course = EXAMPLE.clone_to(tmp_path_factory.mktemp("course") / "course")
    register(course, "arrays")
    return Assignment.load(course, "arrays")


def handed_in(assignment: Assignment, *cells: dict[str, Any]) -> bytes:
    """The release with these cells in the place of the question's, which is the last."""
    notebook = json.loads(nbformat.writes(assignment.release))
    last = [{"cell_type": "markdown", "metadata": {}} | cell for cell in cells]
    return json.dumps(notebook | {"cells": [*notebook["cells"][:-1], *last]}).encode()


@pytest.mark.parametrize("name", FOUND)
def test_an_answer_is_found_and_every_word_of_it_counts(name: str, assignment: Assignment) -> None:
    cells, answer, said = FOUND[name].values()
    ingested = ingest(handed_in(assignment, *cells), assignment)
    found = next(cell for cell in ingested.notebook.cells if cell.id == "best_step")
    assert (found.cell_type, found.source) == ("markdown", answer)
    assert set(found.get("attachments", ())) == set(re.findall(r"attachment:([^)]+)", answer))
    assert said in " ".join(ingested.repairs)
    assert bool(said) == bool(ingested.repairs)
    code = [each["source"] for each in cells if each.get("cell_type") == "code" and "exercise" not in each["source"]]
    assert [each for each in extras(ingested) if "exercise" not in each] == code  # text has moved, code has not


@pytest.mark.parametrize(("score", "comment", "said"), table("tool/tables.toml")["rubrics"])
def test_each_part_of_a_rubric_is_told_with_what_it_got(score: float, comment: str, said: str) -> None:
    rubric = CheckResult("", "one", 2 / 3, False), CheckResult("", "two", 1 / 3, False)
    verdict = Verdict("essay", 0.0, 3.0, State.WAITING, ("Wait.",), rubric)
    assert ", ".join(verdict.marked(score, comment).messages[1:]) == said


def graded(assignment: Assignment, sandbox: Sandbox, **answers: str) -> None:
    """Grade and record what students answer."""
    files = {each: handed_in(assignment, {"id": "best_step", "source": answer}) for each, answer in answers.items()}
    record((grade_submission(data, assignment, each, sandbox) for each, data in files.items()), assignment.course)


def in_formgrader(file: Path, student: str, score: float | None, comment: str, extra: float | None = None) -> None:
    """Do what formgrader's handlers do when a person has typed points and a comment."""
    where = ("best_step", "arrays", "arrays", student)
    with Gradebook(f"sqlite:///{file}") as gradebook:
        grade = gradebook.find_grade(*where)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
        gradebook.find_comment(*where).manual_comment = comment
        gradebook.db.commit()


def exported(course: Course, to: Path) -> list[str]:
    """Of each student the question's points, whether a person is wanted, Canvas's total, Gradescope's points."""
    with (
        grades_csv.export(course, "arrays", to / "a").open() as ours,
        canvas.export(course, "arrays", to / "b").open() as theirs,
    ):
        rows = zip(csv.DictReader(ours), list(csv.DictReader(theirs))[1:], strict=True)
        found = [f"{row['best_step']} {row['needs_manual_grade']} {other['Homework: arrays']}" for row, other in rows]
    results.export(course, "arrays", to)
    files = [to / student / "results.json" for student in ("ada", "bob", "eve")]
    tests = [json.loads(file.read_text())["tests"][-1] if file.is_file() else {} for file in files]
    return [f"{each} {test.get('score')}" for each, test in zip(found, tests, strict=True)]


@pytest.mark.heavy
def test_a_persons_mark_counts_everywhere_and_for_these_words_alone(assignment: Assignment, tmp_path: Path) -> None:
    course = assignment.course
    with Sandbox(setup("arrays")) as sandbox:
        graded(assignment, sandbox, ada="<script>bad()</script> Two *errors*.", bob="", eve="Rounding.")
        assert exported(course, tmp_path) == ["0.0 yes  None", "0.0 no 0.0 0.0", "0.0 yes  None"]
        assert "counts as 0 points" in feedback(course, "arrays")[0].read_text()
        assert "as h and as 1/h" not in feedback(course, "arrays")[0].read_text()  # nobody has read it yet
        assert "- 1: how each depends on h" in (course.autograded / "ada" / "arrays" / "arrays.ipynb").read_text()
        copy = str(shutil.copy(course.gradebook, tmp_path / "ann.db"))
        in_formgrader(course.gradebook, "ada", 2, "1 + 1 + 0 **two**?<script>")
        in_formgrader(Path(copy), "eve", 0, "No.")
        assert command(course.root, "by-hand", "arrays") == "best_step waits for a person: eve\n"
        shared = "best_step waits for bob: eve\nlists: marking/arrays/PERSON.csv\n"
        assert command(course.root, "by-hand", "arrays", "--share", "bob,cem") == shared
        assert command(course.root, "by-hand", "arrays") == "best_step waits for bob: eve\n"
        moved = "best_step moves from bob to cem: eve\n" + shared.replace("bob", "cem")
        assert command(course.root, "by-hand", "arrays", "--share", "cem,dan") == moved
        outside = f"{copy} has marked best_step of eve, cem's: taken in\n"
        assert [command(course.root, "by-hand", "arrays", copy) for _ in range(2)] == [outside, ""]
        in_formgrader(Path(copy), "ada", 1, "One.")
        for _ in range(2):
            assert exported(course, tmp_path) == ["2.0 no 2.0 2.0", "0.0 no 0.0 0.0", "0.0 no 0.0 0.0"]
            graded(assignment, sandbox, ada="<script>bad()</script> Two *errors*.  ", eve="Rounding.")
        pages = [path.read_text() for path in feedback(course, "arrays")]
        command(course.root, "generate_feedback", "arrays", "--force", module="nbgrader")
        assert [path.read_text() for path in sorted(course.feedback.glob("*/*/*.html"))] == pages
        words = ("Two <em>errors</em>", "2 / 3", "<strong>two</strong>?", "A person has read it", "&lt; script")
        words += ("1 of 1: the series is cut off", "0 of 1: how each depends on h")
        assert [each for each in words if each not in pages[0]] == []
        assert "<script" not in pages[0] + pages[2]
        assert "0 of 1: the series is cut off" in pages[2]
        assert "counts as 0" not in pages[2]
        in_formgrader(Path(copy), "bob", None, "Well tried.", extra=0.5)
        with Gradebook(f"sqlite:///{copy}") as theirs:
            theirs.find_submission_notebook("arrays", "arrays", "bob").flagged = True
            theirs.db.commit()
        disputed = f"ada, best_step: {copy} says 1.0 “One.”, the gradebook 2.0 “1 + 1 + 0 **two**?<script>”"
        assert disputed in command(course.root, "by-hand", "arrays", copy, status=1)
        assert read_marks(course, "arrays").submissions["bob"].exercises["best_step"].score == 0.5
        in_formgrader(course.gradebook, "bob", None, "Well tried.", extra=0.25)
        other = f"bob, best_step: {copy} says None + 0.5 “Well tried.”, the gradebook None + 0.25 “Well tried.”"
        assert other in command(course.root, "by-hand", "arrays", copy, status=1)
        graded(assignment, sandbox, ada="Three errors.", bob="Four errors.", eve="")
    assert "“One.” of another answer, the gradebook None" in command(course.root, "by-hand", "arrays", copy, status=1)
    marks = read_marks(course, "arrays").submissions
    given = [marks[each].exercises["best_step"] for each in ("ada", "bob", "eve")]
    assert [(mark.manual, mark.score) for mark in given if mark.needs_person] == [(None, 0), (None, 0), (0, 0)]
    changed = "The answer has changed since it was given 2 of 3 points, with the comment: 1 + 1 + 0 **two**?<script>"
    assert marks["ada"].comments["best_step"] == changed
    assert "has changed since" not in feedback(course, "arrays")[0].read_text()
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_submission_notebook("arrays", "arrays", "bob").flagged
        gradebook.remove_submission("arrays", "eve")
    lost = f"eve, best_step: {copy} says 0.0 “No.”, the gradebook has no such hand-in"
    assert lost in command(course.root, "by-hand", "arrays", copy, status=1)


EXPORTS = ("py:light", "py:percent", "py:sphinx", "py:nomarker", "md", "Rmd", "md:myst", "nbconvert")
"""jupytext's, in which text is comments, strings or Markdown, and nbconvert's script."""


@pytest.mark.parametrize("name", EXPORTS)
def test_an_answer_is_found_in_every_export(name: str, assignment: Assignment) -> None:
    answer = "<!-- exercise: best_step -->\nThe first line.\n\nThe second."
    notebook = nbformat.reads(handed_in(assignment, {"id": "best_step", "source": answer}), 4)
    work = notebook.cells[assignment.solution_cells["cosine"]]
    work.source = "# exercise: cosine\ndef cosine(a, b):\n    return a @ b"
    text = PythonExporter().from_notebook_node(notebook)[0] if name == "nbconvert" else jupytext.writes(notebook, name)
    ingested = ingest(text.encode(), assignment, f"arrays.{name[:2].replace('Rm', 'Rmd').replace('nb', 'py')}")
    found = {cell.id: cell.source for cell in ingested.notebook.cells}
    assert found["best_step"] == answer
    assert found["cosine"].startswith(work.source)
    assert not ingested.repairs[1:] or "missing" not in ingested.repairs[-1]
