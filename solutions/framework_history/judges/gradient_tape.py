"""Judge ``gradient_tape``: exact derivatives of drawn programs, in fractions, by forward mode.

No library's tape holds fractions, so that what comes out exact was recorded by the student's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Pair = tuple[Fraction, tuple[Fraction, ...]]
Rule = Callable[[Pair, Pair], tuple[Fraction, ...]]
Step = Sequence[Any]

VALUES: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _each(rule: Callable[[Fraction, Fraction, Fraction, Fraction], Fraction]) -> Rule:
    """A rule on all slopes: (a, b, slope of a, slope of b) → the result's slope."""
    return lambda a, b: tuple(rule(a[0], b[0], da, db) for da, db in zip(a[1], b[1], strict=True))


RULES: dict[str, Rule] = {
    "+": _each(lambda a, b, da, db: da + db),
    "-": _each(lambda a, b, da, db: da - db),
    "*": _each(lambda a, b, da, db: da * b + a * db),
    "/": _each(lambda a, b, da, db: (da * b - a * db) / (b * b)),
}

LONG: list[Step] = [["*", 0, 1]]
for _at in range(600):
    LONG += [["-", 2 + 2 * _at, 0], ["+", 3 + 2 * _at, 0]]

FORMULAS: dict[str, tuple[list[Step], list[Step], list[Step]]] = {
    "sums": ([], [["+", 0, 1], ["-", 2, 1], ["-", 3, 0], ["-", 4, 1]], []),
    "products": ([], [["*", 0, 1], ["*", 2, 0], ["-", 3, 1]], []),
    "quotients": ([], [["/", 0, 1], ["*", 2, 1], ["/", 2, 0], ["/", 4, 1]], []),
    "plain": (
        [],
        [
            ["+", "2", 0],
            ["-", "1/3", 2],
            ["*", "3", 3],
            ["/", "5", 4],
            ["-", 5, "1/2"],
            ["*", 6, "2"],
            ["/", 7, "3"],
            ["+", 8, "1"],
            ["*", 9, 1],
        ],
        [],
    ),
    "shared": ([], [["*", 0, 1], ["+", 2, 0], ["*", 2, 3], ["*", 4, 4]], []),
    "outside": ([["*", 0, 1]], [["*", 2, 0], ["+", 3, 1]], [["*", 4, 0]]),
    "long": ([], LONG, []),
}


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules at drawn fractions, and Heron's rule for numbers that take various numbers of rounds."""

    def fraction() -> str:
        return str(Fraction(int(rng.integers(3, 12)), int(rng.integers(2, 5))) + Fraction(1, 7))

    cases = []
    for name, (before, inside, after) in FORMULAS.items():
        given = {"what": "program", "before": before, "inside": inside, "after": after}
        cases.append(Case(name, {**given, "x": [fraction(), fraction()]}))
    for name, low, high in (("near", 2, 6), ("far", 60, 90), ("farther", 2000, 4000)):
        given = {"what": "heron", "a": f"{rng.integers(low, high)}/{rng.integers(3, 5)}"}
        cases.append(Case(name, {**given, "tolerance": f"1/{rng.integers(20, 90)}"}))
    small = {"what": "heron", "a": f"1/{rng.integers(5, 9)}", "tolerance": f"1/{rng.integers(20, 90)}"}
    cases.append(Case("small", small))
    cases.append(Case("at once", {"what": "heron", "a": "1", "tolerance": "1/10"}))
    return cases


