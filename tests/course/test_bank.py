"""Judges and banks fit each other; that each sample gets what it must, `autograder verify` shows in the real sandbox."""

import re
import tomllib
from collections.abc import Mapping

import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.judging.evidence import concerns, differs
from autograder.judging.example import given
from autograder.judging.exercise import Case, Exercise, Mistake, Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.modules import judges
from autograder.judging.verdict import State
from autograder.verify.bank import Kind, edited, samples, samples_of
from tests.course.bank_reference import ASSIGNMENT, BY_ID, COURSE, POINTS, Tried, cells, verdict
from tests.places import EXAMPLE, table

pytestmark = pytest.mark.heavy

SHOWING = [
    *((each, 40) for each in BY_ID.values()),
    *((each, 100) for each in judges(EXAMPLE.judges("arrays")).values()),
]
"""Exercises, and how many seeds with which every mistake must show: every class has its own, and so has every student."""
BANK = [sample for name in COURSE.assignments for sample in samples(Assignment.load(COURSE, name))]


@pytest.mark.parametrize("exercise", [each.id for each in BY_ID.values() if not each.plain_call])
def test_no_case_sends_what_no_probe_reads(exercise: str) -> None:
    """What only the judge reads is the answer or tells of it; student code reads all that its probe gets."""
    text = "".join(path.read_text() for path in COURSE.probes(ASSIGNMENT[exercise]).glob("*.py"))
    cases = BY_ID[exercise].draw(np.random.default_rng(0))
    sent = {name for case in cases for name in BY_ID[exercise].sent(case.inputs)}
    assert [name for name in sent if not re.search(f"[\"']{name}[\"']", text)] == []


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_what_a_case_is_about_is_the_middle_of_a_sentence(exercise: Exercise) -> None:
    told = [given(exercise, case.inputs) for case in exercise.draw(np.random.default_rng(0))]
    assert not [each for each in told if each.endswith((",", "."))]


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_to_refuse_whatever_is_asked_earns_nothing(exercise: Exercise) -> None:
    cases, replies = exercise.draw(np.random.default_rng(0)), []
    for case in cases:
        told = {"error": "ValueError", "message": f"{case.inputs} {[*range(100)]}"}
        replies.append(Reply(Outcome.OK, {**told, "ran": False, "errors": [told] * len(case.inputs.get("runs", ""))}))
    assert judge(exercise, cases, replies, POINTS).score == 0.0


@pytest.mark.parametrize("name", COURSE.assignments)
def test_every_sentence_of_a_table_is_told(name: str) -> None:
    exercises = judges(COURSE.judges(name)).values()
    told = {each.message for exercise in exercises for each in (*exercise.mistakes, *exercise.variants)}
    told |= {row["says"] for exercise in exercises for row in exercise.crashes.values()}
    rows = [row for path in COURSE.judges(name).glob("*.toml") for row in tomllib.loads(path.read_text()).values()]
    assert {row["says"] for row in rows if "says" in row} <= told


UNWRITTEN = """
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega, self.anchor = {}, {}

    def penalty(self, model):
        raise NotImplementedError

    def consolidate(self, model, batches):
        raise NotImplementedError
"""
WRONG_PENALTIES = [sample.source for sample in BANK if sample.exercise == "penalty" and sample.kind is not Kind.STYLE]


@pytest.mark.parametrize("exercise", ["ewc", "mas", "scp", "si"])
@pytest.mark.parametrize("penalty", [UNWRITTEN, *WRONG_PENALTIES])
def test_a_fault_of_the_penalty_is_not_counted_again(exercise: str, penalty: str) -> None:
    result = verdict(exercise, {"penalty": penalty}, 0)
    assert result.score == POINTS, result.messages
    assert all("slip of your `QuadraticPenalty`" in message for message in result.messages), "and told so"


def test_each_half_of_the_penalty_earns_its_own_part() -> None:
    right = next(source for grade_id, source in cells("hw14") if grade_id == "penalty")
    body = "\n\n    def {}(self, *arguments):\n        raise NotImplementedError\n"
    halves = ("penalty", "consolidate")
    scores = {half: verdict("penalty", {"penalty": right + body.format(half)}, 0).score for half in halves}
    assert scores == {"penalty": pytest.approx(0.35 * POINTS), "consolidate": pytest.approx(0.4 * POINTS)}


