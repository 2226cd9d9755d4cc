"""Straight-line programs on numbers: right values and derivatives, and those of someone who has a rule wrong."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Context, Decimal, localcontext
from operator import add, mul, neg, pow, sub, truediv
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes, Slip, Tree
from autograder.judging.example import shown

from .exact import ASKED, DIGITS, Array, case, draw_number, slope, staged, tanh

Program = Sequence[Sequence[Any]]
"""Steps (operator, operands): the index of an earlier line (inputs come first), or a text, which is a plain number.

Operands are used again afterwards, so that one that an operator has changed shows.
"""

Pair = Sequence[Decimal]
Rule = Callable[[Pair, Pair], Pair]
"""Value and slope of both operands (of the first twice where there is but one) → value and slope of the result."""

OPERATORS: dict[str, Callable[..., Decimal]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": pow, "neg": neg}
OPERATORS |= {"exp": Decimal.exp, "log": Decimal.ln, "tanh": tanh}

LONG = "2.7182818284590452353602874713526624977572470936999"
"""A plain number of 50 digits; where numbers are floats it is one."""

PROGRAMS: dict[str, Program] = ASKED["programs"]


def draw_program(rng: np.random.Generator, name: str, kind: str, **more: Any) -> Case:
    """A case with a program at two drawn numbers; of "large" they are a thousand and minus a thousand."""
    bounds = [("900", "1100"), ("-1100", "-900")] if name == "large" else [("0.5", "2")] * 2
    x = [draw_number(rng, *each) for each in bounds]
    program = [["3.25" if kind == "float" and each == LONG else each for each in step] for step in PROGRAMS[name]]
    return case(name, kind, program=program, x=x, **more)


def written(name: str, operands: Sequence[Any]) -> str:
    """An operator's call, as a student would write it, x and y being numbers of their class."""
    number = "n" if name == "**" else "2"
    x, *others = (number if isinstance(each, str) else "xy"[at] for at, each in enumerate(operands))
    return f"{x} {name} {others[0]}" if others else f"-{x}" if name == "neg" else f"{x}.{name}()"


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


NOT_RIGHT = "is not right"


def dual(name: str, *operands: Sequence[Decimal]) -> list[Decimal]:
    """An operator's result from dual numbers, by differences; each is the parts of its value, then those of its slope."""
    half = len(operands[0]) // 2
    if not half:
        return [OPERATORS[name](*(each[0] for each in operands))]

    def moved(t: Decimal) -> list[Decimal]:
        return dual(name, *([a + t * b for a, b in zip(each[:half], each[half:], strict=True)] for each in operands))

    return [*moved(Decimal(0)), *(slope(lambda t, at=at: moved(t)[at]) for at in range(half))]


def _followed(name: str, operands: Sequence[Sequence[float]]) -> Array:
    """The same of floats; what has no value is NaN or infinite."""
    with localcontext(Context(prec=DIGITS, traps=[])):
        return np.array([float(part) for part in dual(name, *([Decimal(part) for part in each] for each in operands))])


def _near(got: Any, right: Any, size: float) -> bool:
    return bool((np.abs(np.subtract(got, right)) <= 1e-9 * size).all())


def _judged(what: str, got: Any, right: Any, size: float, more: Mapping[str, Any] = MappingProxyType({})) -> str:
    """What is wrong with a part of a step's result, if anything is; ``more`` are ways to be so, in words."""
    if _near(got, right, size):
        return ""
    ways = {"is 0": 0 * right, "has the wrong sign": -right, **more}
    return f"{what} {next((words for words, wrong in ways.items() if _near(got, wrong, size)), NOT_RIGHT)}"


def _flat(line: Any, depth: int) -> list[float]:
    """The parts of a dual number; a plain one has slope 0."""
    if depth and np.ndim(line) == 0:
        return [*_flat(line, depth - 1), *[0.0] * 2 ** (depth - 1)]
    return [part for each in line for part in _flat(each, depth - 1)] if depth else [float(line)]


def dual_step(name: str, given: Sequence[Any], line: Any) -> str:
    """What is wrong with one result of dual numbers."""
    depth = max(_depth(each) for each in given)
    parts = [np.array(_flat(each, depth)) for each in given]
    right, got = _followed(name, parts), np.array(_flat(line, depth))
    size = float(np.abs([*parts, right]).max())
    return _judged("the value", got[:1], right[:1], size) or _judged("the slope", got[1:], right[1:], size)


def _depth(line: Any) -> int:
    return 1 + max(map(_depth, line)) if np.ndim(line) or isinstance(line, list) else 0


