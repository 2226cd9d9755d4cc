"""Drive the exercises on single numbers: Wengert's list, dual numbers, nested derivatives, the scalar tape, Hv."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .kinds import number, told

Names = Mapping[str, Any]
Inputs = Mapping[str, Any]

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "tanh": lambda x: x.tanh(),
}


def run(program: Sequence[Sequence[Any]], numbers: Sequence[Any]) -> Any:
    """The last result of a straight-line program: steps (operator, operands), a text being a plain int or float."""
    lines = list(numbers)
    for name, *operands in program:
        lines.append(OPERATORS[name](*(_operand(each, lines) for each in operands)))
    return lines[-1]


def _operand(operand: Any, lines: Sequence[Any]) -> Any:
    if isinstance(operand, str):
        return float(operand) if "." in operand else int(operand)
    return lines[operand]


def wengert_list(names: Names, inputs: Inputs) -> dict[str, Any]:
    """One column of the table."""
    arguments = [number(inputs, text) for text in inputs["arguments"]]
    return told(column=names[f"wengert_{inputs['column']}"](*arguments))


def dual_numbers(names: Names, inputs: Inputs) -> dict[str, Any]:
    """Value and slope of a program's result; with ``nested``, also the slope of the slope."""
    dual = names["Dual"]
    numbers = [number(inputs, text) for text in inputs["x"]]
    slopes = [number(inputs, text) for text in inputs["slopes"]]
    if not inputs["nested"]:
        result = run(inputs["program"], [dual(x, slope) for x, slope in zip(numbers, slopes, strict=True)])
        return told(value=result.value, slope=result.slope)
    inner = [dual(dual(x, slope), dual(slope, 0)) for x, slope in zip(numbers, slopes, strict=True)]
    result = run(inputs["program"], inner)
    return told(value=result.value.value, slope=result.slope.value, second=result.slope.slope)


def nested_derivatives(names: Names, inputs: Inputs) -> dict[str, Any]:
    """One of the nestings, at drawn numbers."""
    derivative = names["derivative"]
    return told(derivative=nesting(inputs["nesting"], derivative, *[number(inputs, text) for text in inputs["x"]]))


def nesting(name: str, D: Callable[..., Any], a: Any, b: Any, c: Any) -> Any:
    """A derivative of a function that may take derivatives itself, at three numbers."""
    return {
        "plain": lambda: D(lambda x: a * x * x * x - b * x + c, b),
        "from a number": lambda: D(lambda x: (b - x) * c - x * a, b),
        "constant": lambda: D(lambda x: a, b),
        "second": lambda: D(lambda x: D(lambda y: a * y * y * y + b * y * y, x), c),
        "third": lambda: D(lambda x: D(lambda y: D(lambda z: a * z * z * z * z + b * z, y), x), c),
        "sum": lambda: D(lambda x: x * D(lambda y: x + y, a), b),
        "product": lambda: D(lambda x: x * D(lambda y: y * x * y + c * y, a), b),
        "difference": lambda: D(lambda x: x * x * D(lambda y: y * y - x * y, a), b),
        "three deep": lambda: D(lambda x: x * D(lambda y: x * y * D(lambda z: x * z * z + y * z, c), b), a),
        "forgets the inner": lambda: D(lambda x: x * x + x * D(lambda y: x * c, a), b),
    }[name]()


def scalar_tape(names: Names, inputs: Inputs) -> dict[str, Any]:
    """A program's result, and what its pulls say of the inputs, path by path: no backward pass is needed."""
    value = names["Value"]
    leaves = [value(number(inputs, text)) for text in inputs["x"]]
    result = run(inputs["program"], leaves)
    return told(value=result.value, gradient=gradient_by_paths(result, leaves, number(inputs, "1")))


def gradient_by_paths(output: Any, leaves: Sequence[Any], seed: Any, most: int = 2000) -> list[Any]:
    """The sum over all paths from the output to each leaf of the seed, pulled along it; for small graphs only."""
    totals: list[Any] = [0] * len(leaves)
    paths = [(output, seed)]
    for _ in range(most):
        if not paths:
            return totals
        node, gradient = paths.pop()
        for at, leaf in enumerate(leaves):
            if node is leaf:
                totals[at] = totals[at] + gradient
        paths += [(parent, pull(gradient)) for parent, pull in node.parents]
    raise RuntimeError("the record of a few operations has thousands of paths")


def hessian_vector(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The product at drawn numbers."""
    x, v = ([number(inputs, text) for text in inputs[name]] for name in ("x", "v"))
    return told(product=list(names["hessian_vector"](lambda values: run(inputs["program"], values), x, v)))
