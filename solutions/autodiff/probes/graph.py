"""Drive the student's ``backward`` on graphs that the judge has drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .kinds import number, told
from .watch import TooManyPulls

PULLS_PER_EDGE = 20


class Node:
    """The node of the notebook."""

    def __init__(self, value: Any, parents: Sequence[Any] = ()) -> None:
        self.value, self.parents, self.grad = value, tuple(parents), 0


class Counter:
    """Counts pulls, and stops a pass that follows path after path."""

    def __init__(self, edges: int) -> None:
        self.left = PULLS_PER_EDGE * edges + 100

    def pull(self, factor: Any) -> Callable[[Any], Any]:
        """Multiply by the edge's local derivative."""

        def pull(g: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise TooManyPulls
            return g * factor

        return pull


def backward_pass(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The gradients of all nodes, or of the first few of a large graph; with ``twice``, after a second call."""
    backward = names["backward"]
    counter = Counter(sum(len(edges) for edges in inputs["parents"]))
    nodes: list[Node] = []
    for edges in inputs["parents"]:
        pairs = [(nodes[parent], counter.pull(number(inputs, factor))) for parent, factor in edges]
        nodes.append(Node(number(inputs, "1"), pairs))
    seed = number(inputs, inputs["seed"])
    for _ in range(2 if inputs["twice"] else 1):
        backward(nodes[-1], seed) if inputs["seed"] != "1" else backward(nodes[-1])
    return told(gradients=[node.grad for node in nodes[: inputs["shown"]]])