def test_the_squared_batch_mean_earns_half_of_ewc() -> None:
    sources = [s.source for s in BANK if s.exercise == "ewc" and s.name == "squared-batch-mean"]
    result = verdict("ewc", {"ewc": sources[0]}, 0)
    assert [check.name for check in result.checks if not check.passed] == ["averaged", "any-batch", "any-network"]
    assert result.state is State.PARTIAL


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_judge_and_bank_fit_each_other(exercise: Exercise) -> None:
    """Beyond what every exercise is held to when it is made."""
    assert len({check.name for check in exercise.checks}) == len(exercise.checks)
    assert all(check.expected is not None or check.complaint is not None for check in exercise.checks)
    tried = {kind: {each.name for each in BANK if (each.exercise, each.kind) == (exercise.id, kind)} for kind in Kind}
    listed = {mistake.name for mistake in exercise.mistakes}
    assert listed <= tried[Kind.MISTAKE] <= listed | {*exercise.slips}
    assert all(len(tried[kind]) >= least for kind, least in zip(Kind, (4, 2, 3), strict=True))


@pytest.mark.parametrize("exercise", BY_ID)
def test_judge_and_solution_agree_whatever_is_drawn(exercise: str) -> None:
    """They are written apart: what the one computes in closed form, the other does as its students do."""
    assert [verdict(exercise, {}, seed).score for seed in range(3)] == [POINTS] * 3


@pytest.mark.parametrize(("exercise", "draws"), SHOWING, ids=[exercise.id for exercise, _ in SHOWING])
def test_every_mistake_shows_whatever_is_drawn(exercise: Exercise, draws: int) -> None:
    for seed in range(draws):
        cases = {case.name: case for case in exercise.draw(np.random.default_rng(seed))}
        hidden = [mistake.name for mistake in exercise.mistakes if not _shows(mistake, exercise, cases)]
        assert not hidden, f"seed {seed}"


def _shows(mistake: Mistake, exercise: Exercise, cases: Mapping[str, Case]) -> bool:
    """Whether a mistake's oracle gives a wrong answer in some case; of one that only a complaint finds, True."""
    concerned = [check for check in exercise.checks if concerns(mistake, check)]
    if any(check.expected is None for check in concerned):
        return True
    pairs = [(check, cases[name]) for check in concerned for name in check.cases]
    told = ((check, case, case.told(mistake.expected)) for check, case in pairs)
    return any(wrong and differs(check.expected, check, case, wrong) for check, case, wrong in told)


TWO = table("course/two_mistakes.toml")


@pytest.mark.parametrize("names", TWO)
def test_what_is_in_no_bank_is_named_by_its_stages(names: str) -> None:
    exercise, style, edits = TWO[names]
    source = samples_of(Assignment.load(COURSE, ASSIGNMENT[exercise]), exercise)[style].source
    assert verdict(exercise, {exercise: edited(source, edits)}, 0).mistakes[0] == names


def test_an_id_belongs_to_one_exercise_of_the_course() -> None:
    banks = [{each.exercise for each in samples(Assignment.load(COURSE, name))} for name in COURSE.assignments]
    assert sorted(each for bank in banks for each in bank) == sorted(ASSIGNMENT)


LIES = table("course/own_word.toml")
LYING = LIES.pop("lying")


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_how_it_was_found_gains_a_twentieth_at_most(name: str, tried: Tried) -> None:
    exercise, row = LIES[name]["exercise"], LIES[name]
    known = {each.name: each.source for each in BANK if each.exercise == exercise} | dict(cells(ASSIGNMENT[exercise]))
    source = f"{known[row.get('of', exercise)]}\n{row.get('spoilt', '')}"
    honest, lying = (tried(exercise, code) for code in (source, f"{source}\n{LYING}\n{row.get('lie', '')}"))
    assert lying.score - 0.05 * honest.max - 0.01 <= honest.score < honest.max, lying.checks
