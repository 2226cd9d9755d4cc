"""Pylearn2 (2011–2015): an experiment is a YAML file. ``!obj:`` names a class, the braces hold its arguments.

Used as the original was: ``train = yaml_parse.load(text)``, ``train.main_loop()`` (I. Goodfellow et al., *Pylearn2: a
machine learning research library*, arXiv:1308.4214, 2013). It stood on Theano, and so does this one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from lifelong.eras import problem, theano
from lifelong.eras.problem import Array

T = theano.tensor


class DenseDesignMatrix:
    """The data: one row an example."""

    def __init__(self, examples: str) -> None:
        found = {"cars": problem.cars, "crash": problem.crash}[examples]()
        self.X, self.y = found.x, found.y


class Layer:
    """A layer of an MLP: its name and its width."""

    squash: Callable[[Any], Any] = staticmethod(lambda z: z)

    def __init__(self, layer_name: str, dim: int) -> None:
        self.layer_name, self.dim = layer_name, dim


class Linear(Layer):
    """Weights and bias."""


class Tanh(Layer):
    """The same through tanh."""

    squash = staticmethod(T.tanh)


class MLP:
    """A stack of layers; ``nvis`` is the number of inputs."""

    def __init__(self, layers: Sequence[Layer], nvis: int) -> None:
        self.layers = layers
        sizes = [nvis, *(layer.dim for layer in layers)]
        shapes: list[tuple[int, ...]] = []
        for inputs, outputs in pairwise(sizes):
            shapes += [(inputs, outputs), (outputs,)]
        self.params = [theano.shared(np.zeros(shape)) for shape in shapes]

    def fprop(self, x: Any) -> Any:
        """The formula of the output."""
        for layer, W, b in zip(self.layers, self.params[::2], self.params[1::2], strict=True):
            x = layer.squash(T.dot(x, W) + b)
        return x

    def set_param_values(self, values: Sequence[Array]) -> None:
        """Give the weights a start of one's own."""
        for variable, value in zip(self.params, values, strict=True):
            variable.set_value(value)

    def get_param_values(self) -> list[Array]:
        """The weights."""
        return [variable.get_value() for variable in self.params]


class EpochCounter:
    """Stop after so many epochs."""

    def __init__(self, max_epochs: int) -> None:
        self.max_epochs = max_epochs


class SGD:
    """The algorithm: mini-batches in order."""

    def __init__(self, batch_size: int, learning_rate: float, termination_criterion: EpochCounter) -> None:
        self.batch_size, self.learning_rate = batch_size, learning_rate
        self.termination_criterion = termination_criterion


class Train:
    """A whole experiment: data, model, algorithm."""

    def __init__(self, dataset: DenseDesignMatrix, model: MLP, algorithm: SGD) -> None:
        self.dataset, self.model, self.algorithm = dataset, model, algorithm

    def main_loop(self) -> None:
        """Run it."""
        x, y = T.dmatrix("x"), T.dmatrix("y")
        cost = T.mean((self.model.fprop(x) - y) ** 2)
        slopes = T.grad(cost, self.model.params)
        rate, size = self.algorithm.learning_rate, self.algorithm.batch_size
        steps = [(weights, weights - rate * slope) for weights, slope in zip(self.model.params, slopes, strict=True)]
        step = theano.function([x, y], cost, updates=steps)
        for _ in range(self.algorithm.termination_criterion.max_epochs):
            for at in range(0, len(self.dataset.X), size):
                step(self.dataset.X[at : at + size], self.dataset.y[at : at + size])


CLASSES: dict[str, Callable[..., Any]] = {
    "pylearn2.train.Train": Train,
    "pylearn2.datasets.DenseDesignMatrix": DenseDesignMatrix,
    "pylearn2.models.mlp.MLP": MLP,
    "pylearn2.models.mlp.Tanh": Tanh,
    "pylearn2.models.mlp.Linear": Linear,
    "pylearn2.training_algorithms.sgd.SGD": SGD,
    "pylearn2.termination_criteria.EpochCounter": EpochCounter,
}
"""What ``!obj:`` may name here. The original imported whatever the file named."""

TOKEN = re.compile(r"\s+|#[^\n]*|(!obj:[\w.]+|[{}\[\],:]|'[^']*'|[\w.+-]+)")


def load(text: str) -> Any:
    """The object that a YAML text describes (braces and brackets only, not YAML's indented form).

    Raises:
        ValueError: it is not of that form, or names a class that is not in CLASSES.
    """
    parts = [match.group(1) for match in TOKEN.finditer(text) if match.group(1)]
    if TOKEN.sub("", text):
        raise ValueError(f"cannot read {TOKEN.sub('', text)[:20]!r}")
    tokens = iter([*parts, "end"])
    value, rest = _value(next(tokens), tokens)
    if rest != "end":
        raise ValueError(f"something is left after the end: {rest!r}")
    return value


def _value(token: str, tokens: Iterator[str]) -> tuple[Any, str]:
    """A value that begins with this token, and the token after it."""
    if token.startswith("!obj:"):
        name = token.removeprefix("!obj:")
        if name not in CLASSES:
            raise ValueError(f"no class {name!r} here")
        arguments, rest = _value(next(tokens), tokens)
        return CLASSES[name](**arguments), rest
    if token in "{[":
        return _collection(token, tokens)
    for kind in (int, float):
        try:
            return kind(token), next(tokens)
        except ValueError:
            continue
    return token.strip("'"), next(tokens)


def _collection(opening: str, tokens: Iterator[str]) -> tuple[Any, str]:
    """The rest of a list or a mapping whose bracket has been read, and the token after it."""
    closing, entries = {"{": "}", "[": "]"}[opening], []
    token = next(tokens)
    while token != closing:
        key = token
        if opening == "{":
            if next(tokens) != ":":
                raise ValueError(f"a colon is missing after {key!r}")
            token = next(tokens)
        value, token = _value(token, tokens)
        entries.append((key, value))
        if token not in (",", closing):
            raise ValueError(f"a comma or {closing} is missing before {token!r}")
        if token == ",":
            token = next(tokens)
    return (dict(entries) if opening == "{" else [value for _, value in entries]), next(tokens)
