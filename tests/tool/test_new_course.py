"""A course of another author: `new` begins one that builds and verifies, `bank` shows its samples, a quiz needs no package."""

from pathlib import Path

import nbformat
import pytest

from autograder.course.course import Course, CourseError
from autograder.course.new import FILES, new
from autograder.publish.build import build
from tests.processes import command
from tests.tool.sandboxes import require_sandbox
from tests.tool.small_course import question

pytestmark = pytest.mark.heavy


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A new course, built."""
    new(tmp_path / "demo-course")
    course = Course.at(tmp_path / "demo-course")
    build(course)
    return course


def test_new_writes_a_course_and_says_what_to_do_next(tmp_path: Path) -> None:
    said = command(tmp_path, "new", "My  first_course")
    assert said.endswith("cd 'My  first_course'\nautograder build\nautograder verify\nautograder demo\n")
    course = Course.at(tmp_path / "My  first_course")
    assert (course.name, course.title, course.package) == ("my-first-course", "My first course", None)
    there = {path.relative_to(course.root).as_posix() for path in course.root.rglob("*") if path.is_file()}
    assert there == set(FILES)


def test_new_takes_an_empty_folder_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    command(tmp_path, "new", "empty")
    (tmp_path / "file").write_text("mine")
    for name in ("empty", "file"):
        said = " ".join(command(tmp_path, "new", name, status=1).split())
        assert "is not empty: name a folder that is empty or not there yet." in said
    with pytest.raises(CourseError, match="cannot name a course"):
        new(tmp_path / "…")


def test_a_new_course_keeps_its_promises(course: Course) -> None:
    require_sandbox()
    assert command(course.root, "verify", "--jobs", "1").count(" yes ") == 8


def test_what_is_wrong_with_a_judge_is_said_in_a_sentence(course: Course) -> None:
    path = course.judges("hw1") / "weighted_mean.py"
    path.write_text(path.read_text().replace("judge.draw(0.8)", "judge.draw(0.7)"))
    said = " ".join(command(course.root, "verify", status=1).split())
    assert said.endswith("weighted_mean.py: weighted_mean: the shares of the checks add up to 0.905, not to 1.")


def test_bank_lists_samples_and_prints_one_whole(course: Course) -> None:
    listed = command(course.root, "bank", "hw1", "weighted_mean")
    assert listed.splitlines()[:3] == ["style    NumPy", "style    a loop", "mistake  unweighted"]
    whole = command(course.root, "bank", "hw1", "weighted_mean", "not-divided")
    assert whole.startswith("def weighted_mean(values, weights):\n    above = below = 0\n")
    assert whole.endswith("        below += weight\n    return above\n")
    for arguments, words in {
        ("hw1", "weighted_mean", "x"): "The bank of weighted_mean has no 'x'; it has: NumPy, a loop, unweighted,",
        ("hw1", "x"): "hw1 has no bank for 'x'; it has them for: weighted_mean.",
        ("hw2", "x"): "There is no assignment 'hw2'; this course has: hw1.",
    }.items():
        assert words in " ".join(command(course.root, "bank", *arguments, status=1).split())


def test_a_quiz_without_a_package_says_itself_what_is_not_ticked(course: Course) -> None:
    source = course.instructors_source("hw1")
    source.write_text(f"{source.read_text()}\n# %% [markdown]\n# <!-- quiz -->\n")
    (source.parent / "quiz.toml").write_text(question(1))
    build(course)
    released = nbformat.read(course.release_path("hw1"), as_version=4)
    choice, test = (cell.source for cell in released.cells[-2:])
    names: dict[str, object] = {}
    exec(choice, names)
    with pytest.raises(AssertionError, match="Tick the right options of question 1"):
        exec(test, names)
    exec(choice.replace("B = False", "B = True"), names)
    exec(test, names)
