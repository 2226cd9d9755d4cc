"""Grades as CSV: every name survives, and no spreadsheet evaluates one."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.gradebook.record import record
from autograder.handback.grades_csv import COLUMNS, QuotedCsvExport, export, neutral, to_csv
from tests.tool.graded_examples import graded, small_course, ungradable


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture
def course(tmp_path):
    course = small_course(tmp_path)
    record([graded(course), ungradable(course), graded(course, "=1+1")], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.update_or_create_student(
            "ada", first_name='Ada "the", first', last_name="=cmd|' /C calc'!A0", email="@SUM(1)\nx"
        )
        gradebook.add_student("absent", last_name="Émile")
    return course


def test_one_row_a_student_with_total_and_exercises(course, tmp_path):
    found = rows(export(course, "hw1", tmp_path / "out" / "grades.csv"))
    assert set(found) == {"ada", "eve", "'=1+1", "absent"}
    ada = found["ada"]
    assert list(ada) == [*COLUMNS, "double", "slices", "last", "quiz", "quiz-01", "quiz-02"]
    assert (ada["score"], ada["max_score"], ada["slices"], ada["quiz"]) == ("3.83", "7.0", "1.33", "0.5")
    assert (found["eve"]["needs_manual_grade"], ada["needs_manual_grade"]) == ("yes", "no")
    assert (found["absent"]["score"], found["absent"]["double"], found["absent"]["last_name"]) == (
        "0.0",
        "0.0",
        "Émile",
    )


def test_names_survive_and_formulas_do_not(course, tmp_path):
    ada = rows(export(course, "hw1", tmp_path / "grades.csv"))["ada"]
    assert ada["first_name"] == 'Ada "the", first'
    assert ada["last_name"] == "'=cmd|' /C calc'!A0"
    assert ada["email"] == "'@SUM(1)\nx"


@given(st.text(alphabet="=+-@\t\r\n ＝ab,;\"'", max_size=12))
def test_any_text_comes_back_and_begins_no_formula(text):
    row = dict.fromkeys(COLUMNS, "") | {"student_id": text}
    (read,) = csv.DictReader(io.StringIO(to_csv([row]), newline=""))
    assert read["student_id"] in (text, f"'{text}")
    assert not read["student_id"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_a_number_stays_a_number():
    assert neutral(-1.5) == -1.5


def test_nbgraders_own_export_command_writes_the_same(course, tmp_path):
    exporter = QuotedCsvExport()
    exporter.to = str(tmp_path / "theirs.csv")
    exporter.assignment = ["hw1"]
    with Gradebook(course.db_url, course.name) as gradebook:
        exporter.export(gradebook)
    assert (tmp_path / "theirs.csv").read_bytes() == export(course, "hw1", tmp_path / "ours.csv").read_bytes()
