"""Theano (2008–2017): formulas first, then a function compiled from them. ``T.grad`` makes a formula of a formula.

Used as the original was: ``import theano; T = theano.tensor`` (Bergstra et al., *Theano: a CPU and GPU math compiler in
Python*, SciPy 2010). What is left out is what made it fast: rewriting the graph, and C and CUDA code.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from lifelong.eras.graph import DOT, SUM, TANH, Node, evaluate, gradients, mean, node
from lifelong.eras.problem import Array


class SharedVariable(Node):
    """A node that keeps a value between calls of functions: the weights."""

    def get_value(self) -> Array:
        """A copy of the value."""
        return np.array(self.value)

    def set_value(self, value: Any) -> None:
        """Replace the value."""
        self.value = np.array(value, dtype=np.float64)


def shared(value: Any, name: str = "") -> SharedVariable:
    """A shared variable with this value."""
    return SharedVariable(None, name=name, value=np.array(value, dtype=np.float64))


def grad(cost: Node, wrt: Node | Sequence[Node]) -> Any:
    """The derivative of a scalar with respect to one node, or a list of them: again formulas."""
    return gradients(cost, [wrt])[0] if isinstance(wrt, Node) else gradients(cost, wrt)


def function(
    inputs: Sequence[Node], outputs: Any, updates: Sequence[tuple[SharedVariable, Node]] = ()
) -> Callable[..., Any]:
    """A callable from a graph: give it the inputs' values, and it gives the outputs' and updates the rest.

    Args:
        inputs: nodes without a value, in the order in which values will be given.
        outputs: a node, or a list of them.
        updates: pairs of a shared variable and the formula of its next value.
    """
    single = isinstance(outputs, Node)
    wanted = [outputs] if single else list(outputs)

    def call(*values: Any) -> Any:
        """Outputs as a list, or one array if it was made with one output; updates use the old values."""
        if len(values) != len(inputs):
            raise TypeError(f"this function takes {len(inputs)} inputs, not {len(values)}")
        given = dict(zip(inputs, (np.asarray(value, dtype=np.float64) for value in values), strict=True))
        known = evaluate([*wanted, *(new for _, new in updates)], given)
        for variable, new in updates:
            variable.value = known[new]
        results = [known[output] for output in wanted]
        return results[0] if single else results

    return call


def scan(fn: Callable[..., Node], outputs_info: Any, n_steps: int) -> tuple[list[Node], dict[Any, Any]]:
    """A loop in the graph: fn applied n times to its own result.

    The original has one node for the whole loop, whose length may depend on data; this one writes the steps out.

    Returns:
        The result of every step, and the updates (none here).
    """
    results, last = [], node(outputs_info)
    for _ in range(n_steps):
        last = fn(last)
        results.append(last)
    return results, {}


def pp(variable: Node) -> str:
    """The formula, pretty-printed."""
    return str(variable)


def _input(name: str = "") -> Node:
    return Node(None, name=name)


_OPERATIONS = {"tanh": lambda x: Node(TANH, x), "sum": lambda x: Node(SUM, x), "mean": mean, "grad": grad}
_OPERATIONS |= {"dot": lambda a, b: Node(DOT, node(a), node(b))}
tensor = SimpleNamespace(dscalar=_input, dvector=_input, dmatrix=_input, **_OPERATIONS)
"""``theano.tensor``, imported as T by everybody."""
