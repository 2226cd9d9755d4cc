"""Judge ``session_run``: what runs give, what they computed on the way, and what they say when something lacks.

A node that says another number each time it is asked gives away in the results how often it was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import add, mul, sub
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree
from .checks import check, named, only

OPERATIONS: dict[str, Callable[[float, float], float]] = {"add": add, "sub": sub, "mul": mul}


def draw(rng: np.random.Generator) -> list[Case]:
    """One graph for each promise."""

    def numbers(count: int) -> list[int]:
        return [int(each) for each in rng.permutation(np.arange(2, 40))[:count]]

    def case(name: str, graph: list[Any], *runs: Any, sessions: int = 1, errors: Any = ()) -> Case:
        given = {"graph": graph, "runs": list(runs), "sessions": sessions, "errors": list(errors)}
        return Case(name, {**given, "stream": numbers(30)})

    a, b, c, d = numbers(4)
    formula = [["placeholder", "x"], ["placeholder", "y"], ["constant", c], ["mul", 0, 2], ["sub", 3, 1], ["add", 1, 1]]
    noisy = [["random"], ["constant", c], ["mul", 0, 1], ["sub", 2, 0], ["add", 0, 0]]
    state = [["variable", "w"], ["constant", a], ["assign", 0, 1], ["constant", b], ["add", 0, 3], ["assign", 0, 4]]
    forms = [[0, [4, 3], [[0, a], [1, b]]], [0, [4], [[0, a], [1, b]]]]
    forms += [[0, {"loss": 4, "more": [0, {"deep": 3}]}, [[0, a], [1, d]]]]
    forms += [[0, ["tuple", 3, [4, 1]], [[0, b], [1, d]]]]
    feeds = [[0, 4, [[3, a], [1, b], [0, d]]], [0, [3, 4], [[3, c], [1, d], [0, a]]], [0, 4, [[4, b], [0, c], [1, a]]]]
    kept = [[0, fetches, []] for fetches in (2, 4, 5, [0, 4], 5, 0)]
    two = [[0, 2, []], [1, 5, [[0, c]]], [0, 0, []], [1, 0, []], [0, 5, []], [1, 0, []]]
    return [
        case("one", formula, [0, 4, [[0, a], [1, b]]], [0, 3, [[0, d]]]),
        case("forms", formula, *forms),
        case("lazy", formula, [0, 3, [[0, a]]], [0, 5, [[1, b]]], [0, 2, []]),
        case("feeds", formula, *feeds),
        case("fed alone", formula, [0, 4, [[3, a], [1, b]]], [0, [4], [[4, c]]]),
        case("once", noisy, [0, [3, 4, 0], []], [0, {"a": 2, "b": 0}, []], [0, 3, []]),
        case("variables", state, *kept),
        case("sessions", state, *two, sessions=2),
        case("unfed", formula, [0, 4, [[0, a]]], [0, 5, [[0, b]]], errors=("y", "y")),
        case("unset", state, [0, 4, []], [0, 0, []], errors=("w", "w")),
    ]


def run(inputs: Tree, *, one_session: bool = False, **habits: Any) -> dict[str, Any]:
    """What the runs give, by a session that may be wrong in one way.

    Args:
        inputs: the case.
        one_session: whether all sessions share their variables.
        habits: those of a ``Run``.
    """
    shared, lasting = dict[int, Any](), dict[int, Any]()
    variables = [shared if one_session else {} for _ in range(inputs["sessions"])]
    stream = iter(inputs["stream"])
    results, called = [], []
    for number, fetches, fed in inputs["runs"]:
        one = Run(inputs["graph"], stream, variables[number], dict(fed), lasting, **habits)
        results.append(one.nested(fetches))
        called.append(one.counts)
    return {"results": results, "calls": called}


@dataclass
class Run:
    """One run of a session.

    Attributes:
        graph: the nodes, each an operation and its operands.
        stream: what a random node says.
        variables: the session's.
        feed: what is fed.
        known: the values that were computed in earlier runs and, then, in this one.
        memory: how long a value lasts: one "run", one "fetch", "never", or "for ever".
    """

    graph: list[Any]
    stream: Iterator[Any]
    variables: dict[int, Any]
    feed: dict[int, Any]
    known: dict[int, Any]
    memory: str = "run"
    only_placeholders: bool = False
    late: bool = False
    counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = [0] * len(self.graph)
        if self.memory != "for ever":
            self.known.clear()
        if self.only_placeholders:
            self.feed = {at: value for at, value in self.feed.items() if self.graph[at][0] == "placeholder"}

    def nested(self, form: Any) -> Any:
        """The values of fetches, in their form."""
        if isinstance(form, dict):
            return {key: self.nested(each) for key, each in form.items()}
        if isinstance(form, list):
            return [each if each == "tuple" else self.nested(each) for each in form]
        if self.memory == "fetch":
            self.known.clear()
        return self.value(form)

    def value(self, at: int) -> Any:
        """The value of one node."""
        if at in self.feed:
            if self.late and self.graph[at][0] in OPERATIONS:
                self._computed(at)
            return self.feed[at]
        if at not in self.known or self.memory == "never":
            self.known[at] = self._found(at)
        return self.known[at]

    def _found(self, at: int) -> Any:
        op, *rest = self.graph[at]
        if op == "variable":
            return self.variables[at]
        if op == "placeholder":
            raise KeyError(at)
        if op == "assign":
            self.variables[rest[0]] = self.value(rest[1])
            return self.variables[rest[0]]
        return self._computed(at)

    def _computed(self, at: int) -> Any:
        op, *rest = self.graph[at]
        operands = [self.value(each) for each in rest] if op in OPERATIONS else []
        self.counts[at] += 1
        if op in OPERATIONS:
            return OPERATIONS[op](*operands)
        return rest[0] if rest else next(self.stream)


def _lacking(inputs: Tree, outputs: Tree) -> str | None:
    """A ValueError of each run that names what lacks."""
    unnamed = "the ValueError's message should hold the name of what lacks."
    for name, error in zip(inputs["errors"], outputs["errors"], strict=True):
        complaint = named(error, [name], otherwise="there should be a ValueError.", unnamed=unnamed)
        if complaint:
            return complaint
    return None


def _where_it_runs(wrong: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    """A mistake's oracle; it holds nothing where the mistake ends in an error."""

    def expected(inputs: Tree) -> Tree:
        try:
            return wrong(inputs)
        except (KeyError, StopIteration):
            return {}

    return expected


