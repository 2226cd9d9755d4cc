"""Keras (2015): a network in a line a layer. No derivative of its own: Theano below, later TensorFlow, JAX, PyTorch.

Used as the original was: ``Sequential``, ``compile``, ``fit``, and the functional API, ``Dense(1)(x)`` (F. Chollet,
keras.io, first released in March 2015). This one is built on the course's Theano. Its functional API follows one thread
from the input to the output; joining threads is left to you.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lifelong.eras import theano
from lifelong.eras.problem import Array

T = theano.tensor
ACTIVATIONS = {"linear": lambda z: z, "tanh": T.tanh}


class Dense:
    """A fully connected layer. Its weights are made when the number of inputs is known."""

    def __init__(self, units: int, activation: str = "linear", input_dim: int | None = None) -> None:
        self.units, self.activation, self.input_dim = units, ACTIVATIONS[activation], input_dim
        self.weights: list[theano.SharedVariable] = []

    def build(self, inputs: int) -> None:
        """Make W [inputs, units] and b [units], the first time."""
        if not self.weights:
            self.weights = [theano.shared(np.zeros((inputs, self.units))), theano.shared(np.zeros(self.units))]

    def __call__(self, before: KerasTensor) -> KerasTensor:
        """The functional API: a symbol for this layer's output, put behind that of another."""
        self.build(before.units)
        return KerasTensor(self.units, (*before.layers, self))


class KerasTensor:
    """What the functional API hands around: how many numbers, and through which layers they came."""

    def __init__(self, units: int, layers: tuple[Dense, ...] = ()) -> None:
        self.units, self.layers = units, layers


def Input(shape: tuple[int]) -> KerasTensor:
    """The start of a thread."""
    return KerasTensor(shape[0])


class SGD:
    """Plain gradient descent. (It was ``lr`` until 2019; Keras 3 refuses that word.)"""

    def __init__(self, learning_rate: float = 0.01) -> None:
        self.learning_rate = learning_rate


class Model:
    """Layers with a loss and an optimizer."""

    def __init__(self, inputs: KerasTensor, outputs: KerasTensor) -> None:
        self.layers = list(outputs.layers[len(inputs.layers) :])

    def compile(self, optimizer: SGD, loss: str = "mean_squared_error") -> None:
        """Make the functions that train and predict; nothing is computed yet."""
        if loss != "mean_squared_error":
            raise ValueError(f"this Keras knows mean_squared_error only, not {loss}")
        x, y = T.dmatrix("x"), T.dmatrix("y")
        output = x
        for layer in self.layers:
            output = layer.activation(T.dot(output, layer.weights[0]) + layer.weights[1])
        cost = T.mean((output - y) ** 2)
        weights = [variable for layer in self.layers for variable in layer.weights]
        slopes = zip(weights, T.grad(cost, weights), strict=True)
        updates = [(variable, variable - optimizer.learning_rate * slope) for variable, slope in slopes]
        self._train, self._predict = theano.function([x, y], cost, updates), theano.function([x], output)

    def fit(
        self, x: Array, y: Array, batch_size: int = 32, epochs: int = 1, shuffle: bool = True
    ) -> dict[str, list[float]]:
        """Train, and return the loss of every epoch."""
        rng, losses = np.random.default_rng(), []
        for _ in range(epochs):
            order = rng.permutation(len(x)) if shuffle else np.arange(len(x))
            batches = [order[at : at + batch_size] for at in range(0, len(x), batch_size)]
            losses.append(float(np.mean([self._train(x[rows], y[rows]) for rows in batches])))
        return {"loss": losses}

    def predict(self, x: Array) -> Array:
        """Outputs for inputs."""
        return np.asarray(self._predict(x))

    def get_weights(self) -> list[Array]:
        """W and b of each layer."""
        return [variable.get_value() for layer in self.layers for variable in layer.weights]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Replace them."""
        variables = [variable for layer in self.layers for variable in layer.weights]
        for variable, value in zip(variables, weights, strict=True):
            variable.set_value(value)


class Sequential(Model):
    """A stack of layers; the first one says ``input_dim``."""

    def __init__(self, layers: Sequence[Dense] = ()) -> None:
        self.layers: list[Dense] = []
        for layer in layers:
            self.add(layer)

    def add(self, layer: Dense) -> None:
        """Put a layer on top."""
        inputs: Any = self.layers[-1].units if self.layers else layer.input_dim
        if inputs is None:
            raise ValueError("the first layer must say input_dim")
        layer.build(inputs)
        self.layers.append(layer)
