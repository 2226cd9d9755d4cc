"""Judge ``symbolic_grad``: the graphs that came back, tried at many points against forward mode, and not too long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .graphs import POINTS, Array, Program, Rule, points, slopes, values

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
        _case("square", _square),
        _case("diamond", _diamond),
        _case("unused", lambda p, x, y: p("mul", p("const", number()), y)),
        _case("deep", _deep),
    ]


def _case(name: str, write: Callable[[Program, int, int], int]) -> Case:
    written = Program()
    write(written, written("var", "x"), written("var", "y"))
    return Case(name, {"program": written.lines})


def _square(p: Program, x: int, y: int) -> int:
    product = p("mul", x, y)
    return p("mul", product, product)


def _diamond(p: Program, x: int, y: int) -> int:
    shared = p("mul", x, y)
    return p("mul", p("add", shared, x), p("tanh", shared))


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


def _derivatives(rules: Mapping[str, Rule] | None = None) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        return {"values": np.array(slopes(inputs["program"], points(inputs["program"]), rules))}

    return expected


Pull = Callable[[Any, Any, Any, Any], tuple[Any, ...]]
"""What arrives at a node, its value, those of its operands → what goes to the operands."""

PULLS: dict[str, Pull] = {
    "add": lambda g, v, a, b: (g, g),
    "sub": lambda g, v, a, b: (g, -g),
    "mul": lambda g, v, a, b: (g * b, g * a),
    "div": lambda g, v, a, b: (g / b, -g * v / b),
    "pow": lambda g, v, a, b: (g * b * a ** (b - 1),),
    "exp": lambda g, v, a, b: (g * v,),
    "log": lambda g, v, a, b: (g / a,),
    "tanh": lambda g, v, a, b: (g * (1 - v * v),),
}
"""Of mistakes that only show in reverse mode; right answers never come from here, but from forward mode."""


def _reverse(overwrite: bool = False, wrong: Mapping[str, Pull] | None = None) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        program: Sequence[Any] = inputs["program"]
        found = values(program, points(program))
        adjoint: dict[int, Array] = {len(program) - 1: np.ones(POINTS)}
        for place in reversed(range(len(program))):
            op, *rest = program[place]
            if place not in adjoint or op in ("var", "const"):
                continue
            pull = {**PULLS, **(wrong or {})}[op]
            pieces = pull(adjoint[place], found[place], found[rest[0]], found[rest[-1]])
            for operand, piece in zip(rest, pieces, strict=False):
                adjoint[operand] = piece if overwrite else adjoint.get(operand, 0) + piece
        at = [place for place, line in enumerate(program) if line[0] == "var"]
        return {"values": np.array([adjoint.get(place, np.zeros(POINTS)) for place in at])}

    return expected


def _length(inputs: Tree, outputs: Tree) -> str | None:
    return "the gradient has far more nodes than it needs." if outputs["nodes per node"] > 15 else None


def _check(name: str, title: str, share: float, cases: tuple[str, ...], **more: Any) -> Check:
    return Check(
        name, title, share=share, cases=cases, expected=_derivatives(), tolerance=1e-6, complaint=_length, **more
    )


def _rule(name: str, message: str, **rules: Rule) -> Mistake:
    return Mistake(name, message, _derivatives(rules))


EXERCISE = Exercise(
    id="symbolic_grad",
    draw=draw,
    read=read,
    checks=(
        _check("sums", "Sums, differences and products", 0.2, ("sums",)),
        _check("quotients", "Quotients", 0.1, ("quotients",)),
        _check("powers", "Powers", 0.1, ("powers",)),
        _check("functions", "exp and log, with what comes from outside", 0.15, ("functions",)),
        _check("tanh", "tanh", 0.1, ("tanh",)),
        _check("shared", "Nodes that are used more than once", 0.2, ("square", "diamond")),
        _check("unused", "Zero for a variable that is not used", 0.05, ("unused",), needs=("sums",)),
        _check("deep", "Each node is visited once", 0.1, ("deep",)),
    ),
    mistakes=(
        Mistake(
            "path-by-path",
            "Your gradient follows every path on its own, and their number doubles wherever a node is used twice: visit each node once, after all of its users.",
            lambda inputs: {"graph": "too large"} if len(inputs["program"]) > 3 * DEPTH else {},
            ("deep",),
        ),
        Mistake(
            "overwritten",
            "Where a node is used more than once, only one of the contributions is left: add them up.",
            _reverse(overwrite=True),
        ),
        _rule("difference-sign", "In a − b the derivative for b has a minus sign.", sub=lambda a, b: a[1] + b[1]),
        _rule(
            "product-swapped",
            "In a * b each factor gets the other one's value, not its own.",
            mul=lambda a, b: a[1] * a[0] + b[1] * b[0],
        ),
        _rule("product-one-term", "Your product hands nothing to its second factor.", mul=lambda a, b: a[1] * b[0]),
        _rule(
            "quotient-sign",
            "In a / b the derivative for b is −a/b², with a minus sign.",
            div=lambda a, b: (a[1] * b[0] + a[0] * b[1]) / b[0] ** 2,
        ),
        _rule(
            "quotient-not-squared",
            "In a / b the derivative for b is −a/b²: the square is missing.",
            div=lambda a, b: a[1] / b[0] - a[0] * b[1] / b[0],
        ),
        _rule(
            "power-exponent",
            "Your power keeps its exponent: (aⁿ)' = n aⁿ⁻¹.",
            pow=lambda a, b: b[0] * a[0] ** b[0] * a[1],
        ),
        _rule("power-factor", "Your power lacks the factor n.", pow=lambda a, b: a[0] ** (b[0] - 1) * a[1]),
        _rule("log-derivative", "The derivative of log a is 1/a.", log=lambda a, _: a[0] * a[1]),
        _rule(
            "tanh-derivative",
            "tanh' = 1 − tanh²: square the result, not the argument.",
            tanh=lambda a, _: (1 - a[0] ** 2) * a[1],
        ),
        Mistake(
            "chain-rule",
            "What comes from outside is lost in exp, log or tanh: multiply by it.",
            _reverse(
                wrong={
                    "exp": lambda g, v, a, b: (v,),
                    "log": lambda g, v, a, b: (1 / a,),
                    "tanh": lambda g, v, a, b: (1 - v * v,),
                }
            ),
        ),
    ),
)
