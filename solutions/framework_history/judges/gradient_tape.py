"""Judge ``gradient_tape``: exact derivatives of drawn programs, in fractions.

No library's tape holds fractions, so that what comes out exact was recorded by the student's own.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import chosen, known
from .graphs import OPERATIONS, RULES, rules

Step = Sequence[Any]
"""An operator and its operands: numbers of earlier lines, or plain numbers as texts."""

NAMES = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
"""Of operations and rules."""

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
    "shared": [
        ["*", 0, 1],
        ["+", 2, 0],
        ["*", 2, 3],
        ["*", 4, 4],
        ["+", 5, 5],
        ["-", 6, 2],
        ["-", 2, 2],
        ["*", 8, 7],
        ["+", 9, 7],
    ],
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
    for name, low, high in (("near", 2, 6), ("small", 5, 9), ("far", 60, 90), ("farther", 2000, 4000)):
        while True:
            number, other = rng.integers(low, high), rng.integers(3, 5)
            given = {"a": f"1/{number}" if name == "small" else f"{number}/{other}"}
            given |= {"what": "heron", "tolerance": f"1/{rng.integers(20, 90)}"}
            shows = rounds(given, ()) != rounds(given, ("compares-the-rounds",))
            if shows == (name == "farther") or name == "far":  # in one check, whatever is drawn
                break
        cases.append(Case(name, given))
    bound = Fraction(int(rng.integers(5, 9)), 4)
    exactly = {"what": "heron", "a": str(bound), "tolerance": str(bound * bound - bound)}
    at_once = {"what": "heron", "a": "1", "tolerance": "1/10"}
    return [*cases, Case("exactly", exactly), Case("at once", at_once)]


def rounds(inputs: Tree, wrong: Collection[str]) -> int:
    """How many rounds of Heron's rule someone goes who makes the mistakes of these names."""
    x = a = Fraction(inputs["a"])
    tolerance, done = Fraction(inputs["tolerance"]), 0
    fixed = chosen(wrong, {"three-rounds": 3, "five-rounds": 5}, 0)
    while True:
        off = chosen(wrong, {"compares-the-root": x - a, "compares-the-rounds": (a / x - x) / 2}, x * x - a)
        off = off if "no-absolute-value" in wrong else abs(off)
        above = off >= tolerance if "on-at-the-tolerance" in wrong else off > tolerance
        first = "round-first" in wrong and not done
        if not (done < fixed if fixed else above or first) or ("one-round" in wrong and done):
            return done
        if "five-rounds at most" in wrong and done == 5:
            return done
        x, done = (x + a / x) / 2, done + 1


class Recorder:
    """Lines on a tape, by someone who makes the mistakes of these names."""

    def __init__(self, leaves: Sequence[str], wrong: Collection[str]) -> None:
        self.wrong, self.rules = wrong, rules(wrong)
        self.values = [Fraction(each) for each in leaves]
        self.entries: list[tuple[int, int, list[tuple[int, Fraction]]]] = []
        self.kept: dict[Any, Fraction] = {}

    def write(self, step: Step, part: int) -> None:
        """Compute a line, and note its slopes."""
        sign, *operands = step
        name = NAMES[sign]
        a, b = (Fraction(each) if isinstance(each, str) else self.values[each] for each in operands)
        slopes = [self.rules[name]((a, Fraction(da)), (b, Fraction(db))) for da, db in ((1, 0), (0, 1))]
        value: Any = OPERATIONS[name](a, b)
        if isinstance(operands[0], str) and {"sub": "turned-minus", "div": "turned-quotient"}.get(name) in self.wrong:
            value, slopes = OPERATIONS[name](b, a), [RULES[name]((b, Fraction(1)), (a, Fraction(0)))] * 2
        pairs = [(each, slope) for each, slope in zip(operands, slopes, strict=True) if not isinstance(each, str)]
        self.entries.append((len(self.values), part, pairs))
        self.values.append(value)

    def gradient(self, last: int, leaves: int, parts: Sequence[int]) -> list[str]:
        """The derivatives of one line with respect to the first ones, of what was recorded in these parts."""
        wrong, by_value = self.wrong, "kept-by-value" in self.wrong

        def key(at: int) -> Any:
            return self.values[at] if by_value else at

        adjoint = self.kept if "kept-in-variables" in wrong else dict[Any, Fraction]()
        entries = [entry for entry in self.entries if entry[1] in parts]
        last = entries[-1][0] if entries and "from-the-last-entry" in wrong else last
        adjoint[key(last)] = Fraction(1)
        for at, _, pairs in entries if "from-the-start" in wrong else reversed(entries):
            for operand, slope in dict(pairs).items() if "one-piece-per-input" in wrong else pairs:
                piece = adjoint.get(key(at), Fraction(0)) * slope
                adjoint[key(operand)] = piece if "overwritten" in wrong else adjoint.get(key(operand), 0) + piece
        return [str(adjoint.get(key(at), 0)) for at in range(leaves)]


