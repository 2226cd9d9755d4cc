"""Mutants of right answers: what a judge is blind to survives, what only some draws show is lucky, the rest is caught."""

from random import Random

import pytest

from autograder.course.assignment import Assignment
from autograder.judging.mutation import mutations
from autograder.verify.bank import Kind, Sample
from autograder.verify.mutants import Trial, fate, mutants, trials
from tests.places import EXAMPLE
from tests.tool.sandboxes import require_sandbox

pytestmark = pytest.mark.heavy

ARRAYS = Assignment.load(EXAMPLE, "arrays")
PLANTED = {
    "caught": "return a @ b",
    "lucky": "return a @ b / n + (a[0] > 2) if n else 0.0",
    "equal": "return b @ a / n if n else 0.0",
    "caught, for it changes its argument": "result = b @ a / n if n else 0.0; a *= 2; return result",
    "caught at once": "return a.no_such_thing()",
}


def test_a_wrong_answer_is_caught_and_a_survivor_is_found() -> None:
    require_sandbox()
    start = "def cosine(a, b):\n    n = np.linalg.norm(a) * np.linalg.norm(b)\n    "
    planted = [Sample("cosine", Kind.MISTAKE, name, start + code) for name, code in PLANTED.items()]
    tried = {trial.sample.name: trial for trial in trials(ARRAYS, planted, 1)}
    fates = {name: fate(trial.scores) for name, trial in tried.items()}
    assert fates == {name: name[:6].rstrip() for name in PLANTED}
    assert tried["caught at once"].scores == (0.0,)
    assert [tried[name].end for name in PLANTED][::4] == ["caught, named", "caught, error"]
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


CHANGES = {
    "def f(x):\n    return x + 1": {"return x - 1", "return 1 + x", "return x + 2", "pass", "x.fill(7)"},
    "def f(xs):\n    for x in xs:\n        g(x)": {"for x in [*xs][:2]:", "for x in [*xs][::-1]:"},
    "C = '''a = b < c;\nd = e && f;\n'''": {r"C = 'a = b <= c;\nd = e && f;\n'", r"C = 'a = b < c;\nd = e || f;\n'"},
    "def f():\n    held = []": {"held = globals().setdefault('_shared', [])"},
}


@pytest.mark.parametrize("source", CHANGES)
def test_operators(source: str) -> None:
    lines = {line.strip() for after in mutations(source, ["f"], 1000, Random(0)) for line in after.split("\n")}
    assert CHANGES[source] <= lines
