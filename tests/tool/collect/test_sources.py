"""What learning platforms, nbgrader's exchange and people hand over is sorted by student."""

import os
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from autograder.collect import Policy, Roster, hand_ins
from autograder.collect.layout import Kind, Layout, own_part
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.timestamp import read_timestamp
from autograder.grading.classroom import find_submissions
from tests.tool.collect.downloads import late_by_nbgrader, notebook, run, submitted, with_due, written, zipped

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
    hint = Layout([(name,), ("other_7_8_hw1.ipynb",)], "hw1").hint((name,))
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
    rows = run(tmp_path / "c.zip", assignment, roster).rows
    assert submitted(course) == {"b01": data, "b02": data}
    assert [row.attempt.files for row in rows if row.attempt] == [2, 2]


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
    written(path.parent / "deep" / "notes.txt", b"x")
    written(tmp_path / "in" / "ada" / "hw1.ipynb", came)
    (row,) = run(tmp_path / "in", assignment).rows
    assert submitted(course) == {"ada": came, "bo": by_hand}
    assert not (path.parent / "deep").exists()
    assert row.older == 1
    kept = {path.read_bytes() for path in (course.collected / "hw1" / "students" / "ada").glob("*/*.ipynb")}
    assert kept == {by_hand, came}


def test_hand_ins_are_counted_over_all_downloads_and_by_canvas_own_numbers(
    course: Course, assignment: Assignment, roster: Roster, tmp_path: Path
) -> None:
    ada, bob = [notebook(assignment, f"x * {at}") for at in range(2, 5)], notebook(assignment, "x + x")
    assert hand_ins(course, "hw1") == {}
    for at, data in enumerate(ada):
        members = {f"lovelaceada_101_900{at}_hw1{f'-{at}' * (at > 0)}.ipynb": data}
        zipped(tmp_path / f"{at}.zip", members)
        run(tmp_path / f"{at}.zip", assignment, roster)
    late = {"curiemarie_102_9100_hw1-30.ipynb": bob, "王小明_103_9101_my-14.ipynb": bob, "b04/hw1-7.ipynb": bob}
    zipped(tmp_path / "late.zip", late)
    run(tmp_path / "late.zip", assignment, roster)
    assert hand_ins(course, "hw1") == {"b01": 3, "b02": 31, "b03": 1, "b04": 1}
