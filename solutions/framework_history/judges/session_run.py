"""Judge ``session_run``: what runs give, what they computed on the way, and what they say when something lacks.

A node that says another number each time it is asked gives away in the results how often it was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}


def draw(rng: np.random.Generator) -> list[Case]:
    """One graph for each promise."""

    def numbers(count: int) -> list[int]:
        return [int(each) for each in rng.permutation(np.arange(2, 40))[:count]]

    def case(name: str, graph: list[Any], runs: list[Any], sessions: int = 1, errors: list[str] | None = None) -> Case:
        given = {"graph": graph, "runs": runs, "sessions": sessions, "errors": errors or []}
        return Case(name, {**given, "stream": numbers(30)})

    a, b, c, d = numbers(4)
    formula = [["placeholder", "x"], ["placeholder", "y"], ["constant", c], ["mul", 0, 2], ["sub", 3, 1], ["add", 1, 1]]
    noisy = [["random"], ["constant", c], ["mul", 0, 1], ["sub", 2, 0], ["add", 0, 0]]
    state = [["variable", "w"], ["constant", a], ["assign", 0, 1], ["constant", b], ["add", 0, 3], ["assign", 0, 4]]
    return [
        case("one", formula, [[0, 4, [[0, a], [1, b]]], [0, 3, [[0, d]]]]),
        case(
            "forms",
            formula,
            [
                [0, [4, 3], [[0, a], [1, b]]],
                [0, [4], [[0, a], [1, b]]],
                [0, {"loss": 4, "more": [0, {"deep": 3}]}, [[0, a], [1, d]]],
                [0, ["tuple", 3, [4, 1]], [[0, b], [1, d]]],
            ],
        ),
        case("lazy", formula, [[0, 3, [[0, a]]], [0, 5, [[1, b]]], [0, 2, []]]),
        case(
            "feeds",
            formula,
            [
                [0, 4, [[3, a], [1, b], [0, d]]],
                [0, [3, 4], [[3, c], [1, d], [0, a]]],
                [0, 4, [[4, b], [0, c], [1, a]]],
            ],
        ),
        case("fed alone", formula, [[0, 4, [[3, a], [1, b]]], [0, [4], [[4, c]]]]),
        case("once", noisy, [[0, [3, 4, 0], []], [0, {"a": 2, "b": 0}, []], [0, 3, []]]),
        case("variables", state, [[0, 2, []], [0, 4, []], [0, 5, []], [0, [0, 4], []], [0, 5, []], [0, 0, []]]),
        case(
            "sessions",
            state,
            [[0, 2, []], [1, 5, [[0, c]]], [0, 0, []], [1, 0, []], [0, 5, []], [1, 0, []]],
            sessions=2,
        ),
        case("unfed", formula, [[0, 4, [[0, a]]], [0, 5, [[0, b]]]], errors=["y", "y"]),
        case("unset", state, [[0, 4, []], [0, 0, []]], errors=["w", "w"]),
    ]


def run(
    inputs: Tree,
    *,
    memory: str = "run",
    feeds: str = "any",
    one_session: bool = False,
    flat: bool = False,
) -> dict[str, Any]:
    """What the runs give, by a session that may be wrong in one way.

    Args:
        inputs: the case.
        memory: how long a computed value lasts: "run", "fetch" (each fetch anew), "never", or "for ever".
        feeds: "any", "placeholders" (others are passed over), or "late" (what was fed is computed nevertheless).
        one_session: whether all sessions share their variables.
        flat: whether a single fetch, too, comes back as a list.
    """
    if inputs["errors"]:
        return {}
    shared: dict[int, Any] = {}
    variables = [shared if one_session else {} for _ in range(inputs["sessions"])]
    stream, lasting = iter(inputs["stream"]), dict[int, Any]()
    results, called = [], []
    for number, fetches, fed in inputs["runs"]:
        feed = {at: value for at, value in fed if feeds != "placeholders" or inputs["graph"][at][0] == "placeholder"}
        known = lasting if memory == "for ever" else {}
        one = _Run(inputs["graph"], stream, variables[number], feed, known, memory, feeds == "late")
        answer = one.nested(fetches)
        results.append([answer] if flat and isinstance(fetches, int) else answer)
        called.append(one.counts)
    return {"results": results, "calls": called}


@dataclass
class _Run:
    """One run; the arguments are those of ``run``."""

    graph: list[Any]
    stream: Iterator[Any]
    variables: dict[int, Any]
    feed: dict[int, Any]
    known: dict[int, Any]
    memory: str
    late: bool

    def __post_init__(self) -> None:
        self.counts = [0] * len(self.graph)

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


def _slip(**switches: Any) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        try:
            return run(inputs, **switches)
        except (KeyError, StopIteration):  # what this mistake does here is an error
            return {}

    return expected


def _lacking(inputs: Tree, outputs: Tree) -> str | None:
    for name, error in zip(inputs["errors"], outputs["errors"], strict=True):
        if error["error"] != "ValueError":
            return "there should be a ValueError."
        if name not in error["message"]:
            return "the ValueError's message should hold the name of what lacks."
    return None


EXERCISE = Exercise(
    id="session_run",
    draw=draw,
    checks=(
        Check(
            "one",
            "The value of one Tensor",
            share=0.15,
            cases=("one",),
            expected=lambda inputs: {"results": run(inputs)["results"]},
        ),
        Check(
            "forms",
            "The answer has the form of the fetches",
            share=0.15,
            cases=("forms",),
            expected=lambda inputs: {"results": run(inputs)["results"]},
        ),
        Check("lazy", "Only what is needed is computed", share=0.15, cases=("lazy", "one"), expected=run),
        Check("feeds", "Any Tensor may be fed", share=0.1, cases=("feeds",), expected=run),
        Check(
            "alone",
            "What only a fed Tensor needed may lack",
            share=0.05,
            cases=("fed alone",),
            expected=run,
            needs=("feeds",),
        ),
        Check(
            "once", "Once a run, across all fetches; anew in the next run", share=0.15, cases=("once",), expected=run
        ),
        Check(
            "variables", "Variables keep their values from run to run", share=0.1, cases=("variables",), expected=run
        ),
        Check("sessions", "Each session has its own", share=0.05, cases=("sessions",), expected=run),
        Check("lacking", "What lacks is named", share=0.1, cases=("unfed", "unset"), complaint=_lacking),
    ),
    mistakes=(
        Mistake(
            "remembered-for-ever",
            "Values of an earlier run are used again: what a run computes must be forgotten after it, variables apart.",
            _slip(memory="for ever"),
            ("one", "forms", "lazy", "feeds", "once", "variables"),
        ),
        Mistake(
            "each-fetch-anew",
            "Each fetch is computed anew: within one run all fetches share what was computed.",
            _slip(memory="fetch"),
            ("once", "forms", "feeds"),
        ),
        Mistake(
            "computed-for-every-use",
            "A Tensor that is used twice is computed twice in a run: remember its value.",
            _slip(memory="never"),
            ("once", "lazy"),
        ),
        Mistake(
            "fed-but-computed",
            "What is fed is computed nevertheless, with all that it needs: look into feed_dict first.",
            _slip(feeds="late"),
            ("feeds",),
        ),
        Mistake(
            "only-placeholders-fed",
            "Only placeholders take what is fed; any Tensor may be fed.",
            _slip(feeds="placeholders"),
            ("feeds",),
        ),
        Mistake(
            "always-a-list",
            "A single Tensor as fetches should give its value, not a list.",
            _slip(flat=True),
            ("one", "lazy"),
        ),
        Mistake(
            "one-set-of-variables",
            "All sessions share their variables: the values belong to the session.",
            _slip(one_session=True),
            ("sessions",),
        ),
    ),
)
