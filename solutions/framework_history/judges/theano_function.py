"""Judge ``theano_function``: results and shared values call by call, operations counted, errors at the right moment."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import add, mul, sub
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known, named
from .graphs import Program, written

DEPTH = 11

OPERATIONS: dict[str, Callable[..., float]] = {"add": add, "sub": sub, "mul": mul}


def draw(rng: np.random.Generator) -> list[Case]:
    """One case for each promise."""

    def number(low: float = -3, high: float = 3) -> float:
        while True:
            value = round(float(rng.uniform(low, high)), 2)
            if abs(value) > 0.4:
                return value

    def begin() -> tuple[Program, int, int, list[Any]]:
        p = Program()
        return p, p("var", "x"), p("var", "y"), [[number(), number()] for _ in range(3)]

    def case(name: str, p: Program, calls: list[Any], outputs: Any, **more: Any) -> None:
        given = {"inputs": [0, 1], "updates": [], "givens": [], "expect": "", "count": False, "calls": calls}
        cases.append(Case(name, {**given, "outputs": outputs, **more, "program": p.lines}))

    cases: list[Case] = []
    p, x, y, calls = begin()
    case("single", p, calls, p("sub", p("mul", x, y), p("const", number())))
    p, x, y, calls = begin()
    product = p("mul", x, y)
    case("several", p, calls, [p("sub", x, product), product, x])
    p, x, y, calls = begin()
    case("one in a list", p, calls, [p("sub", y, p("mul", x, x))])
    p, x, y, calls = begin()
    state = p("shared", "state", 0)
    case("counter", p, calls, p("mul", x, state), updates=[[state, p("add", p("mul", state, y), x)]])
    p, x, y, calls = begin()
    a, b = p("shared", "a", number()), p("shared", "b", number())
    case("swap", p, calls, [p("add", a, x), b], updates=[[a, p("mul", b, y)], [b, p("sub", a, x)]])
    p, x, y, calls = begin()
    state = p("shared", "state", number())
    square = p("mul", p("add", x, y), state)
    output, new = p("sub", p("mul", square, x), y), p("add", square, p("const", number()))
    case("givens", p, calls, output, updates=[[state, new]], givens=[[square, p("mul", y, y)]])
    p, x, y, calls = begin()
    p.lines[y][1] = "x"  # of the same name, but another variable
    free, lost = p("var", "free"), p("mul", p("var", "lost"), x)
    output = p("sub", p("mul", free, x), lost)
    case("given input", p, calls, [output, lost], givens=[[free, p("add", y, p("const", number()))], [lost, y]])
    p, x, y, calls = begin()
    at = p("mul", p("sub", x, x), y)  # 0 is a value, too
    p("mul", p("add", x, x), p("sub", y, x))  # nobody needs this
    for _ in range(DEPTH):
        at = p("sub", p("add", at, at), x)
    case("once", p, calls, [at, p("add", at, y)], count=True)
    p, x, y, calls = begin()
    product, state, lacking = p("mul", x, y), p("shared", "state", 1), p("mul", x, p("var", "forgotten"))
    case("missing", p, calls, lacking, expect="missing")
    case("missing given", p, calls, product, givens=[[product, lacking]], expect="missing")
    case("missing update", p, calls, x, updates=[[state, lacking]], expect="missing")
    p, x, y, calls = begin()
    case("arguments", p, calls, p("add", x, y), expect="arguments")
    return cases


def described(inputs: Tree) -> str:
    """The call of ``function``, and with which numbers the function is called."""
    formula, outputs = partial(written, inputs["program"]), inputs["outputs"]
    told = formula(outputs) if isinstance(outputs, int) else f"[{', '.join(map(formula, outputs))}]"
    for name in ("updates", "givens"):
        told += f", {name} {{{', '.join(f'{formula(a)}: {formula(b)}' for a, b in inputs[name])}}}" * bool(inputs[name])
    return f"with function([x, y], {told}), called with {inputs['calls']}"


def run(inputs: Tree, wrong: str = "") -> dict[str, Any]:
    """What the calls give, by someone who makes the mistake of this name, if any."""
    program: Sequence[Any] = inputs["program"]
    replaced = {} if wrong == "givens-ignored" else dict(inputs["givens"])
    shared = {place: line[2] for place, line in enumerate(program) if line[0] == "shared"}
    first = dict(shared)

    def given(arguments: Any) -> dict[int, float]:
        held = first if wrong == "frozen-at-compilation" else shared
        return {**dict(zip(inputs["inputs"], arguments, strict=True)), **held}

    def value(place: int, known: dict[int, float]) -> float:
        place = replaced.get(place, place)
        if place not in known:
            op, *rest = program[place]
            known[place] = rest[0] if op == "const" else OPERATIONS[op](*(value(each, known) for each in rest))
        return known[place]

    wanted = inputs["outputs"] if isinstance(inputs["outputs"], list) else [inputs["outputs"]]
    results, states, operations, kept = [], [], [], {}
    for arguments in inputs["calls"]:
        kept = {**given(arguments), **kept, **dict(zip(inputs["inputs"], arguments, strict=True))}
        known = kept if wrong == "kept-for-ever" else given(arguments)
        answers = [value(place, known) for place in wanted]
        if wrong == "one-after-another":
            for place, new in inputs["updates"]:
                shared[place] = value(new, given(arguments))
        elif wrong != "no-updates":
            shared.update({place: value(new, known) for place, new in inputs["updates"]})
        if wrong == "updated-before-outputs":
            known = given(arguments)
            answers = [value(place, known) for place in wanted]
        several = len(answers) > 1 if wrong == "one-is-no-list" else isinstance(inputs["outputs"], list)
        results.append(answers if several or wrong == "always-a-list" else answers[0])
        states.append(list(shared.values()))
        operations.append(sum(program[place][0] in OPERATIONS for place in known))
    told = {"results": results, "shared": states}
    return told | {"operations": operations} if inputs["count"] else told


def _missing(inputs: Tree, outputs: Tree) -> str | None:
    """A ValueError that names the variable."""
    otherwise = "`function` should raise a ValueError for a variable that is needed and is no input."
    unnamed = "the ValueError's message should hold the variable's name."
    return named(outputs, ["forgotten"], otherwise=otherwise, unnamed=unnamed)


def mistaken(inputs: Tree, wrong: str) -> dict[str, Any]:
    """What comes of the mistake of this name; nothing where it does not show."""
    if inputs["expect"] == "missing":
        return {"error": ""} if inputs["updates"] or wrong == "missing-too-late" else {}
    return {"few": "TypeError", "many": ""} if inputs["expect"] else run(inputs, wrong)


mistake = Mistakes(beside=__file__)
known(mistake, mistaken)


@mistake("counted")
def path_by_path(inputs: Tree) -> Tree:
    """A node that is used twice is computed twice, and so on: 2ⁿ operations. Keep each node's value."""
    costs: list[int] = []
    for op, *rest in inputs["program"]:
        costs.append(1 + sum(costs[place] for place in rest) if op in OPERATIONS else 0)
    return {"operations": [sum(costs[place] for place in inputs["outputs"])] * len(inputs["calls"])}


