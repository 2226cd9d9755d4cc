"""Every homework's stretch goal: its check says ✓ of a right answer only, and what is to be done before there is one."""

import pytest

from autograder.course.assignment import Assignment
from lifelong import surviving
from tests.course.bank_reference import COURSE, compiled, namespace
from tests.places import table

ANSWERS = table("course/stretch_goals.toml")


@pytest.mark.parametrize("name", COURSE.assignments)
def test_the_check_says_what_an_answer_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assignment = Assignment.load(COURSE, name)
    goal = assignment.release.cells[assignment.given_cells["given-stretch"]].source
    names = namespace(name, {}) | {"surviving": surviving}
    for answer, signs in (("", {"N"}), (ANSWERS[name]["wrong"], {"✗"}), (ANSWERS[name]["right"], {"✓"})):
        exec(compiled(answer), names)
        exec(goal, names)
        assert {line[0] for line in capsys.readouterr().out.splitlines()} == signs
