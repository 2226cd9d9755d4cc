"""Judge ``symbolic_grad``: the graphs that came back, tried at many points, and not too long."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import chosen, known
from .graphs import LEAVES, POINTS, Program, points, rules, told, values

DEPTH = 13
"""Steps of the deep program; each uses its operand twice, so that there are 2^13 paths."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Programs that need one group of rules each."""

    def number() -> float:
        return float(rng.integers(2, 6))

    return [
        _case("sums", lambda p, x, y: p("sub", p("add", p("mul", x, y), x), p("mul", p("const", number()), y))),
        _case("quotients", lambda p, x, y: p("mul", p("div", x, p("add", y, x)), p("const", number()))),
        _case(
            "powers",
            lambda p, x, y: p("mul", p("pow", x, p("const", int(number()))), p("pow", y, p("const", 0.5 - number()))),
        ),
        _case("functions", lambda p, x, y: p("mul", p("exp", p("div", x, p("const", number()))), p("log", y))),
        _case("tanh", lambda p, x, y: p("tanh", p("div", p("mul", x, y), p("const", number())))),
        _case("square", lambda p, x, y: p("mul", (xy := p("mul", x, y)), p("add", xy, xy))),
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
    for step in range(DEPTH):  # the longer way is the second one, then the first
        at = p("add", *(p("mul", p("tanh", at) if far else at, half) for far in (step % 2, 1 - step % 2)))
    return at


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """The values of the graphs that came back, and how many nodes they have for each of the program's."""
    if isinstance(outputs["graph"], str):
        return {"graph": outputs["graph"]}
    lines, roots = outputs["graph"]["lines"], outputs["graph"]["roots"]
    found = values(lines, points(inputs["program"]))
    return {"values": np.array([found[root] for root in roots]), "nodes per node": len(lines) / len(inputs["program"])}


def derivatives(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """The derivatives, by someone who makes the mistakes of these names, if any."""
    program: Sequence[Any] = inputs["program"]
    found, used, last = values(program, points(program)), rules(wrong), len(program) - 1
    if "path-by-path" in wrong and last > DEPTH:
        return {"graph": "too large"}
    leaves = [place for place, line in enumerate(program) if line[0] in LEAVES]
    mixed = leaves if inputs["namesakes"] and "kept-by-name" in wrong else []
    adjoint: dict[int, Any] = {}

    def key(place: int) -> int:
        return mixed[0] if place in mixed else place

    for _ in range(2 if inputs["again"] and "never-cleared" in wrong else 1):
        adjoint[key(last)] = np.ones(POINTS)
        orders = {"inputs-first": range(last + 1), "breadth-first": _breadth_first(program, 1)}
        orders |= {"breadth-first-turned": _breadth_first(program, -1)}
        for place in chosen(wrong, orders, reversed(range(last + 1))):
            op, *rest = program[place]
            if place not in adjoint or op in (*LEAVES, "const"):
                continue
            alone = f"chain-rule in {op}" in wrong or ("chain-rule" in wrong and op in ("exp", "log", "tanh"))
            outside = [1 if alone else adjoint[place]] * 2
            outside[1] = 1 if "denominator-alone" in wrong and op == "div" else outside[1]
            parts = zip(rest, outside, ((1, 0), (0, 1)), strict=False)
            pieces = [(at, bar * used[op]((found[rest[0]], a), (found[rest[-1]], b))) for at, bar, (a, b) in parts]
            for at, piece in dict(pieces).items() if "one-piece-per-input" in wrong else pieces:
                adjoint[key(at)] = piece if "overwritten" in wrong else adjoint.get(key(at), 0) + piece
    if "own-derivative-lost" in wrong and last in leaves:
        adjoint[key(last)] = 0
    if "shared-as-constant" in wrong:
        adjoint |= {place: 0 for place in leaves if program[place][0] == "shared"}
    return {"values": np.array([np.zeros(POINTS) + adjoint.get(key(place), 0) for place in leaves])}


def _breadth_first(program: Sequence[Any], turned: int) -> list[int]:
    """The places of a program from its last, each once, as they come up as operands, the first or the last ones first."""
    order = [len(program) - 1]
    for place in order:
        op, *rest = program[place]
        order += [at for at in dict.fromkeys(rest[::turned]) if op not in (*LEAVES, "const") and at not in order]
    return order


def _form(inputs: Tree, outputs: Tree) -> Slip | str | None:
    if outputs.get("graph") == "of other things":
        return Slip("no-graph", "An entry of the list is a number or None, no graph: write const(0), const(1).")
    return "the gradient has far more nodes than it needs." if outputs["nodes per node"] > 15 else None


MISTAKES = known(__file__, derivatives)
right = partial(Check, expected=derivatives, tolerance=1e-6, complaint=_form)

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
EXERCISE = Exercise("symbolic_grad", draw, CHECKS, read=read, described=GIVEN, **MISTAKES)
