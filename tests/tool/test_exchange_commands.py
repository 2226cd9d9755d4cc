"""Grades as Canvas and Gradescope take them, read back by the rules of their own importers."""

import csv
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.collect import Person, Roster
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.record import record
from autograder.handback import canvas
from autograder.handback.gradescope import bundle, results
from autograder.handback.gradescope.__main__ import choose, shown
from benchmarks.gradescope import checked, hand_in, unpack
from tests.places import COURSE, described, written
from tests.tool.graded_examples import WRONG, graded, small_course, ungradable

pytestmark = pytest.mark.heavy

ROSTER = Roster(
    [
        Person("ada", "Ada", "Lovelace", "ada@example.edu", "101", "ada", "S1", "A-1"),
        Person("eve", "Eve", "=cmd|' /C calc'!A0", "", "102", "eve", "S2", "+1"),
        Person("absent", "Émile", "Zola", "", "103", "absent", "S3", "A-1"),
    ]
)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = small_course(tmp_path / "course")
    record([graded(course, repairs=("A cell was\u202e doubled.",)), ungradable(course), graded(course, "@bo")], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        for person in ROSTER.people:
            names = {"first_name": person.first, "last_name": person.last}
            gradebook.update_or_create_student(person.id, **names, lms_user_id=person.canvas)
        gradebook.find_submission("hw1", "ada").notebooks[0].late_submission_penalty = 0.83
        gradebook.db.commit()
    return course


# --- Canvas ---------------------------------------------------------------------------------------------------------


def imported(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The assignment and the rows as Canvas's gradebook_importer.rb finds them."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert path.read_bytes().startswith("\ufeffStudent,ID,".encode())  # Ruby's CSV refuses a quote after the mark
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert header[2:5] == ["SIS User ID", "SIS Login ID", "Section"]  # the columns before the assignments end here
    (title,) = header[5:]
    (points,) = [row for row in rows if "Points Possible" in row[0]]
    students = [dict(zip(header, row, strict=True)) for row in rows if row is not points]
    return {"title": title, "points": points[5]}, {row["ID"] or row["SIS User ID"]: row for row in students}


def test_canvas_finds_assignment_points_and_every_student_and_no_formula(course: Course, tmp_path: Path) -> None:
    path = canvas.export(course, "hw1", tmp_path / "out" / "canvas.csv", ROSTER)
    assignment, rows = imported(path)
    assert assignment == {"title": "HW 1", "points": "7.0"}
    assert set(rows) == {"101", "102", "103", "'@bo"}
    ada = rows["101"]
    who = ("\ufeffStudent", "SIS User ID", "SIS Login ID", "Section")
    assert [ada[each] for each in who] == ["Lovelace, Ada", "S1", "ada", "A-1"]
    assert float(ada["HW 1"]) == pytest.approx(3.0)  # 3.83 less the penalty
    assert rows["102"]["HW 1"] == rows["103"]["HW 1"] == ""  # waits for a person; was not handed in
    with path.open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=cmd|' /C calc'!A0, Eve" in cells
    both = Roster([*ROSTER.people, Person("@bo", participant="7")])
    assert set(imported(canvas.export(course, "hw1", path, both))[1]) == {"101", "102", "103"}


def test_the_number_in_canvas_stands_in_the_heading(course: Course, tmp_path: Path) -> None:
    course = described(course, 'title = "HW 1"', 'title = "HW 1"\ncanvas_id = 4757')
    assignment, _ = imported(canvas.export(course, "hw1", tmp_path / "canvas.csv"))
    assert assignment["title"] == "HW 1 (4757)"


# --- Gradescope: results.json ---------------------------------------------------------------------------------------


def test_results_say_what_the_gradebook_says(course: Course, tmp_path: Path) -> None:
    folder = results.export(course, "hw1", tmp_path / "out")
    found = checked((folder / "ada" / "results.json").read_bytes())
    assert found["score"] == pytest.approx(3.0)
    assert "0.83 points" in found["output"]
    tests = {test["name"]: test for test in found["tests"]}
    assert list(tests) == ["double", "slices", "last", "quiz"]
    assert (tests["slices"]["score"], tests["slices"]["max_score"], tests["slices"]["status"]) == (1.33, 3.0, "failed")
    assert "one slice only" in tests["slices"]["output"]
    assert tests["quiz"]["output"] == f"quiz-02: ✗ not right yet\n{WRONG.messages[0]}"
    assert [test["number"] for test in found["tests"]] == ["1", "2", "3", "4"]


def test_what_waits_for_a_person_has_no_results(course: Course, tmp_path: Path) -> None:
    folder = results.export(course, "hw1", tmp_path)
    assert sorted(path.parent.name for path in folder.glob("*/results.json")) == ["@bo", "ada"]
    with pytest.raises(ValueError, match="PDF"):
        results.of_result(ungradable(course), quiz_open=True)


def test_results_of_a_fresh_grading_are_the_same(course: Course, tmp_path: Path) -> None:
    recorded = checked((results.export(course, "hw1", tmp_path) / "@bo" / "results.json").read_bytes())
    fresh = checked(results.as_json(results.of_result(graded(course, "@bo"), quiz_open=True)))
    assert fresh == recorded


@given(st.text())
def test_nothing_of_a_students_reorders_what_is_beside_it(text: str) -> None:
    output = results._test("ewc", 0.0, 1.0, replace(WRONG, messages=(f"\u202e{text}",)))["output"]
    assert "\u202e" not in output
    assert "\x1b" not in output


# --- Gradescope: the autograder -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as Gradescope lays out /autograder, the packages installed already."""
    home = tmp_path_factory.mktemp("autograder")
    assignment = Assignment.load(COURSE.clone_to(tmp_path_factory.mktemp("course")), "finite_differences")
    path = bundle.write(assignment, home / "finite_differences.zip")
    unpack(path, home)
    names = {each.relative_to(home / "source").as_posix() for each in (home / "source").rglob("*")}
    assert {"setup.sh", "run_autograder"} <= names
    assert "solutions/hw14/hw14.py" not in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]
    (home / "source" / ".venv").symlink_to(Path(sys.executable).parents[1])
    return home


def autograde(home: Path, files: dict[str, bytes]) -> dict[str, Any]:
    hand_in(home, "ada@example.edu", files)
    ended = subprocess.run(["bash", home / "run_autograder"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return checked((home / "results" / "results.json").read_bytes())


def test_the_zip_grades_as_gradescope_runs_it(container: Path) -> None:
    subprocess.run(["bash", "-n", container / "source" / "setup.sh"], check=True)
    with zipfile.ZipFile(container / "finite_differences.zip") as archive:
        assert all(archive.getinfo(name).external_attr >> 16 & 0o111 for name in ("setup.sh", "run_autograder"))
    solved = Assignment.load(COURSE, "finite_differences").solution_notebook()
    files = {"Copy of homework.ipynb": nbformat.writes(solved).encode(), "notes.ipynb": b"{}", "a.png": b"\x89PNG"}
    found = autograde(container, files)
    assert found["tests"]
    assert not [test for test in found["tests"] if test["status"] != "passed"]
    assert found["score"] == pytest.approx(sum(test["max_score"] for test in found["tests"]))


def test_what_cannot_be_graded_says_so_and_nothing_handed_in_is_no_file(course: Course, tmp_path: Path) -> None:
    found = checked(results.as_json(shown(ungradable(course), quiz_open=True)))
    assert found["score"] == 0
    assert "PDF" in found["output"]
    (tmp_path / "empty").mkdir()
    assert choose(Assignment.load(course, "hw1"), tmp_path / "empty") is None
    written(tmp_path / "two" / "hw1.ipynb", course.release_path("hw1").read_bytes())
    damaged = written(tmp_path / "two" / "mine.ipynb", '{"cells": [')
    assert choose(Assignment.load(course, "hw1"), tmp_path / "two") == damaged
