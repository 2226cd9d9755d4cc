"""Judge ``simplify``: the same values at many points, and no longer than the four rules allow."""

from collections.abc import Callable, Collection
from functools import partial, reduce
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known
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
        "quotient of constants": ("add", ("div", 2 * a + 1, 4), ("log", "y")),
        "ones": ("div", ("mul", 1, ("pow", ("mul", "x", 1), 1)), 1),
        "zeros": ("sub", ("add", ("mul", ("exp", "y"), 0), ("add", "x", 0)), ("div", 0, "y")),
        "turned units": ("add", ("div", 1, ("tanh", "x")), ("sub", 0, "y")),
        "power zero": ("mul", ("pow", ("exp", "x"), 0), ("log", "y")),
        "products": ("mul", ("mul", a, "x"), ("mul", ("tanh", "y"), b)),
        "deep products": ("mul", ("mul", ("mul", "x", a), "y"), ("mul", b, ("mul", "x", c))),
        "like terms": ("add", ("add", ("mul", a, "x"), "y"), ("mul", b, "x")),
        "turned round": ("add", ("mul", "x", "y"), ("mul", a, ("mul", "y", "x"))),
        "built twice": ("add", ("mul", a, ("tanh", "x")), ("mul", ("tanh", "x"), b)),
        "cancels": ("sub", ("sub", ("add", ("mul", a + 1, "x"), "y"), ("mul", a, "x")), "y"),
        "difference": ("sub", ("mul", a, "y"), ("mul", b, "x")),
        "constant terms": ("sub", ("add", "x", a), ("sub", b, "y")),
        "negative terms": ("sub", ("mul", -a, "x"), ("mul", b, "y")),
        "takes away": ("add", ("mul", ("sub", "x", "x"), ("exp", "y")), ("pow", "y", 1)),
        "inside": ("exp", ("add", ("mul", a, "x"), ("mul", ("sub", b, a), ("mul", 1, "x")))),
        "square": square,
        "times square": ("mul", c, square),
        "power": ("mul", ("mul", 1, d), ("pow", "x", ("sub", d, 1))),
        "cube": ("add", ("mul", square, "x"), ("mul", ("mul", "x", "x"), 1)),
        "stays": ("add", ("mul", a, ("add", "x", "y")), ("div", ("tanh", "x"), "y")),
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
    }


ALL_RULES = frozenset({"constants", "units", "products", "terms"})


def shortened(formula: Formula, rules: Collection[str] = ALL_RULES, inner: bool = True) -> Formula:
    """The formula after these rules."""
    if not isinstance(formula, tuple):
        return formula
    op, *rest = formula
    new = [shortened(each, rules, inner) for each in rest] if inner else rest
    a, b = new[0], new[-1]
    if "constants" in rules and len(new) == 2 and all(isinstance(each, int | float) for each in new):
        return OPERATIONS[op](a, b) if op != "div" or b else 0
    if "units" in rules and (found := _units(op, a, b)) is not None:
        return found
    if op == "mul" and "products" in rules:
        return _product(*_factors((op, *new)))
    return _sum(_terms((op, *new))) if op in ("add", "sub") and "terms" in rules else (op, *new)


def _units(op: str, a: Formula, b: Formula) -> Formula | None:
    """What zeros and ones leave of a node; None where there are none."""
    if (op == "add" and a == 0) or (op == "mul" and a == 1):
        return b
    if (op in ("add", "sub") and b == 0) or (op in ("mul", "div", "pow") and b == 1):
        return a
    if (op == "mul" and 0 in (a, b)) or (op == "div" and a == 0):
        return 0
    return 1 if op == "pow" and b == 0 else None


def _factors(formula: Formula) -> tuple[float, list[Formula]]:
    if isinstance(formula, int | float):
        return formula, []
    if isinstance(formula, tuple) and formula[0] == "mul":
        (m, left), (n, right) = _factors(formula[1]), _factors(formula[2])
        return m * n, sorted(left + right, key=repr)
    return 1, [formula]


def _product(number: float, factors: list[Formula]) -> Formula:
    if number == 0 or not factors:
        return number
    return reduce(lambda a, b: ("mul", a, b), factors if number == 1 else [number, *factors])


def _terms(formula: Formula, sign: int = 1) -> list[tuple[float, list[Formula]]]:
    if isinstance(formula, tuple) and formula[0] in ("add", "sub"):
        return _terms(formula[1], sign) + _terms(formula[2], sign if formula[0] == "add" else -sign)
    number, factors = _factors(formula)
    return [(sign * number, factors)]