def _program(inputs: Tree, rules: Mapping[str, Rule] = RULES, always: bool = False, doubled: bool = False) -> Tree:
    """Values and gradients; with ``always``, what is outside the tape counts; with ``doubled``, the second time too."""
    if inputs["what"] != "program":
        return {}
    numbers = [Fraction(each) for each in inputs["x"]]
    unit = [tuple(Fraction(int(i == j)) for j in range(len(numbers))) for i in range(len(numbers))]
    zero = tuple(Fraction(0) for _ in numbers)
    parts = [inputs["before"], inputs["inside"][:1], inputs["inside"][1:], inputs["after"]]

    def gradients(recorded: Sequence[int], result: int) -> list[str]:
        lines: list[Pair] = list(zip(numbers, unit, strict=True))
        for part, program in enumerate(parts):
            for name, *operands in program:
                a, b = ((Fraction(each), zero) if isinstance(each, str) else lines[each] for each in operands)
                key = f"plain{name}" if isinstance(operands[0], str) and f"plain{name}" in rules else name
                slope = rules[key](a, b) if always or part in recorded else zero
                lines.append((VALUES[name](a[0], b[0]), slope))
        return [str(each) for each in lines[result][1]]

    plain: list[Fraction] = list(numbers)
    for name, *operands in (step for part in parts for step in part):
        a, b = (Fraction(each) if isinstance(each, str) else plain[each] for each in operands)
        plain.append(VALUES[name](a, b))
    inner_end = len(numbers) + len(inputs["before"]) + len(inputs["inside"]) - 1
    last = len(plain) - 1
    told = {
        "value": str(plain[-1]),
        "gradients": gradients((1, 2), inner_end),
        "again": gradients((1, 2), inner_end),
        "inner": gradients((2,), inner_end),
        "outside": gradients((1, 2), last),
    }
    if doubled:
        told["again"] = [str(2 * Fraction(each)) for each in told["again"]]
    return told


def _heron(
    inputs: Tree,
    rounds: int | None = None,
    close: Callable[[Fraction, Fraction, Fraction], bool] = lambda x, a, tolerance: abs(x * x - a) <= tolerance,
    root: str = "heron",
) -> Tree:
    """The root and its derivative, after these rounds or when it is close."""
    if inputs["what"] != "heron":
        return {}
    a, tolerance = Fraction(inputs["a"]), Fraction(inputs["tolerance"])
    x, slope = a, Fraction(1)
    count = 0
    while not close(x, a, tolerance) if rounds is None else count < rounds:
        quotient = (x - a * slope) / (x * x)
        x, slope = (x + a / x) / 2, (slope + quotient) / 2
        count += 1
    return {"value": str(x), "gradients": [str(slope)]}


def oracle(inputs: Tree) -> Tree:
    """All that is asked."""
    return _program(inputs) or _heron(inputs)


def _only(*keys: str) -> Callable[[Tree], Tree]:
    return lambda inputs: {key: value for key, value in oracle(inputs).items() if key in keys}


def _rule(name: str, message: str, **rules: Any) -> Mistake:
    """A mistake in one rule; keys are spelt out, since an operator is no name."""
    spelt = {"plus": "+", "minus": "-", "times": "*", "over": "/", "plain_minus": "plain-", "plain_over": "plain/"}
    wrong = {**RULES, **{spelt[key]: _each(rule) for key, rule in rules.items()}}

    def expected(inputs: Tree) -> Tree:
        return {key: value for key, value in _program(inputs, wrong).items() if key == "gradients"}

    return Mistake(name, message, expected, ("sums", "products", "quotients", "plain", "shared"))


def _floats(inputs: Tree) -> Tree:
    return {"value": "of type float"}


def _overwritten(inputs: Tree) -> Tree:
    """Reverse mode in which the contribution that arrives last stays alone."""
    if inputs["what"] != "program" or inputs["before"] or len(inputs["inside"]) > 100:
        return {}
    lines: list[Fraction] = [Fraction(each) for each in inputs["x"]]
    steps = inputs["inside"]
    count = len(lines)
    for name, *operands in steps:
        a, b = (Fraction(each) if isinstance(each, str) else lines[each] for each in operands)
        lines.append(VALUES[name](a, b))
    adjoint: dict[int, Fraction] = {len(lines) - 1: Fraction(1)}
    for at in reversed(range(len(steps))):
        name, *operands = steps[at]
        a, b = (Fraction(each) if isinstance(each, str) else lines[each] for each in operands)
        g = adjoint.get(count + at, Fraction(0))
        slopes = {"+": (1, 1), "-": (1, -1), "*": (b, a), "/": (1 / b if b else 0, -a / (b * b) if b else 0)}[name]
        for operand, slope in zip(operands, slopes, strict=True):
            if not isinstance(operand, str):
                adjoint[operand] = g * slope
    return {"gradients": [str(adjoint.get(at, Fraction(0))) for at in range(count)]}


