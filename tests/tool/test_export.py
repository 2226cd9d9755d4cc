"""Grades as CSV: every name survives, and no spreadsheet evaluates one."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.gradebook.class_list import enter
from autograder.gradebook.marks import Student
from autograder.gradebook.record import record
from autograder.handback.grades_csv import COLUMNS, QuotedCsvExport, export, neutral, to_csv
from autograder.render.sanitise import visible
from tests.tool.graded_examples import graded, small_course, ungradable


def rows(path):
    assert path.read_bytes().startswith("\ufeff".encode())  # without it Excel garbles what is not ASCII
    with path.open(newline="", encoding="utf-8-sig") as file:
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


def test_one_row_a_student_with_total_exercises_and_names_but_no_formulas(course, tmp_path):
    found = rows(export(course, "hw1", tmp_path / "out" / "grades.csv"))
    assert set(found) == {"ada", "eve", "'=1+1", "absent"}
    ada = found["ada"]
    assert list(ada) == [*COLUMNS, "double", "slices", "last", "quiz", "quiz-01", "quiz-02"]
    assert (ada["score"], ada["max_score"], ada["slices"], ada["quiz"]) == ("3.83", "7.0", "1.33", "0.5")
    assert (found["eve"]["needs_manual_grade"], ada["needs_manual_grade"]) == ("yes", "no")
    assert [found["absent"][each] for each in ("score", "double", "last_name")] == ["0.0", "0.0", "Émile"]
    assert ada["first_name"] == 'Ada "the", first'
    assert ada["last_name"] == "'=cmd|' /C calc'!A0"
    assert ada["email"] == "'@SUM(1)\nx"


FEW = "=+-@|\t\r\n\v\0 ＝﹢−\xa0\u2003\u200b\u202e\ufeff\xad\u2028ab,;\"'"


@given(st.text(alphabet=FEW, max_size=12) | st.text(max_size=9))
def test_any_text_comes_back_and_begins_no_formula(text):
    row = dict.fromkeys(COLUMNS, "") | {"student_id": text}
    (read,) = csv.DictReader(io.StringIO(to_csv([row]).decode("utf-8-sig"), newline=""))
    assert read["student_id"] in (visible(text), f"'{visible(text)}")
    begun = read["student_id"].lstrip()
    assert unicodedata.normalize("NFKC", begun)[:1] not in tuple("=+-@|−")
    assert not read["student_id"].startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize(
    "before",
    ["", " ", "\xa0", "\u200b", "\v", "\0", "\ufeff", "\u3000\u2060", "\u202e", "\xad\x85", "\t", "\U000e0041"],
)
@pytest.mark.parametrize("sign", "=+-@|＝﹣")
def test_nothing_before_a_sign_lets_it_begin_a_formula(before, sign):
    cell = neutral(f"{before}{sign}cmd")
    assert cell == f"'{visible(before)}{sign}cmd"


def test_all_that_cannot_be_seen_is_shown_and_what_scripts_and_emoji_need_stays():
    """Of all characters: those that join letters or make emoji are hidden nowhere else."""
    seen = set("\t\n\x1b\u06dd\u08e2\U000110bd\U000110cd\u0890\u0891") | {chr(at) for at in range(0x600, 0x606)}
    kinds = ("Cc", "Cf", "Zl", "Zp", "Cs")
    unseen = {char for char in map(chr, range(0x110000)) if unicodedata.category(char) in kinds} - seen
    unseen |= {chr(at) for at in (0x34F, 0x115F, 0x17B4, 0x2800, 0x3164, 0xFE0F, 0xFFA0, 0xE0100)}
    assert not [char for char in unseen if visible(f"a{char}b") != f"a⟨U+{ord(char):04X}⟩b"]
    honest = "Émile 王小明 می\u200cخواهم क्\u200dष 👩\u200d🔬 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3 ✔\ufe0f O’Brien-Łukasz"
    assert visible(honest) == neutral(honest) == honest
    assert neutral(-1.5) == -1.5


def test_the_class_list_shows_what_hides_in_names(tmp_path):
    course = small_course(tmp_path)
    enter([Student("bob", "B\u200bob", "\u202eeve")], course)
    bob = rows(export(course, "hw1", tmp_path / "grades.csv"))["bob"]
    assert (bob["first_name"], bob["last_name"]) == ("B⟨U+200B⟩ob", "⟨U+202E⟩eve")
    with Gradebook(course.db_url, course.name) as gradebook:
        assert gradebook.find_student("bob").last_name == "⟨U+202E⟩eve"


def test_nbgraders_own_export_command_writes_the_same(course, tmp_path):
    exporter = QuotedCsvExport()
    exporter.to = str(tmp_path / "theirs.csv")
    exporter.assignment = ["hw1"]
    with Gradebook(course.db_url, course.name) as gradebook:
        exporter.export(gradebook)
    assert (tmp_path / "theirs.csv").read_bytes() == export(course, "hw1", tmp_path / "ours.csv").read_bytes()
