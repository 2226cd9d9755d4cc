"""Judge ``session_run``: what runs return, what they compute on the way, and their errors when something is missing.

The host computes what nodes compute, and sees how often; a node that gives another number at each call shows in the
results when it was called.
"""

from collections.abc import Callable, Collection
from functools import partial
from operator import add, mul, sub
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import chosen, known, refused

OPERATIONS: dict[str, Callable[..., Any]] = {"add": add, "sub": sub, "mul": mul, "fma": lambda a, b, c=0.0: a * b + c}


def operands(line: list[Any]) -> list[int]:
    """The places of what a node computes with."""
    return line[1:] if line[0] in OPERATIONS else []


def host(inputs: Tree) -> Callable[[Any], Any]:
    """Computes one node at a time: [place, operands …]."""
    stream = iter(inputs["stream"])

    def answer(question: Any) -> Any:
        op, *rest = inputs["graph"][question[0]]
        if op in OPERATIONS:
            return OPERATIONS[op](*map(float, question[1:]))
        return rest[0] if op == "constant" else next(stream)

    return answer


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with how often the host computed each node."""
    asked = [question[0] for question in outputs["asked"][:10_000]]
    return {**outputs, "calls": [asked.count(at) for at in range(len(inputs["graph"]))]}


def draw(rng: np.random.Generator) -> list[Case]:
    """One graph for each promise; a run is [session, fetches, [[node, value] …]], and a number stands for a node."""

    def numbers(count: int) -> list[int]:
        return [int(each) for each in rng.permutation(np.arange(2, 40))[:count]]

    def case(name: str, graph: list[Any], *runs: Any, sessions: int = 1, errors: Any = ()) -> Case:
        known = ("placeholder", "variable", "assign")  # of all others the sandbox knows the operands alone
        nodes = [line if line[0] in known else ["compute", *operands(line)] for line in graph]
        given = {"nodes": nodes, "runs": list(runs), "sessions": sessions, "errors": bool(errors)}
        return Case(name, {**given, "graph": graph, "stream": numbers(30), "named": list(errors)})

    a, b, c, d = numbers(4)
    formula = [["placeholder", "x"], ["placeholder", "y"], ["constant", c], ["mul", 0, 2], ["sub", 3, 1], ["add", 1, 1]]
    formula += [["fma", 0, 1, 2], ["placeholder", "x"]]
    noisy = [["random"], ["constant", 0], ["add", 0, 1], ["sub", 2, 0], ["add", 0, 0], ["mul", 1, 1]]
    noisy += [["constant", None]]  # None is a value, too
    state = [["variable", "w"], ["constant", a], ["assign", 0, 1], ["constant", b], ["add", 0, 3], ["assign", 0, 4]]
    used = [*state, ["add", 2, 3]]
    namesakes = [["variable", "w"], ["constant", 0], *state[2:], ["variable", "w"], ["assign", 6, 3]]
    forms = [[0, [4, 3], [[0, a], [1, b]]], [0, [4], [[0, a], [1, b]]]]
    forms += [[0, {"loss": 4, "more": [0, {"deep": 3}]}, [[0, a], [1, d]]]]
    forms += [[0, ["tuple", 3, [4, 1, ["tuple", 4]]], [[0, b], [1, d]]]]
    feeds = [[0, 4, [[3, a], [1, b], [0, d]]], [0, [3, 4], [[3, c], [1, d], [0, a]]], [0, 4, [[4, b], [0, c], [1, a]]]]
    feeds += [[0, [4, 0], [[3, c], [1, d], [0, b]]], [0, [4, 0], [[3, 0], [1, d], [0, 0]]]]
    kept = [[0, fetches, []] for fetches in (2, 4, 5, [0, 4], 5, 0)]
    two = [[0, 2, []], [1, 5, [[0, c]]], [1, 4, [[0, d]]], [0, 7, []], [0, 0, []], [1, 0, []], [0, 5, []], [1, 0, []]]
    return [
        case("one", formula, [0, 4, [[0, a], [1, b]]], [0, 3, [[0, d]]], [0, 6, [[0, a], [1, d]]]),
        case("forms", formula, *forms),
        case("lazy", formula, [0, 3, [[0, a]]], [0, 5, [[1, b]]], [0, 2, []]),
        case("feeds", formula, *feeds),
        case("fed alone", formula, [0, 4, [[3, a], [1, b]]], [0, [4, 1], [[4, c], [1, d]]]),
        case("fed none", formula, [0, [1], [[1, None]]]),
        case("fed assign", state, [0, 2, []], [0, 5, [[5, c]]], [0, 0, []]),
        case("once", noisy, [0, [3, 4, 0, 5, 6, 6], []], [0, {"a": 2, "b": 0}, []], [0, 3, []]),
        case("variables", state, *kept),
        case("sessions", namesakes, *two, sessions=2),
        case(
            "unfed",
            formula,
            [0, 4, [[0, a]]],
            [0, 5, [[1, b]]],
            [0, 5, [[0, b]]],
            [0, 7, [[0, a]]],
            errors=("y", "", "y", "x"),
        ),
        case("unset", state, [0, 4, []], [0, 0, []], errors=("w", "w")),
        case("assigned", used, [0, 2, []]),
        case("assign needed", used, [0, 6, []], [0, 0, []]),
    ]


def run(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """What the runs give, by a session that makes the mistakes of these names, if any.

    Raises:
        TypeError, ValueError: the mistakes end in one.
    """
    graph, answer = inputs["graph"], host(inputs)
    variables: list[dict[Any, Any]] = [{} for _ in range(inputs["sessions"])]
    known: dict[int, Any] = {}
    results, counts = [], [0] * len(graph)

    def nested(form: Any, depth: int = 0) -> Any:
        """The values of fetches, in their form."""
        if depth > chosen(wrong, {"one-level-only": 0, "two-levels-only": 1}, depth) and not isinstance(
            form, int | str
        ):
            raise TypeError(f"unhashable type: '{type(form).__name__}'")
        if isinstance(form, dict):
            return {key: nested(each, depth + 1) for key, each in form.items()}
        if isinstance(form, list):
            kept = form[1:] if form[:1] == ["tuple"] and "tuples-as-lists" in wrong else form
            return [each if each == "tuple" else nested(each, depth + 1) for each in kept]
        if "each-fetch-anew" in wrong:
            known.clear()
        if form in feed and "needs-of-fetches" in wrong:
            [value(each) for each in operands(graph[form])]
        return value(form)

    def value(at: int) -> Any:
        """The value of one node: fed, known, or found out."""
        if at in feed:
            if "fed-but-computed" in wrong and graph[at][0] in OPERATIONS:
                computed(at)
            for each in operands(graph[at]) if "needs-of-what-is-fed" in wrong else ():
                value(each)
            return feed[at]
        lost = {"none-again": known.get(at) is None, "nought-again": not known.get(at), "computed-for-every-use": True}
        if chosen(wrong, lost, at not in known):
            known[at] = found(at)
        return known[at]

    def found(at: int) -> Any:
        op, *rest = graph[at]
        key = graph[at][1] if "variables-by-name" in wrong and op == "variable" else at
        if op == "placeholder" or (op == "variable" and key not in held):
            raise ValueError("it lacks")
        if op == "variable":
            return held[key]
        if op == "assign":
            if "assign-reads-the-old-value" in wrong:
                value(rest[0])
            held[graph[rest[0]][1] if "variables-by-name" in wrong else rest[0]] = new = value(rest[1])
            return None if "assign-is-none" in wrong else new
        return computed(at)

    def computed(at: int) -> Any:
        given = [value(each) for each in operands(graph[at])]
        counts[at] += 1
        return answer([at, *given])

    def placeholders(form: Any) -> set[int]:
        """Those that the fetches need where nothing is fed."""
        if isinstance(form, int):
            below = graph[form][2:] if graph[form][0] == "assign" else operands(graph[form])
            return {form} if graph[form][0] == "placeholder" else placeholders(below)
        parts = form.values() if isinstance(form, dict) else form
        return set().union(*(placeholders(each) for each in parts if each != "tuple"))

    for number, fetches, fed in inputs["runs"]:
        held = {} if "variables-forgotten" in wrong else variables[0 if "one-set-of-variables" in wrong else number]
        feed = {at: new for at, new in fed if "only-placeholders-fed" not in wrong or graph[at][0] == "placeholder"}
        feed = {at: new for at, new in feed.items() if new or "nought-is-not-fed" not in wrong}
        feed = {at: new for at, new in feed.items() if new is not None or "none-is-not-fed" not in wrong}
        feed = {} if "fed-but-refused" in wrong else feed
        if "fed-looked-for-late" in wrong and not placeholders(fetches) <= feed.keys():
            raise ValueError("it lacks")
        if "fed-variable-stays" in wrong:
            held |= {at: new for at, new in feed.items() if graph[at][0] == "variable"}
        if "remembered-for-ever" not in wrong:
            known.clear()
        results.append([nested(fetches)] if "always-a-list" in wrong else nested(fetches))
    return {"results": results, "calls": counts}


def _lacking(inputs: Tree, outputs: Tree) -> Slip | None:
    """A ValueError of each run that names what lacks."""
    unset = inputs["graph"][0][0] == "variable"
    what = "a variable that was never assigned" if unset else "a placeholder that is not fed"
    pairs = zip(inputs["named"], outputs["errors"], strict=True)
    told = (refused(error, [name], what) for name, error in pairs if name)  # nothing lacks without a name
    return next(filter(None, told), None)


MISTAKES = known(__file__, run)
results = partial(Check, share=0.15, expected=run, outputs=("results",))
calls = partial(Check, expected=run)
ALONE = ("fed alone", "fed assign", "fed none")

CHECKS = (
    results("one", "The value of one Tensor"),
    results("forms", "The answer has the form of the fetches"),
    calls("lazy", "Only what is needed is computed", share=0.15, cases=("lazy", "one")),
    calls("feeds", "Any Tensor may be fed", share=0.1),
    calls("alone", "What is fed is not computed, nor what only it needed", share=0.05, cases=ALONE, needs=("feeds",)),
    calls("once", "Once a run, across all fetches; anew in the next run", share=0.15),
    calls(
        "variables",
        "Variables keep their values from run to run",
        share=0.1,
        cases=("variables", "assigned", "assign needed"),
    ),
    calls("sessions", "Each session has its own", share=0.05),
    Check("lacking", "What lacks is named", share=0.1, cases=("unfed", "unset"), complaint=_lacking, needs=("one",)),
)

HIDDEN = ("graph", "stream")


def described(inputs: Tree) -> str:
    """The graph as statements, each node a letter; then the runs."""
    letters, of_nodes = "abcdefgh", (*OPERATIONS, "assign")

    def told(form: Any) -> str:
        if isinstance(form, dict):
            return f"{{{', '.join(f'{key}: {told(each)}' for key, each in form.items())}}}"
        nodes = [told(each) for each in form if each != "tuple"] if isinstance(form, list) else []
        return f"[{', '.join(nodes)}]" if isinstance(form, list) else letters[form]

    graph = [
        f"{letter} = {op}({', '.join(letters[each] if op in of_nodes else str(each) for each in rest)})"
        for (op, *rest), letter in zip(inputs["graph"], letters, strict=False)
    ]
    feeds = [", ".join(f"{told(at)}: {value}" for at, value in feed) for *_, feed in inputs["runs"][:3]]
    runs = [f"run({told(run[1])}, {{{feed}}})" for run, feed in zip(inputs["runs"], feeds, strict=False)]
    return f"with `{'; '.join(graph)}` and {', '.join(runs)}"


EXERCISE = Exercise("session_run", draw, CHECKS, read=read, host=host, hidden=HIDDEN, described=described, **MISTAKES)
