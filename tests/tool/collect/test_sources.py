"""What learning platforms, nbgrader's exchange and people hand over is sorted by student."""

import os
from pathlib import Path

import pytest

from autograder.collect import Policy, Roster, hand_ins
from autograder.collect.layout import Kind, Layout, own_part
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.exceptions import add
from autograder.grading.classroom import find_submissions
from tests.places import written
from tests.tool.collect.downloads import ROSTER, TABLES, notebook, run, submitted, with_due, zipped


@pytest.mark.parametrize(("name", "user", "file", "late", "own"), TABLES["canvas"])
def test_canvas_names(name: str, user: str, file: int, late: bool, own: str) -> None:
    hint = Layout([(name,), ("other_7_8_hw1.ipynb",)], "hw1").hint((name,))
    assert (hint.kind, hint.number, hint.order, hint.late, hint.file) == (Kind.CANVAS, user, file, late, own)


def test_two_numbers_side_by_side_may_be_another_reading() -> None:
    hint = Layout([(name := "li_2_3_101_9001_4_5_hw1.ipynb",), ("other_7_8_hw1.ipynb",)], "hw1").hint((name,))
    assert hint.others == (("li_2", "3"), ("li_2_3", "101"), ("li_2_3_101", "9001"), ("li_2_3_101_9001", "4"))


@pytest.mark.parametrize(("stem", "rest"), TABLES["own_part"])
def test_what_is_a_name_in_a_files_name(stem: str, rest: str) -> None:
    assert own_part(stem, "hw1") == rest


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


@pytest.mark.parametrize("policy", Policy)
def test_what_only_canvas_calls_late_is_within_an_extension(policy: Policy, course: Course, tmp_path: Path) -> None:
    course = with_due(course)
    add(course, "students", {"student": "b01", "assignment": "hw1", "due": "2026-11-25T10:00:00+08:00"})
    assignment = Assignment.load(course, "hw1")
    names = ("lovelaceada_LATE_101_1_hw1.ipynb", "curiemarie_LATE_102_2_hw1.ipynb")
    zipped(tmp_path / "c.zip", {name: notebook(assignment, name[0]) for name in names})
    (tmp_path / "r.csv").write_text(ROSTER)
    rows = {
        row.student: row
        for row in run(tmp_path / "c.zip", assignment, Roster.read(tmp_path / "r.csv"), policy=policy).rows
    }
    assert (rows["b01"].late, rows["b02"].late) == (False, True)
    assert "within the extension" in rows["b01"].note
    assert (course.submitted / "b01" / "hw1" / "timestamp.txt").read_text() == "2026-11-20 15:59:01 UTC\n"
