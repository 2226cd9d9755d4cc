"""Marks in nbgrader's own gradebook: the verdicts', each of them, and nothing left over from before."""

import json
import os
import re
import shutil
import signal
import sqlite3
import sys
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import CheckCellMetadata
from nbgrader.utils import determine_grade, is_grade
from sqlalchemy.engine import Engine
from sqlalchemy.event import listen

from autograder.course.course import Course
from autograder.gradebook.annotation import annotate
from autograder.gradebook.record import RecordError, record
from autograder.judging.verdict import CheckResult, State, Verdict
from tests.tool.graded_examples import MISSING, PARTIAL, VERDICTS, code, graded, prose, solution, stamped, ungradable
from tests.tool.test_sanitise import PAINTING, typeset


@pytest.fixture
def gradebook(course):
    with Gradebook(course.db_url, course.name) as opened:
        yield opened


def marks(gradebook, student="ada"):
    """Every mark of a submission: automatic, by hand, still to be looked at."""
    gradebook.db.expire_all()
    notebook = gradebook.find_submission_notebook("hw1", "hw1", student)
    return {
        grade.name.removesuffix("-test"): (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
        for grade in notebook.grades
    }


def contents(course):
    """The whole gradebook, its random ids replaced by the order in which they first occur."""
    seen = {}

    def known(each):
        return seen.setdefault(each, len(seen)) if isinstance(each, str) and len(each) == 32 else each

    with sqlite3.connect(course.gradebook) as database:
        tables = sorted(name for (name,) in database.execute("select name from sqlite_master where type = 'table'"))
        rows = {table: database.execute(f"select * from {table}").fetchall() for table in tables}
    return {table: [tuple(map(known, row)) for row in found] for table, found in rows.items()}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("score", [0.0, 0.1, 0.4, 1.33, 2.67, 3.0])
def test_nbgrader_reads_exactly_the_verdicts_score(course, state, score):
    changed = Verdict("slices", score, 3.0, state, ("<b>message</b>",))
    verdicts = tuple(changed if each is PARTIAL else each for each in VERDICTS)
    notebook = annotate(graded(course, verdicts=verdicts))
    read = {cell.metadata.nbgrader.grade_id: determine_grade(cell) for cell in notebook.cells if is_grade(cell)}
    assert read == {f"{each.exercise}-test": (each.score, each.max) for each in verdicts}


def test_the_recorded_notebook_is_valid_and_nbgrader_accepts_it(course):
    (path,) = record([graded(course, repairs=("A cell was doubled.",))], course)
    assert path == course.autograded / "ada" / "hw1" / "hw1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    CheckCellMetadata().preprocess(notebook, {})
    assert notebook.cells[0].source.startswith("## Graded by the autograder: 3.83 / 7")
    assert "A cell was doubled" in notebook.cells[0].source
    summary = BeautifulSoup(markdown2html_mistune(notebook.cells[0].source), "html.parser")
    assert [row.td.string.strip() for row in summary.select("tbody tr")] == ["double", "slices", "last", "quiz"]


def test_a_verdict_without_its_cell_is_refused(course):
    for verdicts in (tuple(one for one in VERDICTS if one is not MISSING), (*VERDICTS, replace(MISSING, exercise="x"))):
        with pytest.raises(ValueError, match=r"last|x"):
            annotate(graded(course, verdicts=verdicts))


def test_the_verdict_is_told_in_words_and_escaped(course):
    evil = "<script>alert(1)</script>\u202e & {{ 7*7 }}"
    verdict = replace(PARTIAL, messages=(evil,), checks=(CheckResult("a", "<i>title</i>", 1.0, False, evil, "m"),))
    notebook = annotate(graded(course, verdicts=tuple(verdict if each is PARTIAL else each for each in VERDICTS)))
    page = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "slices-test")
    shown = page.outputs[0].data
    assert "partly right" in shown["text/html"]
    assert "1.33 / 3" in shown["text/html"]
    assert "not kept" in shown["text/html"]
    assert "&lt;script&gt;" in shown["text/html"]
    assert "<script" not in shown["text/html"]
    assert "<i>" not in shown["text/html"]
    assert "\u202e" not in json.dumps(page.outputs, ensure_ascii=False)


