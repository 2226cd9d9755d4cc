"""Judge ``simplify``: the same values at many points, and no longer than the four rules allow."""

from collections.abc import Callable, Collection
from functools import partial, reduce
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import chosen, known
from .graphs import LEAVES, OPERATIONS, points, program, told, tree_length, values, written

Formula = Any
"""Nested tuples (operation, operands …), texts for variables, numbers for constants."""

VARIABLES = ("x", "y")


def draw(rng: np.random.Generator) -> list[Case]:
    """Formulas that need one rule each, raw gradients, and one that must stay."""
    a, b, c, d = (int(each) for each in rng.permutation(np.arange(2, 9))[:4])
    n = int(rng.integers(2, 5))
    square = ("add", ("mul", 1, "x"), ("mul", 1, "x"))
    formulas: dict[str, Formula] = {
        "constants": ("mul", ("sub", ("mul", a, b), ("pow", c, n)), ("exp", "x")),
        "number": ("sub", ("mul", a, b), ("pow", c, n)),
        "quotient of constants": ("add", ("div", 2 * a + 1, 4), ("log", "y")),
        "ones": ("div", ("mul", 1, ("pow", ("mul", "x", 1), 1)), 1),
        "zeros": ("sub", ("add", ("mul", ("exp", "y"), 0), ("add", "x", 0)), ("div", 0, "y")),
        "turned units": ("add", ("div", 1, ("tanh", "x")), ("sub", 0, "y")),
        "power zero": ("mul", ("pow", ("exp", "x"), 0), ("log", "y")),
        "products": ("mul", ("mul", a, "x"), ("mul", ("tanh", "y"), b)),
        "deep products": ("mul", ("mul", ("mul", "x", a), "y"), ("mul", b, ("mul", "x", c))),
        "like terms": ("add", ("add", ("mul", a, "x"), "y"), ("mul", b, "x")),
        "turned round": ("add", ("mul", "x", "y"), ("mul", a, ("mul", "y", "x"))),
        "three turned": ("add", ("mul", ("mul", "x", "y"), ("log", "x")), ("mul", "y", ("mul", ("log", "x"), "x"))),
        "built twice": ("add", ("mul", a, ("tanh", "x")), ("mul", ("tanh", "x"), b)),
        "cancels": ("sub", ("sub", ("add", ("mul", a + 1, "x"), "y"), ("mul", a, "x")), "y"),
        "difference": ("sub", ("mul", a, "y"), ("mul", b, "x")),
        "powers apart": ("add", ("mul", "x", "x"), ("mul", a, "x")),
        "quotients apart": ("add", ("div", "x", "y"), ("mul", a, ("div", "y", "x"))),
        "differences apart": ("sub", ("mul", a, ("tanh", ("sub", "x", "y"))), ("tanh", ("sub", "y", "x"))),
        "constant terms": ("sub", ("add", "x", a), ("sub", b, "y")),
        "negative terms": ("sub", ("mul", -a, "x"), ("mul", b, "y")),
        "takes away": ("add", ("mul", ("sub", "x", "x"), ("exp", "y")), ("pow", "y", 1)),
        "inside": ("exp", ("add", ("mul", a, "x"), ("mul", ("sub", b, a), ("mul", 1, "x")))),
        "inside others": ("div", ("tanh", ("mul", "x", 1)), ("log", ("pow", ("mul", 1, "y"), 3))),
        "square": square,
        "times square": ("mul", c, square),
        "power": ("mul", ("mul", 1, d), ("pow", "x", d - 1)),
        "cube": ("add", ("mul", square, "x"), ("mul", ("mul", "x", "x"), 1)),
        "scaled parts": ("sub", ("pow", ("mul", a, "x"), 2), ("div", "x", ("mul", b, "y"))),
        "takes a sum away": ("sub", "x", ("add", "y", ("tanh", "x"))),
        "stays": ("add", ("mul", a, ("add", "x", "y")), ("div", ("tanh", "x"), "y")),
        "names apart": ("add", ("add", ("mul", "x", "yy"), ("mul", "xy", "y")), ("div", a, "y")),
    }
    cases = [Case(name, {"program": program(formula, VARIABLES)}) for name, formula in formulas.items()]
    held = [["shared", "x", 1], *program(("mul", "x", ("add", "y", b)), VARIABLES)[1:]]
    return [*cases, Case("shared", {"program": held})]


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """The values of the graph that came back, and its length as a formula."""
    lines, (root,) = outputs["graph"]["lines"], outputs["graph"]["roots"]
    return {
        "values": values(lines, points(inputs["program"]))[root],
        "length": tree_length(lines, root),
        "untouched": outputs["untouched"],
        "operations": {line[0] for line in lines},
        "minus": any(line[0] == "sub" for line in lines),
    }


Unit = Callable[[str, Formula, Formula], Formula | None]
"""An operation and its operands (the first twice where there is but one) → what is left of them, or None."""