def tape_step(name: str, given: Sequence[Any], line: Any) -> str:
    """What is wrong with one result on the tape: its value, or what its pulls make of a gradient of 3."""
    values = [float(each[0] if np.ndim(each) else each) for each in given]
    nodes = [at for at, each in enumerate(given) if np.ndim(each) and all(each is not other for other in given[:at])]
    for at, got in zip(nodes, line[1:], strict=True):
        parts = [(value, float(each is given[at])) for value, each in zip(values, given, strict=True)]
        value, pull = _followed(name, parts)
        size = max(map(abs, (*values, value, pull)))
        found = _judged("the value", line[0], value, size)
        found = found or _judged(f"what is sent back to {'xy'[at]}", got, 3 * pull, size, {"lacks the factor g": pull})
        if found:
            return found
    return ""


def local_slip(step: Callable[[str, Sequence[Any], Any], str], rules: str) -> Callable[[Tree, Tree], Slip | None]:
    """Finds the operators whose results do not follow from their operands, each result judged by itself.

    Args:
        step: what is wrong with the result of an operator, from its operands.
        rules: which table of the right rules is told.
    """
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[rules]

    def wrong_steps(inputs: Tree, lines: Sequence[Any]) -> Iterator[tuple[str, str, str]]:
        for at, (name, *operands) in zip(range(len(inputs["x"]), len(lines)), inputs["program"], strict=False):
            if np.ndim(lines[at]) == 0 and not isinstance(lines[at], list):
                yield name, written(name, operands), ""
                return
            given = [float(each) if isinstance(each, str) else lines[each] for each in operands]
            if wrong := step(name, given, lines[at]):
                yield name, written(name, operands), wrong

    def slip(inputs: Tree, outputs: Tree) -> Slip | None:
        if outputs["changed"] is True:
            return Slip("changes-operands", table["changed"])
        found = dict[str, str]()
        for name, text, wrong in wrong_steps(inputs, outputs["lines"]):
            part = text if not wrong else f"{text}: the value" if "value" in wrong else f"{text}: {table['part']}"
            said = f"In `{text}` {wrong}. Right is {table[name]}" if wrong else table["plain"].format(text)
            alike = found.setdefault(part, said) == said
            found[part] = said if alike else f"`{text}` is not right. Right is {table[name]}"
        for _, text, _ in wrong_steps(inputs, outputs.get("nested", ())) if not found else ():
            found.setdefault(f"{text}: nested", table["nested"].format(text))
        return Slip(" + ".join(found), " ".join([*found.values()][:3])) if found else None

    return slip


def with_rules(program: Program, numbers: Array, slopes: Array, **wrong: Rule) -> Pair:
    """Value and slope of the result with some rules replaced; ``"2-"`` is the rule for a plain number minus another."""
    lines: list[Pair] = list(zip(numbers, slopes, strict=True))
    for name, *operands in program:
        pairs = [(Decimal(each), Decimal(0)) if isinstance(each, str) else lines[each] for each in operands]
        key = f"2{name}" if isinstance(operands[0], str) and f"2{name}" in wrong else name
        lines.append(wrong[key](pairs[0], pairs[-1]) if key in wrong else dual(name, *pairs))
    return lines[-1]


WRONG: dict[str, dict[str, Rule]] = {
    "product-of-slopes": {"*": lambda a, b: (a[0] * b[0], a[1] * b[1])},
    "product-one-term": {"*": lambda a, b: (a[0] * b[0], a[1] * b[0])},
    "product-swapped": {"*": lambda a, b: (a[0] * b[0], a[1] * a[0] + b[1] * b[0])},
    "difference-sign": {"-": lambda a, b: (a[0] - b[0], a[1] + b[1])},
    "quotient-sign": {"/": lambda a, b: (a[0] / b[0], (a[1] * b[0] + a[0] * b[1]) / (b[0] * b[0]))},
    "quotient-not-squared": {"/": lambda a, b: (a[0] / b[0], a[1] / b[0] - a[0] * b[1] / b[0])},
    "power-exponent": {"**": lambda a, b: (a[0] ** b[0], b[0] * a[0] ** b[0] * a[1])},
    "power-factor": {"**": lambda a, b: (a[0] ** b[0], a[0] ** (b[0] - 1) * a[1])},
    "reversed-difference": {"2-": lambda a, b: (b[0] - a[0], b[1])},
    "reversed-quotient": {"2/": lambda a, b: (b[0] / a[0], b[1] / a[0])},
    "exp-derivative": {"exp": lambda a, _: (a[0].exp(), a[0] * a[1])},
    "tanh-derivative": {"tanh": lambda a, _: (tanh(a[0]), (1 - a[0] ** 2) * a[1])},
    "chain-rule": {each: lambda a, _, each=each: dual(each, (a[0], Decimal(1))) for each in ("exp", "log", "tanh")},
}
"""By the mistake's id: the rules that are wrong."""


def mistakes(ruled: Callable[..., dict[str, Any]], *without: str) -> Mistakes:
    """Those in rules but for some; ``ruled`` says of a case what comes out with wrong rules."""
    found = Mistakes(staged(ruled, DIGITS), beside=__file__)
    for name in WRONG:
        if name not in without:
            found.listed(name, WRONG[name])
    return found
