"""Every judge against the bank: right styles get all marks, mistakes are caught and named, nonsense gets nothing."""

import os
import re
from collections.abc import Mapping

import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.judging.exercise import Case, Exercise, Mistake, Outcome, Reply
from autograder.judging.judge import _concerns, _differs, judge
from autograder.judging.verdict import State
from autograder.verify.bank import Kind, Sample, samples
from tests.course.bank_reference import ASSIGNMENT, BY_ID, COURSE, POINTS, cells, verdict

pytestmark = pytest.mark.heavy

SEEDS = range(int(os.environ.get("BANK_SEEDS", "0")))
"""Seeds with which every sample is tried in this process, for a judge that is being changed: `autograder verify` tries each in the real sandbox."""
DRAWS = int(os.environ.get("BANK_DRAWS", "40"))
"""How many seeds with which every mistake must show: every class has its own, and so has every student."""
BANK = [sample for name in COURSE.assignments for sample in samples(Assignment.load(COURSE, name))]


def of(kind: Kind) -> list[pytest.param]:
    return [
        pytest.param(sample, seed, id=f"{sample.exercise}-{sample.name}-{seed}")
        for sample in BANK
        for seed in SEEDS
        if sample.kind is kind and sample.exercise in BY_ID
    ]


@pytest.mark.parametrize(("exercise", "seed"), [(exercise, seed) for exercise in BY_ID for seed in SEEDS])
def test_the_reference_solution_gets_full_marks(exercise: str, seed: int) -> None:
    result = verdict(exercise, {}, seed)
    assert (result.score, result.state) == (POINTS, State.CORRECT), result.messages


@pytest.mark.parametrize(("sample", "seed"), of(Kind.STYLE))
def test_another_style_gets_full_marks(sample: Sample, seed: int) -> None:
    result = verdict(sample.exercise, {sample.exercise: sample.source}, seed)
    assert (result.score, result.state) == (POINTS, State.CORRECT), result.messages


@pytest.mark.parametrize(("sample", "seed"), of(Kind.MISTAKE))
def test_a_mistake_loses_marks_and_is_named_first(sample: Sample, seed: int) -> None:
    result = verdict(sample.exercise, {sample.exercise: sample.source}, seed)
    assert result.score < POINTS
    assert result.mistakes[:1] == (sample.name,), result.messages


@pytest.mark.parametrize(("sample", "seed"), of(Kind.NOTHING))
def test_nonsense_gets_nothing(sample: Sample, seed: int) -> None:
    result = verdict(sample.exercise, {sample.exercise: sample.source}, seed)
    assert result.score == 0.0, [check.name for check in result.checks if check.passed]


@pytest.mark.parametrize("exercise", BY_ID)
def test_no_case_sends_what_no_probe_reads(exercise: str) -> None:
    """What only the judge reads is the answer or tells of it; student code reads all that its probe gets."""
    text = "".join(path.read_text() for path in COURSE.probes(ASSIGNMENT[exercise]).glob("*.py"))
    sent = {name for case in BY_ID[exercise].draw(np.random.default_rng(0)) for name in case.sent}
    assert [name for name in sent if not re.search(f"[\"']{name}[\"']", text)] == []


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_to_refuse_whatever_is_asked_earns_nothing(exercise: Exercise) -> None:
    cases, replies = exercise.draw(np.random.default_rng(0)), []
    for case in cases:
        told = {"error": "ValueError", "message": f"{case.inputs} {[*range(100)]}"}
        replies.append(Reply(Outcome.OK, {**told, "ran": False, "errors": [told] * len(case.inputs.get("runs", ""))}))
    assert judge(exercise, cases, replies, POINTS).score == 0.0


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


@pytest.mark.parametrize("exercise", ["ewc", "mas"])
@pytest.mark.parametrize("penalty", [UNWRITTEN, *WRONG_PENALTIES])
def test_a_fault_of_the_penalty_is_not_counted_again(exercise: str, penalty: str) -> None:
    result = verdict(exercise, {"penalty": penalty}, 0)
    assert result.score == POINTS, result.messages


def test_each_half_of_the_penalty_earns_its_own_part() -> None:
    right = next(source for grade_id, source in cells("hw14") if grade_id == "penalty")
    body = "\n\n    def {}(self, *arguments):\n        raise NotImplementedError\n"
    scores = {
        half: verdict("penalty", {"penalty": right + body.format(half)}, 0).score for half in ("penalty", "consolidate")
    }
    assert scores == {"penalty": pytest.approx(0.35 * POINTS), "consolidate": pytest.approx(0.4 * POINTS)}


def test_the_squared_batch_mean_earns_half_of_ewc() -> None:
    sources = [s.source for s in BANK if s.exercise == "ewc" and s.name == "squared-batch-mean"]
    result = verdict("ewc", {"ewc": sources[0]}, 0)
    assert [check.name for check in result.checks if not check.passed] == ["any-batch", "any-network"]
    assert result.state is State.PARTIAL


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_an_exercise_is_consistent(exercise) -> None:
    """Beyond what every exercise is held to when it is made."""
    assert len({check.name for check in exercise.checks}) == len(exercise.checks)
    assert all(check.expected is not None or check.complaint is not None for check in exercise.checks)


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_every_named_mistake_is_in_the_bank(exercise) -> None:
    named = {mistake.name for mistake in exercise.mistakes}
    tried = {sample.name for sample in BANK if sample.exercise == exercise.id and sample.kind is Kind.MISTAKE}
    assert tried == named


@pytest.mark.parametrize("exercise", BY_ID.values(), ids=list(BY_ID))
def test_every_mistake_shows_whatever_is_drawn(exercise: Exercise) -> None:
    for seed in range(DRAWS):
        cases = {case.name: case for case in exercise.draw(np.random.default_rng(seed))}
        hidden = [mistake.name for mistake in exercise.mistakes if not _shows(mistake, exercise, cases)]
        assert not hidden, f"seed {seed}"


def _shows(mistake: Mistake, exercise: Exercise, cases: Mapping[str, Case]) -> bool:
    """Whether a mistake's oracle gives a wrong answer in some case; of one that only a complaint finds, True."""
    concerned = [check for check in exercise.checks if _concerns(mistake, check)]
    if any(check.expected is None for check in concerned):
        return True
    pairs = [(check, cases[name]) for check in concerned for name in check.cases]
    return any((wrong := case.told(mistake.expected)) and _differs(check, case, wrong) for check, case in pairs)


@pytest.mark.parametrize("exercise", BY_ID)
def test_every_exercise_has_mistakes_other_styles_and_nonsense(exercise: str) -> None:
    for kind, least in zip(Kind, (4, 2, 3), strict=True):
        assert len({each.name for each in BANK if each.exercise == exercise and each.kind is kind}) >= least


def test_an_id_belongs_to_one_exercise_of_the_course() -> None:
    banks = [{each.exercise for each in samples(Assignment.load(COURSE, name))} for name in COURSE.assignments]
    assert sorted(each for bank in banks for each in bank) == sorted(ASSIGNMENT)
