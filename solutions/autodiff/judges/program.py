"""Straight-line programs on numbers: right values and derivatives, and those of someone who has a rule wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from operator import add, mul, neg, pow, sub, truediv
from typing import Any

import numpy as np

from autograder.judging import Case, Mistake, Mistakes, Tree
from autograder.judging.example import shown

from .exact import Array, case, draw_number, exact, tanh

Program = Sequence[Sequence[Any]]
"""Steps (operator, operands): the index of an earlier line (inputs come first), or a text, which is a plain number.

Operands are used again afterwards, so that one that an operator has changed shows.
"""

Pair = tuple[Decimal, Decimal]
Rule = Callable[[Pair, Pair], Pair]
"""Value and slope of both operands (of the first twice where there is but one) → value and slope of the result."""

OPERATORS: dict[str, Callable[..., Decimal]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": pow, "neg": neg}
OPERATORS |= {"exp": Decimal.exp, "log": Decimal.ln, "tanh": tanh}

RULES: dict[str, Rule] = {
    "+": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "-": lambda a, b: (a[0] - b[0], a[1] - b[1]),
    "*": lambda a, b: (a[0] * b[0], a[1] * b[0] + a[0] * b[1]),
    "/": lambda a, b: (a[0] / b[0], (a[1] * b[0] - a[0] * b[1]) / (b[0] * b[0])),
    "**": lambda a, b: (a[0] ** b[0], b[0] * a[0] ** (b[0] - 1) * a[1]),
    "neg": lambda a, _: (-a[0], -a[1]),
    "exp": lambda a, _: (a[0].exp(), a[0].exp() * a[1]),
    "log": lambda a, _: (a[0].ln(), a[1] / a[0]),
    "tanh": lambda a, _: (tanh(a[0]), (1 - tanh(a[0]) ** 2) * a[1]),
}
"""The right rules, of which a mistake replaces one; right answers never come from here, but from differences."""

LONG = "2.7182818284590452353602874713526624977572470936999"
"""A plain number of 50 digits; where numbers are floats it is one."""

PROGRAMS: dict[str, Program] = {
    "sums": [["*", 0, 1], ["+", 2, 0], ["-", 3, 1], ["*", 2, 3], ["neg", 4], ["*", 6, 5], ["-", 7, 4]],
    "quotients": [  # a power of what is always negative, too
        *(["/", 0, 1], ["neg", 0], ["**", 3, "3"], ["**", 1, "-2"], ["*", 4, 5], ["-", 2, 6]),
        *(["**", 7, "1"], ["**", 0, "0"], ["+", 8, 9]),
    ],
    "plain": [
        *(["-", "2", 0], ["/", "3", 1], ["*", "2", 2], ["+", 4, "1"], ["/", 5, "4"]),
        *(["-", 3, "1.5"], ["+", "0.5", 7], ["*", 6, LONG], ["*", 8, 9], ["+", 10, 5], ["-", 11, 7]),
    ],
    # x − x, x·0 and x⁰ are numbers of this kind like all others
    "zeros": [
        *(["-", 0, 0], ["exp", 2], ["*", 1, "0"], ["exp", 4], ["**", 0, "0"], ["log", 6]),
        *(["*", 3, 5], ["+", 8, 7], ["*", 9, 1]),
    ],
    "large": [["tanh", 0], ["*", 2, 1]],
    "functions": [["exp", 0], ["log", 1], ["tanh", 1], ["*", 2, 3], ["*", 4, 0], ["+", 5, 6]],
    "shared": [["*", 0, 0], ["*", 2, 2], ["+", 3, 2], ["*", 4, 1], ["*", 5, 1], ["+", 6, 6], ["-", 7, 0]],
    "second": [
        ["**", 0, "3"],
        ["exp", 1],
        ["*", 2, 3],
        ["/", 4, 0],
        ["-", "1", 5],
        ["tanh", 0],
        ["+", 6, 7],
        ["log", 0],
        ["*", 8, 9],
    ],
}


def draw_program(rng: np.random.Generator, name: str, kind: str, **more: Any) -> Case:
    """A case with a program at two drawn numbers; of "large" the first is some hundreds."""
    x = [draw_number(rng, "380", "420") if name == "large" else draw_number(rng), draw_number(rng)]
    program = [["3.25" if kind == "float" and each == LONG else each for each in step] for step in PROGRAMS[name]]
    return case(name, kind, program=program, x=x, **more)


def described(inputs: Tree) -> str:
    """The program as statements on x, y, z, each result a letter; then the numbers that it is given."""
    names, lines = list("xyz"[: len(inputs["x"])]), list[str]()
    for (name, *operands), letter in zip(inputs["program"], "abcdefghijk", strict=False):
        first, *second = (each if isinstance(each, str) else names[each] for each in operands)
        text = f"{first} {name} {second[0]}" if second else f"-{first}" if name == "neg" else f"{name}({first})"
        lines, names = [*lines, f"{letter} = {text}"], [*names, letter]
    given = [f"{name} = {shown(inputs[name])}" for name in ("slopes", "v") if name in inputs]
    at = ", ".join(f"{name} = {shown(float(each))}" for name, each in zip(names, inputs["x"], strict=False))
    return f"with `{'; '.join(lines)}` at {', '.join([at, *given])}"


def evaluate(program: Program, numbers: Array) -> Decimal:
    """The program's result."""
    lines = list(numbers)
    for name, *operands in program:
        lines.append(OPERATORS[name](*(Decimal(each) if isinstance(each, str) else lines[each] for each in operands)))
    return Decimal(lines[-1])


