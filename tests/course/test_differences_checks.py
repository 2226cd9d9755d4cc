"""The public checks of finite differences: known mistakes are told apart, right ways pass, nonsense does not."""

import warnings

import pytest

from autograder.course.assignment import Assignment
from autograder.verify.bank import Kind, Sample, samples
from lifelong import CheckFailed
from tests.course.bank_reference import COURSE, namespace

pytestmark = pytest.mark.heavy

BANK = samples(Assignment.load(COURSE, "finite_differences"))


def of(kind: Kind) -> list[pytest.param]:
    return [pytest.param(each, id=f"{each.exercise}-{each.name}") for each in BANK if each.kind is kind]


def try_check(sample: Sample) -> None:
    """Call check as a cell of the notebook would, with this implementation of the exercise."""
    names = namespace("finite_differences", {sample.exercise: sample.source})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(f"from lifelong import check\ncheck({sample.exercise!r}, quiet=True)", names)


@pytest.mark.parametrize("sample", of(Kind.STYLE))
def test_other_right_ways_pass(sample: Sample) -> None:
    try_check(sample)


@pytest.mark.parametrize("sample", [*of(Kind.MISTAKE), *of(Kind.NOTHING)])
def test_mistakes_and_nonsense_do_not(sample: Sample) -> None:
    with pytest.raises((CheckFailed, TypeError)):
        try_check(sample)


HINTS = {
    "central-times-h": "`/ 2 * h` divides by 2 and then multiplies by h",
    "five-point-is-central": "the outer points are missing",
    "forgets-p": "brings down a factor p",
    "thumb-ignores-dtype": "ε of float64",
    "floats-inside": "keep floats like 12.0 out",
    "sorted": "Keep the order",
    "same-power-every-column": "removes the next power",
    "asks-again": "should call A 3 times, but calls it 4 times",
    "steps-add-up": "Coordinate 0 has to move back",
    "backward": "steps back",
    "abs-is-real": "the length, a real number",
    "nan-passes": "claimed = [7, nan] should say ok = False",
    "relative-to-each-entry": "relative to the largest entry",
}


@pytest.mark.parametrize(("name", "words"), HINTS.items(), ids=list(HINTS))
def test_the_message_says_what_is_off(name: str, words: str) -> None:
    sample = next(each for each in BANK if each.name == name)
    with pytest.raises(CheckFailed) as raised:
        try_check(sample)
    assert words in str(raised.value)