mistake = Mistakes(_where_it_runs)


@mistake("one", "forms", "lazy", "feeds", "once", "variables")
def remembered_for_ever(inputs: Tree) -> Tree:
    """Values of an earlier run are used again: what a run computes must be forgotten after it, variables apart."""
    return run(inputs, memory="for ever")


@mistake("once", "forms", "feeds")
def each_fetch_anew(inputs: Tree) -> Tree:
    """Each fetch is computed anew: within one run all fetches share what was computed."""
    return run(inputs, memory="fetch")


@mistake("once", "lazy")
def computed_for_every_use(inputs: Tree) -> Tree:
    """A Tensor that is used twice is computed twice in a run: remember its value."""
    return run(inputs, memory="never")


@mistake("feeds")
def fed_but_computed(inputs: Tree) -> Tree:
    """What is fed is computed nevertheless, with all that it needs: look into feed_dict first."""
    return run(inputs, late=True)


@mistake("feeds")
def only_placeholders_fed(inputs: Tree) -> Tree:
    """Only placeholders take what is fed; any Tensor may be fed."""
    return run(inputs, only_placeholders=True)


@mistake("one", "lazy")
def always_a_list(inputs: Tree) -> Tree:
    """A single Tensor as fetches should give its value, not a list."""
    told = run(inputs)
    return {**told, "results": [[result] for result in told["results"]]}


@mistake("sessions")
def one_set_of_variables(inputs: Tree) -> Tree:
    """All sessions share their variables: the values belong to the session."""
    return run(inputs, one_session=True)


results = partial(check, share=0.15, expected=only(run, "results"))
calls = partial(check, expected=run)

CHECKS = (
    results("one", "The value of one Tensor"),
    results("forms", "The answer has the form of the fetches"),
    calls("lazy", "Only what is needed is computed", share=0.15, cases=("lazy", "one")),
    calls("feeds", "Any Tensor may be fed", share=0.1),
    calls("alone", "What only a fed Tensor needed may lack", share=0.05, cases=("fed alone",), needs=("feeds",)),
    calls("once", "Once a run, across all fetches; anew in the next run", share=0.15),
    calls("variables", "Variables keep their values from run to run", share=0.1),
    calls("sessions", "Each session has its own", share=0.05),
    check("lacking", "What lacks is named", share=0.1, cases=("unfed", "unset"), complaint=_lacking),
)

EXERCISE = Exercise("session_run", draw, CHECKS, tuple(mistake))
