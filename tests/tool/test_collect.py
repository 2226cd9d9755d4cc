"""Whatever a learning platform gives, every student's latest hand-in is what is graded, and nothing is lost."""

import copy
import io
import os
import struct
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.cli.tables import collected_table, leftovers
from autograder.cli.terminal import console
from autograder.collect import Collected, Policy, Roster, RosterError, archive, collect
from autograder.collect.archive import Found, Refused, file_name, walk
from autograder.collect.layout import Kind, own_part, path_hints
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.class_list import enter
from autograder.gradebook.timestamp import read_timestamp
from autograder.grading.classroom import find_submissions
from tests.tool.graded_examples import small_course

ROSTER = """student_id,name,email,canvas_id
b01,"Lovelace, Ada",ada@example.edu,101
b02,"Curie, Marie",marie@example.edu,102
b03,王 小明,ming@example.edu,103
b04,"Hopper, Grace",grace@example.edu,104
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return small_course(tmp_path / "course")


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return Assignment.load(course, "hw1")


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster.read(written(tmp_path / "roster.csv", ROSTER.encode()))


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def notebook(assignment: Assignment, answer: str = "2 * x") -> bytes:
    """The release with its first exercise answered; each answer makes another file."""
    made = copy.deepcopy(assignment.release)
    made.cells[assignment.solution_cells["double"]].source = f"# exercise: double\ndef double(x):\n    return {answer}"
    data: bytes = nbformat.writes(made).encode()
    return data


def zipped(path: Path | None, members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    if path:
        path.write_bytes(file.getvalue())
    return file.getvalue()


def submitted(course: Course) -> dict[str, bytes]:
    """What is there to be graded: student → bytes."""
    return {each.student: each.path.read_bytes() for each in find_submissions(course, "hw1") if each.path}


def everything(folder: Path) -> dict[str, tuple[bytes, float]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(source: Path, assignment: Assignment, roster: Roster | None = None, **kw: Policy) -> Collected:
    """Collect twice: the second time must change nothing."""
    collected = collect(source, assignment, roster, **kw)
    before = everything(assignment.course.root)
    again = collect(source, assignment, roster, **kw)
    assert everything(assignment.course.root) == before
    assert not any(row.changed for row in again.rows)
    assert [(row.student, row.attempt, row.older) for row in again.rows] == [
        (row.student, row.attempt, row.older) for row in collected.rows
    ]
    return collected


def late_by_nbgrader(course: Course, student: str) -> float:
    """How late nbgrader finds what lies in submitted/, seconds."""
    stamp, due = read_timestamp(course.submitted / student / "hw1"), course.entry("hw1").due_utc
    return (stamp - due).total_seconds() if stamp and due and stamp > due else 0.0


def with_due(course: Course, due: str = "2026-11-20T23:59:00+08:00", late: str = "") -> Course:
    text = (course.root / "course.toml").read_text()
    (course.root / "course.toml").write_text(late + text.replace('title = "HW 1"', f'title = "HW 1"\ndue = {due}'))
    return Course.at(course.root)


# --- Canvas ---------------------------------------------------------------------------------------------------------


def test_canvas_zip_with_a_class_list(course: Course, assignment: Assignment, roster: Roster, tmp_path: Path) -> None:
    ada, marie, ming = (notebook(assignment, answer) for answer in ("x + x", "x * 2", "2 * x"))
    zipped(
        tmp_path / "submissions.zip",
        {
            "lovelaceada_101_9001_hw1.ipynb": ada,
            "curiemarie_LATE_102_9002_Copy of hw1 (1).ipynb": marie,
            "王小明_103_9003_hw1-2.ipynb": ming,
            "strangerx_999_9004_hw1.ipynb": ada,
        },
    )
    collected = run(tmp_path / "submissions.zip", assignment, roster)
    assert submitted(course) == {"b01": ada, "b02": marie, "b03": ming}
    assert {row.student: row.late for row in collected.rows} == {"b01": False, "b02": True, "b03": False}
    assert [person.id for person in collected.absent] == ["b04"]
    (stranger,) = collected.nobody
    assert "strangerx" in stranger.reason
    (kept,) = (course.collected / "hw1" / "nobody").glob("*/hw1.ipynb")
    assert kept.read_bytes() == ada
    assert {row.attempt.kind for row in collected.rows} == {Kind.CANVAS}


@pytest.mark.parametrize(
    ("name", "user", "file", "late", "own"),
    [
        ("lovelaceada_101_9001_hw1.ipynb", "101", 9001, False, "hw1.ipynb"),
        ("lovelaceada_LATE_101_9001_hw1.ipynb", "101", 9001, True, "hw1.ipynb"),
        ("lovelaceada_late_101_9001_hw1.ipynb", "101", 9001, True, "hw1.ipynb"),
        ("lovelaceada_101_LATE_9001_hw1.ipynb", "101", 9001, True, "hw1.ipynb"),
        ("mary_ann_101_9001_12_34_hw1.ipynb", "101", 9001, False, "12_34_hw1.ipynb"),
        ("王小明_101_9001_作業 一.ipynb", "101", 9001, False, "作業 一.ipynb"),
        ("101_9001_hw1.ipynb", "101", 9001, False, "hw1.ipynb"),
        ("lovelaceada_101_text.html", "101", 0, False, "text.html"),
        ("LATE_anon_a1B2c_9001_hw1.ipynb", "", 9001, True, "hw1.ipynb"),
    ],
)
def test_canvas_names(name: str, user: str, file: int, late: bool, own: str) -> None:
    found = [Found(("x.zip", each), Path("x"), datetime(2026, 1, 1)) for each in (name, "other_7_8_hw1.ipynb")]
    hint, _ = path_hints(found, "hw1")
    assert (hint.kind, hint.number, hint.order, hint.late, hint.file) == (Kind.CANVAS, user, file, late, own)


def test_of_canvas_attempts_the_newest_file_counts_and_the_older_are_kept(
    course: Course, assignment: Assignment, roster: Roster, tmp_path: Path
) -> None:
    old, new = notebook(assignment, "x + x"), notebook(assignment, "2 * x")
    zipped(tmp_path / "monday.zip", {"lovelaceada_101_9001_hw1.ipynb": old})
    zipped(tmp_path / "friday.zip", {"lovelaceada_LATE_101_9100_hw1-1.ipynb": new})
    run(tmp_path / "friday.zip", assignment, roster)
    collected = run(tmp_path / "monday.zip", assignment, roster)  # the older one afterwards: it must not win
    assert submitted(course) == {"b01": new}
    (row,) = collected.rows
    assert (row.older, row.late) == (1, True)
    kept = {path.read_bytes() for path in (course.collected / "hw1" / "students" / "b01").glob("*/*.ipynb")}
    assert kept == {old, new}
    (row,) = run(tmp_path / "monday.zip", assignment, roster, policy=Policy.in_time).rows
    assert submitted(course) == {"b01": old}
    assert not row.late


def test_two_of_the_same_name_are_told_apart_by_number_only(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    twins = "student_id,name,canvas_id\nb01,Wang Wei,101\nb02,Wang Wei,102\n"
    roster = Roster.read(written(tmp_path / "twins.csv", twins.encode()))
    one, other = notebook(assignment, "x + x"), notebook(assignment, "2 * x")
    members = {"wangwei_102_2_hw1.ipynb": other, "wangwei_101_1_hw1.ipynb": one, "wangwei_999_3_hw1.ipynb": one}
    zipped(tmp_path / "c.zip", members)
    collected = run(tmp_path / "c.zip", assignment, roster)
    assert submitted(course) == {"b01": one, "b02": other}
    assert len(collected.nobody) == 1


def test_without_a_class_list_name_and_number_make_the_id(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    data = notebook(assignment)
    zipped(tmp_path / "c.zip", {"wangwei_101_1_hw1.ipynb": data, "wangwei_102_2_hw1.ipynb": data})
    run(tmp_path / "c.zip", assignment)
    assert set(submitted(course)) == {"wangwei-101", "wangwei-102"}


# --- Moodle, the exchange, folders ----------------------------------------------------------------------------------


def test_moodle_zip_with_moodles_own_grading_sheet(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    sheet = (
        "Identifier,Full name,ID number,Email address,Status,Grade,Last modified (submission)\n"
        'Participant 4711,Ada Lovelace,b01,ada@example.edu,,,"Friday, 20 November 2026, 2:33 PM"\n'
        "Participant 4712,Grace Hopper,b04,grace@example.edu,,,-\n"
        "Participant 4713,Zoë Müller,b05,zoe@example.edu,,,-\n"
    )
    ada, grace, zoe = (notebook(assignment, answer) for answer in ("x + x", "x * 2", "2 * x"))
    zipped(
        tmp_path / "moodle.zip",
        {
            "Ada Lovelace_4711_assignsubmission_file_/hw1.ipynb": ada,
            "Ada Lovelace_4711_assignsubmission_file_/pictures/loss.png": b"\x89PNG",
            "Ada Lovelace_4711_assignsubmission_onlinetext_/onlinetext.html": b"<p>hello",
            "Grace Hopper_4712_assignsubmission_file_hw1.ipynb": grace,
            "Zoë Müller_4713_assignsubmission_file_/My Homework.ipynb": zoe,
        },
    )
    roster = Roster.read(written(tmp_path / "sheet.csv", sheet.encode("utf-8-sig")))
    run(tmp_path / "moodle.zip", assignment, roster)
    assert submitted(course) == {"b01": ada, "b04": grace, "b05": zoe}
    assert read_timestamp(course.submitted / "b01" / "hw1") == datetime(2026, 11, 20, 14, 33)


def test_nbgraders_exchange(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    old, new, grace = (notebook(assignment, answer) for answer in ("x + x", "2 * x", "x * 2"))
    inbound = tmp_path / "inbound"
    for folder, data in {
        "b01+hw1+2026-11-20 10:00:00.123456 UTC": old,
        "b01+hw1+2026-11-20 16:00:00.000000 UTC+c2VjcmV0": new,
        "b04+hw1+2026-11-20 09:00:00.000000 UTC": grace,
        "b04+hw2+2026-11-20 09:00:00.000000 UTC": grace,
    }.items():
        written(inbound / folder / "hw1.ipynb", data)
        written(inbound / folder / "timestamp.txt", b"2026-11-20 10:00:00 UTC")
        written(inbound / folder / "submission_secret.txt", b"secret")
    assignment = Assignment.load(with_due(course), "hw1")
    collected = run(inbound, assignment)
    assert submitted(course) == {"b01": new, "b04": grace}
    assert {row.student: (row.older, row.late) for row in collected.rows} == {"b01": (1, True), "b04": (0, False)}
    assert late_by_nbgrader(assignment.course, "b01") == pytest.approx(60, abs=1)
    assert [entry.reason.partition(".")[0] for entry in collected.nobody] == ["It was handed in as hw2"]


def test_folders_of_students_as_nbgrader_has_them_and_as_people_make_them(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    one, two, three = (notebook(assignment, answer) for answer in ("x + x", "2 * x", "x * 2"))
    written(tmp_path / "in" / "ada" / "hw1" / "Copy of hw1.ipynb", one)
    written(tmp_path / "in" / "ada" / "hw1" / ".ipynb_checkpoints" / "hw1-checkpoint.ipynb", two)
    written(tmp_path / "in" / "marie curie" / "Untitled3.ipynb", two)
    written(tmp_path / "in" / "小明" / "hand in" / "hw1.ipynb", three)
    run(tmp_path / "in", assignment)
    assert submitted(course) == {"ada": one, "marie curie": two, "小明": three}


def test_loose_files(course: Course, assignment: Assignment, roster: Roster, tmp_path: Path) -> None:
    names = {
        "b01_hw1.ipynb": "b01",
        "Copy of hw1 - Marie Curie.ipynb": "b02",
        "hw1 ming@example.edu (2).ipynb": "b03",
        "hw1_gracehopper_final.ipynb": "b04",
    }
    data = {}
    for number, (name, student) in enumerate(names.items()):
        data[student] = notebook(assignment, f"2 * x + 0 * {number}")
        written(tmp_path / "in" / name, data[student])
    written(tmp_path / "in" / "hw1.ipynb", notebook(assignment))
    written(tmp_path / "in" / "b01 and b02.ipynb", notebook(assignment))
    collected = run(tmp_path / "in", assignment, roster)
    assert submitted(course) == data
    assert {entry.name for entry in collected.nobody} == {"hw1.ipynb", "b01 and b02.ipynb"}


@pytest.mark.parametrize(
    ("stem", "rest"),
    [
        ("hw1", ""),
        ("Copy of hw1 (2)", ""),
        ("HW1_final_v2", ""),
        ("Untitled3", ""),
        ("hw1「的副本」", "「的副本」"),
        ("alice_hw1", "alice"),
        ("hw1 - Ada Lovelace", "Ada Lovelace"),
        ("b09901001", "b09901001"),
        ("Copy of b01", "b01"),
    ],
)
def test_what_is_a_name_in_a_files_name(stem: str, rest: str) -> None:
    assert own_part(stem, "hw1") == rest


# --- One attempt, several files -------------------------------------------------------------------------------------


def test_of_several_notebooks_the_one_that_was_worked_on_counts(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    worked = notebook(assignment)
    folder = tmp_path / "in" / "ada"
    written(folder / "hw1.ipynb", nbformat.writes(assignment.release).encode())
    written(folder / "hw1 (copy).ipynb", worked)
    written(folder / "notes.ipynb", b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}')
    written(folder / "data" / "digits.csv", b"1,2")
    (row,) = run(tmp_path / "in", assignment).rows
    assert submitted(course) == {"ada": worked}
    assert (row.attempt.main, row.attempt.files) == ("hw1 (copy).ipynb", 4)
    assert len(list(row.attempt.folder.iterdir())) == 5


def test_a_zip_that_was_handed_in_is_opened(
    course: Course, assignment: Assignment, roster: Roster, tmp_path: Path
) -> None:
    data = notebook(assignment)
    inner = zipped(None, {"Meine Arbeit/hw1.ipynb": data, "__MACOSX/._hw1.ipynb": b"junk", "a/b.png": b"\x89PNG"})
    twice = zipped(None, {"again.zip": inner})
    zipped(tmp_path / "c.zip", {"lovelaceada_101_1_work.zip": inner, "curiemarie_102_2_work.zip": twice})
    run(tmp_path / "c.zip", assignment, roster)
    assert submitted(course) == {"b01": data, "b02": data}


def test_what_is_no_notebook_is_handed_over_as_it_is(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    written(tmp_path / "in" / "ada" / "hw1.pdf", b"%PDF-1.7")
    written(tmp_path / "in" / "bo" / "hw1.ipynb.txt", b"\xef\xbb\xbf" + notebook(assignment))
    written(tmp_path / "in" / "cy" / "work.py", b"# exercise: double\ndef double(x):\n    return 2 * x\n")
    run(tmp_path / "in", assignment)
    names = {each.student: each.path.name for each in find_submissions(course, "hw1") if each.path}
    assert names == {"ada": "hw1.pdf", "bo": "hw1.ipynb", "cy": "hw1.py"}


def test_what_was_put_there_by_hand_is_kept(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    by_hand, came = notebook(assignment, "x + x"), notebook(assignment, "2 * x")
    path = written(course.submitted / "ada" / "hw1" / "hw1.ipynb", by_hand)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    written(course.submitted / "bo" / "hw1" / "hw1.ipynb", by_hand)
    written(tmp_path / "in" / "ada" / "hw1.ipynb", came)
    (row,) = run(tmp_path / "in", assignment).rows
    assert submitted(course) == {"ada": came, "bo": by_hand}
    assert row.older == 1
    kept = {path.read_bytes() for path in (course.collected / "hw1" / "students" / "ada").glob("*/*.ipynb")}
    assert kept == {by_hand, came}


# --- Hostile archives -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../escaped.ipynb", "/etc/escaped", "a/../../escaped", "..\\..\\escaped.ipynb", "C:\\escaped.ipynb", "a\x01b"],
)
def test_paths_that_lead_out_are_refused_by_name(name: str, assignment: Assignment, tmp_path: Path) -> None:
    zipped(tmp_path / "c.zip", {name: notebook(assignment), "ada_1_2_hw1.ipynb": notebook(assignment)})
    before = {path for path in tmp_path.rglob("*") if "course" not in path.parts}
    collected = run(tmp_path / "c.zip", assignment)
    assert [row.student for row in collected.rows] == ["ada-1"]
    assert "leads out" in collected.refused[0].reason
    assert {path for path in tmp_path.rglob("*") if "course" not in path.parts} == before


def test_links_are_refused(assignment: Assignment, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        link = zipfile.ZipInfo("ada/hw1.ipynb")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.zip").write_bytes(file.getvalue())
    (tmp_path / "in" / "bo").symlink_to("/etc")
    (tmp_path / "in" / "cy.ipynb").symlink_to("/etc/passwd")
    collected = run(tmp_path / "in", assignment)
    assert collected.rows == ()
    assert {entry.name for entry in collected.refused} == {"bo", "cy.ipynb", "c.zip/ada/hw1.ipynb"}


def test_bombs_are_stopped_and_named(assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER", 2_000_000)
    monkeypatch.setattr(archive, "MAX_INNER", 3_000_000)
    many = zipped(None, {f"{number}.txt": bytes(1_000_000) for number in range(9)})
    deep = zipped(None, {"a.txt": b"a"})
    for _ in range(4):
        deep = zipped(None, {"deeper.zip": deep})
    declared = bytearray(zipped(None, {"lies.bin": bytes(9_000_000)}))
    at = declared.rindex(b"PK\x01\x02")
    declared[at + 24 : at + 28] = struct.pack("<I", 10)  # a central directory that declares ten bytes
    zipped(
        tmp_path / "c.zip",
        {
            "ada_1_1_huge.ipynb": bytes(50_000_000),
            "bo_2_2_many.zip": many,
            "cy_3_3_deep.zip": deep,
            "dee_4_4_lies.zip": bytes(declared),
            "eve_5_5_hw1.ipynb": notebook(assignment),
            "fay_6_6_broken.zip": many[:200] + many[-100:],
        },
    )
    collected = run(tmp_path / "c.zip", assignment)
    reasons = {entry.name.split("/")[1]: entry.reason for entry in collected.refused}
    assert "bomb" in reasons["ada_1_1_huge.ipynb"]
    assert "bomb" in reasons["bo_2_2_many.zip"]
    assert "deep" in reasons["cy_3_3_deep.zip"]
    assert "dee_4_4_lies.zip" in reasons
    assert "eve-5" in submitted(assignment.course)
    assert "fay-6" in submitted(assignment.course)  # a broken zip is handed over as it is, to be said by ingest


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), name=st.sampled_from(["a.zip", "a.ipynb"]))
def test_any_bytes_are_a_file_or_refused(data: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    base = zipped(None, {"ada_1_2_hw1.ipynb": b"{}"})
    source = written(folder / name, base[: len(base) // 2] + data + base[len(base) // 2 :])
    (folder / "scratch").mkdir()
    entries = list(walk(source, folder / "scratch"))
    assert all(isinstance(each, Found | Refused) for each in entries)
    assert entries


@given(st.text(max_size=200))
def test_any_name_becomes_a_files_name(name: str) -> None:
    kept = file_name(name)
    assert kept not in ("", ".", "..")
    assert len(os.fsencode(kept)) <= 121
    assert not set(kept) & set('<>:"/\\|?*\x00')


def test_names_of_windows_and_macos(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    data = notebook(assignment)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(zipfile.ZipInfo("Zoe\u0308/hw1.ipynb"), data)  # decomposed, as macOS writes
    # without the flag for UTF-8, as old archivers write
    raw = file.getvalue().replace(struct.pack("<H", 0x800), struct.pack("<H", 0))
    (tmp_path / "c.zip").write_bytes(raw)
    run(tmp_path / "c.zip", assignment)
    written(tmp_path / "in" / "bo" / "CON.ipynb", data)
    run(tmp_path / "in", assignment)
    assert set(submitted(course)) == {"Zoë", "bo"}


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
        (b"name,email\nAda,a@b\n", "column of student ids"),
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


def test_the_class_is_entered_into_the_gradebook(course: Course, roster: Roster) -> None:
    enter(roster.people, course)
    enter(roster.people, course)
    with Gradebook(course.db_url, course.name) as gradebook:
        ada = gradebook.find_student("b01")
        assert (ada.first_name, ada.last_name, ada.email, ada.lms_user_id) == (
            "Ada",
            "Lovelace",
            "ada@example.edu",
            "101",
        )
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
