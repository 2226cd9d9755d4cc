"""Drive the Theano exercises: graphs in, graphs out as plain lists; numbers that count how often they are used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .common import Inputs, Names, raised

MOST = 3000
"""Nodes of an answer beyond which it is only said to be too large."""

OPERATIONS = ("add", "sub", "mul", "div", "pow", "exp", "log", "tanh")


class Counted:
    """A number that counts the operations of all of its kind."""

    total = 0

    def __init__(self, value: float) -> None:
        self.value = value

    def _with(self, other: Any) -> tuple[float, float]:
        Counted.total += 1
        return self.value, other.value if isinstance(other, Counted) else other

    def __add__(self, other: Any) -> Counted:
        a, b = self._with(other)
        return Counted(a + b)

    def __mul__(self, other: Any) -> Counted:
        a, b = self._with(other)
        return Counted(a * b)

    def __sub__(self, other: Any) -> Counted:
        a, b = self._with(other)
        return Counted(a - b)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __rsub__(self, other: Any) -> Counted:
        a, b = self._with(other)
        return Counted(b - a)


def build(names: Names, program: Sequence[Sequence[Any]]) -> list[Any]:
    """The nodes of a program: lines ["var", name], ["const", value], ["shared", name, value] or [op, lines …]."""
    made: list[Any] = []
    for op, *rest in program:
        if op == "var":
            made.append(names["var"](rest[0]))
        elif op == "const":
            made.append(names["const"](rest[0]))
        elif op == "shared":
            made.append(names["shared"](rest[1], rest[0]))
        else:
            made.append(names["Expr"](op, [made[at] for at in rest]))
    return made


def plain(roots: Sequence[Any]) -> dict[str, Any]:
    """Graphs as lines, inputs before those that use them, and the roots' places; or that they are too large."""
    lines: list[list[Any]] = []
    places: dict[int, int] = {}
    keep: list[Any] = []  # ids stay unique while their objects live
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if id(node) in places:
            continue
        inputs = list(node.inputs)
        if ready:
            places[id(node)] = len(lines)
            keep.append(node)
            lines.append(_line(node, [places[id(each)] for each in inputs]))
            if len(lines) > MOST:
                return {"graph": "too large"}
        else:
            stack.append((node, True))
            stack += [(each, False) for each in reversed(inputs)]
    return {"graph": {"lines": lines, "roots": [places[id(root)] for root in roots]}}


def _line(node: Any, places: list[int]) -> list[Any]:
    if node.op == "const":
        return ["const", float(node.value)]
    if node.op == "var":
        return ["var", str(node.name)]
    if node.op in OPERATIONS:
        return [node.op, *places]
    raise ValueError(f"a node of the answer has the op {node.op!r}")


def symbolic_grad(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The graphs of all derivatives."""
    made = build(names, inputs["program"])
    wanted = [node for node, line in zip(made, inputs["program"], strict=True) if line[0] == "var"]
    return plain(names["grad"](made[-1], wanted))


def simplify(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The shorter graph, and whether the one that was given has stayed as it was."""
    made = build(names, inputs["program"])
    before = plain([made[-1]])
    answer = names["simplify"](made[-1])
    return plain([answer]) | {"untouched": plain([made[-1]]) == before}


def theano_function(names: Names, inputs: Inputs) -> dict[str, Any]:
    """Results and shared values after each call, and how many operations each took; or the error that comes up."""
    made = build(names, inputs["program"])
    function = names["function"]

    def compiled() -> Any:
        outputs = inputs["outputs"]
        return function(
            [made[at] for at in inputs["inputs"]],
            made[outputs] if isinstance(outputs, int) else [made[at] for at in outputs],
            updates=[(made[a], made[b]) for a, b in inputs["updates"]],
            givens={made[a]: made[b] for a, b in inputs["givens"]},
        )

    if inputs["expect"] == "missing":
        return raised(compiled)
    call = compiled()
    if inputs["expect"] == "arguments":
        return {"few": raised(lambda: call(1.0))["error"], "many": raised(lambda: call(1.0, 2.0, 3.0))["error"]}
    shared = [node for node, line in zip(made, inputs["program"], strict=True) if line[0] == "shared"]
    results, states, operations = [], [], []
    for arguments in inputs["calls"]:
        Counted.total = 0
        answer = call(*(Counted(number) if inputs["count"] else number for number in arguments))
        operations.append(Counted.total)
        results.append(_number(answer))
        states.append([_number(node.value) for node in shared])
    told = {"results": results, "shared": states}
    return told | {"operations": operations} if inputs["count"] else told


def _number(answer: Any) -> Any:
    if isinstance(answer, list | tuple):
        return [_number(each) for each in answer]
    return answer.value if isinstance(answer, Counted) else answer
