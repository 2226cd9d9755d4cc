"""TensorFlow 1 (2015–2019): Theano's graph, run piece by piece in a session that may sit on another machine.

Used as the original was: ``import tensorflow as tf`` (Abadi et al., *TensorFlow: a system for large-scale machine
learning*, OSDI 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from lifelong.eras.graph import DOT, SUM, TANH, Node, Op, evaluate, gradients, mean, node, ordered
from lifelong.eras.problem import Array

float64 = np.float64


class Variable(Node):
    """A place for a value that each session keeps for itself, empty until the initializer has been run."""

    def __init__(self, initial_value: Any, name: str = "Variable") -> None:
        super().__init__(None, name=name)
        self.initial_value: Array = np.array(initial_value, dtype=np.float64)
        _variables.append(self)


class Assign(Node):
    """Running this node gives a variable its next value."""

    def __init__(self, variable: Variable, new: Node) -> None:
        super().__init__(Op("Assign", lambda value: value, lambda i, out, g: [None], "{}"), new)
        self.variable = variable


_variables: list[Variable] = []


def reset_default_graph() -> None:
    """Forget all variables made so far."""
    _variables.clear()


def placeholder(dtype: Any, shape: Sequence[int | None] | None = None, name: str = "Placeholder") -> Node:
    """An input that a run must be fed with; dtype and shape are for the reader."""
    return Node(None, name=name)


def constant(value: Any, name: str = "Const") -> Node:
    """A node with a value."""
    return Node(None, name=name, value=np.asarray(value, dtype=np.float64))


def matmul(a: Any, b: Any) -> Node:
    """Matrix product."""
    return Node(DOT, node(a), node(b))


def tanh(x: Node) -> Node:
    """Hyperbolic tangent, entry by entry."""
    return Node(TANH, x)


def square(x: Node) -> Node:
    """Square, entry by entry."""
    return x**2


def reduce_sum(x: Node) -> Node:
    """Sum of all entries. (A slide writes ``tf.sum``, which never existed.)"""
    return Node(SUM, x)


def reduce_mean(x: Node) -> Node:
    """Mean of all entries."""
    return mean(x)


def global_variables_initializer() -> Node:
    """A node that, when run, gives all variables their initial values."""
    return _group([Assign(variable, constant(variable.initial_value)) for variable in _variables])


class GradientDescentOptimizer:
    """Adds the nodes of a step of gradient descent to the graph."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def minimize(self, loss: Node) -> Node:
        """The node of one step on all variables that the loss needs."""
        needed = set(ordered([loss]))
        variables = [variable for variable in _variables if variable in needed]
        steps = zip(variables, gradients(loss, variables), strict=True)
        return _group([Assign(variable, variable - self.learning_rate * slope) for variable, slope in steps])


train = SimpleNamespace(GradientDescentOptimizer=GradientDescentOptimizer)


class Session:
    """Runs parts of the graph and keeps the variables' values."""

    def __init__(self) -> None:
        self._values: dict[Node, Array] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._values.clear()

    def run(self, fetches: Node | Sequence[Node], feed_dict: Mapping[Node, Any] | None = None) -> Any:
        """Values of the nodes asked for, a list or a single one; only what they need is computed.

        Raises:
            ValueError: a placeholder that is needed was not fed, or a variable was never initialised.
        """
        wanted = [fetches] if isinstance(fetches, Node) else list(fetches)
        fed = {input_: np.asarray(value, dtype=np.float64) for input_, value in (feed_dict or {}).items()}
        known = evaluate(wanted, {**self._values, **fed})
        for done in [entry for entry in known if isinstance(entry, Assign)]:
            self._values[done.variable] = known[done]  # after all the rest: a step uses the old values
        results = [known[fetch] for fetch in wanted]
        return results[0] if isinstance(fetches, Node) else results


def _group(nodes: Sequence[Node]) -> Node:
    """A node without a value that needs all of these."""
    return Node(Op("group", lambda *_: None, lambda i, out, g: [None] * len(i), "group"), *nodes)
