"""Judge ``theano_function``: results and shared values call by call, operations counted, errors at the right moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .graphs import Program

DEPTH = 11

OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}


def draw(rng: np.random.Generator) -> list[Case]:
    """One case for each promise."""

    def number(low: float = -3, high: float = 3) -> float:
        while True:
            value = round(float(rng.uniform(low, high)), 2)
            if abs(value) > 0.4:
                return value

    def case(name: str, write: Callable[[Program, int, int], dict[str, Any]], **more: Any) -> Case:
        p = Program()
        x, y = p("var", "x"), p("var", "y")
        asked: dict[str, Any] = {"inputs": [x, y], "updates": [], "givens": [], "expect": "", "count": False}
        asked["calls"] = [[number(), number()] for _ in range(3)]
        return Case(name, {**asked, **write(p, x, y), "program": p.lines, **more})

    def single(p: Program, x: int, y: int) -> dict[str, Any]:
        return {"outputs": p("sub", p("mul", x, y), p("const", number()))}

    def several(p: Program, x: int, y: int) -> dict[str, Any]:
        product = p("mul", x, y)
        return {"outputs": [p("sub", x, product), product, x]}

    def one_in_a_list(p: Program, x: int, y: int) -> dict[str, Any]:
        return {"outputs": [p("sub", y, p("mul", x, x))]}

    def counter(p: Program, x: int, y: int) -> dict[str, Any]:
        state = p("shared", "state", number(1, 3))
        return {"outputs": p("mul", x, state), "updates": [[state, p("add", p("mul", state, y), x)]]}

    def swap(p: Program, x: int, y: int) -> dict[str, Any]:
        a, b = p("shared", "a", number()), p("shared", "b", number())
        return {"outputs": [p("add", a, x), b], "updates": [[a, p("mul", b, y)], [b, p("sub", a, x)]]}

    def givens(p: Program, x: int, y: int) -> dict[str, Any]:
        state = p("shared", "state", number())
        square = p("mul", p("add", x, y), state)
        return {
            "outputs": p("sub", p("mul", square, x), y),
            "updates": [[state, p("add", square, p("const", number()))]],
            "givens": [[square, p("mul", y, y)]],
        }

    def given_input(p: Program, x: int, y: int) -> dict[str, Any]:
        free = p("var", "free")
        return {"outputs": p("sub", p("mul", free, x), y), "givens": [[free, p("add", y, p("const", number()))]]}

    def once(p: Program, x: int, y: int) -> dict[str, Any]:
        at = p("mul", x, y)
        p("mul", p("add", x, x), y)  # nobody needs this
        for _ in range(DEPTH):
            at = p("sub", p("add", at, at), x)
        return {"outputs": [at, p("add", at, y)], "count": True}

    def missing(p: Program, x: int, y: int) -> dict[str, Any]:
        return {"outputs": p("mul", x, p("var", "forgotten")), "expect": "missing"}

    def arguments(p: Program, x: int, y: int) -> dict[str, Any]:
        return {"outputs": p("add", x, y), "expect": "arguments"}

    return [
        case(write.__name__.replace("_", " "), write)
        for write in (single, several, one_in_a_list, counter, swap, givens, given_input, once, missing, arguments)
    ]


def run(
    inputs: Tree,
    *,
    one_by_one: bool = False,
    updated_first: bool = False,
    frozen: bool = False,
    updates: bool = True,
    givens: bool = True,
    always_a_list: bool = False,
) -> dict[str, Any]:
    """What the calls give, by someone who may have made one of these mistakes."""
    if inputs["expect"]:
        return {}
    program: Sequence[Any] = inputs["program"]
    replaced = dict(inputs["givens"]) if givens else {}
    shared = {place: line[2] for place, line in enumerate(program) if line[0] == "shared"}
    first = dict(shared)
    results, states, operations = [], [], []
    for arguments in inputs["calls"]:
        known: dict[int, float] = {}

        def value(
            place: int,
            known: dict[int, float] = known,
            arguments: Any = arguments,
            held: dict[int, float] = first if frozen else shared,
        ) -> float:
            place = replaced.get(place, place)
            if place not in known:
                op, *rest = program[place]
                if op in OPERATIONS:
                    known[place] = OPERATIONS[op](value(rest[0]), value(rest[1]))
                elif op == "const":
                    known[place] = rest[0]
                elif op == "shared":
                    known[place] = held[place]
                else:
                    known[place] = dict(zip(inputs["inputs"], arguments, strict=True))[place]
            return known[place]

        wanted = inputs["outputs"] if isinstance(inputs["outputs"], list) else [inputs["outputs"]]
        if not updated_first:
            answers = [value(place) for place in wanted]
        if one_by_one:
            for place, new in inputs["updates"]:
                shared[place] = value(new)
                known.clear()
        elif updates:
            shared.update({place: value(new) for place, new in inputs["updates"]})
        if updated_first:
            known.clear()
            answers = [value(place) for place in wanted]
        results.append(answers if always_a_list or isinstance(inputs["outputs"], list) else answers[0])
        states.append(list(shared.values()))
        operations.append(sum(program[place][0] in OPERATIONS for place in known))
    told = {"results": results, "shared": states}
    return told | {"operations": operations} if inputs["count"] else told


def _expected(**switches: bool) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        try:
            return run(inputs, **switches)
        except KeyError:  # a variable that only a replacement would have done away with
            return {}

    return expected


def _missing(inputs: Tree, outputs: Tree) -> str | None:
    if outputs["error"] != "ValueError":
        return "`function` should raise a ValueError for a variable that is needed and is no input."
    return None if "forgotten" in outputs["message"] else "the ValueError's message should hold the variable's name."


def _every_path(inputs: Tree) -> dict[str, Any]:
    """How many operations it takes to compute every use of a node anew."""
    if not inputs["count"]:
        return {}
    program = inputs["program"]
    costs: list[int] = []
    for op, *rest in program:
        costs.append(1 + sum(costs[place] for place in rest) if op in OPERATIONS else 0)
    return {"operations": [sum(costs[place] for place in inputs["outputs"])] * len(inputs["calls"])}


def _everything(inputs: Tree) -> dict[str, Any]:
    if not inputs["count"]:
        return {}
    return {"operations": [sum(line[0] in OPERATIONS for line in inputs["program"])] * len(inputs["calls"])}


EXERCISE = Exercise(
    id="theano_function",
    draw=draw,
    checks=(
        Check(
            "outputs",
            "One output is a number, several are a list",
            share=0.2,
            cases=("single", "several", "one in a list"),
            expected=run,
        ),
        Check(
            "updates", "An update after every call", share=0.15, cases=("counter",), expected=run, needs=("outputs",)
        ),
        Check("at once", "All updates at once, from the old values", share=0.2, cases=("swap",), expected=run),
        Check("givens", "Replacements", share=0.1, cases=("givens",), expected=run),
        Check("given input", "… of a variable that is no input", share=0.05, cases=("given input",), expected=run),
        Check("once", "Only what is needed, each node once", share=0.15, cases=("once",), expected=run),
        Check(
            "missing",
            "A missing input is found by `function`",
            share=0.1,
            cases=("missing",),
            complaint=_missing,
            needs=("outputs",),
        ),
        Check(
            "arguments",
            "A wrong number of arguments is a TypeError",
            share=0.05,
            cases=("arguments",),
            expected=lambda inputs: {"few": "TypeError", "many": "TypeError"},
            needs=("outputs",),
        ),
    ),
    mistakes=(
        Mistake(
            "one-after-another",
            "Your updates see each other: compute all new values first, then set them.",
            _expected(one_by_one=True),
        ),
        Mistake(
            "updated-before-outputs",
            "Your outputs are computed after the updates; they belong to the old values.",
            _expected(updated_first=True),
        ),
        Mistake(
            "frozen-at-compilation",
            "The shared values of the time of `function(…)` are used in every call: read node.value when called.",
            _expected(frozen=True),
        ),
        Mistake("no-updates", "The shared values never change: do the updates.", _expected(updates=False)),
        Mistake("givens-ignored", "Nothing is replaced: `givens` is ignored.", _expected(givens=False), ("givens",)),
        Mistake(
            "always-a-list",
            "A single output (an Expr, not a list) should come back as one number.",
            _expected(always_a_list=True),
        ),
        Mistake(
            "path-by-path",
            "A node that is used twice is computed twice, and so on: 2ⁿ operations. Keep each node's value.",
            _every_path,
            ("once",),
        ),
        Mistake(
            "everything-computed",
            "Nodes are computed that no output needs.",
            _everything,
            ("once",),
        ),
        Mistake(
            "missing-too-late",
            "The missing input is not noticed by `function(…)`: look through the graph there, before anybody calls.",
            lambda inputs: {"error": ""},
            ("missing",),
        ),
    ),
)
