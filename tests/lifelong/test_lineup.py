"""A line-up of methods: a crash or an interrupt loses nothing that is finished, and nothing is trained twice."""

from pathlib import Path

import pytest

from lifelong import Method, Params, Task, train
from lifelong.lineup import TRIED

STEPS = 3
"""Of a whole task of the tiny data, in batches of 128."""


class Counting(Method):
    """Counts the steps in which it has been trained, over all objects of its class."""

    taken: list[int]
    stops: dict[int, BaseException]

    def __init_subclass__(cls) -> None:
        cls.taken, cls.stops = [], {}

    def observe(self, gradients: Params, steps: Params) -> None:
        self.taken.append(1)
        if len(self.taken) in self.stops:
            raise self.stops[len(self.taken)]


@pytest.fixture
def kinds() -> tuple[type[Counting], type[Counting]]:
    class First(Counting): ...

    class Last(Counting): ...

    return First, Last


TRIAL = 2 * 2
"""Steps of the trial: two in each of two tasks."""


@pytest.mark.parametrize("stop", [ZeroDivisionError("by nothing"), KeyboardInterrupt()])
def test_what_is_finished_is_kept_and_not_trained_again(
    stop: BaseException, kinds: tuple[type[Counting], type[Counting]], tasks: list[Task], tmp_path: Path
) -> None:
    first, last = kinds
    assert len(tasks[0].train) // 128 + 1 == STEPS
    assert len(tasks[0].train) > TRIED
    last.stops = {TRIAL + STEPS + 1: stop}  # in the second task of three
    methods: dict[type[Method], float] = {first: 0.0, last: 0.0}
    assert [each.name for each in train(methods, tasks, epochs=1, folder=tmp_path)] == ["First"]
    assert [len(kind.taken) for kind in kinds] == [TRIAL + 3 * STEPS, TRIAL + STEPS + 1]
    last.stops = {}
    assert [each.name for each in train(methods, tasks, epochs=1, folder=tmp_path)] == ["First", "Last"]
    assert len(first.taken) == 2 * TRIAL + 3 * STEPS
    assert len(last.taken) == 2 * TRIAL + STEPS + 1 + 2 * STEPS


def test_a_method_that_crashes_at_once_is_left_out_before_the_first_is_trained(
    kinds: tuple[type[Counting], type[Counting]], tasks: list[Task], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    first, last = kinds
    last.stops = {1: AttributeError("no attribute 'fishr'")}
    assert [each.name for each in train({first: 0.0, last: 0.0}, tasks, epochs=1, folder=tmp_path)] == ["First"]
    said = capsys.readouterr().out
    assert said.index("✗ Last is left out.") < said.index("First (λ = 0)")
    assert "stopped with AttributeError: no attribute 'fishr'" in said
