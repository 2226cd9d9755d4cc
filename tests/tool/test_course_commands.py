"""Commands of the course's own: listed with the tool's, run only when called, never taken from a student's folder."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course.course import Course
from tests.tool.small_course import write_course

GREET = '''
from typing import Annotated
import typer

def greet(whom: Annotated[list[str] | None, typer.Argument()] = None, loud: bool = False) -> None:
    """Say hello."""
    words = f"hello {' and '.join(whom or ['all'])}"
    print(words.upper() if loud else words)
'''


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    root = tmp_path / "course"
    write_course(root)
    commands = ["greet", "gone", "broken", "other", "grade"]
    lines = "\n".join(f'{name} = "commands/{name}.py"' for name in commands)
    with (root / "course.toml").open("a") as file:
        file.write(f"\n[commands]\n{lines}\n")
    (root / "commands").mkdir()
    for name, source in {"greet": GREET, "broken": "1 / 0", "other": "x = 1", "grade": "print('mine')"}.items():
        (root / "commands" / f"{name}.py").write_text(source)
    monkeypatch.chdir(root)
    return Course.at(root)


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, " ".join(done.output.split())


def test_all_arguments_reach_it(course: Course) -> None:
    assert said("greet") == (0, "hello all")
    assert said("greet", "ada", "--loud", "bo") == (0, "HELLO ADA AND BO")
    assert "--loud" in said("greet", "--help")[1]
    assert said("greet", "--quiet")[0] == 2


def test_help_lists_it_and_runs_no_file(course: Course) -> None:
    code, text = said("--help")
    assert code == 0
    assert "greet Say hello." in text
    assert all(name in text for name in ("gone", "broken", "other"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone", "course.toml names the command 'gone', but there is no"),
        ("broken", "cannot be run: ZeroDivisionError: division by zero"),
        ("other", "defines no function of that name"),
        ("unheard-of", "No such command 'unheard-of'"),
    ],
)
def test_what_is_wrong_is_said_when_it_is_called(name: str, words: str, course: Course) -> None:
    code, text = said(name)
    assert code != 0
    assert words in text.replace("│ ", "").replace("\n", " ")


def test_no_command_of_the_tool_is_replaced(course: Course) -> None:
    assert "mine" not in said("grade", "--help")[1]


def test_a_broken_course_has_no_commands(course: Course) -> None:
    (course.root / "course.toml").write_text("[course")
    assert said("--help")[0] == 0
    assert "No such command" in said("greet")[1]


@pytest.mark.parametrize("folder", ["submitted/eve/hw1", "collected/hw1/students/eve/1", "autograded/eve/hw1"])
def test_what_a_student_handed_in_is_never_the_course(folder: str, course: Course) -> None:
    place = course.root / folder
    place.mkdir(parents=True)
    (place / "course.toml").write_bytes((course.root / "course.toml").read_bytes())
    assert Course.find(place).root == course.root
