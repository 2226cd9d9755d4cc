"""Judge ``gradient_tape``: exact derivatives of drawn programs, in fractions, by forward mode.

No library's tape holds fractions, so that what comes out exact was recorded by the student's own.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from operator import add, mul, sub, truediv
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known, only
from .graphs import RULES, Rule, product_mistakes

Pair = tuple[Fraction, tuple[Fraction, ...]]
"""A value and its derivatives for both variables."""

Step = Sequence[Any]
"""An operator and its operands: numbers of earlier lines, or plain numbers as texts."""

VALUES: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul, "/": truediv}
NAMES = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
"""Of the rules."""
CONSTANT = (Fraction(0), Fraction(0))

PLAIN = [["+", "2", 0], ["-", "1/3", 2], ["*", "3", 3], ["/", "5", 4], ["-", 5, "1/2"]]
PLAIN += [["*", 6, "2"], ["/", 7, "3"], ["+", 8, "1"], ["+", 9, 1]]
LONG = [["*", 0, 1]]
for _at in range(600):
    LONG += [["-", 2 + 2 * _at, 0], ["+", 3 + 2 * _at, 0]]

FORMULAS: dict[str, list[Any]] = {
    "sums": [["+", 0, 1], ["-", 2, 1], ["-", 3, 0], ["-", 4, 1]],
    "products": [["*", 0, 1], ["*", 2, 0], ["-", 3, 1]],
    "quotients": [["/", 0, 1], ["*", 2, 1], ["/", 2, 0], ["/", 3, 4]],
    "plain": PLAIN,
    "shared": [["*", 0, 1], ["+", 2, 0], ["*", 2, 3], ["*", 4, 4]],
    "outside": [["*", 2, 0], ["+", 3, 1]],
    "long": LONG,
}


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules at drawn fractions, and Heron's rule for numbers that take various numbers of rounds."""

    def fraction() -> str:
        return str(Fraction(int(rng.integers(3, 12)), int(rng.integers(2, 5))) + Fraction(1, 7))

    cases = []
    for name, inside in FORMULAS.items():
        before, after = ([["*", 0, 1]], [["*", 4, 0]]) if name == "outside" else ([], [])
        given = {"what": "program", "before": before, "inside": inside, "after": after}
        cases.append(Case(name, {**given, "x": [fraction(), fraction()]}))
    for name, low, high in (("near", 2, 6), ("far", 60, 90), ("farther", 2000, 4000)):
        a = f"{rng.integers(low, high)}/{rng.integers(3, 5)}"
        cases.append(Case(name, {"what": "heron", "a": a, "tolerance": f"1/{rng.integers(20, 90)}"}))
    small = {"what": "heron", "a": f"1/{rng.integers(5, 9)}", "tolerance": f"1/{rng.integers(20, 90)}"}
    bound = Fraction(int(rng.integers(5, 9)), 4)
    exactly = {"what": "heron", "a": str(bound), "tolerance": str(bound * bound - bound)}
    return [
        *cases,
        Case("small", small),
        Case("exactly", exactly),
        Case("at once", {"what": "heron", "a": "1", "tolerance": "1/10"}),
    ]


def lines(inputs: Tree, recorded: Sequence[int], rules: Mapping[str, Rule] = RULES) -> list[Pair]:
    """All lines of a program of four parts, whose derivatives count in the recorded parts only.

    Part 0 comes before the tapes, 1 is on the outer tape, 2 on both, 3 comes after them.
    """
    x, y = (Fraction(each) for each in inputs["x"])
    found: list[Pair] = [(x, (Fraction(1), Fraction(0))), (y, (Fraction(0), Fraction(1)))]
    for part, steps in enumerate([inputs["before"], inputs["inside"][:1], inputs["inside"][1:], inputs["after"]]):
        for name, *operands in steps:
            a, b = ((Fraction(each), CONSTANT) if isinstance(each, str) else found[each] for each in operands)
            slopes = (rules[NAMES[name]]((a[0], da), (b[0], db)) for da, db in zip(a[1], b[1], strict=True))
            found.append((VALUES[name](a[0], b[0]), tuple(slopes) if part in recorded else CONSTANT))
    return found


def program(inputs: Tree, rules: Mapping[str, Rule] = RULES, recorded: Sequence[int] = (1, 2)) -> dict[str, Any]:
    """The value, and the derivatives: asked twice, of the inner tape, and of what comes after the tapes."""
    taped, last = lines(inputs, recorded, rules), 1 + len(inputs["before"]) + len(inputs["inside"])
    gradients = [str(each) for each in taped[last][1]]
    return {
        "value": str(taped[-1][0]),
        "gradients": gradients,
        "again": gradients,
        "inner": [str(each) for each in lines(inputs, (2,), rules)[last][1]],
        "outside": [str(each) for each in taped[-1][1]],
    }


