"""A line-up of methods: a crash or an interrupt loses nothing that is finished, and nothing is trained twice."""

from pathlib import Path

import pytest

from lifelong import Method, Params, Task, train

STEPS = 3
"""Of a whole task of the tiny data, in batches of 128."""
TRIAL = 2 * 2
"""Steps of the trial: two in each of two tasks."""

Kinds = dict[type[Method], float]


class Counting(Method):
    """Counts the steps in which its class has been trained, and stops in one of them."""

    taken = 0
    stop: tuple[int, BaseException] | None = None

    def observe(self, gradients: Params, steps: Params) -> None:
        type(self).taken += 1
        if self.stop and self.taken == self.stop[0]:
            raise self.stop[1]


@pytest.fixture
def kinds() -> list[type[Counting]]:
    return [type(name, (Counting,), {}) for name in ("First", "Last")]


@pytest.mark.parametrize("error", [ZeroDivisionError("by nothing"), KeyboardInterrupt()])
def test_what_is_finished_is_kept_and_not_trained_again(
    error: BaseException, kinds: list[type[Counting]], tasks: list[Task], tmp_path: Path
) -> None:
    def names() -> list[str]:
        return [each.name for each in train(dict.fromkeys(kinds, 0.0), tasks, epochs=1, folder=tmp_path)]

    kinds[1].stop = TRIAL + STEPS + 1, error  # in the second task of three
    assert names() == ["First"]
    assert [kind.taken for kind in kinds] == [TRIAL + 3 * STEPS, TRIAL + STEPS + 1]
    kinds[1].stop = None
    assert names() == ["First", "Last"]
    assert [kind.taken for kind in kinds] == [2 * TRIAL + 3 * STEPS, 2 * TRIAL + STEPS + 1 + 2 * STEPS]


def test_what_crashes_at_once_is_left_out_before_the_first_is_trained(
    kinds: list[type[Counting]], tasks: list[Task], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kinds[1].stop = 1, AttributeError("no attribute 'fishr'")
    assert len(train(dict.fromkeys(kinds, 0.0), tasks, epochs=1, folder=tmp_path)) == 1
    said = capsys.readouterr().out
    assert said.index("✗ Last is left out. The call stopped with AttributeError: no attr") < said.index("First (λ = 0)")