mistake.named(
    "everything-computed",
    lambda inputs: {"operations": [sum(line[0] in OPERATIONS for line in inputs["program"])] * len(inputs["calls"])},
    "counted",
).says("Nodes are computed that no output needs.")
calls = partial(check, expected=run)
then = partial(check, needs=("outputs",))
MISSING = ("missing", "missing given", "missing update")
FORMS, TYPE_ERRORS = ("single", "several", "one in a list"), {"few": "TypeError", "many": "TypeError"}

CHECKS = (
    calls("outputs", "One output is a number, several are a list", share=0.2, cases=FORMS),
    calls("updates", "An update after every call", share=0.15, cases=("counter",), needs=("outputs",)),
    calls("at once", "All updates at once, from the old values", share=0.2, cases=("swap",)),
    calls("givens", "Replacements", share=0.1),
    calls("given input", "… of a variable that is no input", share=0.05),
    calls("once", "Nodes that are used again and again", share=0.1, outputs=("results", "shared")),
    calls("counted", "Only what is needed, each node once", share=0.05, cases=("once",), needs=("once",)),
    then("missing", "A missing input is found by `function`", share=0.1, cases=MISSING, complaint=_missing),
    then("arguments", "A wrong number of arguments is a TypeError", share=0.05, expected=lambda inputs: TYPE_ERRORS),
)

EXERCISE = Exercise("theano_function", draw, CHECKS, tuple(mistake), described=described)
