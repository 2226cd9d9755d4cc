"""Graphs that came out of the sandbox as lists of lines: their values at many points, their length; and drawn programs.

A line is ["var", name], ["const", value], ["shared", name, value] or [operation, places of earlier lines].
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import add, mul, pow, sub, truediv
from typing import Any

import numpy as np

from autograder.judging import Tree

Line = Sequence[Any]
Array = np.ndarray[Any, Any]
Pair = tuple[Array, Any]
Rule = Callable[[Pair, Pair], Array]
"""Value and slope of both operands (of the first twice where there is but one) → the slope of the result."""

POINTS = 40
LEAVES = ("var", "shared")
"""What has values at all points; of what is shared the value may be another one in the next call."""
LONGEST = 10_000
"""Lines beyond which nothing is read."""

OPERATIONS: dict[str, Callable[..., Array]] = {"add": add, "sub": sub, "mul": mul, "div": truediv, "pow": pow}
OPERATIONS |= {"exp": lambda a: np.exp(a), "log": lambda a: np.log(a), "tanh": lambda a: np.tanh(a)}  # of one operand
SIGNS, LONGEST_FORMULA = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}, 120

RULES: dict[str, Rule] = {
    "add": lambda a, b: a[1] + b[1],
    "sub": lambda a, b: a[1] - b[1],
    "mul": lambda a, b: a[1] * b[0] + a[0] * b[1],
    "div": lambda a, b: (a[1] * b[0] - a[0] * b[1]) / b[0] ** 2,
    "pow": lambda a, b: b[0] * a[0] ** (b[0] - 1) * a[1],
    "exp": lambda a, _: np.exp(a[0]) * a[1],
    "log": lambda a, _: a[1] / a[0],
    "tanh": lambda a, _: (1 - np.tanh(a[0]) ** 2) * a[1],
}


WRONG_RULES: dict[str, dict[str, Rule]] = {
    "difference-sign": {"sub": lambda a, b: a[1] + b[1]},
    "product-swapped": {"mul": lambda a, b: a[1] * a[0] + b[1] * b[0]},
    "product-one-term": {"mul": lambda a, b: a[1] * b[0]},
    "quotient-sign": {"div": lambda a, b: (a[1] * b[0] + a[0] * b[1]) / b[0] ** 2},
    "quotient-not-squared": {"div": lambda a, b: a[1] / b[0] - a[0] * b[1] / b[0]},
    "quotient-one-term": {"div": lambda a, b: a[1] / b[0]},
    "quotient-turned": {"div": lambda a, b: a[1] / b[0] - b[0] * b[1] / a[0] ** 2},
    "power-exponent": {"pow": lambda a, b: b[0] * a[0] ** b[0] * a[1]},
    "power-factor": {"pow": lambda a, b: a[0] ** (b[0] - 1) * a[1]},
    "power-of-squares": {"pow": lambda a, b: 2 * a[0] * a[1]},
    "power-of-whole": {"pow": lambda a, b: np.trunc(b[0]) * a[0] ** (np.trunc(b[0]) - 1) * a[1]},
    "exp-derivative": {"exp": lambda a, b: a[0] * a[1]},
    "log-derivative": {"log": lambda a, b: a[0] * a[1]},
    "tanh-derivative": {"tanh": lambda a, b: (1 - a[0] ** 2) * a[1]},
    "tanh-not-squared": {"tanh": lambda a, b: (1 - np.tanh(a[0])) * a[1]},
    "tanh-square": {"tanh": lambda a, b: (1 - np.tanh(a[0])) ** 2 * a[1]},
    **{f"{op}-lost": {op: lambda a, b: 0 * a[1]} for op in ("div", "pow", "exp", "log", "tanh")},
}
"""By the mistake's id, the rules that stand in place of the right ones."""


def rules(wrong: Iterable[str] = ()) -> dict[str, Rule]:
    """The rules of someone who makes these mistakes."""
    return RULES | dict(chain.from_iterable(WRONG_RULES.get(name, {}).items() for name in wrong))


def points(program: Sequence[Line]) -> dict[str, Array]:
    """Values of a program's variables at which answers are compared.

    There are far more of them than a graph of the allowed length could be fitted to, so they need not be secret.
    """
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(json.dumps(program).encode()).digest()))
    return {line[1]: rng.uniform(0.5, 2.0, POINTS) for line in program if line[0] in LEAVES}


def values(lines: Sequence[Line], at: Mapping[str, Array]) -> list[Array]:
    """The value of every line at all points; lines only look back.

    Raises:
        ValueError: a line is none of ours, or refers to one that does not come before it.
    """
    if len(lines) > LONGEST or not all(isinstance(line, list) for line in lines):
        raise ValueError("too many lines, or none of ours")
    found: list[Array] = []
    with np.errstate(all="ignore"):
        for op, *rest in lines:
            if op in LEAVES:
                found.append(at[rest[0]])
            elif op == "const":
                found.append(np.full(POINTS, float(rest[-1])))
            elif op in OPERATIONS and all(type(each) is int and 0 <= each < len(found) for each in rest):
                found.append(OPERATIONS[op](*(found[each] for each in rest)))
            else:
                raise ValueError(f"no line of a graph: {op}")
    return found


def tree_length(lines: Sequence[Line], root: int) -> float:
    """How many nodes it takes to write a line out as a formula."""
    sizes: list[float] = []
    for op, *rest in lines:
        sizes.append(1.0 + (sum(sizes[each] for each in rest) if op in OPERATIONS else 0.0))
    return sizes[root]


def written(lines: Sequence[Line], at: int = -1) -> str:
    """The last line of a program, or another one, as a formula."""
    texts: list[str] = []
    for op, *rest in lines:
        a, b = (texts[rest[0]], texts[rest[-1]]) if op in OPERATIONS else (str(rest[0]), "")
        texts.append(f"({a} {SIGNS[op]} {b})" if op in SIGNS else f"{op}({a})" if op in OPERATIONS else a)
    return texts[at] if len(texts[at]) < LONGEST_FORMULA else "a long formula"


def told(words: str) -> Callable[[Tree], str]:
    """Puts a case's program, as a formula, into these words."""
    return lambda inputs: words.format(written(inputs["program"]))


class Program:
    """Lines that are written one after another; each method gives the new line's place."""

    def __init__(self) -> None:
        self.lines: list[list[Any]] = []

    def __call__(self, op: str, *rest: Any) -> int:
        """Write a line."""
        self.lines.append([op, *rest])
        return len(self.lines) - 1

    def formula(self, formula: Any) -> int:
        """Write nested tuples: ("mul", 2, "x"), where texts are variables, written once, and numbers are constants."""
        if isinstance(formula, str):
            known = [at for at, line in enumerate(self.lines) if line == ["var", formula]]
            return known[0] if known else self("var", formula)
        if isinstance(formula, int | float):
            return self("const", formula)
        op, *rest = formula
        return self(op, *[self.formula(each) for each in rest])


def program(formula: Any, variables: Sequence[str] = ()) -> list[list[Any]]:
    """The lines of a formula in nested tuples, with these variables first."""
    written = Program()
    for name in variables:
        written("var", name)
    written.formula(formula)
    return written.lines
