"""One source becomes the same release every time, through nbgrader, and the gradebook knows it."""

import stat
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.course.source import SourceError
from autograder.gradebook.generate import BuildError, register
from autograder.publish.build import build, drift
from tests.places import table, written
from tests.processes import command
from tests.tool.small_course import SOURCE, write_course

pytestmark = pytest.mark.heavy


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path / "course")


def test_building_again_or_elsewhere_gives_the_same_bytes(course: Course, tmp_path: Path) -> None:
    first = [build(course)[0].read_bytes(), course.source_path("hw1").read_bytes()]
    again = [build(course, ["hw1"])[0].read_bytes(), course.source_path("hw1").read_bytes()]
    other = write_course(tmp_path / "other")
    elsewhere = [build(other)[0].read_bytes(), other.source_path("hw1").read_bytes()]
    assert first == again == elsewhere


def test_nbgrader_itself_gives_the_same_release(course: Course) -> None:
    release = build(course)[0]
    ours = release.read_bytes()
    release.unlink()
    command(course.root, "generate_assignment", "hw1", "--force", module="nbgrader")
    assert release.read_bytes() == ours


def test_the_release_holds_no_solution(course: Course) -> None:
    build(course)
    source = nbformat.read(course.source_path("hw1"), as_version=4)
    release = nbformat.read(course.release_path("hw1"), as_version=4)
    nbformat.validate(source)
    nbformat.validate(release)
    assert "return 2 * x" in source.cells[3].source
    assert "B = True" in course.source_path("hw1").read_text()
    text = course.release_path("hw1").read_text()
    for secret in ("2 * x", "strength = 3.0", "BEGIN SOLUTION", "END SOLUTION", "= True"):
        assert secret not in text
    assert [cell.id for cell in release.cells] == [cell.id for cell in source.cells]


def test_a_new_cell_changes_no_other_cells_id(course: Course, tmp_path: Path) -> None:
    more = write_course(tmp_path / "more", "# %%\nnew = 1\n\n" + SOURCE)
    old = [cell.id for cell in Assignment.load(course, "hw1").release.cells] if build(course) else []
    new = [cell.id for cell in Assignment.load(more, "hw1").release.cells] if build(more) else []
    assert new[1:] == old


FAULTS = table("tool/faults.toml")


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_a_source_are_named(name: str, tmp_path: Path) -> None:
    old, new, words = FAULTS[name].values()
    assert old in SOURCE
    course = write_course(tmp_path, SOURCE.replace(old, new))
    with pytest.raises(SourceError, match=words) as caught:
        build(course)
    assert "hw1.py" in str(caught.value)
    assert not course.release_path("hw1").exists()


def test_what_nbgrader_refuses_is_said(tmp_path: Path) -> None:
    course = write_course(tmp_path, SOURCE.replace("    ### END SOLUTION\n", "", 1))
    with pytest.raises(BuildError, match="no end solution statement"):
        build(course)


def test_an_unknown_name_lists_the_known_ones(course: Course) -> None:
    with pytest.raises(CourseError, match="no assignment 'hw2'; this course has: hw1"):
        build(course, ["hw1", "hw2"])
    assert not course.release_path("hw1").exists()
    with pytest.raises(CourseError, match="has not been released yet"):
        Assignment.load(course, "hw1")


def test_what_is_named_is_built_and_else_all(course: Course) -> None:
    for name in ("one", "two"):
        written(course.lecture_directory / f"{name}.py", b"# %% [markdown]\n# # A title\n")
    assert build(course, ["two"]) == [course.lecture_path("two")]
    assert build(course) == [course.release_path("hw1"), *map(course.lecture_path, ("one", "two"))]


def test_drift_names_what_is_not_fresh(course: Course) -> None:
    assert drift(course) == ["assignments/hw1/hw1.ipynb"]
    release = build(course)[0]
    assert drift(course) == []
    release.write_text(release.read_text().replace("Now train", "Now rest"))
    written(course.lecture_path("without_source"), b"{}")
    assert drift(course) == ["assignments/hw1/hw1.ipynb", "lectures/without_source.ipynb"]


def test_an_assignments_exercises(course: Course) -> None:
    build(course)
    assignment = Assignment.load(course, "hw1")
    assert assignment.exercises == [("double", 2), ("slices", 3), ("last", 1), ("quiz-01", 0.5), ("quiz-02", 0.5)]
    assert assignment.points == 7
    questions = {"quiz-01": {"quiz_01"}, "quiz-02": {"quiz_02"}}
    assert assignment.defines == {"double": {"double"}, "slices": {"sphere", "Slices"}, "last": {"Last"}} | questions
    assert set(assignment.given_cells) == {"base", "quiz-01-text", "quiz-02-text"}
    assert "return 2 * x" in "".join(cell.source for cell in assignment.solution_notebook().cells)


def test_a_stub_that_defines_nothing_is_known_by_its_solution(tmp_path: Path) -> None:
    old = "class Last(Base):\n    ### BEGIN SOLUTION\n    strength"
    new = "### BEGIN SOLUTION\nclass Last(Base):\n    strength"
    course = write_course(tmp_path, SOURCE.replace(old, new).replace("3.0\n    ### END", "3.0\n### END"))
    build(course)
    assignment = Assignment.load(course, "hw1")
    assert "class Last" not in course.release_path("hw1").read_text()
    assert assignment.defines["last"] == {"Last"}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
def test_registering_keeps_the_marks_that_are_there(course: Course) -> None:
    build(course)
    register(course, "hw1")
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("hw1", "ada")
        grade = gradebook.find_grade("double-test", "hw1", "hw1", "ada")
        grade.auto_score = 1.5
        gradebook.db.commit()
    before = course.release_path("hw1").read_bytes()
    register(course, "hw1")
    changed = write_course(course.root, SOURCE.replace('"double', '"twice').replace(": double", ": twice"))
    with pytest.raises(BuildError, match="submissions associated"):
        register(changed, "hw1")
    assert course.release_path("hw1").read_bytes() == before
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_grade("double-test", "hw1", "hw1", "ada").auto_score == 1.5
        assert gradebook.find_assignment("hw1").max_score == 7


def test_a_course_is_found_from_within(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    assert Course.find(course.solutions).root == course.root
    with pytest.raises(CourseError, match=r"no course\.toml"):
        Course.find(tmp_path)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    assert Course.find(tmp_path) == course


@pytest.mark.parametrize("text", ["[course", "[course]\nname = 'x'", "course = 1\nassignments = 2"])
def test_a_bad_course_file_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(CourseError, match="not a course's description"):
        Course.at(tmp_path)


def test_the_seed_is_secret_and_stays(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SEED", raising=False)
    seed = course.seed()
    assert len(bytes.fromhex(seed.decode())) == 32
    assert course.seed() == seed
    assert stat.S_IMODE((course.root / ".course-seed").stat().st_mode) == 0o600
    assert sorted(path.name for path in course.root.iterdir() if "seed" in path.name) == [".course-seed"]
    monkeypatch.setenv("AUTOGRADER_SEED", "term 1")
    assert course.seed() == b"term 1"


def test_a_clone_shares_sources_alone(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SEED", raising=False)
    build(course)
    (course.submitted / "ada").mkdir(parents=True)
    clone = course.clone_to(tmp_path / "deep" / "clone")
    assert drift(clone) == []
    assert not clone.submitted.exists()
    assert clone.db_url != course.db_url
    assert clone.seed() != course.seed()
