"""Judge ``theano_function``: results and shared values call by call, operations counted, errors at the right moment."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from operator import add, mul, sub
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import known, refused
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
        first, second = ([number(), number()] for _ in range(2))
        return p, p("var", "x"), p("var", "y"), [first, second, first]

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
    case("counter", p, calls, p("mul", x, state), updates=[[state, p("add", state, x)]])  # y may go unused
    p, x, y, calls = begin()
    a, b = p("shared", "a", number()), p("shared", "b", number())
    case("swap", p, calls, [p("add", a, x), b], updates=[[a, p("mul", b, y)], [b, p("sub", a, x)]])
    p, x, y, calls = begin()
    state = p("shared", "state", number())
    square, held = p("mul", p("add", x, y), state), p("shared", "held", number())
    output, new = p("sub", p("mul", square, x), p("mul", held, y)), p("add", square, p("const", number()))
    givens = [[square, p("mul", y, y)], [x, p("sub", y, p("const", number()))], [held, p("const", number())]]
    case("givens", p, calls, [output, square], updates=[[state, new]], givens=givens)
    p, x, y, calls = begin()
    p.lines[y][1] = "x"  # of the same name, but another variable
    free, lost = p("var", "free"), p("mul", p("var", "lost"), x)
    output = p("sub", p("mul", free, x), lost)
    case("given input", p, calls, output, givens=[[free, p("add", y, p("const", number()))], [lost, y]])
    p, x, y, calls = begin()
    at = p("mul", p("sub", x, x), y)  # 0 is a value, too
    p("mul", p("add", x, x), p("sub", y, x))  # nobody needs this
    for _ in range(DEPTH):
        at = p("sub", p("add", at, at), x)
    case("once", p, calls, [at, p("add", at, y)], count=True)
    p, x, y, calls = begin()
    product, state, lacking = p("mul", x, y), p("shared", "state", 1), p("mul", p("sub", x, y), p("var", "forgotten"))
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


def run(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """What the calls give, by someone who makes the mistakes of these names, if any."""
    program, entries, done = inputs["program"], inputs["inputs"], 0
    replaced = {} if "givens-ignored" in wrong else dict(inputs["givens"])
    shared = {place: line[2] for place, line in enumerate(program) if line[0] == "shared"}
    first = dict(shared)
    strangers = [place for place, line in enumerate(program) if line[0] == "var" and place not in entries]
    if strangers and not {"needs-of-what-is-replaced", "givens-ignored"}.isdisjoint(wrong):
        raise ValueError("missing")

    def given(arguments: Any) -> dict[int, Any]:
        by_name = not {"kept-by-name", "kept-by-first-name"}.isdisjoint(wrong)
        names = [program[place][1] if by_name else place for place in entries]
        pairs = [*zip(names, arguments, strict=True)]
        numbers = dict(pairs[::-1] if "kept-by-first-name" in wrong else pairs)
        held = first if "frozen-at-compilation" in wrong else shared
        return {place: numbers[name] for place, name in zip(entries, names, strict=True)} | held

    def value(place: int, known: dict[int, Any], replaced: Mapping[int, int] = replaced) -> Any:
        nonlocal done
        place = replaced.get(place, place)
        op, *rest = program[place]
        again = "path-by-path" in wrong or ("nought-again" in wrong and known.get(place) == 0)
        if op not in OPERATIONS:
            known.setdefault(place, rest[0])
        elif place not in known or again:
            done += 1
            known[place] = OPERATIONS[op](*(value(each, known, replaced) for each in rest))
        return known[place]

    def asked(place: int, known: dict[int, Any], replaced: Mapping[int, int] = replaced) -> Any:
        return value(place, known, {**replaced, place: place} if "roots-not-replaced" in wrong else replaced)

    by_arguments: dict[tuple[Any, ...], dict[int, Any]] = {}
    wanted = inputs["outputs"] if isinstance(inputs["outputs"], list) else [inputs["outputs"]]
    results, states, operations, kept = [], [], [], {}
    for arguments in inputs["calls"]:
        done, kept = 0, given(arguments) | kept | dict(zip(entries, arguments, strict=True))
        known = kept if "kept-for-ever" in wrong else given(arguments)
        known = by_arguments.setdefault(tuple(arguments), known) if "kept-by-arguments" in wrong else known
        fresh = "forgotten-between-outputs" in wrong
        answers = [asked(place, given(arguments) if fresh else known) for place in wanted]
        if "one-after-another" in wrong:
            for place, new in inputs["updates"]:
                shared[place] = value(new, given(arguments))
        elif "givens-not-in-updates" in wrong:
            shared.update({place: value(new, given(arguments), {}) for place, new in inputs["updates"]})
        elif "no-updates" not in wrong:
            shared.update({place: asked(new, known) for place, new in inputs["updates"]})
        if "updated-before-outputs" in wrong:
            known = given(arguments)
            answers = [value(place, known) for place in wanted]
        if "shared-read-late" in wrong:
            answers = [shared.get(place, answer) for place, answer in zip(wanted, answers, strict=True)]
        several = len(answers) > 1 if "one-is-no-list" in wrong else isinstance(inputs["outputs"], list)
        results.append(answers if several or "always-a-list" in wrong else answers[0])
        states.append(list(shared.values()))
        every = sum(line[0] in OPERATIONS for line in program)
        operations.append(every if "everything-computed" in wrong else done)
    told = {"results": results, "shared": states}
    return told | {"operations": operations} if inputs["count"] else told


def _missing(inputs: Tree, outputs: Tree) -> Slip | None:
    """A ValueError that names the variable."""
    where = "an update" if inputs["updates"] else "a replacement" if inputs["givens"] else "the output"
    what = f"a variable that {where} needs and that is no input"
    return refused(outputs, ["forgotten"], what, when=", already by `function`")


def _arguments(inputs: Tree, outputs: Tree) -> Slip | None:
    """A TypeError for too few, and for too many."""
    wrong = [which for which in ("few", "many") if outputs[which] != "TypeError"]
    words = f"A call with too {' or '.join(wrong)} arguments should be a TypeError."
    return Slip(f"too-{wrong[0]}", words) if wrong else None


def mistaken(inputs: Tree, wrong: Collection[str]) -> dict[str, Any]:
    """What comes of the mistakes of these names; nothing where they do not show."""
    if inputs["expect"] == "missing":
        unnoticed = {"missing-too-late": True, "updates-unchecked": bool(inputs["updates"])}
        unnoticed["roots-not-replaced"] = bool(inputs["givens"])
        return {"error": ""} if any(unnoticed.get(name) for name in wrong) else {}
    return {"few": "TypeError", "many": ""} if inputs["expect"] else run(inputs, wrong)


MISTAKES = known(__file__, mistaken)
calls = partial(Check, expected=run)
then = partial(Check, needs=("outputs",))
MISSING = ("missing", "missing given", "missing update")
FORMS = ("single", "several", "one in a list")

CHECKS = (
    calls("outputs", "One output is a number, several are a list", share=0.2, cases=FORMS),
    calls("updates", "An update after every call", share=0.15, cases=("counter",), needs=("outputs",)),
    calls("at once", "All updates at once, from the old values", share=0.2, cases=("swap",)),
    calls("givens", "Replacements", share=0.1),
    calls("given input", "… of a variable that is no input", share=0.05),
    calls("once", "Nodes that are used again and again", share=0.1, outputs=("results", "shared")),
    calls("counted", "Only what is needed, each node once", share=0.05, cases=("once",), needs=("once",)),
    then("missing", "A missing input is found by `function`", share=0.1, cases=MISSING, complaint=_missing),
    then("arguments", "A wrong number of arguments is a TypeError", share=0.05, complaint=_arguments),
)

EXERCISE = Exercise("theano_function", draw, CHECKS, described=described, **MISTAKES)
