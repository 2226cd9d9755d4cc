"""Mutants of right answers: what a judge is blind to survives, what only some draws show is lucky, the rest is caught."""

from random import Random

import pytest

from autograder.course.assignment import Assignment
from autograder.judging.mutation import mutations
from autograder.verify.bank import Kind, Sample
from autograder.verify.mutants import Trial, fate, mutants, trials
from tests.places import EXAMPLE, table
from tests.tool.sandboxes import require_sandbox

pytestmark = pytest.mark.heavy

ARRAYS = Assignment.load(EXAMPLE, "arrays")
TABLES = table("tool/mutants.toml")


def test_a_wrong_answer_is_caught_and_a_survivor_is_found() -> None:
    require_sandbox()
    start = "def cosine(a, b):\n    n = np.linalg.norm(a) * np.linalg.norm(b)\n    "
    planted = [Sample("cosine", Kind.MISTAKE, name, start + code) for name, code in TABLES["planted"].items()]
    tried = {trial.sample.name: trial for trial in trials(ARRAYS, planted, 1)}
    fates = {name: fate(trial.scores) for name, trial in tried.items()}
    assert fates == {name: name[:6].rstrip() for name in TABLES["planted"]}
    assert tried["caught at once"].scores == (0.0,)
    assert [tried[name].green for name in ("equal", "caught", "caught at once")] == [True, False, False]


def test_what_a_check_says_is_held_against_the_marks() -> None:
    tried = {(1.0, 0.9): "", (0.9, 0.8): "green, but loses marks", (0.95,): ""}  # the first only by luck
    sample = Sample("cosine", Kind.MISTAKE, "x", "")
    assert {scores: Trial(sample, scores, True).disagreement for scores in tried} == tried
    assert Trial(sample, (1.0, 1.0), False).disagreement == "not green, but full marks"


def test_the_same_mutants_every_time_and_of_every_exercise() -> None:
    chosen = mutants(ARRAYS, most=20)
    assert chosen == mutants(ARRAYS, most=20) != mutants(ARRAYS, most=20, seed=1)
    assert {each.exercise for each in chosen} == {"cosine", "moving_average"}


@pytest.mark.parametrize(("source", "mutants"), TABLES["changes"])
def test_operators(source: str, mutants: list[str]) -> None:
    lines = {line.strip() for after in mutations(source, ["f"], 1000, Random(0)) for line in after.split("\n")}
    assert {*mutants} <= lines
