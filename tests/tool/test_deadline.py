"""Until the deadline has passed for everybody nothing that a student gets tells which question of the quiz is right."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.course import Course
from autograder.gradebook.deadline import quiz_is_open
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.handback.feedback import FeedbackExporter, feedback
from autograder.handback.gradescope import results
from autograder.handback.gradescope.__main__ import _dues
from autograder.judging.verdict import State
from tests.tool.graded_examples import RIGHT, VERDICTS, WRONG, graded, small_course

pytestmark = pytest.mark.heavy

DUE = datetime.fromisoformat("2026-11-20T20:00:00+08:00")
FAR = "due = 9999-01-01T00:00:00Z"
OTHER = (*VERDICTS[:3], replace(WRONG, exercise="quiz-01"), replace(RIGHT, exercise="quiz-02"))
"""The same total by the other question."""


def course_with(folder: Path, dates: str, late: str = "") -> Course:
    """The small course, its quiz opened by nothing but these lines."""
    file = small_course(folder).root / "course.toml"
    file.write_text(late + file.read_text().replace("quiz_opens = 2000-01-01T00:00:00Z", dates))
    course = Course.at(folder)
    register(course, "hw1")
    return course


@pytest.mark.parametrize(
    ("dates", "late", "days", "opens"),
    [
        (f"due = {DUE.isoformat()}", "", 0, DUE),
        (f"due = {DUE.isoformat()}", "", 3, DUE + timedelta(days=3)),
        (f"due = {DUE.isoformat()}", "[late]\ngrace_minutes = 15\n\n", 1, DUE + timedelta(days=1, minutes=15)),
        (f"due = {DUE.isoformat()}\nquiz_opens = 2026-11-19T00:00:00Z", "", 3, DUE - timedelta(hours=36)),
        ("quiz_opens = 2026-11-30T20:00:00+08:00", "", 0, DUE + timedelta(days=10)),
        ("", "", 3, None),
    ],
)
def test_the_quiz_opens_when_the_last_extension_has_passed(
    dates: str, late: str, days: int, opens: datetime | None, tmp_path: Path
) -> None:
    course = course_with(tmp_path, dates, late)
    record([graded(course), graded(course, "bob")], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.grant_extension("hw1", "bob", days=days)
    assert not quiz_is_open(course, "hw1", now=opens or DUE + timedelta(days=99))
    assert opens is None or quiz_is_open(course, "hw1", now=opens + timedelta(seconds=1))


def test_a_date_of_the_gradebooks_own_counts_where_course_toml_has_none(tmp_path: Path) -> None:
    course = course_with(tmp_path, "")
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.update_or_create_assignment("hw1", duedate="2026-11-20 12:00:00 UTC")
    assert not quiz_is_open(course, "hw1", now=DUE)
    assert quiz_is_open(course, "hw1", now=DUE + timedelta(seconds=1))


def handed_out(course: Course, verdicts: tuple, now: datetime | None = None) -> list[str]:
    """All that the student gets, a person having marked and commented on both answers of the quiz."""
    (path,) = record([graded(course, verdicts=verdicts)], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        for each in verdicts[3:]:
            gradebook.find_grade(f"{each.exercise}-test", "hw1", "hw1", "ada").manual_score = each.score
            gradebook.find_comment(each.exercise, "hw1", "hw1", "ada").manual_comment = f"This is {each.state}."
        gradebook.db.commit()
    (page,) = feedback(course, "hw1", now=now)
    export = results.export(course, "hw1", course.root / "out", now) / "ada" / "results.json"
    nbgraders = nbformat.read(path, as_version=4)
    for cell in (cell for cell in nbgraders.cells if "nbgrader" in cell.metadata):
        of = {f"{each.exercise}-test": each.score for each in verdicts}
        cell.metadata.nbgrader |= {"score": of.get(cell.metadata.nbgrader.grade_id), "comment": None}
    grades = {"student": "ada", "assignment": "hw1", "score": 3.83, "max_score": 7.0, "late_penalty": 0.0}
    theirs, _ = FeedbackExporter().from_notebook_node(nbgraders, {"nbgrader": grades})  # type: ignore[no-untyped-call]
    return [page.read_text(), export.read_text(), theirs]


def test_before_the_deadline_nothing_handed_out_tells_which_question_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_with(tmp_path, FAR)
    monkeypatch.chdir(course.root)
    found = handed_out(course, VERDICTS)
    assert found == handed_out(course, OTHER)
    assert all("Question by question once the deadline has passed" in text for text in found)
    assert not [text for text in found if "quiz-01-test" in text or "This is" in text or WRONG.messages[0] in text]
    quiz = json.loads(found[1])["tests"][-1]
    assert (quiz["name"], quiz["score"], quiz["max_score"], quiz["status"]) == ("quiz", 0.5, 1.0, "failed")
    assert "0.5 / 1" in found[0]


def test_afterwards_every_question_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = course_with(tmp_path, "due = 2000-01-01T00:00:00Z")
    monkeypatch.chdir(course.root)
    for text, other in zip(handed_out(course, VERDICTS), handed_out(course, OTHER), strict=True):
        assert WRONG.messages[0] in text
        assert text != other


def test_a_deadline_moved_away_closes_the_pages_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = course_with(tmp_path, f"due = {DUE.isoformat()}")
    monkeypatch.chdir(course.root)
    assert WRONG.messages[0] in handed_out(course, VERDICTS, DUE + timedelta(days=1))[0]
    assert WRONG.messages[0] not in handed_out(course, VERDICTS, DUE)[0]


def test_answers_that_could_not_be_read_are_counted(tmp_path: Path) -> None:
    course = course_with(tmp_path, FAR)
    missing = tuple(replace(each, score=0.0, state=State.MISSING) for each in (RIGHT, WRONG))
    record([graded(course, verdicts=(*VERDICTS[:3], *missing))], course)
    (page,) = feedback(course, "hw1")
    assert "Answers that could not be read: 2." in page.read_text()


def test_the_command_says_when_to_write_the_pages_again(tmp_path: Path) -> None:
    course = course_with(tmp_path, FAR)
    record([graded(course)], course)
    command = [sys.executable, "-m", "autograder", "feedback", "hw1"]
    said = subprocess.run(command, cwd=course.root, env=os.environ, capture_output=True, text=True, check=True).stdout
    assert "They show the quiz's total only" in " ".join(said.split())


@pytest.mark.parametrize(
    ("metadata", "dues"),
    [
        ({"assignment": {"due_date": "2026-11-20T20:00:00.000000+08:00", "late_due_date": None}, "users": []}, [DUE]),
        (
            {
                "assignment": {"due_date": DUE.isoformat()},
                "users": [{"assignment": {"late_due_date": "2026-11-22T04:00:00-08:00"}}, {"email": "b"}],
            },
            [DUE, DUE + timedelta(days=2)],
        ),
        ({"users": [{"email": "ada@example.edu"}]}, []),
        ({"assignment": {"due_date": "soon"}, "users": []}, []),
        ([], []),
    ],
)
def test_in_gradescopes_container_its_own_deadlines_count(metadata: object, dues: list[datetime]) -> None:
    assert _dues(metadata) == dues
