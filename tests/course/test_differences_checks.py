"""The public checks of finite differences: known mistakes are told apart, right ways pass, nonsense does not."""

import pytest

from autograder.course.assignment import Assignment
from autograder.verify.bank import Kind, Sample, samples
from lifelong import CheckFailed
from tests.course.bank_reference import COURSE, namespace
from tests.places import table

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore")]

BANK = samples(Assignment.load(COURSE, "finite_differences"))


def of(kind: Kind) -> list[pytest.param]:
    return [pytest.param(each, id=f"{each.exercise}-{each.name}") for each in BANK if each.kind is kind]


def try_check(sample: Sample) -> None:
    """Call check as a cell of the notebook would, with this implementation of the exercise."""
    names = namespace("finite_differences", {sample.exercise: sample.source})
    exec(f"from lifelong import check\ncheck({sample.exercise!r}, quiet=True)", names)


@pytest.mark.parametrize("sample", of(Kind.STYLE))
def test_other_right_ways_pass(sample: Sample) -> None:
    try_check(sample)


@pytest.mark.parametrize("sample", [*of(Kind.MISTAKE), *of(Kind.NOTHING)])
def test_mistakes_and_nonsense_do_not(sample: Sample) -> None:
    with pytest.raises((CheckFailed, TypeError)):
        try_check(sample)


HINTS = table("course/difference_hints.toml")


@pytest.mark.parametrize(("name", "words"), HINTS.items(), ids=list(HINTS))
def test_the_message_says_what_is_off(name: str, words: str) -> None:
    sample = next(each for each in BANK if each.name == name)
    with pytest.raises(CheckFailed) as raised:
        try_check(sample)
    assert words in str(raised.value)