HERON = ("heron", "rounds")

EXERCISE = Exercise(
    id="gradient_tape",
    draw=draw,
    checks=(
        Check("sums", "Sums and differences", share=0.1, cases=("sums",), expected=_only("value", "gradients")),
        Check("products", "Products", share=0.1, cases=("products",), expected=_only("value", "gradients")),
        Check("quotients", "Quotients", share=0.1, cases=("quotients",), expected=_only("value", "gradients")),
        Check(
            "plain", "Plain numbers on either side", share=0.1, cases=("plain",), expected=_only("value", "gradients")
        ),
        Check("shared", "What is used twice", share=0.1, cases=("shared",), expected=_only("value", "gradients")),
        Check(
            "outside",
            "Nothing is recorded outside",
            share=0.1,
            cases=("outside",),
            expected=_only("gradients", "outside"),
            needs=("products",),
        ),
        Check(
            "tapes",
            "Several tapes, asked several times",
            share=0.1,
            cases=("products", "shared"),
            expected=_only("again", "inner"),
        ),
        Check("long", "Long records", share=0.05, cases=("long",), expected=_only("value", "gradients")),
        Check("heron", "A few rounds of Heron's rule", share=0.1, cases=("near", "small", "at once"), expected=oracle),
        Check("rounds", "As many rounds as the data ask for", share=0.15, cases=("far", "farther"), expected=oracle),
    ),
    mistakes=(
        Mistake(
            "through-float",
            "Your numbers have become floats; fractions must stay fractions. Take values as they come.",
            _floats,
        ),
        Mistake(
            "overwritten",
            "Where a Variable is used more than once, only one of the contributions is left: add them up.",
            _overwritten,
            ("sums", "products", "quotients", "plain", "shared"),
        ),
        _rule("difference-sign", "In a − b the derivative for b is −1.", minus=lambda a, b, da, db: da + db),
        _rule(
            "product-swapped",
            "In a * b each factor gets the other one's value, not its own.",
            times=lambda a, b, da, db: da * a + db * b,
        ),
        _rule(
            "product-one-term", "Your product hands nothing to its second factor.", times=lambda a, b, da, db: da * b
        ),
        _rule(
            "quotient-sign",
            "In a / b the derivative for b is −a/b², with a minus sign.",
            over=lambda a, b, da, db: (da * b + a * db) / (b * b),
        ),
        _rule(
            "quotient-not-squared",
            "In a / b the derivative for b is −a/b²: the square is missing.",
            over=lambda a, b, da, db: da / b - a * db / b,
        ),
        Mistake(
            "always-recorded",
            "What is computed outside `with Tape()` is recorded, too; there it should count as a constant.",
            lambda inputs: {
                key: value for key, value in _program(inputs, always=True).items() if key in ("gradients", "outside")
            },
            ("outside",),
        ),
        Mistake(
            "adds-up-between-calls",
            "Asked a second time, the tape adds to its first answer: start each gradient afresh.",
            lambda inputs: {key: value for key, value in _program(inputs, doubled=True).items() if key == "again"},
            ("tapes",),
        ),
        *(
            Mistake(
                f"{number}-rounds",
                "Your number of rounds is fixed, as in a static graph: go on while |x² − a| is above the tolerance.",
                lambda inputs, rounds=rounds: _heron(inputs, rounds),  # type: ignore[misc]
                HERON,
            )
            for rounds, number in ((3, "three"), (5, "five"))
        ),
        Mistake(
            "no-absolute-value",
            "Your loop never starts where x² is below a: take the absolute value of x² − a.",
            lambda inputs: _heron(inputs, close=lambda x, a, tolerance: x * x - a <= tolerance),
            HERON,
        ),
        Mistake(
            "compares-the-root",
            "Your loop asks whether x − a is small; it should ask for x² − a.",
            lambda inputs: _heron(inputs, close=lambda x, a, tolerance: abs(x - a) <= tolerance),
            HERON,
        ),
    ),
)
