"""Every failure is a sentence, times written by hand stay, and a penalty is as it is now."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.cli.tables import class_table
from autograder.collect import Policy, collect
from autograder.collect.misplaced import misplaced
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.exceptions import add
from autograder.gradebook.class_list import enter
from autograder.gradebook.marks import read_marks, refusal
from autograder.gradebook.record import record
from autograder.gradebook.timestamp import read_timestamp
from tests.places import described, table, written
from tests.processes import command
from tests.tool.collect.downloads import notebook, with_due, zipped
from tests.tool.graded_examples import CORRECT, graded, stamped
from tests.tool.test_terminal_tables import shown


def spoil(course: Course, how: str) -> None:
    if how != "whole":
        course.gradebook.unlink()
    if how == "corrupt":
        course.gradebook.write_bytes(b"no database" * 1000)
    elif how == "foreign":
        sqlite3.connect(course.gradebook).execute("CREATE TABLE photo (id)")
    elif how == "empty":
        enter([], course)


@pytest.mark.heavy
@pytest.mark.parametrize(("how", "line", "words"), table("tool/tables.toml")["failures"])
def test_it_is_said(how: str, line: str, words: str, course: Course) -> None:
    written(course.root / "list.csv", b"student_id,name\nb01,Ada\n")
    written(course.root / "in" / "b01" / "hw1.ipynb", b"{}")
    written(course.root / "x.pdf", b"%PDF")
    spoil(course, how)
    before = course.gradebook.read_bytes()
    assert words in " ".join(command(course.root, *line.split(), status=1).split())
    assert how != "foreign" or course.gradebook.read_bytes() == before


def test_what_lies_in_the_wrong_place_is_said(course: Course) -> None:
    for path in ("b01.ipynb", "b02/HW1/hw1.ipynb", "b03/hw1/a.ipynb", "b03/hw1/b.ipynb", "b04/hw1/hw1.ipynb"):
        written(course.submitted / path, b"{}")
    written(course.submitted / "b04/hw1/timestamp.txt", b"tomorrow")
    written(course.submitted / "b05/hw1/hw1.ipynb", b"{}")
    written(course.submitted / "b05/hw1/timestamp.txt", b"2026-11-20 15:59:00 UTC")
    said = list(misplaced(course, "hw1"))
    assert ["b01.ipynb is not graded" in said[0], "call the folder hw1" in said[1]] == [True, True]
    assert ["the newest is graded" in said[2], "says “tomorrow”, which is no time" in said[3], len(said)] == [
        True,
        True,
        4,
    ]


def test_a_gradebook_that_another_holds_is_not_to_be_moved_away() -> None:
    said = refusal(sqlite3.OperationalError("database is locked"))
    assert "Another program" in said
    assert "Move it away" not in said
    assert "cannot be used" in refusal(sqlite3.DatabaseError("file is not a database"))


def test_no_older_result_stays_of_a_file_that_is_refused(course: Course, tmp_path: Path) -> None:
    file, result = written(tmp_path / "x.pdf", b"%PDF"), written(tmp_path / "x.json", b'{"score": 40}')
    command(course.root, "grade", str(file), "--json", str(result), status=1)
    found = json.loads(result.read_text())
    assert (found["state"], "PDF" in found["problem"], "score" in found) == ("ungradable", True, False)


def test_times_that_a_person_has_written_stay(course: Course, tmp_path: Path) -> None:
    assignment = Assignment.load(with_due(course), "hw1")  # 15:59 UTC
    name, by_hand = "ada+hw1+2026-11-2{} 16:00:00 UTC/hw1.ipynb", datetime(2026, 11, 20, 12)
    for day in (0, 1):
        zipped(tmp_path / "c.zip", {name.format(day): notebook(assignment, f"{day}")})
        (row,) = collect(tmp_path / "c.zip", assignment).rows
        written(course.submitted / "ada" / "hw1" / "timestamp.txt", f"{by_hand} UTC\n".encode())
    assert (row.late, "written by hand" in row.note) == (False, True)
    (row,) = collect(tmp_path / "c.zip", assignment).rows
    assert read_timestamp(course.submitted / "ada" / "hw1") == by_hand
    record([graded(course)], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.find_submission("hw1", "ada").timestamp = datetime(2026, 11, 20, 13)
        gradebook.db.commit()
    record([graded(course)], course)
    assert read_marks(course, "hw1").submissions["ada"].timestamp == datetime(2026, 11, 20, 13)


@pytest.mark.parametrize("where", ["gradebook", "exceptions.toml"])
def test_a_penalty_is_as_it_is_now_and_in_time_honours_extensions(where: str, course: Course, tmp_path: Path) -> None:
    course = with_due(course, late="[late]\nper_day = 0.5\n\n")
    stamped(course, "2026-11-20 16:30:00 UTC")
    record([graded(course)], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        submission = gradebook.find_submission("hw1", "ada")

        def penalty() -> float:
            gradebook.db.commit()
            return read_marks(course, "hw1").submissions["ada"].penalty

        assert penalty() == pytest.approx(3.83 / 2, abs=1e-3)
        gradebook.find_grade("last-test", "hw1", "hw1", "ada").manual_score = 1.0
        assert penalty() == pytest.approx(4.83 / 2, abs=1e-3)
        marks = read_marks(course, "hw1").submissions
        table = shown(class_table([marks["ada"].given(graded(course))], {}, marks))
        assert "1*" in table
        submission.extension = timedelta(hours=1 if where == "gradebook" else -1)
        if where == "exceptions.toml":  # it comes before the gradebook
            add(course, "students", {"student": "ada", "extra_hours": 1})
        assert penalty() == 0
    files = {f"ada+hw1+2026-11-20 1{hour}:10:00 UTC/hw1.ipynb": str(hour) for hour in (5, 6, 7)}
    assignment = Assignment.load(course, "hw1")
    zipped(tmp_path / "c.zip", {each: notebook(assignment, answer) for each, answer in files.items()})
    (row,) = collect(tmp_path / "c.zip", assignment, policy=Policy.in_time).rows
    assert (row.late, f"{row.attempt.when:%H:%M}") == (False, "16:10")
    course = described(course, "2026-11-20T23:59", "2026-11-19T23:59")
    assert read_marks(course, "hw1").submissions["ada"].penalty > 0


def test_a_whole_archive_of_another_assignment_is_refused(course: Course, tmp_path: Path) -> None:
    course = described(course, "[course]", '[assignments.hw2]\nunit = "u"\ntitle = "HW 2"\n\n[course]')
    release = nbformat.v4.new_notebook(cells=Assignment.load(course, "hw1").release.cells[:1])
    written(course.release_directory / "hw2" / "hw2.ipynb", nbformat.writes(release).encode())
    (course.solutions / "hw2").mkdir()
    data = notebook(Assignment.load(course, "hw1"))
    zipped(tmp_path / "c.zip", {f"{name}_1{at}_{at}_hw1.ipynb": data for at, name in enumerate(("ada", "bo", "cy"))})
    with pytest.raises(ValueError, match="3 of 3 hand-ins are notebooks of hw1, not of hw2: nothing was stored"):
        collect(tmp_path / "c.zip", Assignment.load(course, "hw2"))
    assert not course.collected.exists()
    assert not course.submitted.exists()


@pytest.mark.parametrize("count", [3, 12])
def test_the_class_table_fits_into_80_columns(count: int, course: Course) -> None:
    verdicts = tuple(replace(CORRECT, exercise=f"a_long_exercise_{at}", score=1.25) for at in range(count))
    lines = shown(class_table([graded(course, "b10901001@ntu", verdicts)], {"b10901001@ntu": 3}), 80).splitlines()
    assert any("b10901001@ntu" in line and f"{1.25 * count:g}" in line for line in lines)
    assert all(len(line.rstrip()) <= 80 for line in lines if "\x1b" not in line)
