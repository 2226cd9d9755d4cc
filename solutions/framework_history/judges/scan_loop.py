"""Judge ``scan_loop``: the mended power, and scans of drawn numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

STEPS: dict[str, Callable[..., float]] = {
    "horner": lambda s, p, x: p * x + s,
    "two": lambda a, b, p: 2 * a - b + 3 * p,
    "map": lambda s, c: s * s - c,
    "sum": lambda s, p: p + s,
    "constants": lambda p, a, b: a * p - b,
}


def draw(rng: np.random.Generator) -> list[Case]:
    """Powers, and a scan for each kind of argument."""

    def numbers(count: int) -> list[int]:
        return [int(each) for each in rng.permutation(np.arange(2, 10))[:count]]

    def power(name: str, base: Any, exponents: list[int]) -> Case:
        return Case(name, {"what": "power", "base": base, "exponents": exponents})

    def scan(name: str, fn: str, sequences: Any, initial: Any, constants: Any, steps: int | None) -> Case:
        given = {"fn": fn, "sequences": sequences, "initial": initial, "constants": constants, "steps": steps}
        return Case(name, {"what": "scan", **given})

    return [
        power("number", numbers(1)[0], [1, 2, int(rng.integers(3, 7))]),
        power("array", rng.uniform(0.5, 2, (2, 3)).round(2).tolist(), [1, int(rng.integers(3, 6))]),
        power("zeroth", rng.uniform(0.5, 2, 4).round(2).tolist(), [0]),
        scan("horner", "horner", [numbers(4)], 0, numbers(1), None),
        scan("two", "two", [numbers(4), numbers(6)], numbers(1)[0], [], None),
        scan("map", "map", [numbers(5)], None, numbers(1), None),
        scan("short", "sum", [numbers(6)], numbers(1)[0], [], 3),
        scan("loop", "constants", [], numbers(1)[0], numbers(2), 5),
        scan("no step", "constants", [], numbers(1)[0], numbers(2), 0),
        Case("endless", {"what": "endless"}),
    ]


def powers(off: int = 0) -> Callable[[Tree], dict[str, Any]]:
    """Powers to an exponent that is off by some."""

    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["what"] != "power":
            return {}
        return {"powers": [np.array(inputs["base"], dtype=float) ** (k + off) for k in inputs["exponents"]]}

    return expected


def _zeroth_is_base(inputs: Tree) -> dict[str, Any]:
    if inputs["what"] != "power":
        return {}
    return {"powers": [np.array(inputs["base"], dtype=float) ** max(k, 1) for k in inputs["exponents"]]}


Order = Callable[[list[Any], list[Any], list[Any]], Sequence[Any]]
"""Entries of the sequences, the previous result, the constants → the arguments of fn."""


def scanned(
    order: Order = lambda s, p, c: [*s, *p, *c],
    carry: bool = True,
    shown: Callable[[Any, list[Any]], Any] = lambda initial, results: results,
    steps: bool = True,
) -> Callable[[Tree], dict[str, Any]]:
    """Scans by someone who may have one thing wrong."""

    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["what"] != "scan":
            return {}
        sequences, initial = inputs["sequences"], inputs["initial"]
        limits = [len(each) for each in sequences]
        if inputs["steps"] is not None and (steps or not limits):
            limits.append(inputs["steps"])
        results: list[Any] = []
        previous = initial
        for step in range(min(limits)):
            carried = [] if initial is None else [previous]
            result = STEPS[inputs["fn"]](*order([each[step] for each in sequences], carried, inputs["constants"]))
            results.append(result)
            previous = result if carry else initial
        return {"results": shown(initial, results)}

    return expected


RIGHT = scanned()


def _endless(inputs: Tree, outputs: Tree) -> str | None:
    return None if outputs["error"] == "ValueError" else "without sequences and n_steps there should be a ValueError."


EXERCISE = Exercise(
    id="scan_loop",
    draw=draw,
    checks=(
        Check("power", "The slide's loop, mended", share=0.25, cases=("number", "array"), expected=powers()),
        Check("zeroth", "A to the power of 0", share=0.1, cases=("zeroth",), expected=powers(), needs=("power",)),
        Check(
            "sequences",
            "Sequences, previous result and constants, in this order",
            share=0.25,
            cases=("horner", "two"),
            expected=RIGHT,
        ),
        Check("map", "Without outputs_info there is no previous result", share=0.15, cases=("map",), expected=RIGHT),
        Check(
            "steps",
            "n_steps ends it earlier, or drives it alone",
            share=0.2,
            cases=("short", "loop", "no step"),
            expected=RIGHT,
        ),
        Check(
            "endless",
            "Neither sequences nor n_steps",
            share=0.05,
            cases=("endless",),
            complaint=_endless,
            needs=("steps",),
        ),
    ),
    mistakes=(
        Mistake(
            "zeroth-is-base",
            "A to the power of 0 is 1 (an array of ones), not A.",
            _zeroth_is_base,
            ("zeroth",),
        ),
        Mistake(
            "slide-loop",
            "Your loop multiplies k times, but starts with A already: that is A to the k + 1. Start with ones.",
            powers(1),
            ("power", "zeroth"),
        ),
        Mistake(
            "one-short",
            "Your loop multiplies once too little.",
            powers(-1),
            ("power", "zeroth"),
        ),
        Mistake(
            "previous-first",
            "fn gets the sequences' entries first, then the previous result.",
            scanned(order=lambda s, p, c: [*p, *s, *c]),
        ),
        Mistake(
            "constants-first",
            "fn gets the non-sequences last, after the entries and the previous result.",
            scanned(order=lambda s, p, c: [*c, *s, *p]),
        ),
        Mistake(
            "never-carried",
            "Every step gets the initial value again; it should get the result of the step before.",
            scanned(carry=False),
        ),
        Mistake(
            "initial-included",
            "The list begins with the initial value; only the steps' results belong in it.",
            scanned(shown=lambda initial, results: results if initial is None else [initial, *results]),
        ),
        Mistake(
            "last-only",
            "Only the last result came back; scan returns those of all steps.",
            scanned(shown=lambda initial, results: results[-1] if results else initial),
        ),
        Mistake("steps-ignored", "n_steps is ignored where there are sequences.", scanned(steps=False)),
    ),
)