UNITS: dict[str, Unit] = {
    "plus-nought": lambda op, a, b: b if op == "add" and a == 0 else a if op in ("add", "sub") and b == 0 else None,
    "times-nought": lambda op, a, b: 0 if op == "mul" and 0 in (a, b) else None,
    "times-one": lambda op, a, b: (b if a == 1 else a) if op == "mul" and 1 in (a, b) else None,
    "over-one": lambda op, a, b: a if op == "div" and b == 1 else None,
    "nought-over": lambda op, a, b: 0 if op == "div" and a == 0 else None,
    "power-one": lambda op, a, b: a if op == "pow" and b == 1 else None,
    "power-nought": lambda op, a, b: 1 if op == "pow" and b == 0 else None,
}
WRONG_UNITS: dict[str, Unit] = {
    "power-zero": lambda op, a, b: 0 if op == "pow" and b == 0 else None,
    "zero-product": lambda op, a, b: (b if a == 0 else a) if op == "mul" and 0 in (a, b) else None,
    "one-over": lambda op, a, b: b if op == "div" and a == 1 else None,
    "nought-minus": lambda op, a, b: b if op == "sub" and a == 0 else None,
    "whole-division": lambda op, a, b: a // b if op == "div" and {type(a), type(b)} == {int} and b else None,
}


def shortened(formula: Formula, wrong: Collection[str] = frozenset(), inner: bool = True) -> Formula:
    """The formula after the rules, by someone who makes the mistakes of these names, if any."""
    if not isinstance(formula, tuple):
        return formula
    op, *rest = formula
    if len(rest) == 1 and "functions-not-entered" in wrong:
        return formula
    new = [shortened(each, wrong) for each in rest] if inner else rest
    new = rest if op == "pow" and "powers-not-entered" in wrong else new
    a, b = new[0], new[-1]
    for rule in (rule for name, rule in WRONG_UNITS.items() if name in wrong):
        if (found := rule(op, a, b)) is not None:
            return found
    numbers = len(new) == 2 and all(isinstance(each, int | float) for each in new)
    if numbers and {"constants-left", f"{op}-of-constants-left"}.isdisjoint(wrong):
        return OPERATIONS[op](a, b) if op != "div" or b else 0
    for rule in (rule for name, rule in UNITS.items() if {"units-left", f"{name}-left"}.isdisjoint(wrong)):
        if (found := rule(op, a, b)) is not None:
            return found
    over_sum = op == "mul" and isinstance(a, int) and isinstance(b, tuple) and b[0] in ("add", "sub")
    if over_sum and "multiplied-out" in wrong:
        return shortened((b[0], ("mul", a, b[1]), ("mul", a, b[2])), wrong)
    if op == "mul" and "products-left" not in wrong:
        return _product(*_factors((op, *new), wrong))
    if op == "div" and isinstance(a, int | float) and "quotients-as-products" in wrong:
        return _product(a, [("div", 1, b)])
    return _sum((op, *new), wrong) if op in ("add", "sub") and "terms-left" not in wrong else (op, *new)


def _factors(formula: Formula, wrong: Collection[str]) -> tuple[float, list[Formula]]:
    if isinstance(formula, int | float):
        return formula, []
    if isinstance(formula, tuple) and formula[0] == "mul":
        (m, left), (n, right) = (_factors(each, wrong) for each in formula[1:])
        if left and right and "products-at-the-top-only" in wrong:
            return 1, [formula]
        return m * n, left + right if "factors-not-sorted" in wrong else sorted(left + right, key=repr)
    return 1, [formula]


def _product(number: float, factors: list[Formula]) -> Formula:
    if number == 0 or not factors:
        return number
    return reduce(lambda a, b: ("mul", a, b), factors if number == 1 else [number, *factors])


def _terms(
    formula: Formula, wrong: Collection[str], sign: int = 1, top: bool = True
) -> list[tuple[float, list[Formula]]]:
    if isinstance(formula, tuple) and formula[0] in ("add", "sub") and (top or "terms-at-the-top-only" not in wrong):
        turned = 1 if "inner-signs-lost" in wrong else sign
        after = sign if formula[0] == "add" else -turned
        return _terms(formula[1], wrong, sign, False) + _terms(formula[2], wrong, after, False)
    number, factors = _factors(formula, wrong)
    return [(sign * number, factors)]


def _sum(formula: Formula, wrong: Collection[str]) -> Formula:
    found: dict[str, tuple[float, list[Formula]]] = {}
    for number, factors in _terms(formula, wrong):
        parts = [part for each in factors for part in (each[1:] if "div" in each[:1] else [each])]
        alike = {"powers-alike": {*map(repr, factors)}, "quotients-alike": map(repr, parts)}
        alike["texts-glued"] = ["".join(sorted(map(str, factors)))] * bool(factors)
        alike |= {f"{name}-first": parts for name, parts in alike.items()}
        key = repr(sorted(chosen(wrong, alike, ())) or factors)
        join = OPERATIONS["mul" if "coefficients-multiplied" in wrong else "add"]
        kept = found[key][1] if key in found and any(name.endswith("-first") for name in wrong) else factors
        found[key] = (join(found[key][0], number) if key in found else number, kept)
    terms = [each for each in found.values() if each[0] or ("plus-nought-left" in wrong and not each[1])]
    terms.sort(key=lambda each: each[0] < 0)
    result = _product(*terms[0]) if terms else 0
    for number, factors in terms[1:]:
        takes = number < 0 and "minus-becomes-plus" not in wrong
        ones = [1] if number == -1 and factors and "one-times-left" in wrong else []
        result = ("sub" if takes else "add", result, _product(-number if takes else number, ones + factors))
    return result


