"""What lies about how an answer was found gain: a twentieth of the exercise at most."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.sandbox import Sandbox
from autograder.verify.bank import Kind, Sample, samples_of
from autograder.verify.promises import _solved, _try
from tests.course.bank_reference import ASSIGNMENT, COURSE
from tests.tool.sandboxes import require_sandbox, setup

pytestmark = pytest.mark.heavy
TABLE = tomllib.loads(Path(__file__).with_name("own_word.toml").read_text(encoding="utf-8"))
LYING = TABLE.pop("lying")


@cache
def sandbox(assignment: str) -> Sandbox:
    require_sandbox()
    return Sandbox(setup(assignment), private=[COURSE.root])


@pytest.mark.parametrize("name", TABLE)
def test_a_lie_gains_a_twentieth_at_most(name: str) -> None:
    row = TABLE[name]
    assignment = Assignment.load(COURSE, ASSIGNMENT[row["exercise"]])
    known = {sample.name: sample.source for sample in samples_of(assignment, row["exercise"]).values()}
    right = known[row["of"]] if "of" in row else _solved(assignment)[row["exercise"]]
    source = f"{right}\n{row.get('spoilt', '')}"
    honest, lying = (
        _try(assignment, sandbox(assignment.name), Sample(row["exercise"], Kind.MISTAKE, name, code))
        for code in (source, f"{source}\n{LYING}\n{row.get('lie', '')}")
    )
    assert honest.score < honest.max
    assert lying.score - honest.score <= 0.05 * honest.max + 0.01, lying.checks
