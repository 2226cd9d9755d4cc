"""Drive the tape with exact fractions, which no library's tape can hold."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from .common import Inputs, Names

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def gradient_tape(names: Names, inputs: Inputs) -> dict[str, Any]:
    """Values and derivatives, as texts of fractions."""
    tape_class, variable = names["Tape"], names["Variable"]
    if inputs["what"] == "heron":
        a = variable(Fraction(inputs["a"]))
        with tape_class() as tape:
            root = names["heron"](a, Fraction(inputs["tolerance"]))
        return {"value": text(root.value), "gradients": [text(each) for each in tape.gradient(root, [a])]}
    leaves = [variable(Fraction(each)) for each in inputs["x"]]
    lines = list(leaves)
    _run(inputs["before"], lines)
    with tape_class() as tape:
        _run(inputs["inside"][:1], lines)
        with tape_class() as inner:
            _run(inputs["inside"][1:], lines)
        result = lines[-1]
    _run(inputs["after"], lines)
    told = {"value": text(lines[-1].value), "gradients": [text(each) for each in tape.gradient(result, leaves)]}
    told["again"] = [text(each) for each in tape.gradient(result, leaves)]
    told["inner"] = [text(each) for each in inner.gradient(result, leaves)]
    told["outside"] = [text(each) for each in tape.gradient(lines[-1], leaves)]
    return told


def _run(program: Sequence[Sequence[Any]], lines: list[Any]) -> None:
    for name, *operands in program:
        values = [Fraction(each) if isinstance(each, str) else lines[each] for each in operands]
        lines.append(OPERATORS[name](*values))


def text(value: Any) -> Any:
    """A whole number or fraction as text; anything else by its type's name."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return f"of type {type(value).__name__}"
    return str(Fraction(value))
