"""Check of `keras_graph`: layers called on symbols, as in Keras."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect, lookup
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """The text's model, a layer shared in a row and side by side, a join, two wrong shapes."""
    wanted = ("Dense", "Add", "Concatenate", "Model", "chain")
    dense, add, join, model, chain = (lookup(names, name, "keras_graph") for name in wanted)
    source = names["Input"]
    inputs = source((784,))
    first, second, last = dense(64, "relu"), dense(64, "relu"), dense(10)
    h = first(inputs)
    if h.shape != (64,):
        raise CheckFailed(f"Dense(64) on (784,) should have the shape (64,), but has {h.shape}.")
    _count(first.count_params(), 50240, "Dense(64).count_params() on 784 inputs", {50176: "The biases are missing."})
    skip = add()
    net = model(inputs, last(skip([h, second(h)])))
    _count(net.count_params(), 55050, "count_params() of the model in the text")
    if list(map(id, net.layers)) != list(map(id, [first, second, skip, last])):
        message = f"The model's `layers` should be its three Dense and its Add, each once, inputs before users, but are {net.layers!r}."
        raise CheckFailed(message)
    start = source((2,))
    twice = dense(2)
    shared = model(start, join()([twice(twice(start)), start]))
    twice.kernel, twice.bias = np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([1.0, 0.0])
    _count(shared.count_params(), 6, "count_params() of a Dense(2) that is called twice", {12: "It has them once."})
    numbers = np.array([[1.0, 2.0]])
    expect(model(start, add()([start] * 3)).predict(numbers), [[3, 6]], "Add of an Input, three times,")
    expect(numbers, [[1, 2]], "the array that predict was given (add up in a new one)")
    expect(shared.predict(np.array([[1.0, 2.0]])), [[3, 5, 1, 2]], "Dense twice, joined with its input, on [[1, 2]]")
    other = source((2,))
    siblings = model([start, other], join()([twice(start), twice(other)]))
    call = "one Dense on two Inputs, joined, on [[1, 2]] and [[0, 1]]"
    same: Known = [([[5, 1, 5, 1]], "Remember results by Symbol, not by layer: a layer may have several.")]
    expect(siblings.predict(np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]])), [[5, 1, 3, 0]], call, same)
    one = dense(1, "relu")
    line = chain([source((2,)), one])
    one.kernel, one.bias = np.array([[1.0], [-1.0]]), np.array([-1.0])
    for array, right in (([[3.0, 1.0], [1.0, 3.0]], [[1], [0]]), ([[6.0, 0.0]], [[5]])):
        expect(line.predict(np.array(array)), right, f"chain([Input((2,)), Dense(1, 'relu')]) at {array}")
    refused(lambda: add()([start, start, inputs]), "Add on (2,), (2,) and (784,)", "784", "2")
    refused(lambda: add()([start, source((1,))]), "Add on (2,) and (1,)", "1", "2")
    refused(lambda: twice(inputs), "A Dense made for width 2, called on (784,),")
    refused(lambda: model(start, add()([start, source((2,))])), "A Model whose output needs another Input")
    calls: list[int] = []

    class Counting(add):  # type: ignore[misc, valid-type]
        def call(self, *arrays: Any) -> Any:
            calls.append(1)
            return super().call(*arrays)

    deep = start
    for _ in range(10):
        deep = Counting()([deep, deep])
    model(start, deep).predict(np.ones((1, 2)))
    if len(calls) != 10:
        raise CheckFailed(f"Ten additions on top of each other took {len(calls)} calls: compute each Symbol once.")
    return "shapes, parameters, skip connections, and errors that say what does not fit."


def _count(got: Any, right: int, call: str, known: Mapping[int, str] | None = None) -> None:
    """A whole number."""
    if got != right:
        raise CheckFailed(f"{call} should be {right:,}, but is {got}. {(known or {}).get(got, '')}".rstrip())
