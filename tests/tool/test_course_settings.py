"""What course.toml sets: limits, what the sandbox holds, the course's package; what it may not say."""

from pathlib import Path

import pytest

from autograder.course.course import Course, CourseError
from autograder.judging.exercise import Outcome
from autograder.judging.modules import JudgeError, judges
from autograder.sandbox import Limits, Sandbox, SandboxUnavailable
from tests.places import table, written

pytestmark = pytest.mark.heavy

COURSE = Path(__file__).with_suffix(".txt").read_text()


def course(folder: Path, more: str = "") -> Course:
    (folder / "course.toml").write_text(COURSE.format(more=more))
    return Course.at(folder)


def test_an_assignments_limits_come_before_the_courses_and_these_before_the_tools(tmp_path: Path) -> None:
    assert course(tmp_path).sandbox_setup("first").limits == Limits() == Limits.of({})
    limits = "[limits]\ncell_seconds = 3\nmemory_mb = 1000\n[assignments.first.limits]\ncell_seconds = 7\nsubmission_seconds = 60"
    made = course(tmp_path, limits)
    first, second = (made.sandbox_setup(name).limits for name in ("first", "second"))
    assert (first.cell_seconds, first.submission_seconds, first.cpu_seconds) == (7.0, 60.0, 50)
    assert (first.memory_mb, first.total_memory_mb) == (1000, 1500)
    assert (second.cell_seconds, second.submission_seconds, second.cpu_seconds) == (3.0, 180.0, 150)


@pytest.mark.parametrize("limits", ["cell_second = 3", "memory_mb = 0", 'cell_seconds = "long"', "memory_mb = true"])
@pytest.mark.parametrize("table", ["limits", "assignments.first.limits"])
def test_a_limit_that_is_none_is_refused_with_its_name(tmp_path: Path, table: str, limits: str) -> None:
    with pytest.raises(CourseError, match=rf"\[limits\] has '?{limits.split()[0]}"):
        course(tmp_path, f"[{table}]\n{limits}")


@pytest.mark.parametrize(("more", "words"), table("tool/tables.toml")["settings"])
def test_a_setting_that_there_is_not_is_named_with_those_that_there_are(tmp_path: Path, more: str, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        course(tmp_path, more)


def test_a_description_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    made = course(tmp_path, '[assignments.third]\nunit = "one"\ntitle = "Third"\nquiz = "quiz.toml"\nquiz_points = 3')
    assert made.entry("third").quiz_points == 3


def test_a_cell_is_stopped_after_the_seconds_that_the_course_gives_it(tmp_path: Path) -> None:
    setup = course(tmp_path, "[limits]\ncell_seconds = 1").sandbox_setup("first")
    with Sandbox(setup, private=[tmp_path]) as sandbox, sandbox.open() as session:
        assert session.run("import time; time.sleep(30)").outcome is Outcome.TIMEOUT


def test_the_sandbox_holds_what_the_course_says_and_no_torch_otherwise(tmp_path: Path) -> None:
    made = course(tmp_path, '[sandbox]\nimports = ["decimal"]\nenvironment = { COLOUR = "red" }')
    look = "import os, sys; print(os.environ['COLOUR'], *{'decimal', 'torch', 'lifelong'} & set(sys.modules))"
    with Sandbox(made.sandbox_setup("first"), private=[tmp_path]) as sandbox, sandbox.open() as session:
        run = session.run(look)
    assert [output["text"] for output in run.outputs] == ["red decimal\n"]


def test_the_package_is_found_beside_the_course_and_missed_in_a_sentence(tmp_path: Path) -> None:
    made = course(tmp_path, 'package = "tinypackage"')
    with pytest.raises(CourseError, match=r"course\.toml names the package 'tinypackage', which is not in"):
        made.package_folder()
    written(tmp_path / "tinypackage" / "__init__.py", "")
    assert made.package_folder() == tmp_path / "tinypackage"
    assert course(tmp_path).package_folder() is None


def test_what_the_sandbox_cannot_import_is_said_with_its_remedy(tmp_path: Path) -> None:
    setup = course(tmp_path, '[sandbox]\nimports = ["nowhere_to_be_found.deep"]').sandbox_setup("first")
    with pytest.raises(SandboxUnavailable, match="nowhere_to_be_found, which is not installed here: pip install"):
        Sandbox(setup, private=[tmp_path])


@pytest.mark.parametrize(("name", "text", "words"), table("tool/tables.toml")["judges"])
def test_a_judge_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / f"{name}.py").write_text(text)
    with pytest.raises(JudgeError, match=words):
        judges(tmp_path)


def test_a_small_case_that_there_is_not_is_named(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text('[[nowhere]]\ncase = "first"\n')
    with pytest.raises(JudgeError, match=r"small\.toml: \[\[nowhere\]\] names an exercise or a case"):
        judges(tmp_path)
