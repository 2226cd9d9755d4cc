"""Damaged notebooks and replies, by the same generators as ``python -m benchmarks.fuzz``, some hundreds of each."""

import json
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.ingest import Ungradable
from autograder.judging.verdict import State
from autograder.sandbox.inside.wire import pack
from benchmarks import fuzz
from benchmarks.fuzz import Original, Question, damaged, ingested, judged, originals, questions, with_one_damaged
from benchmarks.growth import Growth, notebook_families, read_or_refuse, unpack_or_refuse, wire_families
from tests.places import COURSE

pytestmark = pytest.mark.heavy

FILES = originals(COURSE)
HW14 = Assignment.load(COURSE, "hw14")
randoms = st.randoms(use_true_random=False)


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    return questions(HW14)


@settings(max_examples=400, deadline=None)
@given(original=st.sampled_from(FILES), random=randoms)
def test_a_damaged_notebook_is_rebuilt_or_refused_in_a_sentence(original: Original, random: Random) -> None:
    ingested(damaged(original, random), original)


@settings(max_examples=200, deadline=None)
@given(random=randoms)
def test_a_damaged_reply_gets_a_verdict(random: Random, asked: list[Question]) -> None:
    question = random.choice(asked)
    judged(question, with_one_damaged(question, random))


@pytest.mark.parametrize("kind", ["ready", "output", "reply", "probed"])
def test_arrays_where_words_belong_get_a_verdict(kind: str, asked: list[Question]) -> None:
    """NumPy compares an array with a word entry by entry; such a truth cannot be asked for."""
    words = {"outcome": np.zeros(2), "error": np.zeros(2), "output_type": np.zeros(2)}
    verdict = judged(asked[0], [pack(kind, words), *asked[0].frames])
    assert verdict.state is not State.CORRECT


def test_undamaged_replies_of_the_solution_are_right(asked: list[Question]) -> None:
    """Else the damaged ones would not come as far as the judge."""
    assert {judged(question, question.frames).state for question in asked} == {State.CORRECT}


def test_what_raises_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(data: bytes, *_: object) -> None:
        json.loads(data)
        raise Ungradable("No.")

    monkeypatch.setattr(fuzz, "ingest", fragile)
    tally = fuzz.fuzz_notebooks(COURSE, 30, seed=0)
    assert tally.counts["raised"] == len(tally.faults) > 0
    assert tally.counts["refused in a sentence"] > 0


@pytest.mark.parametrize(("power", "steep"), [(1.0, False), (2.0, True)])
def test_a_quadratic_reader_is_a_fault(power: float, steep: bool) -> None:
    assert Growth("x", {size: 2.0 * (size / 400) ** power for size in (100, 200, 400)}).steep is steep


def test_hostile_families_are_read_or_refused_at_a_hundredth_of_their_size() -> None:
    for make, most in notebook_families(HW14).values():
        read_or_refuse(HW14, make(most // 100))
    for make, most in wire_families().values():
        unpack_or_refuse(make(most // 100))