def test_what_students_left_is_harmless_in_the_recorded_copy(course):
    extra = (
        prose("[x](javascript:alert(1)) <script>alert(2)</script>"),
        code(new_output("display_data", data={"text/html": "<img src=x onerror=alert(3)>"})),
        code(new_output("display_data", data={"application/javascript": "alert(4)"})),
    )
    result = graded(course, extra=extra)
    result.notebook.nbformat_minor = 4  # as a course of an older nbformat: no ids
    notebook = annotate(result)
    assert "id" not in notebook.cells[0]
    prose_cell, html_cell, script_cell = notebook.cells[3:6]
    assert prose_cell.source.startswith("```\n")
    assert html_cell.outputs[0].data["text/html"] == "<img>"
    assert script_cell.outputs == []


def test_pictures_beyond_what_a_page_can_carry_give_way_to_a_note(course):
    picture = "A" * 2_500_000
    cells = [code(new_output("display_data", data={"image/png": picture, "text/plain": "figure"})) for _ in range(6)]
    cells.append(code(new_output("display_data", data={"text/plain": "still here"})))
    notebook = annotate(graded(course, extra=tuple(cells)))
    outputs = [cell.outputs[0] for cell in notebook.cells if cell.metadata.get("lifelong") and cell.outputs]
    assert [each.get("data", {}).get("image/png") for each in outputs] == [picture] * 4 + [None] * 3
    assert {one.data["text/plain"] for one in outputs[4:6]} == {"(A picture was left out: this notebook has too many.)"}
    assert outputs[6].data["text/plain"] == "still here"
    nbformat.validate(notebook)


def test_of_a_notebooks_markdown_only_so_much_is_rendered(course):
    """Each piece is short enough by itself; text cells and outputs share one allowance."""
    piece = "*a* " * 1_250
    shown = code(*(new_output("display_data", data={"text/markdown": piece}) for _ in range(5)))
    notes = [prose(piece) for _ in range(6)]
    notebook = annotate(graded(course, extra=(shown, *notes, code(*shown.outputs))))
    first, *written, last = (cell for cell in notebook.cells if cell.metadata.get("lifelong"))
    assert [each.source == piece for each in written] == [True] * 5 + [False]
    assert all("<em>" in each.data["text/html"] for each in first.outputs)
    assert not any("<em>" in each.data["text/html"] for each in last.outputs)


def test_blank_lines_on_which_formgrader_hangs_are_fewer_in_the_recorded_copy(course):
    result = graded(course, extra=(code(source="x = 1\n" + "  \n\n\xa0\n" * 10_000 + "  y = 2\n\n \n"),))
    handed_in = solution(result.notebook, "double")
    handed_in.source += "\n" * 100 + "# end"
    notebook = annotate(result)
    blank = "\n" * 20
    assert f"x = 1\n{blank}  y = 2\n\n \n" in {cell.source for cell in notebook.cells}
    assert solution(notebook, "double").source == handed_in.source.replace("\n" * 100, "\n" + blank)


def test_the_instructors_own_prose_stays_as_it_is(course):
    result = graded(course)
    result.notebook.cells[0].source += "\n\n<div>the course's own</div>"
    prose_before = [cell.source for cell in result.notebook.cells if cell.cell_type == "markdown"]
    assert [cell.source for cell in annotate(result).cells[1:] if cell.cell_type == "markdown"] == prose_before


def test_repairs_cannot_smuggle_markup_into_the_summary(course):
    hostile = "[x](javascript:alert(1)) <script>alert(1)</script> | `"
    notebook = annotate(graded(course, repairs=(hostile, PAINTING[0]), problem=hostile))
    _, page = markdown2html_mistune(notebook.cells[0].source).split("</h2>")
    assert "<script" not in page
    assert "href" not in page
    assert not typeset(page)
    assert PAINTING[0] in BeautifulSoup(page, "html.parser").get_text()