def _sum(terms: list[tuple[float, list[Formula]]]) -> Formula:
    found: dict[str, tuple[float, list[Formula]]] = {}
    for number, factors in terms:
        key = repr(factors)
        found[key] = (found[key][0] + number if key in found else number, factors)
    kept = sorted((each for each in found.values() if each[0]), key=lambda each: each[0] < 0)
    result = _product(*kept[0]) if kept else 0
    for number, factors in kept[1:]:
        result = ("sub" if number < 0 else "add", result, _product(abs(number), factors))
    return result


def _formula(inputs: Tree) -> Formula:
    """The program as nested tuples again."""
    made: list[Formula] = []
    for op, *rest in inputs["program"]:
        made.append(rest[0] if op in (*LEAVES, "const") else (op, *(made[at] for at in rest)))
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


def _kept(inputs: Tree, outputs: Tree) -> str | None:
    """The length, a minus where there is one to stay, and what only the probe can say: the given graph is as before."""
    if outputs["untouched"] is not True:
        return "the given graph has changed: make new nodes."
    lost = inputs["program"][-1][0] == "sub" and "sub" not in outputs["operations"]
    return "a minus should stay a minus: y - 2 * x must not become y + -2 * x." if lost else _short(inputs, outputs)


def _no_sum(inputs: Tree, outputs: Tree) -> str | None:
    """No sum is left, and the length is right."""
    return "like terms are still added up." if "add" in outputs["operations"] else _short(inputs, outputs)


def left(inputs: Tree, wrong: str) -> dict[str, Any]:
    """Right values, and the length that the mistake of this name leaves; nothing where it is as short as it may be."""
    formula = _formula(inputs)
    length = _length(shortened(formula, ALL_RULES - {wrong.removesuffix("-left")}, inner=wrong != "top-only"))
    return {} if length <= _length(shortened(formula)) else {"length": length, **_same(inputs)}


def with_wrong_rule(wrong: Callable[[str, Formula, Formula], Formula | None]) -> Callable[[Tree], dict[str, Any]]:
    """The values of a formula in which one rule is wrong: (op, a, b) → what becomes of it, or None."""

    def changed(formula: Formula) -> Formula:
        if not isinstance(formula, tuple):
            return formula
        op, *rest = formula
        new = [changed(each) for each in rest]
        found = wrong(op, new[0], new[-1])
        return shortened((op, *new), {"constants", "units"}, inner=False) if found is None else found

    def expected(inputs: Tree) -> dict[str, Any]:
        lines = program(("mul", 1, changed(_formula(inputs))), VARIABLES)
        return {"values": values(lines, points(inputs["program"]))[-1]}

    return expected


mistake = Mistakes(with_wrong_rule, beside=__file__)
TERMS = ("like terms", "turned round", "built twice", "cancels", "takes away", "constant terms", "negative terms")
SUMS = ("terms", "inside", "gradient", "cube")
SQUARES = ("square", "times square", "power")

mistake.named("power-zero", lambda op, a, b: 0 if op == "pow" and b == 0 else None).says(
    "x to the power of 0 is 1, not 0."
)
mistake.named("zero-product", lambda op, a, b: (b if a == 0 else a) if op == "mul" and 0 in (a, b) else None).says(
    "0 · x is 0, not x."
)


@mistake(*SUMS)
def coefficients_multiplied(op: str, a: Formula, b: Formula) -> Formula | None:
    """The numbers of like terms are added: 2x + 3x = 5x, not 6x."""
    (m, factors), (n, others) = _factors(a), _factors(b)
    return _product(m * n, factors) if op == "add" and factors and factors == others else None


known(mistake, left)
short = partial(check, expected=_same, tolerance=1e-9, complaint=_short)
STAYS = ("stays", "difference", "like terms", "constants", "ones", "shared")
stays = partial(short, cases=STAYS, complaint=_kept, needs=("constants", "units"))

CHECKS = (
    short("constants", "Constants become one constant", share=0.15, cases=("constants", "quotient of constants")),
    short("units", "Zeros and ones vanish", share=0.15, cases=("ones", "zeros", "power zero", "turned units")),
    short("products", "A product has one constant", share=0.15, cases=("products", "deep products")),
    short("terms", "Like terms come together", share=0.2, cases=TERMS),
    short("inside", "The inputs are simplified, too", share=0.1),
    short("gradient", "The gradient of x² is 2x", share=0.15, cases=SQUARES, complaint=_no_sum),
    short("cube", "The gradient of x³ has one term", share=0.05),
    stays(
        "stays", "What cannot be shortened keeps its value and length, and a given graph stays as it was", share=0.05
    ),
)

GIVEN = told("with simplify({}) at 40 points of x and y")
EXERCISE = Exercise("simplify", draw, CHECKS, tuple(mistake), read=read, described=GIVEN)
