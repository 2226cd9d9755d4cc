"""exceptions.toml: what cannot be meant, the command, what students are told; the marks are test_agreement's."""

import json
import re

import pytest

from autograder.course.course import Course, CourseError
from autograder.course.exceptions import FILE, all_rows
from autograder.gradebook.record import record
from autograder.handback.feedback import feedback
from tests.places import table, written
from tests.processes import command
from tests.tool.graded_examples import graded, redated

pytestmark = pytest.mark.heavy

TABLES = table("tool/exceptions.toml")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = redated(tmp_path_factory.mktemp("course"), *TABLES["course"])
    record([graded(course)], course)
    return course


@pytest.mark.parametrize("mistake", TABLES["mistakes"], ids=lambda each: each["said"])
def test_a_mistake_is_one_sentence_with_its_row(mistake: dict[str, str], course: Course) -> None:
    with pytest.raises(CourseError, match=f"{re.escape(mistake['said'])}[^\n]*$"):
        all_rows(course, mistake["text"])


def test_the_command_writes_and_lists_and_students_are_told_why(course: Course) -> None:
    written(course.root / FILE, "# by hand\n")
    command(course.root, "except", "hw1", "--student", "s01", "--due", "2026-11-27T23:59")
    said = command(course.root, "except", "--student", "s99", "--extra-hours", "24")
    assert "student s99, all homework: extra hours 24.0 (nothing handed in yet: s99)" in said
    command(course.root, "except", "hw1", "--exercise", "double", "--full-marks", "--reason", "A bug.", "--json", "a")
    stale = written(course.feedback / "absent" / "hw1" / "hw1.html", "of a group that is none any more")
    assert feedback(course, "hw1")[0].read_text().count("Full marks for all. A bug.") == 2
    assert not stale.exists()
    assert json.loads((course.root / "a").read_text())["students"][0]["due"] == "2026-11-27T23:59:00+00:00"
    assert (course.root / FILE).read_text().startswith("# by hand\n\n[[students]]\n")