def test_marks_are_recorded_the_student_is_made_and_a_regrade_leaves_nothing_of_the_old_marks(course, gradebook):
    record([graded(course)], course)
    assert marks(gradebook) == {each.exercise: (each.score, None, False) for each in VERDICTS}
    assert gradebook.find_submission("hw1", "ada").score == pytest.approx(3.83)
    comments = {name: gradebook.find_comment(name, "hw1", "hw1", "ada").auto_comment for name in ("last", "double")}
    assert comments == {"last": "No response.", "double": None}  # nbgrader's own words of an untouched cell
    worse = tuple(Verdict(each.exercise, 0.0, each.max, State.MISSING) for each in VERDICTS)
    record([graded(course, verdicts=worse)], course)
    assert marks(gradebook) == {each.exercise: (0.0, None, False) for each in VERDICTS}


def test_marks_and_comments_by_hand_stay_and_are_looked_at_again(course, gradebook):
    record([graded(course)], course)
    grade = gradebook.find_grade("slices-test", "hw1", "hw1", "ada")
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 0.25, False
    gradebook.find_comment("slices", "hw1", "hw1", "ada").manual_comment = "Nice idea."
    gradebook.db.commit()
    record([graded(course)], course)
    assert marks(gradebook)["slices"] == (1.33, 2.5, True)
    assert gradebook.find_grade("slices-test", "hw1", "hw1", "ada").score == 2.75
    assert gradebook.find_comment("slices", "hw1", "hw1", "ada").comment == "Nice idea."


def test_recording_twice_changes_nothing(course):
    results = [graded(course), ungradable(course), graded(course, "bob", extra=(prose("mine"),))]
    paths = record(results, course)
    before = contents(course), [path.read_bytes() for path in paths]
    with paths[0].open("rb") as held:  # by somebody who reads it meanwhile: files are replaced, not written over
        assert record(results, course) == paths
        assert os.fstat(held.fileno()).st_nlink == 0
    assert (contents(course), [path.read_bytes() for path in paths]) == before


def test_what_cannot_be_graded_waits_for_a_person_and_keeps_no_old_mark(course, gradebook, caplog):
    record([graded(course, "eve")], course)
    (path,) = record([ungradable(course)], course)
    assert marks(gradebook, "eve") == {each.exercise: (None, None, True) for each in VERDICTS}
    assert gradebook.find_submission("hw1", "eve").needs_manual_grade
    assert "The file is a PDF" in nbformat.read(path, as_version=4).cells[0].source
    assert "eve cannot be graded" in caplog.text


@pytest.mark.parametrize("error", [ValueError, OSError])
def test_a_record_that_fails_in_the_middle_leaves_nothing_with_the_next(course, gradebook, monkeypatch, error):
    """A teacher's own late policy fails, say, when the marks are in the session already."""
    (path,) = record([graded(course)], course)
    before = contents(course), path.read_bytes()

    def fail(submitted, student, *_):
        if student in ("ada", "cy"):
            raise error("no policy")

    monkeypatch.setattr("autograder.gradebook.record._penalise", fail)
    worse = tuple(replace(each, score=0.0) for each in VERDICTS)
    with pytest.raises(RecordError, match="'ada': no policy\\n'cy': no policy"):
        record([graded(course, name, verdicts=worse) for name in ("ada", "cy", "bob")], course)
    assert marks(gradebook, "bob")["double"] == (0.0, None, False)
    gradebook.remove_submission("hw1", "bob")
    gradebook.remove_student("bob")
    assert (contents(course), path.read_bytes()) == before


