"""Judge ``scan_loop``: the mended power, and scans of drawn numbers."""

from collections.abc import Collection
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import chosen, known


def draw(rng: np.random.Generator) -> list[Case]:
    """Powers, and a scan for each kind of argument."""

    def numbers(count: int) -> list[int]:
        return [int(each) for each in rng.permutation(np.arange(2, 10))[:count]]

    def power(name: str, base: Any, exponents: list[int]) -> Case:
        return Case(name, {"what": "power", "base": base, "exponents": exponents})

    def scan(name: str, fn: str, sequences: Any, initial: Any, constants: Any, steps: int | None = None) -> Case:
        given = {"fn": fn, "sequences": sequences, "initial": initial, "constants": constants, "steps": steps}
        return Case(name, {"what": "scan", **given})

    return [
        power("number", numbers(1)[0], [1, 2, int(rng.integers(3, 7))]),
        power("array", rng.uniform(0.5, 2, (3, 3)).round(2).tolist(), [1, int(rng.integers(3, 6))]),
        power("zeroth number", numbers(1)[0], [0]),
        power("zeroth", [0, *rng.uniform(0.5, 2, 3).round(2).tolist()], [0]),
        scan("horner", "lambda s, p, x: p * x + s", [numbers(4)], 0, numbers(1)),
        scan("two", "lambda a, b, p: 2 * a - b + 3 * p", [numbers(4), numbers(6)], numbers(1)[0], []),
        scan("three", "lambda a, b, c, p: a * b - c + 2 * p", [numbers(6), numbers(5), numbers(3)], -numbers(1)[0], []),
        scan("map", "lambda s, c: s * s - c", [numbers(5)], None, numbers(1)),
        scan("short", "lambda s, p: p / 4 + s", [numbers(6)], numbers(1)[0], [], 3),
        scan("long", "lambda s, p: p + s", [[-4, 3, *numbers(3)]], 4, [], 9),
        scan("loop", "lambda p, a, b: a * p - b", [], numbers(1)[0], numbers(2), 5),
        scan("empty", "lambda s, p: p + s", [[]], numbers(1)[0], []),
        scan("map alone", "lambda a, b: a - b", [], None, numbers(2), 2),
        scan("no step", "lambda p, a, b: a * p - b", [], numbers(1)[0], numbers(2), 0),
        Case("endless", {"what": "endless"}),
    ]


def powers(inputs: Tree, wrong: Collection[str] = ()) -> dict[str, Any]:
    """The powers, by someone who makes the mistakes of these names in a loop, if any."""
    base: Any = np.array(inputs["base"], dtype=float)
    zeroth = {"zeroth-is-base": base, "zeroth-is-a-number": 1, "zeroth-is-zeros": 0 * base}
    found = []
    for k in inputs["exponents"]:
        times = max(0, k + chosen(wrong, {"slide-loop": 1, "one-short": -1}, 0))
        squared = "squares-itself" in wrong or ("multiplied-in-place" in wrong and base.ndim)
        power = base ** (2 ** (times - 1) if squared and times > 0 else times)
        if "multiplied-in-place" in wrong and base.ndim:
            base = power  # that of the caller
        starts = {"matrix-power": np.ones_like(base), "matrix-power-from-eye": np.eye(len(base)) if base.ndim else 1}
        start = chosen(wrong, starts, None)
        power = power if start is None or base.ndim < 2 else start @ np.linalg.matrix_power(base, times)
        found.append(power if k else chosen(wrong, zeroth, power))
    return {"powers": found}


def scanned(inputs: Tree, wrong: Collection[str] = ()) -> dict[str, Any]:
    """The results of a scan, by someone who makes the mistakes of these names, if any."""
    sequences, initial, constants = inputs["sequences"], inputs["initial"], inputs["constants"]
    steps = None if inputs["steps"] == 0 and "no-step-is-no-limit" in wrong else inputs["steps"]
    limits = [len(each) for each in sequences]
    limits = limits[:1] if "first-sequence-decides" in wrong else limits
    limits = [max(limits)] if "longest-sequence-decides" in wrong and limits else limits
    if steps is not None and not (limits and "steps-ignored" in wrong):
        limits = [steps] if "steps-decide-alone" in wrong else [*limits, steps]
    results: list[Any] = []
    given = initial is not None and not ("nought-is-no-initial" in wrong and initial == 0)
    function = eval(inputs["fn"])
    for step in range(min(limits)):
        entries = [each[step] for each in sequences]
        previous = results[-1] if results and "never-carried" not in wrong else initial
        carries = given or "none-is-carried" in wrong
        carried = [previous] if carries else []
        rest = [constants] if constants and "constants-as-one-list" in wrong else constants
        orders = {"previous-first": [*carried, *entries, *rest], "constants-first": [*rest, *entries, *carried]}
        orders["entries-as-one-list"] = [*[entries][: len(entries)], *carried, *rest]
        results.append(function(*chosen(wrong, orders, [*entries, *carried, *rest])))
    if "initial-included" in wrong and initial is not None:
        results.insert(0, initial)
    return {"results": results[-1] if "last-only" in wrong else results}


def _endless(inputs: Tree, outputs: Tree) -> Slip | None:
    words = "Without sequences and without n_steps there should be a ValueError, raised by you."
    return None if outputs["error"] == "ValueError" else Slip("endless-accepted", words)


MISTAKES = known(__file__, lambda inputs, wrong: (powers if inputs["what"] == "power" else scanned)(inputs, wrong))

scan = partial(Check, expected=scanned)
SEQUENCES, ZEROTH = ("horner", "two", "three"), ("zeroth", "zeroth number")
STEPS = ("short", "long", "loop", "no step", "empty")

CHECKS = (
    Check("power", "The slide's loop, mended", share=0.25, cases=("number", "array"), expected=powers),
    Check("zeroth", "A to the power of 0", share=0.1, cases=ZEROTH, expected=powers, needs=("power",)),
    scan("sequences", "Sequences, previous result and constants, in this order", share=0.25, cases=SEQUENCES),
    scan("map", "Without outputs_info there is no previous result", share=0.15, cases=("map", "map alone")),
    scan("steps", "n_steps ends it earlier, or drives it alone", share=0.2, cases=STEPS),
    Check("endless", "Neither sequences nor n_steps", share=0.05, complaint=_endless, needs=("steps",)),
)

EXERCISE = Exercise("scan_loop", draw, CHECKS, **MISTAKES)