def run(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """The value and the derivatives, asked twice, of the inner tape, and of what comes after the tapes.

    They are those of someone who makes the mistakes of these names, if any.
    """
    if inputs["what"] == "heron":
        tape, at = Recorder([inputs["a"]], wrong), 0
        divided = inputs["a"] if "root-of-a-number" in wrong else 0
        for _ in range(rounds(inputs, wrong)):
            for step in ["/", divided, at], ["+", at, len(tape.values)], ["/", len(tape.values) + 1, "2"]:
                tape.write(step, 1)
            at = len(tape.values) - 1
        return {"value": str(tape.values[at]), "gradients": tape.gradient(at, 1, (1,))}
    tape, inside = Recorder(inputs["x"], wrong), inputs["inside"]
    for part, steps in enumerate([inputs["before"], inside[:1], inside[1:], inputs["after"]]):
        for step in steps:
            tape.write(step, part)
    last = 1 + len(inputs["before"]) + len(inside)
    recorded = {"always-recorded": (0, 1, 2, 3), "never-closed": (1, 2, 3), "open-when-made": (0, 1, 2)}
    parts = chosen(wrong, recorded | {"innermost-only": (1,)}, (1, 2))
    inner = chosen(wrong, {"always-recorded": (0, 1, 2, 3), "never-closed": (2, 3)}, (2,))
    first, again = (tape.gradient(last, 2, parts) for _ in range(2))
    if "adds-up-between-calls" in wrong:
        again = [str(2 * Fraction(each)) for each in again]
    told = {"value": str(tape.values[-1]), "gradients": first, "again": ["0", "0"] if "used-up" in wrong else again}
    if len(inside) == len(LONG):  # of which no check asks more
        return told
    told["inner"] = tape.gradient(last, 2, inner)
    told["outside"] = tape.gradient(len(tape.values) - 1, 2, parts)
    tape = Recorder(inputs["x"], wrong)
    tape.write(["*", 0, 1], 2)
    tape.write(["*", 2, 0], 3 if "closes-all" in wrong else 1)  # on the outer tape, when the inner one is closed
    later = tape.gradient(3, 3, parts)
    return told | {"later": [*later[:2], "0"] if "results-lost" in wrong else later}


def _exact(inputs: Tree, outputs: Tree) -> Slip | None:
    """No value and no derivative is a float."""
    words = (
        "Your fractions have become floats: take values as they come, and begin sums at 0 and 1, not at 0.0 and 1.0."
    )
    told = [each for each in (outputs["value"], *outputs["gradients"][:2]) if isinstance(each, str)]
    return Slip("through-float", words) if "of type float" in told else None


MISTAKES = known(__file__, run)
gradients = partial(Check, expected=run, complaint=_exact, outputs=("value", "gradients"))
tapes = partial(Check, expected=run, complaint=_exact, share=0.1)
root = partial(Check, expected=run, complaint=_exact)
TAPES = ("again", "inner", "later")

CHECKS = (
    gradients("sums", "Sums and differences", share=0.1),
    gradients("products", "Products", share=0.1),
    gradients("quotients", "Quotients", share=0.1),
    gradients("plain", "Plain numbers on either side", share=0.1),
    gradients("shared", "What is used twice", share=0.1),
    tapes("outside", "Nothing is recorded outside", outputs=("gradients", "outside"), needs=("products",)),
    tapes("tapes", "Several tapes, asked several times", cases=("products", "shared"), outputs=TAPES),
    gradients("long", "Long records", share=0.05),
    root("heron", "A few rounds of Heron's rule", share=0.1, cases=("near", "small", "exactly", "at once")),
    root("rounds", "As many rounds as the data ask for", share=0.15, cases=("far", "farther")),
)


def described(inputs: Tree) -> str:
    """Heron's rule as a call; a program as statements, with what is recorded under ``with``; of a long one the number."""
    if inputs["what"] == "heron":
        return f"`heron(Variable({inputs['a']}), {inputs['tolerance']})`"
    if len(inputs["inside"]) > len(PLAIN):
        return f"with a tape of {len(inputs['inside'])} operations"
    names, lines = ["x", "y"], dict[str, list[str]]()
    for part in ("before", "inside", "after"):
        for operator, *operands in inputs[part]:
            left, right = (each if isinstance(each, str) else names[each] for each in operands)
            names.append("abcdefghijk"[len(names) - 2])
            lines.setdefault(part, []).append(f"{names[-1]} = {left} {operator} {right}")
    told = {part: "; ".join(each) for part, each in lines.items()}
    made, tape = ("tape = Tape(); ", "tape") if inputs["before"] else ("", "Tape() as tape")
    code = made + "; ".join(f"with {tape}: {text}" if part == "inside" else text for part, text in told.items())
    return f"with x, y = {', '.join(inputs['x'])} and `{code}`"


EXERCISE = Exercise("gradient_tape", draw, CHECKS, described=described, slips=("through-float",), **MISTAKES)