def recorded_up_to(step: int, results, course) -> bool:
    """Record in a process that is killed at a step: a statement that writes, a commit, a file put in its place."""
    if child := os.fork():
        return os.waitpid(child, 0)[1] == 0
    try:
        left = iter(range(step))

        def tick(happens):
            if happens and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        listen(Engine, "before_cursor_execute", lambda *about: tick(re.match("INSERT|UPDATE|DELETE", about[2])))
        listen(Engine, "commit", tick)
        sys.addaudithook(lambda event, _: tick(event == "os.rename"))
        record(results, course)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.heavy
def test_killed_at_any_moment_a_record_is_there_whole_or_not_at_all(course, tmp_path):
    record([graded(course, verdicts=tuple(replace(each, score=0.0) for each in VERDICTS))], course)
    found, ended = [contents(course)], False
    while not ended and len(found) < 99:
        twin = Course.at(shutil.copytree(course.root, tmp_path / f"twin-{len(found)}"))
        ended = recorded_up_to(len(found) - 1, [graded(course), graded(course, "bob")], twin)
        found.append(contents(twin))
    states = [state for before, state in pairwise(found) if state != before]
    assert (ended, len(found) > 10, len(states)) == (True, True, 2)
    for student, state in zip(("ada", "bob"), states, strict=True):
        record([graded(course, student)], course)
        assert contents(course) == state


def test_a_cell_taken_out_of_the_assignment_keeps_no_old_mark(course, gradebook):
    record([graded(course, verdicts=tuple(replace(each, score=each.max) for each in VERDICTS))], course)
    result = graded(course, verdicts=tuple(each for each in VERDICTS if each is not MISSING))
    gone = ("last", "last-test")
    result.notebook.cells = [each for each in result.notebook.cells if each.get("id") not in gone]
    record([result], course)
    expected = {each.exercise: (each.score, None, False) for each in VERDICTS} | {"last": (None, None, True)}
    assert marks(gradebook) == expected


def test_a_cell_added_to_the_assignment_gets_its_mark(course, gradebook):
    record([graded(course)], course)
    submitted = gradebook.find_submission_notebook("hw1", "hw1", "ada")
    gradebook.db.delete(next(grade for grade in submitted.grades if grade.name == "last-test"))
    gradebook.db.commit()
    record([graded(course)], course)
    assert marks(gradebook)["last"] == (0.0, None, False)


def test_the_time_of_handing_in_is_recorded_and_kept_beside_the_copy(course, gradebook):
    stamped(course, "2026-11-20 10:00:00 CET\n")
    record([graded(course)], course)
    assert str(gradebook.find_submission("hw1", "ada").timestamp) == "2026-11-20 09:00:00"
    assert (course.autograded / "ada" / "hw1" / "timestamp.txt").read_text() == "2026-11-20 09:00:00 UTC\n"


@pytest.mark.parametrize("stamp", [b"\xff\xfe yesterday?", b"yesterday?", b"9999-12-31 23:59:59 -1200"])
def test_an_unreadable_timestamp_costs_nothing(course, gradebook, stamp):
    stamped(course, stamp)
    record([graded(course)], course)
    assert gradebook.find_submission("hw1", "ada").timestamp is None
    assert marks(gradebook)["double"] == (2.0, None, False)
    gradebook.find_submission("hw1", "ada").timestamp = known = datetime(2026, 11, 20, 9)
    gradebook.db.commit()
    record([graded(course)], course)
    assert gradebook.find_submission("hw1", "ada").timestamp == known


@pytest.mark.parametrize("student", ["", ".", "..", "../eve", "a/b", "a\0b"])
def test_a_student_cannot_be_a_path(course, student):
    with pytest.raises(RecordError, match="cannot be a student's id"):
        record([graded(course, student)], course)


def test_one_that_cannot_be_recorded_stops_no_other(course, gradebook):
    with pytest.raises(RecordError, match=r"(?s)all others were.*'b\\udcff'"):
        record((graded(course, name) for name in ("ada", "b\udcff", "cy")), course)
    assert marks(gradebook, "ada") == marks(gradebook, "cy")
    assert sorted(path.name for path in course.autograded.iterdir()) == ["ada", "cy"]
