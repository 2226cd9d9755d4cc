"""nbgrader's own command gives the marks that the autograder gives, and no submission stops the class."""

import json
from datetime import datetime

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.gradebook.generate import register
from autograder.gradebook.plugin import SubmissionExporter
from autograder.gradebook.record import record
from autograder.gradebook.timestamp import TIMESTAMP, read_timestamp
from autograder.grading.grade import grade_submission
from autograder.ingest.read import MAX_BYTES
from autograder.sandbox import Sandbox
from tests.places import written
from tests.processes import command
from tests.tool.sandboxes import EXAMPLE, setup

pytestmark = pytest.mark.heavy


def submissions(assignment):
    """A solution, an untouched release, what alone stops nbgrader's whole class, and files that are no notebooks."""
    solution = assignment.solution_notebook()
    mangled = json.loads(nbformat.writes(solution))
    tests = [cell for cell in mangled["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    for cell in tests:
        cell["metadata"]["nbgrader"]["schema_version"] = 1
        cell["metadata"]["tags"] = ["skip-execution"]
    mangled["cells"].append(tests[0])
    return {
        "solved": nbformat.writes(solution).encode(),
        "untouched": nbformat.writes(assignment.release).encode(),
        "mangled": json.dumps(mangled).encode(),
        "pdf": b"%PDF-1.7\n\xff\xfe\x00",
        "future": b'{"nbformat": 9, "cells": "none"}',
    }


def lay_beside(folder, outside):
    """What must not come along: a page, code that a configuration runs, links to a file, a folder and no end."""
    (folder / "evil.html").write_text("<script>alert(1)</script>")
    (folder / "nbgrader_config.py").write_text(f"open({str(outside.parent / 'ran')!r}, 'w')")
    (folder / "link.txt").symlink_to(outside)
    (folder / "arrays_files").symlink_to(outside.parent)
    (folder / "timestamp.txt").symlink_to("/dev/zero")
    written(folder / "feedback" / ".deep" / ".hidden", "hidden")


def marks(course):
    """Every mark of every student."""
    with Gradebook(course.db_url, course.name) as gradebook:
        notebooks = {each.id: gradebook.find_submission("arrays", each.id).notebooks for each in gradebook.students}
        grades = {student: [grade for each in own for grade in each.grades] for student, own in notebooks.items()}
        return {who: {it.name: (it.auto_score, it.needs_manual_grade) for it in own} for who, own in grades.items()}


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """The same class graded twice: by nbgrader's command, and by our own steps."""
    theirs, ours = (EXAMPLE.clone_to(tmp_path_factory.mktemp("course") / name) for name in ("theirs", "ours"))
    (ours.root / ".course-seed").write_bytes(theirs.seed() + b"\n")
    handed_in = submissions(Assignment.load(theirs, "arrays"))
    register(theirs, "arrays")
    register(ours, "arrays")
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("not the student's")
    for student, data in handed_in.items():
        written(theirs.submitted / student / "arrays" / "arrays.ipynb", data)
    (theirs.submitted / "solved" / "arrays" / TIMESTAMP).write_text("2026-11-20 10:00:00 UTC\n")
    lay_beside(theirs.submitted / "untouched" / "arrays", outside)
    command(theirs.root, "autograde", "arrays", module="nbgrader")
    assignment = Assignment.load(ours, "arrays")
    with Sandbox(setup("arrays")) as sandbox:
        graded = (grade_submission(data, assignment, who, sandbox, "arrays.ipynb") for who, data in handed_in.items())
        record(graded, ours)
    return theirs, ours


def test_the_marks_are_right_and_the_same(courses):
    found, ours = map(marks, courses)
    assert found == ours
    total = {student: sum(score or 0.0 for score, _ in grades.values()) for student, grades in found.items()}
    assert total == pytest.approx({"solved": 10, "mangled": 10, "untouched": 0, "pdf": 0, "future": 0})
    looked_at = {student for student, grades in found.items() if any(look for _, look in grades.values())}
    assert looked_at == {"pdf", "future", "solved", "mangled"}  # the latter two have answered the question in words


def test_the_recorded_copies_are_the_same_but_for_the_seconds_they_took(courses):
    theirs, ours = courses
    for path in sorted(ours.autograded.glob("*/arrays/arrays.ipynb")):
        other = theirs.root / path.relative_to(ours.root)
        graded, again = (nbformat.read(each, as_version=4) for each in (path, other))
        assert [cell.source for cell in graded.cells] == [cell.source for cell in again.cells]
        tests = [
            [cell.get("outputs") for cell in each.cells if cell.metadata.get("nbgrader", {}).get("grade")]
            for each in (graded, again)
        ]
        assert tests[0] == tests[1]


@pytest.mark.parametrize("options", [(), ("--notebook", "arrays")])
def test_grading_again_with_force_changes_no_mark_and_no_time_by_hand(courses, options):
    theirs, _ = courses
    before, by_hand = marks(theirs), datetime(2026, 11, 19, 8)
    with Gradebook(theirs.db_url) as gradebook:
        recorded = gradebook.find_submission("arrays", "solved").timestamp
        gradebook.update_or_create_submission("arrays", "solved", timestamp=by_hand)
    command(theirs.root, "autograde", "arrays", "--force", "--student", "solved", *options, module="nbgrader")
    assert marks(theirs) == before
    with Gradebook(theirs.db_url) as gradebook:
        assert gradebook.find_submission("arrays", "solved").timestamp == by_hand
        gradebook.update_or_create_submission("arrays", "solved", timestamp=recorded)


def test_nothing_but_the_notebook_is_taken_from_a_students_folder(courses, tmp_path_factory):
    theirs, _ = courses
    (theirs.autograded / "solved" / "arrays" / "link.html").symlink_to(theirs.root / ".course-seed")
    command(theirs.root, "generate_feedback", "arrays", module="nbgrader")
    for folder, name in ((theirs.autograded, "arrays.ipynb"), (theirs.feedback, "arrays.html")):
        assert {path.name for path in (folder / "untouched").rglob("*")} == {"arrays", name}
    assert {path.name for path in (theirs.feedback / "solved").rglob("*")} == {"arrays", "arrays.html", "timestamp.txt"}
    assert not list(tmp_path_factory.getbasetemp().glob("outside*/ran"))


def test_nbgrader_grades_and_hands_back_again_what_came_later(courses):
    theirs, _ = courses
    folders = [each / "solved" / "arrays" for each in (theirs.submitted, theirs.autograded, theirs.feedback)]
    before = [read_timestamp(folder) for folder in folders]
    (folders[0] / TIMESTAMP).write_text("2026-11-21 10:00:00 UTC\n")
    for step in ("autograde", "generate_feedback"):
        command(theirs.root, step, "arrays", "--student", "solved", module="nbgrader")
    assert before == 3 * [datetime(2026, 11, 20, 10)]
    assert [read_timestamp(folder) for folder in folders] == 3 * [datetime(2026, 11, 21, 10)]


def exported(path, course, monkeypatch):
    """What the preprocessors get of a file."""
    monkeypatch.chdir(course.root)
    text, resources = SubmissionExporter().from_filename(str(path))
    return nbformat.reads(text, as_version=4), resources.get("submission")


def test_what_is_handed_in_is_read_up_to_the_cap_never_parsed_and_no_link_followed(courses, tmp_path, monkeypatch):
    course = courses[0]
    path = course.submitted / "solved" / "arrays" / "arrays.ipynb"
    notebook, data = exported(path, course, monkeypatch)
    assert notebook.cells == []
    assert data == path.read_bytes()
    huge = tmp_path / "huge.ipynb"
    with huge.open("wb") as file:
        file.truncate(10**12)
    assert len(exported(huge, course, monkeypatch)[1]) == MAX_BYTES + 1
    link = tmp_path / "arrays.ipynb"  # to another's work
    link.symlink_to(graded := course.autograded / "solved" / "arrays" / "arrays.ipynb")
    assert exported(link, course, monkeypatch)[1] == b""
    notebook, data = exported(graded, course, monkeypatch)  # this one whole
    assert notebook.cells == nbformat.read(graded, as_version=4).cells
    assert data is None
