"""Straight-line programs on the student's numbers, and what the pulls that they record say of the inputs."""

from collections.abc import Callable, Sequence
from operator import add, mul, neg, pow, sub, truediv
from typing import Any

from lifelong.digits import FloatRefused, Precise

OPERATORS: dict[str, Callable[..., Any]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": pow, "neg": neg}
OPERATORS |= {"exp": lambda x: x.exp(), "log": lambda x: x.log(), "tanh": lambda x: x.tanh()}


def steps(
    program: Sequence[Sequence[Any]], numbers: Sequence[Any], note: Callable[[Any], Any] = lambda line: None
) -> tuple[list[Any], bool]:
    """The numbers and all results of a straight-line program: steps (operator, operands), a text being a plain int, float or 50-digit number.

    And whether an operator has changed what is noted of an operand.

    An error is told with the operator in which it came, but for one that only follows from a result of another type: then
    the results so far are all there are.
    """
    lines = list(numbers)
    before = [repr(note(line)) for line in lines]
    for name, *operands in program:
        given = [_operand(each, lines) for each in operands]
        try:
            lines.append(OPERATORS[name](*given))
        except (FloatRefused, RecursionError):
            raise
        except Exception as error:
            if any(type(line) is not type(lines[0]) for line in lines):
                break
            error.args = (f"{error}{', ' * bool(str(error))}in `{written(name, operands)}`",)
            raise
        before.append(repr(note(lines[-1])))
    return lines, before != [repr(note(line)) for line in lines]


def run(program: Sequence[Sequence[Any]], numbers: Sequence[Any]) -> Any:
    """The last result of a straight-line program."""
    return steps(program, numbers)[0][-1]


def written(name: str, operands: Sequence[Any]) -> str:
    """An operator's call, as a student would write it, x and y being numbers of their class."""
    number = "n" if name == "**" else "2"
    x, *others = (number if isinstance(each, str) else "xy"[at] for at, each in enumerate(operands))
    return f"{x} {name} {others[0]}" if others else f"-{x}" if name == "neg" else f"{x}.{name}()"


def _operand(operand: Any, lines: Sequence[Any]) -> Any:
    if isinstance(operand, str) and len(operand) > 20:
        return Precise(operand)
    if isinstance(operand, str):
        return float(operand) if "." in operand else int(operand)
    return lines[operand]


def gradient_by_paths(
    output: Any, leaves: Sequence[Any], seed: Any, most: int = 2000, *, local: bool = False
) -> list[Any]:
    """The sum over all paths from the output to each leaf of the seed, pulled along it; for small graphs only.

    Paths that are ``local`` end at the first leaf.
    """
    totals: list[Any] = [0] * len(leaves)
    paths = [(output, seed)]
    for _ in range(most):
        if not paths:
            return totals
        node, gradient = paths.pop()
        found = [at for at, leaf in enumerate(leaves) if node is leaf]
        for at in found:
            totals[at] = totals[at] + gradient
        if local and found:
            continue
        paths += [(parent, pull(gradient)) for parent, pull in node.parents]
    raise RuntimeError("the record of a few operations has thousands of paths")