def _formula(inputs: Tree, known: str = "const") -> Formula:
    """The program as nested tuples again, what is ``known`` as a number."""
    made: list[Formula] = []
    for op, *rest in inputs["program"]:
        leaf = rest[-1] if op == known else rest[0]
        made.append(leaf if op in (*LEAVES, "const") else (op, *(made[at] for at in rest)))
    return made[-1]


def _length(formula: Formula) -> float:
    return 1.0 + sum(_length(each) for each in formula[1:]) if isinstance(formula, tuple) else 1.0


def _same(inputs: Tree) -> dict[str, Any]:
    return {"values": values(inputs["program"], points(inputs["program"]))[-1]}


def _short(inputs: Tree, outputs: Tree) -> str | None:
    """The length that the rules allow."""
    allowed = _length(shortened(_formula(inputs)))
    if outputs["length"] <= allowed:
        return None
    told = f"For example, {written(inputs['program'])} becomes a formula of {outputs['length']:g} nodes"
    return f"the result is longer than the rules allow. {told}; {allowed:g} would do."


def _kept(inputs: Tree, outputs: Tree) -> Slip | str | None:
    """The length, a minus where there is one to stay, and what only the probe can say: the given graph is as before."""
    if outputs["untouched"] is not True:
        return Slip("changes-the-graph", "The given graph has changed: make new nodes.")
    lost = inputs["program"][-1][0] == "sub" and not outputs["minus"]
    words = "A minus should stay a minus: y - 2 * x must not become y + -2 * x."
    return Slip("minus-becomes-plus", words) if lost else _short(inputs, outputs)


def _no_sum(inputs: Tree, outputs: Tree) -> str | None:
    """No sum is left, and the length is right."""
    return "like terms are still added up." if "add" in outputs["operations"] else _short(inputs, outputs)


def left(inputs: Tree, wrong: Collection[str]) -> dict[str, Any]:
    """The values, if they are wrong, or the length that the mistakes of these names leave; nothing where it is as short."""
    formula = _formula(inputs, "shared" if "shared-as-constant" in wrong else "const")
    found, right = shortened(formula, wrong, inner="top-only" not in wrong), _same(inputs)["values"]
    got = values(program(("mul", 1, found), VARIABLES), points(inputs["program"]))[-1]
    if not np.allclose(got, right, rtol=1e-9, atol=0):
        return {"values": got}
    longer = _length(found) > _length(shortened(_formula(inputs)))
    minus = {} if MINUS.isdisjoint(wrong) else {"minus": "'sub'" in repr(found)}
    return {"values": right, "length": _length(found), **minus} if longer else {}


MINUS = {"minus-becomes-plus", "one-times-left"}
"""Mistakes that leave formulas of one length, of which a minus tells which it was."""

MISTAKES = known(__file__, left)
TERMS = (
    "like terms",
    "turned round",
    "three turned",
    "built twice",
    "cancels",
    "takes away",
    "constant terms",
    "negative terms",
)
CONSTANTS = ("constants", "number", "quotient of constants")
SQUARES = ("square", "times square", "power")
short = partial(Check, expected=_same, tolerance=1e-9, complaint=_short)
STAYS = (
    "stays",
    "scaled parts",
    "takes a sum away",
    "powers apart",
    "quotients apart",
    "differences apart",
    "names apart",
    "difference",
    "like terms",
    "constants",
    "ones",
    "shared",
)
stays = partial(short, share=0.05, cases=STAYS, complaint=_kept, needs=("constants", "units"))

CHECKS = (
    short("constants", "Constants become one constant", share=0.15, cases=CONSTANTS),
    short("units", "Zeros and ones vanish", share=0.15, cases=("ones", "zeros", "power zero", "turned units")),
    short("products", "A product has one constant", share=0.15, cases=("products", "deep products")),
    short("terms", "Like terms come together", share=0.2, cases=TERMS),
    short("inside", "The inputs are simplified, too", share=0.1, cases=("inside", "inside others")),
    short("gradient", "The gradient of x² is 2x", share=0.15, cases=SQUARES, complaint=_no_sum),
    short("cube", "The gradient of x³ has one term", share=0.05),
    stays("stays", "What cannot be shortened keeps its value and length, and a given graph stays as it was"),
)

GIVEN = told("with simplify({}) at 40 points of x and y")
EXERCISE = Exercise("simplify", draw, CHECKS, read=read, described=GIVEN, **MISTAKES)
