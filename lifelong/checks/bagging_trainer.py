"""Check of `bagging_trainer`: bagging, as in Torch of 2002."""

from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup


class _Machine:
    """Says one number, whatever comes in, and keeps the array."""

    def __init__(self, number: float) -> None:
        self.said = np.full(2, number)

    def forward(self, inputs: Any) -> Any:
        return self.said[: len(inputs)]


class _Trainer:
    """Keeps the rows that it was given."""

    def __init__(self, number: float) -> None:
        self.machine, self.rows = _Machine(number), []  # type: ignore[var-annotated]

    def train(self, data: Any) -> None:
        self.rows = [int(row) for row in data.inputs[:, 0]]


def check(names: Names) -> str:
    """Two trainers on six rows, a bag in a bag, and three examples for the measurer."""
    bagging, measurer = (lookup(names, name, "bagging_trainer") for name in ("BaggingTrainer", "ClassErrorMeasurer"))
    data = lookup(names, "DataSet", "bagging_trainer")(np.arange(6.0).reshape(6, 1), np.arange(6.0))
    rng, trainers = np.random.default_rng(0), [_Trainer(1.0), _Trainer(4.0)]
    bag = bagging(trainers, rng)
    bag.train(data)
    for trainer, rows in zip(trainers, ([5, 3, 3, 1, 1, 0], [0, 0, 1, 4, 3, 5]), strict=True):
        if trainer.rows != rows:
            message = f"With 6 rows and np.random.default_rng(0), the trainers should get the rows [5, 3, 3, 1, 1, 0] and [0, 0, 1, 4, 3, 5]; one gets {trainer.rows} in place of {rows}. Draw rng.integers(0, n, n) for each trainer in turn, and hand it data.select(rows)."
            raise CheckFailed(message)
    for _ in range(2):  # asked again it says the same
        expect(bag.machine.forward(np.zeros((2, 1))), [2.5, 2.5], "the bag's machine, of machines that say 1 and 4,")
    outer = bagging([bag, _Trainer(7.5), _Trainer(11.0)], np.random.default_rng(1))
    outer.train(data)
    expect(trainers[0].rows, [5, 5, 0, 0, 5, 5], "the rows of that bag's first trainer, drawn from what the bag gets,")
    expect(outer.machine.forward(np.zeros((1, 1))), [7.0], "a bag of that bag and machines that say 7.5 and 11")
    error, other = measurer(), measurer()
    error.reset()
    error.add(np.array([5.0]), np.array([-1.0]))
    for _ in range(2):
        error.reset()
        error.add(np.array([3.0, -1.0]), np.array([1.0, 1.0]))
        error.value()  # which forgets nothing
        error.add(np.array([2.0]), np.array([1.0]))
        other.reset()
        other.add(np.array([1.0, -1.0, -1.0, -1.0]), np.ones(4))
        call = "the error after add([3, -1], [1, 1]) and add([2], [1])"
        expect(error.value(), 1 / 3, call, known("bagging_trainer", "two_batches"))
    return "trainers get samples of their own, bags nest, errors are counted."