def with_rules(program: Program, numbers: Array, slopes: Array, wrong: Mapping[str, Rule]) -> Pair:
    """Value and slope of the result with some rules replaced; ``"2-"`` is the rule for a plain number minus another."""
    lines: list[Pair] = list(zip(numbers, slopes, strict=True))
    for name, *operands in program:
        pairs = [(Decimal(each), Decimal(0)) if isinstance(each, str) else lines[each] for each in operands]
        key = f"2{name}" if isinstance(operands[0], str) and f"2{name}" in wrong else name
        lines.append(wrong.get(key, RULES[name])(pairs[0], pairs[-1]))
    return lines[-1]


def rule_mistakes(answer: Callable[[Mapping[str, Rule], Tree], dict[str, Any]], without: str) -> Iterator[Mistake]:
    """The mistakes that somebody can make in a rule, of whose rules ``answer`` tells what comes out; all but one."""
    mistake = Mistakes(lambda rules: exact(partial(answer, rules)), beside=__file__)
    mistake.listed("product-one-term", {"*": lambda a, b: (a[0] * b[0], a[1] * b[0])})
    mistake.listed("product-swapped", {"*": lambda a, b: (a[0] * b[0], a[1] * a[0] + b[1] * b[0])})
    mistake.listed("difference-sign", {"-": lambda a, b: (a[0] - b[0], a[1] + b[1])})
    mistake.listed("quotient-sign", {"/": lambda a, b: (a[0] / b[0], (a[1] * b[0] + a[0] * b[1]) / (b[0] * b[0]))})
    mistake.listed("quotient-not-squared", {"/": lambda a, b: (a[0] / b[0], a[1] / b[0] - a[0] * b[1] / b[0])})
    mistake.listed("power-exponent", {"**": lambda a, b: (a[0] ** b[0], b[0] * a[0] ** b[0] * a[1])})
    mistake.listed("power-factor", {"**": lambda a, b: (a[0] ** b[0], a[0] ** (b[0] - 1) * a[1])})
    mistake.listed("reversed-difference", {"2-": lambda a, b: (b[0] - a[0], b[1])})
    mistake.listed("reversed-quotient", {"2/": lambda a, b: (b[0] / a[0], b[1] / a[0])})
    mistake.listed("exp-derivative", {"exp": lambda a, _: (a[0].exp(), a[0] * a[1])})
    mistake.listed("tanh-derivative", {"tanh": lambda a, _: (tanh(a[0]), (1 - a[0] ** 2) * a[1])})
    unchained = {name: lambda a, b, name=name: RULES[name]((a[0], Decimal(1)), b) for name in ("exp", "log", "tanh")}
    mistake.listed("chain-rule", unchained)
    return (each for each in mistake if each.name != without)
