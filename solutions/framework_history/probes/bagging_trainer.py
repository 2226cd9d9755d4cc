"""Drive ``bagging_trainer`` with trainers that tell the host which rows they get, and fit in unusual ways."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .common import Inputs, Names, Outputs, array, numbers


class Constant:
    """A machine that returns one number, and keeps what it has returned."""

    said, output = 0.0, np.zeros(0)

    def forward(self, inputs: Any) -> Any:
        """The number, for every row: the array of the call before, where that holds it."""
        if len(self.output) != len(inputs):
            self.output = np.full(len(inputs), self.said)
        return self.output


class Writer:
    """A trainer that tells the first column of what it was given, and makes its machine return a weighted mean."""

    def __init__(self, weight: float, host: Callable[[Any], None]) -> None:
        self.machine, self.weight, self.host = Constant(), weight, host

    def train(self, data: Any) -> None:
        """One look at the data is all the training there is."""
        self.host(data.inputs[:, 0].tolist())
        self.machine.said, self.machine.output = self.weight * float(np.mean(data.targets)), np.zeros(0)


class Keeper:
    """A measurer whose value is the outputs that came."""

    def reset(self) -> None:
        """Nothing has come."""

    def add(self, outputs: Any, targets: Any) -> None:
        """Outputs have come."""
        self.came = np.array(outputs)

    def value(self) -> Any:
        """The outputs."""
        return self.came


def probe(names: Names, inputs: Inputs) -> Outputs:
    """What the bag returns; or what the measurer returns for some batches."""
    if inputs["what"] == "measurer":
        return _measured(names["ClassErrorMeasurer"], inputs)
    dataset, bagging = names["DataSet"], names["BaggingTrainer"]

    def made(spec: Any, seed: int) -> Any:
        if not isinstance(spec, list):
            return Writer(spec, inputs["host"])
        trainers = [made(each, seed + 1 + at) for at, each in enumerate(spec)]
        trainers += trainers[:1] * inputs["again"]  # the first one once more
        return bagging(trainers, np.random.default_rng(seed))

    trainer = made(inputs["trainers"], inputs["seed"])
    outputs = []
    for _ in range(inputs["times"]):
        trainer.train(dataset(array(inputs["inputs"]), array(inputs["targets"])))
        outputs.append(trainer.machine.forward(array(inputs["test"]).astype(int)))  # whole numbers are numbers, too
        outputs += trainer.test(dataset(array(inputs["test"]), np.ones(len(inputs["test"]))), [Keeper()])
    return {"outputs": numbers(outputs)}


def _measured(made: Callable[[], Any], inputs: Inputs) -> dict[str, Any]:
    measurer, other, values = made(), made(), []
    for batches in inputs["rounds"]:
        measurer.reset()
        for outputs, targets in batches:
            measurer.add(*((outputs, targets) if inputs["lists"] else (array(outputs), array(targets))))
            other.reset()  # what another one counts is its own
            other.add(array([1, 1]), array([1, -1]))
            value = float(measurer.value())  # asked in between, it forgets nothing
        values.append(value)
    return {"values": numbers(values)}
