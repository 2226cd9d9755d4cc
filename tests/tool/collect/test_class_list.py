"""Who is who: the class list, and what is said of whom."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli.tables import collected_table, leftovers
from autograder.cli.terminal import console
from autograder.collect import Roster, RosterError, collect
from autograder.collect.times import read_time
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.class_list import enter
from tests.places import written
from tests.tool.collect.downloads import TABLES, late_by_nbgrader, notebook, run, with_due, zipped

# --- The class list -------------------------------------------------------------------------------------------------


def test_canvas_own_gradebook_export_is_a_class_list(tmp_path: Path) -> None:
    text = (
        "Student;ID;SIS User ID;SIS Login ID;Section;HW 1 (77)\n    Points Possible;;;;;7\n"
        '"Lovelace, Ada";101;b01;ada;A;\n"Student, Test";999;;x;A;\n'
    )
    (person,) = Roster.read(written(tmp_path / "canvas.csv", text.encode("utf-16"))).people
    assert (person.id, person.canvas, person.login, person.section) == ("ada", "101", "ada", "A")
    assert (person.first, person.last, person.sis) == ("Ada", "Lovelace", "b01")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"name,group\nAda,A\n", "column of student ids"),
        (b"student_id\n", "no students"),
        (b"student_id,name\nb01,A\nb01,B\n", "same id"),
        (b"student_id,canvas_id\nb01,1\nb02,1\n", "same canvas"),
        (b"student_id,name\n../x,A\n", "name of a folder"),
        ("student_id,name\nb01,Zoë\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_class_list_that_cannot_be_used(text: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=words):
        Roster.read(written(tmp_path / "roster.csv", text))


@pytest.mark.parametrize(("text", "when"), TABLES["times"])
def test_times_as_platforms_write_them(text: str, when: str) -> None:
    assert str(read_time(text, UTC)) == when


def test_the_class_is_entered_into_the_gradebook(course: Course, roster: Roster) -> None:
    enter(roster.people, course)
    enter(roster.people, course)
    with Gradebook(course.db_url, course.name) as gradebook:
        ada = gradebook.find_student("b01")
        assert (ada.first_name, ada.last_name) == ("Ada", "Lovelace")
        assert (ada.email, ada.lms_user_id) == ("ada@example.edu", "101")
        assert len(gradebook.students) == 4


def test_the_table_says_what_came_from_where(assignment: Assignment, roster: Roster, tmp_path: Path) -> None:
    members = {"lovelaceada_LATE_101_1_hw1.ipynb": notebook(assignment), "who_999_2_[red]\u202ex.ipynb": b"{}"}
    zipped(tmp_path / "c.zip", members)
    collected = collect(tmp_path / "c.zip", assignment, roster)
    with console.capture() as capture:
        console.print(collected_table("hw1", collected))
    table = " ".join(capture.get().split())
    assert "b01 Canvas" in table
    assert "late" in table
    rest = "\n".join(leftovers(collected))
    assert "nobody's: c.zip/who_999_2_[red]⟨U+202E⟩x.ipynb" in rest
    assert "handed in nothing: 3 of the class (b02, b03, b04)" in rest


def test_late_by_an_unknown_time_is_late_for_nbgrader(course: Course, roster: Roster, tmp_path: Path) -> None:
    assignment = Assignment.load(course, "hw1")
    zipped(tmp_path / "c.zip", {"lovelaceada_LATE_101_1_hw1.ipynb": notebook(assignment)})
    (row,) = run(tmp_path / "c.zip", assignment, roster).rows
    assert "no penalty" in row.note
    assignment = Assignment.load(with_due(course), "hw1")
    (row,) = run(tmp_path / "c.zip", assignment, roster).rows
    assert late_by_nbgrader(assignment.course, "b01") == timedelta(seconds=1).total_seconds()
    assert "one second" in row.note