def heron(inputs: Tree, wrong: str = "") -> dict[str, Any]:
    """The root and its derivative, by someone who makes the mistake of this name, if any."""
    a, tolerance = Fraction(inputs["a"]), Fraction(inputs["tolerance"])
    x, slope, rounds = a, Fraction(1), 0
    while {
        "one-round": rounds < 1 and abs(x * x - a) > tolerance,
        "on-at-the-tolerance": abs(x * x - a) >= tolerance,
        "three-rounds": rounds < 3,
        "five-rounds": rounds < 5,
        "no-absolute-value": x * x - a > tolerance,
        "compares-the-root": abs(x - a) > tolerance,
    }.get(wrong, abs(x * x - a) > tolerance):
        x, slope, rounds = (x + a / x) / 2, (slope + (x - a * slope) / (x * x)) / 2, rounds + 1
    return {"value": str(x), "gradients": [str(slope)]}


mistake = Mistakes(beside=__file__)
SHORT = ("sums", "products", "quotients", "plain", "shared")

mistake.named("through-float", lambda inputs: {"value": "of type float"}).says(
    "Your numbers have become floats; fractions must stay fractions. Take values as they come."
)


@mistake(*SHORT)
def overwritten(inputs: Tree) -> Tree:
    """Where a Variable is used more than once, only one of the contributions is left: add them up."""
    values, steps = [value for value, _ in lines(inputs, ())], inputs["inside"]
    adjoint = {len(values) - 1: Fraction(1)}
    for at, (name, *operands) in reversed(list(enumerate(steps, start=2))):
        a, b = (Fraction(each) if isinstance(each, str) else values[each] for each in operands)
        for operand, (da, db) in zip(operands, ((1, 0), (0, 1)), strict=True):
            if not isinstance(operand, str):
                adjoint[operand] = adjoint.get(at, Fraction(0)) * RULES[NAMES[name]]((a, da), (b, db))
    return {"gradients": [str(adjoint.get(at, Fraction(0))) for at in (0, 1)]}


ruled = mistake.group(*SHORT, oracle=lambda wrong: only(program, "value", "gradients", rules={**RULES, **wrong}))
ruled.named("difference-sign", {"sub": lambda a, b: a[1] + b[1]}).says("In a − b the derivative for b is −1.")
product_mistakes(ruled)
mistake.named("innermost-only", partial(program, recorded=(1,)), *SHORT, "outside", "tapes").says(
    "Where two tapes are open, only the inner one records: an operation belongs on every tape that is open."
)
mistake.named("always-recorded", only(program, "gradients", "outside", recorded=(0, 1, 2, 3)), "outside").says(
    "What is computed outside `with Tape()` is recorded, too; there it should count as a constant."
)
mistake.named("never-closed", only(program, "gradients", "outside", recorded=(1, 2, 3)), "outside").says(
    "A tape still records after its `with`: take it out of Tape.open in __exit__."
)
mistake.named("used-up", lambda inputs: {"again": ["0", "0"]}, "tapes").says(
    "Asked a second time, the tape has nothing left: gradient goes through the record, and leaves it as it is."
)
mistake.named(
    "adds-up-between-calls",
    lambda inputs: {"again": [str(2 * Fraction(each)) for each in program(inputs)["again"]]},
    "tapes",
).says("Asked a second time, the tape adds to its first answer: start each gradient afresh.")

known(mistake, heron)
gradients = partial(check, expected=program, outputs=("value", "gradients"))
tapes = partial(check, expected=program, share=0.1)
root = partial(check, expected=heron)

CHECKS = (
    gradients("sums", "Sums and differences", share=0.1),
    gradients("products", "Products", share=0.1),
    gradients("quotients", "Quotients", share=0.1),
    gradients("plain", "Plain numbers on either side", share=0.1),
    gradients("shared", "What is used twice", share=0.1),
    tapes("outside", "Nothing is recorded outside", outputs=("gradients", "outside"), needs=("products",)),
    tapes("tapes", "Several tapes, asked several times", cases=("products", "shared"), outputs=("again", "inner")),
    gradients("long", "Long records", share=0.05),
    root("heron", "A few rounds of Heron's rule", share=0.1, cases=("near", "small", "exactly", "at once")),
    root("rounds", "As many rounds as the data ask for", share=0.15, cases=("far", "farther")),
)

EXERCISE = Exercise("gradient_tape", draw, CHECKS, tuple(mistake))
