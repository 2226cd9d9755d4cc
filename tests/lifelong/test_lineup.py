"""A line-up of methods: a crash or an interrupt loses nothing that is finished, and nothing is trained twice."""

from collections import Counter
from pathlib import Path

import pytest

from lifelong import Method, Params, Task, train

STEPS = 3
"""Of a whole task of the tiny data, in batches of 128."""
TRIAL = 2 * 2
"""Steps of the trial: two in each of two tasks."""

TAKEN: Counter[str] = Counter()
"""Class → the steps in which it has been trained."""
STOPS: dict[tuple[str, int], BaseException] = {}
"""Class and step → what is raised there."""


class Counting(Method):
    def observe(self, gradients: Params, steps: Params) -> None:
        name = type(self).__name__
        TAKEN[name] += 1
        if (name, TAKEN[name]) in STOPS:
            raise STOPS[name, TAKEN[name]]


class First(Counting): ...


class Last(Counting): ...


@pytest.fixture(autouse=True)
def fresh() -> None:
    TAKEN.clear()
    STOPS.clear()


def names(tasks: list[Task], folder: Path) -> list[str]:
    """Of those that are trained to their end."""
    return [each.name for each in train({First: 0.0, Last: 0.0}, tasks, epochs=1, folder=folder)]


@pytest.mark.parametrize("error", [ZeroDivisionError("by nothing"), KeyboardInterrupt()])
def test_what_is_finished_stays_and_is_not_trained_again(
    error: BaseException, tasks: list[Task], tmp_path: Path
) -> None:
    STOPS["Last", TRIAL + STEPS + 1] = error  # in the second task of three
    assert names(tasks, tmp_path) == ["First"]
    assert TAKEN == {"First": TRIAL + 3 * STEPS, "Last": TRIAL + STEPS + 1}
    STOPS.clear()
    assert names(tasks, tmp_path) == ["First", "Last"]
    assert TAKEN == {"First": 2 * TRIAL + 3 * STEPS, "Last": 2 * TRIAL + STEPS + 1 + 2 * STEPS}


def test_what_crashes_at_once_is_left_out_before_the_first_is_trained(
    tasks: list[Task], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    STOPS["Last", 1] = AttributeError("no attribute 'fishr'")
    assert names(tasks, tmp_path) == ["First"]
    said = capsys.readouterr().out
    assert said.index("✗ Last is left out. The call stopped with AttributeError: no attr") < said.index("First (λ = 0)")
