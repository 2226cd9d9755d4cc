"""Torchnet (2016, Lua): nobody should write the training loop again. An engine runs it, and calls you back.

Used as the original was: ``tnt.SGDEngine()``, ``engine.hooks.onForwardCriterion = …``, ``engine:train{…}``
(R. Collobert, L. van der Maaten, A. Joulin, *Torchnet: an open-source platform for (deep) learning research*, ICML
workshop 2016). Ignite, Lightning and Keras's callbacks are its heirs.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from lifelong.eras.problem import Array


class ListDataset:
    """A list of samples; ``load`` makes a dictionary with "input" and "target" of each."""

    def __init__(self, list: Sequence[Any], load: Callable[[Any], dict[str, Array]]) -> None:
        self.list, self.load = list, load

    def size(self) -> int:
        """How many samples."""
        return len(self.list)

    def get(self, index: int) -> dict[str, Array]:
        """One sample."""
        return self.load(self.list[index])


class BatchDataset:
    """A data set whose samples are batches of another's: data sets are plugged together like modules."""

    def __init__(self, dataset: ListDataset, batchsize: int) -> None:
        self.dataset, self.batchsize = dataset, batchsize

    def size(self) -> int:
        """How many batches."""
        return -(-self.dataset.size() // self.batchsize)

    def get(self, index: int) -> dict[str, Array]:
        """One batch, every entry stacked."""
        last = min(self.dataset.size(), (index + 1) * self.batchsize)
        samples = [self.dataset.get(at) for at in range(index * self.batchsize, last)]
        return {key: np.stack([sample[key] for sample in samples]) for key in samples[0]}


class DatasetIterator:
    """Calling it goes through a data set once."""

    def __init__(self, dataset: ListDataset | BatchDataset) -> None:
        self.dataset = dataset

    def __call__(self) -> Iterator[dict[str, Array]]:
        """Sample after sample."""
        return (self.dataset.get(index) for index in range(self.dataset.size()))


class AverageValueMeter:
    """Mean of what it is given."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._values: list[float] = []

    def add(self, value: float) -> None:
        """One more value."""
        self._values.append(value)

    def value(self) -> float:
        """The mean so far."""
        return float(np.mean(self._values))


class SGDEngine:
    """The training loop. At each stage it calls the hook of that name, if there is one, with the state of training."""

    def __init__(self) -> None:
        self.hooks: dict[str, Callable[[dict[str, Any]], None]] = {}

    def train(self, network: Any, criterion: Any, iterator: DatasetIterator, lr: float, maxepoch: int) -> None:
        """Train a Torch7 network by gradient descent; the state holds these arguments, "sample", "epoch" and "t"."""
        state: dict[str, Any] = {"network": network, "criterion": criterion, "lr": lr, "epoch": 0, "t": 0}
        self._hook("onStart", state)
        for _ in range(maxepoch):
            self._hook("onStartEpoch", state)
            for sample in iterator():
                state["sample"] = sample
                self._hook("onSample", state)
                output = network.forward(sample["input"])
                self._hook("onForward", state)
                state["loss"] = criterion.forward(output, sample["target"])
                self._hook("onForwardCriterion", state)
                network.zeroGradParameters()
                slope = criterion.backward(output, sample["target"])
                self._hook("onBackwardCriterion", state)
                network.backward(sample["input"], slope)
                self._hook("onBackward", state)
                network.updateParameters(lr)
                state["t"] += 1
                self._hook("onUpdate", state)
            state["epoch"] += 1
            self._hook("onEndEpoch", state)
        self._hook("onEnd", state)

    def _hook(self, name: str, state: dict[str, Any]) -> None:
        if name in self.hooks:
            self.hooks[name](state)
