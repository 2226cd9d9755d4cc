"""Theano's graphs as plain lists of lines, in and out."""

from collections.abc import Sequence
from typing import Any

from .common import Names

MOST = 3000
"""Nodes of an answer beyond which it is only said to be too large."""

OPERATIONS = ("add", "sub", "mul", "div", "pow", "exp", "log", "tanh")


def build(names: Names, program: Sequence[Sequence[Any]]) -> list[Any]:
    """The nodes of a program: lines ["var", name], ["const", value], ["shared", name, value] or [op, lines …]."""
    made: list[Any] = []
    for op, *rest in program:
        if op in ("var", "const"):
            made.append(names[op](rest[0]))
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
    if node.op == "shared":
        return ["shared", str(node.name), float(node.value)]
    if node.op in OPERATIONS:
        return [node.op, *places]
    raise ValueError(f"a node of the answer has the op {node.op!r}")
