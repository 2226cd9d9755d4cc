"""Drive the student's ``backward`` on graphs that the judge has drawn."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from .numbers_as_text import array, number, reported
from .watch import TooManyPulls, watched

PULLS_PER_EDGE = 20


class Node:
    """The node of the notebook."""

    def __init__(self, value: Any, parents: Sequence[Any] = ()) -> None:
        self.value, self.parents, self.grad = value, tuple(parents), 0


def counted_pulls(most: int) -> Callable[[Any], Callable[[Any], Any]]:
    """Makes the pulls of edges from their local derivatives, None for 1, which together stop a pass that follows path after path."""
    calls = itertools.count(1)

    def pull(factor: Any, g: Any) -> Any:
        if next(calls) > most:
            raise TooManyPulls
        return g if factor is None else g * factor

    return partial(partial, pull)


@watched
def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The gradients of all nodes, or of the first few of a large graph; with ``twice``, after a second call with another seed."""
    backward = names["backward"]
    pull_of = counted_pulls(PULLS_PER_EDGE * sum(len(edges) for edges in inputs["parents"]) + 100)
    nodes: list[Node] = []
    for edges in inputs["parents"]:
        factors = [None if factor == "1" else number(inputs, factor) for _, factor in edges]
        pairs = [(nodes[parent], pull_of(factor)) for (parent, _), factor in zip(edges, factors, strict=True)]
        nodes.append(Node(1, pairs))
    seed = number(inputs, inputs["seed"]) if isinstance(inputs["seed"], str) else array(inputs, inputs["seed"])
    if inputs["twice"]:
        backward(nodes[-1])
    backward(nodes[-1], seed) if inputs["seed"] != "1" else backward(nodes[-1])
    return reported(gradients=[node.grad for node in nodes[: inputs["shown"]]])
