"""Who is who: the class list, and what is said of whom."""

from datetime import UTC
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli.tables import collected_table, leftovers
from autograder.cli.terminal import console
from autograder.collect import Roster, collect
from autograder.collect.person import RosterError
from autograder.collect.times import read_time
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.class_list import enter
from tests.places import written
from tests.processes import command
from tests.tool.collect.downloads import TABLES, notebook, zipped


@pytest.mark.parametrize(("text", "when"), TABLES["times"])
def test_times_as_platforms_write_them(text: str, when: str) -> None:
    assert str(read_time(text, UTC)) == when


@pytest.mark.parametrize("heading", ["SIS User ID", "SIS Login ID", "login_id", "Section", "sortable_name"])
def test_beside_such_a_column_the_id_is_canvas_own_number(heading: str, tmp_path: Path) -> None:
    path = written(tmp_path / "class.csv", f"id,email,{heading}\n101,ada@x.edu,x\n".encode())
    assert [person.canvas for person in Roster.read(path).people] == ["101"]


def test_a_full_name_is_parted_unless_it_is_chinese(tmp_path: Path) -> None:
    path = written(tmp_path / "class.csv", "student_id,name\nb01,Zoë Łuk\nb02,王 小明\n".encode())
    assert [(person.first, person.last) for person in Roster.read(path).people] == [("Zoë", "Łuk"), ("", "王 小明")]


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\0", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_spreadsheet_is_called_one(start: bytes, tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="is a spreadsheet or an archive, and no CSV"):
        Roster.read(written(tmp_path / "class.xlsx", start + bytes(100)))


@pytest.mark.parametrize("heading", ["Identifier,Full name,Online text", "Kennung,Name,Etwas"])
def test_what_a_student_writes_into_a_cell_hides_nobody(heading: str, tmp_path: Path) -> None:
    rows = [f"Participant {number},P Q{number},{text * 50_000}" for number, text in ((71, "; x"), (72, ""), (73, "a"))]
    path = written(tmp_path / "sheet.csv", "\n".join([heading, *rows, ""]).encode())
    assert [person.participant for person in Roster.read(path).people] == ["71", "72", "73"]


def test_the_class_list_that_is_kept_has_the_same_ids_and_evaluates_no_name(tmp_path: Path) -> None:
    text = "student_id,first_name,last_name\n@ada,=1+1,Lovelace\n+49,Bo,-x\n"
    roster = Roster.read(written(tmp_path / "class.csv", text.encode()))
    kept = Roster.read(written(tmp_path / "kept.csv", roster.to_csv()))
    assert [(person.id, person.first, person.last) for person in kept.people] == [
        ("@ada", "'=1+1", "Lovelace"),
        ("+49", "Bo", "'-x"),
    ]


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


def test_an_archive_of_which_nothing_can_be_collected_fails_the_command(assignment: Assignment, tmp_path: Path) -> None:
    half = written(tmp_path / "half.zip", zipped(None, {"lovelaceada_101_1_hw1.ipynb": notebook(assignment)})[:300])
    said = command(assignment.course.root, "collect", str(half), "--assignment", "hw1", status=1)
    assert "cut short" in " ".join(said.split())
    assert "next: autograder grade" not in said
