"""Checks of framework history, 2015: Keras's shapes, TensorFlow's session, and a tape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import expect

Names = Mapping[str, Any]


def refused(action: Callable[[], Any], text: str, *words: str) -> None:
    """A ValueError whose message holds these words."""
    try:
        action()
    except ValueError as error:
        for word in words:
            if word not in str(error):
                raise CheckFailed(f"{text}: the ValueError should hold {word}, but says: {error}") from None
        return
    except NotImplementedError:
        raise
    except Exception as error:
        raise CheckFailed(f"{text} should be a ValueError, but raises {type(error).__name__}: {error}") from None
    raise CheckFailed(f"{text} should be a ValueError, but nothing is raised.")


def keras_graph(names: Names) -> str:
    """The text's model, a shared layer, a join, two wrong shapes."""
    dense, add, join, model, chain = (
        lookup(names, name, "keras_graph") for name in ("Dense", "Add", "Concatenate", "Model", "chain")
    )
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
    if sorted(map(id, net.layers)) != sorted(map(id, [first, second, skip, last])):
        raise CheckFailed(
            f"The model's `layers` should be its three Dense and its Add, each once, but are {net.layers!r}."
        )
    start = source((2,))
    twice = dense(2)
    shared = model(start, join()([twice(twice(start)), start]))
    twice.kernel, twice.bias = np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([1.0, 0.0])
    _count(shared.count_params(), 6, "count_params() of a Dense(2) that is called twice", {12: "It has them once."})
    expect(model(start, add()([start, start])).predict(np.array([[1.0, 2.0]])), [[2, 4]], "Add of an Input and itself")
    expect(shared.predict(np.array([[1.0, 2.0]])), [[3, 5, 1, 2]], "Dense twice, joined with its input, on [[1, 2]]")
    one = dense(1, "relu")
    line = chain([source((2,)), one])
    one.kernel = np.array([[1.0], [-1.0]])
    expect(line.predict(np.array([[3.0, 1.0], [1.0, 3.0]])), [[2], [0]], "chain([Input((2,)), Dense(1, 'relu')])")
    refused(lambda: add()([start, inputs]), "Add on (2,) and (784,)", "784", "2")
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


def session_run(names: Names) -> str:
    """The text's example; a node that counts; feeding in the middle; variables in two sessions."""
    session, placeholder = lookup(names, "Session", "session_run"), names["placeholder"]
    variable, assign, compute = names["variable"], names["assign"], names["compute"]
    x = placeholder("x")
    y = compute(lambda a: a + 1, x)
    _same(session().run({"both": [x, y]}, {x: 2}), {"both": [2, 3]}, 'run({"both": [x, y]}, {x: 2})')
    _same(session().run((y,), {x: 2}), (3,), "run((y,), {x: 2})")
    _same(session().run(y, {y: 7}), 7, "run(y, {y: 7})")
    calls: list[int] = []

    def count() -> int:
        calls.append(1)
        return len(calls)

    noise = compute(count)
    total = compute(lambda a, b: a + b, noise, noise)
    compute(count, name="nobody asks for this")
    sess = session()
    _same(sess.run([total, noise]), [2, 1], "a node that counts its calls, fetched as [n + n, n],")
    _same(sess.run(total), 4, "the same n + n in the next run")
    if len(calls) != 2:
        raise CheckFailed(f"Two runs should have computed that node twice, but it was computed {len(calls)} times.")
    w = variable("w")
    start, more = assign(w, compute(lambda: 5)), assign(w, compute(lambda a: a + 1, w))
    first, second = session(), session()
    refused(lambda: first.run(w), "run(w) before w was assigned", "w")
    _same(first.run(start), 5, "run(assign(w, 5))")
    _same(first.run(more), 6, "run(assign(w, w + 1))")
    _same(first.run(w), 6, "run(w) after it")
    refused(lambda: second.run(w), "run(w) in another session", "w")
    refused(lambda: second.run(y), "run(y) without x", "x")
    return "nested fetches, feeds anywhere, each node once a run, variables by session."


def _same(got: Any, right: Any, call: str) -> None:
    if type(got) is not type(right) or got != right:
        raise CheckFailed(f"{call} should be {right!r}, but is {got!r}.")


def gradient_tape(names: Names) -> str:
    """Each operator once in fractions, recording on and off, and Heron's rule for 2."""
    tape_class, variable, heron = (lookup(names, name, "gradient_tape") for name in ("Tape", "Variable", "heron"))
    x, y = variable(Fraction(2)), variable(Fraction(3))
    rules: list[tuple[str, Callable[[], Any], tuple[Any, Any, Any]]] = [
        ("x + y", lambda: x + y, (5, 1, 1)),
        ("x - y", lambda: x - y, (-1, 1, -1)),
        ("x * y", lambda: x * y, (6, 3, 2)),
        ("x / y", lambda: x / y, (Fraction(2, 3), Fraction(1, 3), Fraction(-2, 9))),
        ("1 - x", lambda: 1 - x, (-1, -1, 0)),
        ("1 / x", lambda: 1 / x, (Fraction(1, 2), Fraction(-1, 4), 0)),
        ("3 * x + 1", lambda: 3 * x + 1, (7, 3, 0)),
        ("x * x", lambda: x * x, (4, 4, 0)),
    ]
    for text, action, (value, dx, dy) in rules:
        with tape_class() as tape:
            result = action()
        for time in ("", " the second time"):
            found = tape.gradient(result, [x, y])
            _exact(result.value, value, f"x = 2, y = 3: the value of {text}")
            _exact(found[0], dx, f"x = 2, y = 3: the derivative of {text} for x{time}")
            _exact(found[1], dy, f"x = 2, y = 3: the derivative of {text} for y{time}")
    outside = x * y
    with tape_class() as tape:
        result = outside * x
    _exact(
        tape.gradient(result, [x])[0],
        6,
        "with x * y computed before the tape was opened: the derivative of (x * y) * x",
    )
    a = variable(Fraction(2))
    with tape_class() as tape:
        root = heron(a, Fraction(1, 100))
    _exact(root.value, Fraction(17, 12), "heron(2, 1/100)")
    _exact(tape.gradient(root, [a])[0], Fraction(13, 36), "the derivative of heron(2, 1/100)")
    _exact(
        heron(variable(Fraction(1, 4)), Fraction(1, 5)).value,
        Fraction(1, 4),
        "heron(1/4, 1/5): |1/16 − 1/4| is small enough",
    )
    _exact(heron(variable(Fraction(1, 4)), Fraction(1, 9)).value, Fraction(41, 80), "heron(1/4, 1/9)")
    return "exact derivatives, recorded only while a tape is open, in as many rounds as it takes."


def _exact(got: Any, right: Any, text: str) -> None:
    if isinstance(got, float):
        raise CheckFailed(f"{text} should be the fraction {right}, but is the float {got}: take numbers as they come.")
    if got != right:
        raise CheckFailed(f"{text} should be {right}, but is {got}.")


CHECKS = {check.__name__: check for check in (keras_graph, session_run, gradient_tape)}
"""By exercise id."""
