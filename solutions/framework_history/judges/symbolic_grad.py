"""Judge ``symbolic_grad``: the graphs that came back, tried at many points against forward mode, and not too long."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known
from .graphs import LEAVES, POINTS, RULES, Array, Program, Rule, points, product_mistakes, slopes, told, values

DEPTH = 13
"""Steps of the deep program; each uses its operand twice, so that there are 2^13 paths."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Programs that need one group of rules each."""

    def number() -> float:
        return float(rng.integers(2, 6))

    return [
        _case("sums", lambda p, x, y: p("sub", p("add", p("mul", x, y), x), p("mul", p("const", number()), y))),
        _case("quotients", lambda p, x, y: p("div", p("mul", x, p("const", number())), p("add", y, x))),
        _case("powers", lambda p, x, y: p("add", p("pow", x, p("const", int(number()))), p("pow", y, p("const", -2)))),
        _case("functions", lambda p, x, y: p("mul", p("exp", p("div", x, p("const", number()))), p("log", y))),
        _case("tanh", lambda p, x, y: p("tanh", p("div", p("mul", x, y), p("const", number())))),
        _case("square", lambda p, x, y: p("mul", (xy := p("mul", x, y)), xy)),
        _case("diamond", lambda p, x, y: p("mul", p("add", (xy := p("mul", x, y)), x), p("tanh", xy))),
        _case("unused", lambda p, x, y: y),
        _case("again", lambda p, x, y: p("mul", p("sub", x, y), y), again=True),
        _case("deep", _deep),
    ]


def _case(name: str, write: Callable[[Program, int, int], int], again: bool = False) -> Case:
    """A program of two variables; of one and a shared value where its gradient is asked for ``again``."""
    written = Program()
    write(written, written("var", "x"), written("shared", "y", 1) if again else written("var", "y"))
    return Case(name, {"program": written.lines, "namesakes": name == "unused", "again": again})


def _deep(p: Program, x: int, y: int) -> int:
    half, at = p("const", 0.5), p("mul", x, y)
    for _ in range(DEPTH):
        at = p("add", p("mul", at, half), p("mul", p("tanh", at), half))
    return at


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """The values of the graphs that came back, and how many nodes they have for each of the program's."""
    if outputs["graph"] == "too large":
        return {"graph": "too large"}
    lines, roots = outputs["graph"]["lines"], outputs["graph"]["roots"]
    found = values(lines, points(inputs["program"]))
    return {"values": np.array([found[root] for root in roots]), "nodes per node": len(lines) / len(inputs["program"])}


def derivatives(inputs: Tree, rules: Mapping[str, Rule] | None = None) -> dict[str, Any]:
    """The right derivatives by forward mode, with some rules replaced."""
    return {"values": np.array(slopes(inputs["program"], points(inputs["program"]), rules))}


def reverse(inputs: Tree, wrong: str) -> dict[str, Any]:
    """The derivatives by reverse mode, with the mistake of this name; right answers come from forward mode alone."""
    program: Sequence[Any] = inputs["program"]
    found = values(program, points(program))
    adjoint: dict[int, Array] = {len(program) - 1: np.ones(POINTS)}
    for place in reversed(range(len(program))):
        op, *rest = program[place]
        if place not in adjoint or op in (*LEAVES, "const"):
            continue
        lost = wrong == "chain-rule" and op in ("exp", "log", "tanh")
        for operand, (da, db) in zip(rest, ((1, 0), (0, 1)), strict=False):
            piece = (1 if lost else adjoint[place]) * RULES[op]((found[rest[0]], da), (found[rest[-1]], db))
            adjoint[operand] = piece if wrong == "overwritten" else adjoint.get(operand, 0) + piece
    at = [place for place, line in enumerate(program) if line[0] in LEAVES]
    return {"values": np.array([adjoint.get(place, np.zeros(POINTS)) for place in at])}


def _length(inputs: Tree, outputs: Tree) -> str | None:
    return "the gradient has far more nodes than it needs." if outputs["nodes per node"] > 15 else None


mistake = Mistakes(beside=__file__)

mistake.named("path-by-path", lambda inputs: {"graph": "too large"}, "deep").says(
    "Your gradient follows every path on its own, and their number doubles wherever a node is used twice: visit each node once, after all of its users."
)
known(mistake, reverse)

op = mistake.group(oracle=lambda rules: partial(derivatives, rules=rules))
op.named("difference-sign", {"sub": lambda a, b: a[1] + b[1]}).says("In a − b the derivative for b has a minus sign.")
product_mistakes(op)
op.named("power-exponent", {"pow": lambda a, b: b[0] * a[0] ** b[0] * a[1]}).says(
    "Your power keeps its exponent: (aⁿ)' = n aⁿ⁻¹."
)
op.named("power-factor", {"pow": lambda a, b: a[0] ** (b[0] - 1) * a[1]}).says("Your power lacks the factor n.")
op.named("log-derivative", {"log": lambda a, _: a[0] * a[1]}).says("The derivative of log a is 1/a.")
op.named("tanh-derivative", {"tanh": lambda a, _: (1 - a[0] ** 2) * a[1]}).says(
    "tanh' = 1 − tanh²: square the result, not the argument."
)


right = partial(check, expected=derivatives, tolerance=1e-6, complaint=_length)

CHECKS = (
    right("sums", "Sums, differences and products", share=0.2),
    right("quotients", "Quotients", share=0.1),
    right("powers", "Powers", share=0.1),
    right("functions", "exp and log, with what comes from outside", share=0.15),
    right("tanh", "tanh", share=0.1),
    right("shared", "Nodes that are used more than once", share=0.15, cases=("square", "diamond")),
    right("unused", "Zero for a variable that is not used, whatever its name", share=0.05, needs=("sums",)),
    right("again", "Asked again, also for a shared value, grad says the same", share=0.05, needs=("sums",)),
    right("deep", "Each node is visited once", share=0.1),
)

GIVEN = told("with the derivatives of {} for x and y at 40 points")
EXERCISE = Exercise("symbolic_grad", draw, CHECKS, tuple(mistake), read=read, described=GIVEN)
