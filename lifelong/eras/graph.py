"""A graph of operations that is built first and run later: what Theano and TensorFlow 1 have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from lifelong.eras.problem import Array


class Op(NamedTuple):
    """A kind of operation.

    Attributes:
        name: as it is shown.
        compute: values of the inputs → value of the output.
        gradient: (inputs, output, adjoint of the output) → adjoints of the inputs, again as nodes of the graph, None
            for an input that has none.
        text: how a formula is written, with {} for each input.
    """

    name: str
    compute: Callable[..., Any]
    gradient: Callable[..., Sequence[Node | None]]
    text: str


def _like(adjoint: Node, operand: Node) -> Node:
    return Node(LIKE, adjoint, operand)


ADD: Op = Op("Add", np.add, lambda i, out, g: [_like(g, i[0]), _like(g, i[1])], "({} + {})")
SUB: Op = Op("Sub", np.subtract, lambda i, out, g: [_like(g, i[0]), _like(-1.0 * g, i[1])], "({} - {})")
MUL: Op = Op("Mul", np.multiply, lambda i, out, g: [_like(g * i[1], i[0]), _like(g * i[0], i[1])], "({} * {})")
DIV: Op = Op("Div", np.divide, lambda i, out, g: [g / i[1], -1.0 * g * out / i[1]], "({} / {})")
POW: Op = Op("Pow", np.power, lambda i, out, g: [g * (i[1] * i[0] ** (i[1] - 1)), None], "({} ** {})")
LESS: Op = Op("Less", np.less, lambda i, out, g: [None, None], "({} < {})")
DOT: Op = Op(
    "MatMul",
    np.matmul,
    lambda i, out, g: [Node(DOT, g, Node(TRANSPOSE, i[1])), Node(DOT, Node(TRANSPOSE, i[0]), g)],
    "dot({}, {})",
)
TRANSPOSE: Op = Op("Transpose", np.transpose, lambda i, out, g: [Node(TRANSPOSE, g)], "{}.T")
TANH: Op = Op("Tanh", np.tanh, lambda i, out, g: [g * (1.0 - out**2)], "tanh({})")
SUM: Op = Op("Sum", np.sum, lambda i, out, g: [Node(FILL, i[0], g)], "sum({})")
SIZE: Op = Op("Size", np.size, lambda i, out, g: [None], "size({})")
FILL: Op = Op("Fill", np.full_like, lambda i, out, g: [None, Node(SUM, g)], "fill({}, {})")
LIKE: Op = Op(
    "SumLike",  # a bias is added to every row, so its adjoint is the sum over the rows
    lambda g, operand: np.sum(g, axis=0) if np.ndim(operand) < np.ndim(g) else g,
    lambda i, out, g: [Node(FILL, i[0], g), None],
    "{0}",
)


def _operators(op: Op) -> tuple[Callable[..., Node], Callable[..., Node]]:
    """An operator's two methods: of the node on its left, and of the one on its right."""
    return lambda self, other: Node(op, self, node(other)), lambda self, other: Node(op, node(other), self)


class Node:
    """A value that is not there yet: an operation on other nodes, or, without an operation, an input or a constant."""

    __array_ufunc__ = None  # NumPy leaves array + node to the node

    def __init__(self, op: Op | None, *inputs: Node, name: str = "", value: Any = None) -> None:
        self.op, self.inputs, self.name, self.value = op, inputs, name, value

    __add__, __radd__ = _operators(ADD)
    __sub__, __rsub__ = _operators(SUB)
    __mul__, __rmul__ = _operators(MUL)
    __lt__, __gt__ = _operators(LESS)
    __truediv__, _ = _operators(DIV)
    __pow__, _ = _operators(POW)

    def __bool__(self) -> bool:
        message = "There is no value yet: a node of the graph is neither true nor false while the graph is built."
        raise TypeError(message)

    def __str__(self) -> str:
        """The formula."""
        return self.op.text.format(*self.inputs) if self.op else self.name or f"{self.value}"


def node(value: Any) -> Node:
    """The node itself, or a constant."""
    return value if isinstance(value, Node) else Node(None, value=value)


def mean(x: Node) -> Node:
    """The mean of all entries."""
    return Node(SUM, x) / Node(SIZE, x)


def ordered(targets: Iterable[Any], inputs: Callable[[Any], Iterable[Any]] = attrgetter("inputs")) -> list[Any]:
    """All that the targets need, every node after its inputs."""
    order: list[Any] = []
    seen: set[Any] = set()
    stack = [(target, False) for target in targets]
    while stack:
        current, done = stack.pop()
        if done:
            order.append(current)
        elif current not in seen:
            seen.add(current)
            stack.append((current, True))
            stack += [(parent, False) for parent in inputs(current)]
    return order


def evaluate(targets: Iterable[Node], known: Mapping[Node, Any]) -> dict[Node, Any]:
    """The values of the targets and of all that they need; nothing else is computed.

    Raises:
        ValueError: an input that is needed has no value.
    """
    values: dict[Node, Array] = dict(known)
    for current in ordered(targets):
        if current in values:
            continue
        if current.op is not None:
            values[current] = current.op.compute(*(values[parent] for parent in current.inputs))
        elif current.value is not None:
            values[current] = current.value
        else:
            raise ValueError(f"{current.name or 'an input'} is needed, but has no value")
    return values


def gradients(cost: Node, wrt: Sequence[Node]) -> list[Node]:
    """Derivatives of a scalar as further nodes of the graph: nothing is computed here.

    Raises:
        ValueError: the cost does not depend on one of them.
    """
    order = ordered([cost])
    leading = set(wrt)
    for current in order:
        if any(parent in leading for parent in current.inputs):
            leading.add(current)
    adjoints: dict[Node, Node] = {cost: Node(FILL, cost, node(1.0))}
    for current in reversed(order):
        if current.op is None or current not in adjoints or current not in leading:
            continue
        found = current.op.gradient(current.inputs, current, adjoints[current])
        for parent, adjoint in zip(current.inputs, found, strict=True):
            if adjoint is not None and parent in leading:
                adjoints[parent] = adjoints[parent] + adjoint if parent in adjoints else adjoint
    missing = [variable.name for variable in wrt if variable not in adjoints]
    if missing:
        raise ValueError(f"the cost does not depend on {', '.join(missing)}")
    return [adjoints[variable] for variable in wrt]
