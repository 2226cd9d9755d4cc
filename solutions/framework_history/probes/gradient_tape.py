"""Drive ``gradient_tape`` with exact fractions, which no library's tape can hold."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

from .common import Inputs, Names, Outputs

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Values and derivatives, as texts of fractions."""
    tape_class, variable = names["Tape"], names["Variable"]
    if inputs["what"] == "heron":
        a = variable(Fraction(inputs["a"]))
        with tape_class() as tape:
            root = names["heron"](a, Fraction(inputs["tolerance"]))
        return {"value": text(root.value), "gradients": texts(tape.gradient(root, [a]))}
    leaves = [variable(Fraction(each)) for each in inputs["x"]]
    lines = list(leaves)
    made = tape_class()
    _run(inputs["before"], lines)  # the tape is there, but not open
    with made as tape:
        _run(inputs["inside"][:1], lines)
        with tape_class() as inner:
            _run(inputs["inside"][1:], lines)
        result = lines[-1]
    _run(inputs["after"], lines)
    return {
        "value": text(lines[-1].value),
        "gradients": texts(tape.gradient(result, leaves)),
        "again": texts(tape.gradient(result, leaves)),
        "inner": texts(inner.gradient(result, leaves)),
        "outside": texts(tape.gradient(lines[-1], leaves)),
        "later": _later(tape_class, *leaves),
    }


def _later(tape_class: Any, x: Any, y: Any) -> list[Any]:
    """The derivatives of what comes when an inner tape is closed: for x, y, and a result in between."""
    with tape_class() as tape:
        with tape_class():
            product = x * y
        later = product * x
    return texts(tape.gradient(later, [x, y, product]))


def _run(program: Sequence[Sequence[Any]], lines: list[Any]) -> None:
    for name, *operands in program:
        values = [Fraction(each) if isinstance(each, str) else lines[each] for each in operands]
        lines.append(OPERATORS[name](*values))


def text(value: Any) -> str:
    """A whole number or fraction as text; anything else by its type's name."""
    exact = isinstance(value, int | Fraction) and not isinstance(value, bool)
    return str(Fraction(value)) if exact else f"of type {type(value).__name__}"


def texts(values: Any) -> list[Any]:
    """Each derivative as text."""
    return [text(each) for each in values]
