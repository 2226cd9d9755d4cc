"""Judge ``scan_loop``: the mended power, and scans of drawn numbers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known

STEPS: dict[str, Callable[..., float]] = {
    "horner": lambda s, p, x: p * x + s,
    "two": lambda a, b, p: 2 * a - b + 3 * p,
    "three": lambda a, b, c, p: a * b - c + 2 * p,
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
        power("zeroth number", numbers(1)[0], [0]),
        power("zeroth", rng.uniform(0.5, 2, 4).round(2).tolist(), [0]),
        scan("horner", "horner", [numbers(4)], 0, numbers(1), None),
        scan("two", "two", [numbers(4), numbers(6)], numbers(1)[0], [], None),
        scan("three", "three", [numbers(6), numbers(5), numbers(3)], -numbers(1)[0], [], None),
        scan("map", "map", [numbers(5)], None, numbers(1), None),
        scan("short", "sum", [numbers(6)], numbers(1)[0], [], 3),
        scan("long", "sum", [[-4, 3, *numbers(3)]], 4, [], 9),
        scan("loop", "constants", [], numbers(1)[0], numbers(2), 5),
        scan("no step", "constants", [], numbers(1)[0], numbers(2), 0),
        Case("endless", {"what": "endless"}),
    ]


def powers(inputs: Tree, wrong: str = "") -> dict[str, Any]:
    """The powers, by someone who makes the mistake of this name, if any."""
    turned = {"zeroth-is-base": lambda k: max(k, 1), "slide-loop": lambda k: k + 1, "one-short": lambda k: k - 1}
    exponents = map(turned.get(wrong, lambda k: k), inputs["exponents"])
    return {"powers": [np.array(inputs["base"], dtype=float) ** k for k in exponents]}


def scanned(inputs: Tree, wrong: str = "") -> dict[str, Any]:
    """The results of a scan, by someone who makes the mistake of this name, if any."""
    sequences, initial, constants = inputs["sequences"], inputs["initial"], inputs["constants"]
    limits = [len(each) for each in sequences]
    if inputs["steps"] is not None and not (limits and wrong == "steps-ignored"):
        limits.append(inputs["steps"])
    results: list[Any] = []
    for step in range(min(limits)):
        entries = [each[step] for each in sequences]
        previous = results[-1] if results and wrong != "never-carried" else initial
        carried = [] if initial is None else [previous]
        right = [*entries, *carried, *constants]
        turned = {"previous-first": [*carried, *entries, *constants]}
        turned["constants-first"] = [*constants, *entries, *carried]
        results.append(STEPS[inputs["fn"]](*turned.get(wrong, right)))
    if wrong == "initial-included" and initial is not None:
        results.insert(0, initial)
    return {"results": [initial, *results][-1] if wrong == "last-only" else results}


def _endless(inputs: Tree, outputs: Tree) -> str | None:
    return None if outputs["error"] == "ValueError" else "without sequences and n_steps there should be a ValueError."


mistake = Mistakes(beside=__file__)
known(mistake, lambda inputs, wrong: (powers if inputs["what"] == "power" else scanned)(inputs, wrong))

scan = partial(check, expected=scanned)
SEQUENCES, ZEROTH = ("horner", "two", "three"), ("zeroth", "zeroth number")

CHECKS = (
    check("power", "The slide's loop, mended", share=0.25, cases=("number", "array"), expected=powers),
    check("zeroth", "A to the power of 0", share=0.1, cases=ZEROTH, expected=powers, needs=("power",)),
    scan("sequences", "Sequences, previous result and constants, in this order", share=0.25, cases=SEQUENCES),
    scan("map", "Without outputs_info there is no previous result", share=0.15),
    scan("steps", "n_steps ends it earlier, or drives it alone", share=0.2, cases=("short", "long", "loop", "no step")),
    check("endless", "Neither sequences nor n_steps", share=0.05, complaint=_endless, needs=("steps",)),
)

EXERCISE = Exercise("scan_loop", draw, CHECKS, tuple(mistake))
