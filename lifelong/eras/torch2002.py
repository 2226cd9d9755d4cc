"""Torch (2002, C++): everything is one of four things – a DataSet, a Machine, a Measurer, a Trainer.

Names as in the original (R. Collobert, S. Bengio, J. Mariéthoz, *Torch: a modular machine learning software library*,
IDIAP-RR 02-46, 2002, and its third version): ``setROption``, ``addFCL`` ("add a fully connected layer"), ``train``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lifelong.eras.problem import Array


class DataSet:
    """Examples, one of which is *set* at a time. An example is a sequence of frames, [frames, size]."""

    def __init__(self, inputs: Sequence[Array], targets: Sequence[Array]) -> None:
        self._inputs, self._targets = inputs, targets
        self.n_examples = len(inputs)
        self.setExample(0)

    def setExample(self, t: int) -> None:
        """Make ``inputs`` and ``targets`` those of example t."""
        self.inputs, self.targets = self._inputs[t], self._targets[t]


class Object:
    """The root of everything: options are set by name, and their types are said."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}

    def setROption(self, name: str, value: float) -> None:
        """Set an option that is a real number."""
        self.options[name] = float(value)

    def setIOption(self, name: str, value: int) -> None:
        """Set an option that is an integer."""
        self.options[name] = int(value)


class Machine(Object):
    """Anything that maps inputs to outputs; ``params`` and their derivatives ``der_params`` are lists of arrays."""

    def __init__(self) -> None:
        super().__init__()
        self.params: list[Array] = []
        self.der_params: list[Array] = []
        self.outputs: Array = np.empty(0)

    def forward(self, inputs: Array) -> Array:
        """Outputs, kept in ``outputs``."""
        raise NotImplementedError

    def backward(self, inputs: Array, alpha: Array) -> Array:
        """From the derivative by the outputs, ``alpha``: ``der_params``, and the derivative by the inputs, returned."""
        raise NotImplementedError


class Linear(Machine):
    """Frames times weights plus bias."""

    def __init__(self, weights: Array, bias: Array) -> None:
        super().__init__()
        self.params = [weights.copy(), bias.copy()]

    def forward(self, inputs: Array) -> Array:
        self.outputs = inputs @ self.params[0] + self.params[1]
        return self.outputs

    def backward(self, inputs: Array, alpha: Array) -> Array:
        self.der_params = [inputs.T @ alpha, alpha.sum(axis=0)]
        return alpha @ self.params[0].T


class Tanh(Machine):
    """Hyperbolic tangent: a machine without parameters."""

    def forward(self, inputs: Array) -> Array:
        self.outputs = np.tanh(inputs)
        return self.outputs

    def backward(self, inputs: Array, alpha: Array) -> Array:
        return np.asarray(alpha * (1 - self.outputs**2))


class ConnectedMachine(Machine):
    """Machines one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.machines: list[Machine] = []

    def addFCL(self, machine: Machine) -> None:
        """Connect a machine to the one before."""
        self.machines.append(machine)
        self.params += machine.params  # the very same arrays: whoever changes them here changes them there

    def forward(self, inputs: Array) -> Array:
        self.outputs = inputs
        for machine in self.machines:
            self.outputs = machine.forward(self.outputs)
        return self.outputs

    def backward(self, inputs: Array, alpha: Array) -> Array:
        before = [inputs, *(machine.outputs for machine in self.machines[:-1])]
        for machine, seen in zip(reversed(self.machines), reversed(before), strict=True):
            alpha = machine.backward(seen, alpha)
        self.der_params = [slope for machine in self.machines for slope in machine.der_params]
        return alpha


class MSECriterion:
    """The mean squared error of an example: it has a forward and a backward, too."""

    def forward(self, outputs: Array, targets: Array) -> float:
        """The error."""
        return float(((outputs - targets) ** 2).mean())

    def backward(self, outputs: Array, targets: Array) -> Array:
        """Its derivative by the outputs."""
        return 2 * (outputs - targets) / outputs.size


class Measurer:
    """Looks on while a trainer works."""

    def measureExample(self, data: DataSet) -> None:
        """Called after each example."""

    def measureIteration(self) -> None:
        """Called after each pass over the data."""


class MSEMeasurer(Measurer):
    """The mean squared error of every iteration, in ``history``."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.history: list[float] = []
        self._errors: list[float] = []

    def measureExample(self, data: DataSet) -> None:
        self._errors.append(float(((self.machine.outputs - data.targets) ** 2).mean()))

    def measureIteration(self) -> None:
        self.history.append(float(np.mean(self._errors)))
        self._errors = []


class Trainer(Object):
    """Changes a machine until it fits the data."""

    def train(self, data: DataSet, measurers: Sequence[Measurer] = ()) -> None:
        """Train, and call the measurers."""
        raise NotImplementedError


class StochasticGradient(Trainer):
    """One step after each example. Options: "learning rate", "max iter"."""

    def __init__(self, machine: Machine, criterion: MSECriterion) -> None:
        super().__init__()
        self.machine, self.criterion = machine, criterion

    def train(self, data: DataSet, measurers: Sequence[Measurer] = ()) -> None:
        """Go through the data "max iter" times."""
        for _ in range(self.options["max iter"]):
            for t in range(data.n_examples):
                data.setExample(t)
                outputs = self.machine.forward(data.inputs)
                self.machine.backward(data.inputs, self.criterion.backward(outputs, data.targets))
                for measurer in measurers:
                    measurer.measureExample(data)
                for weights, slope in zip(self.machine.params, self.machine.der_params, strict=True):
                    weights -= self.options["learning rate"] * slope
            for measurer in measurers:
                measurer.measureIteration()
