"""Commands of the course's own: listed with the tool's, run only when called, never taken from a student's folder."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.table import Table
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.cli.terminal import console, show_results
from autograder.course.course import Course
from tests.places import table, written
from tests.processes import command
from tests.tool.small_course import write_course

TABLES = table("tool/commands.toml")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    root = tmp_path / "course"
    write_course(root)
    commands = ["greet", "gone", "broken", "other", "grade"]
    lines = "\n".join(f'{name} = "commands/{name}.py"' for name in commands)
    with (root / "course.toml").open("a") as file:
        file.write(f"\n[commands]\n{lines}\n")
    files = {"greet": TABLES["greet"], "broken": "1 / 0", "other": "x = 1", "grade": "print('mine')"}
    for name, source in files.items():
        written(root / "commands" / f"{name}.py", source)
    monkeypatch.chdir(root)
    return Course.at(root)


def said(*arguments: str, status: int = 0) -> str:
    return " ".join(command(Path(), *arguments, status=status).split())


def test_all_arguments_reach_it(course: Course) -> None:
    assert said("greet") == "hello all"
    assert said("greet", "ada", "--loud", "bo") == "HELLO ADA AND BO"
    assert "--loud" in said("greet", "--help")
    said("greet", "--quiet", status=2)


def test_help_and_the_shell_list_it_and_run_no_file(course: Course) -> None:
    asked = {"_AUTOGRADER_COMPLETE": "complete_bash", "COMP_WORDS": "autograder gr", "COMP_CWORD": "1"}
    listed = CliRunner().invoke(app, [], prog_name="autograder", env=asked).output
    assert listed.split() == ["grade", "gradescope", "greet"]
    text = said("--help")
    assert "greet Say hello." in text
    assert text.index("After each deadline") < text.index("collect") < text.index("At the end") < text.index("rollover")
    assert all(name in text for name in ("gone", "broken", "other"))
    assert "mine" not in said("grade", "--help")  # no command of the tool is replaced


@pytest.mark.parametrize(("name", "words"), TABLES["wrong"])
def test_what_is_wrong_is_said_when_it_is_called(name: str, words: str, course: Course) -> None:
    assert words in said(name, status=2 if name == "unheard-of" else 1).replace("│ ", "")


@pytest.mark.parametrize("place", ["hw1.ipynb", "work/hw1.ipynb", "assignments/hw1/hw1.ipynb", "submitted.ipynb"])
def test_no_course_beside_a_file_is_taken_silently(place: str, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(course.root / place, b"{}")
    assert "both may have come from a student" in said("grade", str(file), status=1)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    assert "both may have" not in said("grade", str(file), status=1)


def test_a_link_to_a_solution_is_not_graded(course: Course, tmp_path: Path) -> None:
    (tmp_path / "eve.ipynb").symlink_to(course.solutions / "hw1" / "hw1.py")
    (tmp_path / "eve").symlink_to(course.solutions / "hw1")
    for file in ("eve.ipynb", "eve/hw1.py"):
        assert "is reached by a link" in said("grade", str(tmp_path / file), status=1)


def test_results_say_which_course_graded(course: Course) -> None:
    with console.capture() as capture:
        show_results(replace(course, name="[red]\x1b[2J"), Table(title="hw1"))
    assert capture.get().startswith(f"graded by [red]⟨U+001B⟩[2J, the course in {course.root}\n")


@pytest.mark.parametrize("place", "submitted/a/hw1 collected/hw1/students/a/1 autograded/a autograded/a/hw1".split())
def test_a_course_among_students_files_is_none(place: str, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = course.root / place
    written(folder / "course.toml", (course.root / "course.toml").read_text().replace("small", "theirs"))
    (folder / "hw1.ipynb").write_text("{}")
    assert Course.find(folder) == course
    assert not course.may_have_come_with(folder / "hw1.ipynb")
    assert Course.at(folder).may_have_come_with(folder / "hw1.ipynb")


@pytest.mark.parametrize("name", ["demo", "site", "demo of the course"])
def test_no_folder_is_replaced_through_a_link_nor_the_course(name: str, course: Course, tmp_path: Path) -> None:
    written(tmp_path / "mine" / "searchindex.js", "mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    words = ("demo", str(course.root)) if "course" in name else (name, str(tmp_path / "link"))
    assert "is a link" in said(*words, status=1)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["searchindex.js"]
    assert (course.root / "course.toml").is_file()


def test_a_broken_course_has_no_commands(course: Course) -> None:
    (course.root / "course.toml").write_text("[course")
    said("--help")
    assert "No such command" in said("greet", status=2)


@pytest.mark.heavy
def test_one_file_is_graded_without_what_it_does_not_need() -> None:
    code = "import sys, json, autograder.cli.main, autograder.cli.grading; print(json.dumps([name for name, it in sys.modules.items() if it]))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    assert "autograder.cli.main" in loaded
    spared = {"torch", "torchvision", "lifelong", "rfc3987_syntax", "nbgrader", "sqlalchemy", "matplotlib", "jupytext"}
    assert not spared & set(loaded)
