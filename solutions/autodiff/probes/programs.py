"""Straight-line programs on the student's numbers, and what the pulls that they record say of the inputs."""

from collections.abc import Callable, Sequence
from operator import add, mul, neg, pow, sub, truediv
from typing import Any

from lifelong.digits import Precise

OPERATORS: dict[str, Callable[..., Any]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": pow, "neg": neg}
OPERATORS |= {"exp": lambda x: x.exp(), "log": lambda x: x.log(), "tanh": lambda x: x.tanh()}


def run(program: Sequence[Sequence[Any]], numbers: Sequence[Any]) -> Any:
    """The last result of a straight-line program: steps (operator, operands), a text being a plain int, float or 50-digit number."""
    lines = list(numbers)
    for name, *operands in program:
        lines.append(OPERATORS[name](*(_operand(each, lines) for each in operands)))
    return lines[-1]


def _operand(operand: Any, lines: Sequence[Any]) -> Any:
    if isinstance(operand, str) and len(operand) > 20:
        return Precise(operand)
    if isinstance(operand, str):
        return float(operand) if "." in operand else int(operand)
    return lines[operand]


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
