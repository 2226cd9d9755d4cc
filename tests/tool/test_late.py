"""Lateness costs what course.toml says, whichever command grades."""

from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.course import Course
from autograder.gradebook.late import DAY, LateByDay
from autograder.gradebook.plugin import SaveMarks
from autograder.gradebook.record import record
from autograder.gradebook.settings import with_instructors_own
from tests.tool.graded_examples import graded, redated, stamped

pytestmark = pytest.mark.heavy

POLICY = "[late]\ngrace_minutes = 15\nper_day = 0.1\nat_most = 0.35\n\n"
DUE = 'due = 2026-11-20T20:00:00+08:00\ntitle = "HW 1"'


def with_policy(folder: Path, policy: str = POLICY) -> Course:
    return redated(folder, 'title = "HW 1"', DUE, policy)


def penalty(course: Course, student: str = "ada") -> float | None:
    with Gradebook(course.db_url, course.name) as gradebook:
        found: float | None = gradebook.find_submission("hw1", student).notebooks[0].late_submission_penalty
    return found


@pytest.mark.parametrize(
    ("seconds", "share"),
    [(0, None), (15 * 60, None), (15 * 60 + 1, 0.1), (15 * 60 + DAY, 0.1), (16 * 60 + DAY, 0.2), (99 * DAY, 0.35)],
)
def test_each_begun_day_after_the_grace_costs_a_share_up_to_the_most(seconds: float, share: float | None) -> None:
    plugin = LateByDay(grace_minutes=15, per_day=0.1, at_most=0.35)
    expected = None if share is None else pytest.approx(20 * share)
    assert plugin.late_submission_penalty("ada", 20.0, seconds) == expected
    assert LateByDay(per_day=1 / 3).late_submission_penalty("ada", 1.0, 1) == 0.3333  # no mark is longer than that


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [(f"2026-{day}", cost) for day, cost in (("11-20 12:10", None), ("11-22 12:10", 0.766), ("12-20 12:10", 1.3405))],
)
def test_record_takes_it_off(stamp: str, expected: float | None, tmp_path: Path) -> None:
    course = with_policy(tmp_path)
    stamped(course, f"{stamp}:00 UTC")
    record([graded(course)], course)  # 3.83 of 7 points
    assert penalty(course) == (None if expected is None else pytest.approx(expected))


def test_nbgrader_autograde_takes_off_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The step that `nbgrader autograde` and formgrader run, under the configuration that they load."""
    course = with_policy(tmp_path)
    stamped(course, "2026-11-22 12:10:00 UTC")
    (path,) = record([graded(course)], course)
    ours = penalty(course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.find_submission("hw1", "ada").notebooks[0].late_submission_penalty = None
        gradebook.db.commit()
    monkeypatch.chdir(course.root)
    of = {"assignment": "hw1", "student": "ada", "notebook": "hw1", "db_url": course.db_url}
    SaveMarks(config=with_instructors_own(course)).preprocess(nbformat.read(path, as_version=4), {"nbgrader": of})
    assert ours == pytest.approx(0.766)
    assert penalty(course) == ours


def test_without_a_table_nbgraders_own_plugin_decides(tmp_path: Path) -> None:
    course = with_policy(tmp_path, policy="")
    stamped(course, "2026-11-22 12:10:00 UTC")
    record([graded(course)], course)
    assert penalty(course) is None
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    record([graded(course), graded(course, "bob")], course)
    assert penalty(course) == pytest.approx(3.83)
    assert penalty(course, "bob") is None  # nobody knows when: in time
