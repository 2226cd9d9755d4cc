"""Until the deadline has passed for everybody nothing that a student gets tells which question of the quiz is right."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course.course import Course
from autograder.gradebook.deadline import quiz_is_open
from autograder.gradebook.record import record
from autograder.handback.feedback import feedback
from autograder.handback.gradescope import results
from autograder.handback.gradescope.__main__ import _dues
from tests.places import table
from tests.processes import command
from tests.tool.graded_examples import RIGHT, VERDICTS, WRONG, graded, redated

pytestmark = pytest.mark.heavy

TIME = "2026-11-20T20:00:00+08:00"
DUE = datetime.fromisoformat(TIME)
OTHER = (*VERDICTS[:3], replace(WRONG, exercise="quiz-01"), replace(RIGHT, exercise="quiz-02"))
"""The same total by the other question."""


def course_with(folder: Path, dates: str, late: str = "") -> Course:
    """The small course, its quiz opened by nothing but these lines."""
    return redated(folder, "quiz_opens = 2000-01-01T00:00:00Z", dates, late)


@pytest.mark.parametrize(("dates", "late", "extension", "opens"), table("tool/tables.toml")["opens"])
def test_the_quiz_opens_when_the_last_extension_has_passed(
    dates: str, late: str, extension: int, opens: float, tmp_path: Path
) -> None:
    course = course_with(tmp_path, dates, late)
    record([graded(course), graded(course, "bob")], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.grant_extension("hw1", "bob", days=extension)
    assert not quiz_is_open(course, "hw1", now=DUE + timedelta(opens))
    assert quiz_is_open(course, "hw1", now=DUE + timedelta(opens, seconds=1))


def test_without_a_date_in_course_toml_the_gradebooks_counts_and_else_it_stays_closed(tmp_path: Path) -> None:
    course = course_with(tmp_path, "")
    assert not quiz_is_open(course, "hw1", now=DUE + timedelta(999))
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.update_or_create_assignment("hw1", duedate="2026-11-20 12:00:00 UTC")
    assert [quiz_is_open(course, "hw1", now=DUE + timedelta(seconds=at)) for at in (0, 1)] == [False, True]


def handed_out(course: Course, verdicts: tuple, now: datetime) -> list[str]:
    """All that the student gets, a person having marked and commented on both answers of the quiz."""
    record([graded(course, verdicts=verdicts)], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        for each in verdicts[3:]:
            gradebook.find_grade(f"{each.exercise}-test", "hw1", "hw1", "ada").manual_score = each.score
            gradebook.find_comment(each.exercise, "hw1", "hw1", "ada").manual_comment = f"This is {each.state}."
        gradebook.db.commit()
    (page,) = feedback(course, "hw1", now=now)
    export = results.export(course, "hw1", course.root / "out", now) / "ada" / "results.json"
    return [page.read_text(), export.read_text()]


def test_before_the_deadline_nothing_tells_which_question_is_right_and_afterwards_all_does(tmp_path: Path) -> None:
    course = course_with(tmp_path, f"due = {TIME}")
    found = handed_out(course, VERDICTS, DUE)
    assert found == handed_out(course, OTHER, DUE)
    assert all("Question by question once the deadline has passed" in text for text in found)
    assert not [text for text in found if "This is" in text or WRONG.messages[0] in text]
    quiz = json.loads(found[1])["tests"][-1]
    assert (quiz["name"], quiz["score"], quiz["max_score"], quiz["status"]) == ("quiz", 0.5, 1.0, "failed")
    assert "0.5 / 1" in found[0]
    opened = handed_out(course, VERDICTS, DUE + timedelta(1))
    for text, other in zip(opened, handed_out(course, OTHER, DUE + timedelta(1)), strict=True):
        assert WRONG.messages[0] in text != other
    assert "This is wrong." in opened[0]
    assert handed_out(course, VERDICTS, DUE) == found  # a deadline that is moved away closes the pages again


def test_the_command_says_when_to_write_the_pages_again(tmp_path: Path) -> None:
    course = course_with(tmp_path, "due = 9999-01-01T00:00:00Z")
    record([graded(course)], course)
    assert "They show the quiz's total only" in " ".join(command(course.root, "feedback", "hw1").split())


def test_in_gradescopes_container_its_own_deadlines_count() -> None:
    two = {"assignment": {"due_date": TIME}, "users": [{"assignment": {"late_due_date": TIME}}, {"email": "b"}]}
    for given, known in ((two, [DUE, DUE]), ({"users": []}, []), ({"assignment": {"due_date": "x"}, "users": []}, [])):
        assert _dues(given) == known
