"""Judge ``simplify``: the same values at many points, and no longer than the four rules allow."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .graphs import points, program, tree_length, values

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
        "quotient of constants": ("add", ("div", a, 4), ("log", "y")),
        "ones": ("div", ("mul", 1, ("pow", ("mul", "x", 1), 1)), 1),
        "zeros": ("sub", ("add", ("mul", 0, ("exp", "y")), ("add", "x", 0)), ("div", 0, "y")),
        "power zero": ("mul", ("pow", ("exp", "x"), 0), ("log", "y")),
        "products": ("mul", ("mul", a, "x"), ("mul", ("tanh", "y"), b)),
        "deep products": ("mul", ("mul", ("mul", "x", a), "y"), ("mul", b, ("mul", "x", c))),
        "like terms": ("add", ("add", ("mul", a, "x"), "y"), ("mul", b, "x")),
        "turned round": ("add", ("mul", "x", "y"), ("mul", a, ("mul", "y", "x"))),
        "difference": ("sub", ("mul", a, "y"), ("mul", b, "x")),
        "takes away": ("add", ("mul", ("sub", "x", "x"), ("exp", "y")), ("pow", "y", 1)),
        "inside": ("exp", ("add", ("mul", a, "x"), ("mul", ("sub", b, a), ("mul", 1, "x")))),
        "square": square,
        "times square": ("mul", c, square),
        "power": ("mul", ("mul", 1, d), ("pow", "x", ("sub", d, 1))),
        "cube": ("add", ("mul", square, "x"), ("mul", ("mul", "x", "x"), 1)),
        "stays": ("add", ("mul", a, ("add", "x", "y")), ("div", ("tanh", "x"), "y")),
    }
    return [Case(name, {"program": program(formula, VARIABLES)}) for name, formula in formulas.items()]


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """The values of the graph that came back, and its length as a formula."""
    lines, (root,) = outputs["graph"]["lines"], outputs["graph"]["roots"]
    operations = {line[0] for line in lines} - {"var", "const"}
    return {
        "values": values(lines, points(inputs["program"]))[root],
        "length": tree_length(lines, root),
        "untouched": outputs["untouched"],
        "operations": sorted(operations),
    }


ALL_RULES = frozenset({"constants", "units", "products", "terms"})


def shortened(formula: Formula, rules: Collection[str] = ALL_RULES, inner: bool = True) -> Formula:
    """The formula after these rules."""
    if not isinstance(formula, tuple):
        return formula
    op, *rest = formula
    new = [shortened(each, rules, inner) for each in rest] if inner else rest
    a, b = new[0], new[-1]
    if "constants" in rules and len(new) == 2 and _is_number(a) and _is_number(b):
        return _folded(op, a, b)
    if "units" in rules:
        found = _units(op, a, b)
        if found is not None:
            return found
    if op == "mul" and "products" in rules:
        return _product(*_factors((op, *new)))
    if op in ("add", "sub") and "terms" in rules:
        return _sum(_terms((op, *new)))
    return (op, *new)


def _is_number(formula: Formula) -> bool:
    return isinstance(formula, int | float)


def _folded(op: str, a: float, b: float) -> float:
    return {"add": a + b, "sub": a - b, "mul": a * b}.get(
        op, a / b if op == "div" and b else a**b if op == "pow" else 0
    )


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
    if _is_number(formula):
        return formula, []
    if isinstance(formula, tuple) and formula[0] == "mul":
        (m, left), (n, right) = _factors(formula[1]), _factors(formula[2])
        return m * n, sorted(left + right, key=repr)
    return 1, [formula]


def _product(number: float, factors: list[Formula]) -> Formula:
    if number == 0 or not factors:
        return number
    result = factors[0] if number == 1 else ("mul", number, factors[0])
    for factor in factors[1:]:
        result = ("mul", result, factor)
    return result


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
    if not kept:
        return 0
    result = _product(*kept[0])
    for number, factors in kept[1:]:
        result = (
            ("sub", result, _product(-number, factors)) if number < 0 else ("add", result, _product(number, factors))
        )
    return result


def _formula(inputs: Tree) -> Formula:
    """The program as nested tuples again."""
    made: list[Formula] = []
    for op, *rest in inputs["program"]:
        made.append(rest[0] if op in ("var", "const") else (op, *(made[at] for at in rest)))
    return made[-1]


def _length(formula: Formula) -> float:
    return 1.0 + sum(_length(each) for each in formula[1:]) if isinstance(formula, tuple) else 1.0


def _same(inputs: Tree) -> dict[str, Any]:
    return {"values": values(inputs["program"], points(inputs["program"]))[-1], "untouched": True}


def _short(inputs: Tree, outputs: Tree) -> str | None:
    allowed = _length(shortened(_formula(inputs)))
    if outputs["length"] > allowed:
        return "the result is longer than the rules allow."
    return None


def _no_sum(inputs: Tree, outputs: Tree) -> str | None:
    if "add" in outputs["operations"]:
        return "like terms are still added up."
    return _short(inputs, outputs)


def _left(*missing: str, inner: bool = True) -> Callable[[Tree], dict[str, Any]]:
    """Right values, and the length that is left without these rules; nothing where it is as short as it may be."""

    def expected(inputs: Tree) -> dict[str, Any]:
        formula = _formula(inputs)
        left = _length(shortened(formula, ALL_RULES - set(missing), inner))
        return {} if left <= _length(shortened(formula)) else {"length": left, **_same(inputs)}

    return expected


def _values(wrong: Callable[[str, Formula, Formula], Formula | None]) -> Callable[[Tree], dict[str, Any]]:
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


def _merged(op: str, a: Formula, b: Formula) -> Formula | None:
    (m, left), (n, right) = _factors(a), _factors(b)
    return _product(m * n, left) if op == "add" and left and left == right else None


def _check(name: str, title: str, share: float, *cases: str, **more: Any) -> Check:
    return Check(name, title, share=share, cases=cases, expected=_same, tolerance=1e-9, **{"complaint": _short, **more})


EXERCISE = Exercise(
    id="simplify",
    draw=draw,
    read=read,
    checks=(
        _check("constants", "Constants become one constant", 0.15, "constants", "quotient of constants"),
        _check("units", "Zeros and ones vanish", 0.15, "ones", "zeros", "power zero"),
        _check("products", "A product has one constant", 0.15, "products", "deep products"),
        _check("terms", "Like terms come together", 0.2, "like terms", "turned round", "takes away"),
        _check("inside", "The inputs are simplified, too", 0.1, "inside"),
        _check("gradient", "The gradient of x² is 2x", 0.15, "square", "times square", "power", complaint=_no_sum),
        _check("cube", "The gradient of x³ has one term", 0.05, "cube"),
        _check(
            "stays",
            "What cannot be shortened keeps its value and length",
            0.05,
            "stays",
            "difference",
            needs=("constants", "units"),
        ),
    ),
    mistakes=(
        Mistake(
            "power-zero",
            "x to the power of 0 is 1, not 0.",
            _values(lambda op, a, b: 0 if op == "pow" and b == 0 else None),
        ),
        Mistake(
            "zero-product",
            "0 · x is 0, not x.",
            _values(lambda op, a, b: (b if a == 0 else a) if op == "mul" and 0 in (a, b) else None),
        ),
        Mistake(
            "coefficients-multiplied",
            "The numbers of like terms are added: 2x + 3x = 5x, not 6x.",
            _values(lambda op, a, b: _merged(op, a, b)),
            ("terms", "inside", "gradient", "cube"),
        ),
        Mistake(
            "terms-left",
            "Like terms stand side by side: 2x + 3x is 5x. Collect a sum's terms by what they are multiples of.",
            _left("terms"),
            ("terms", "inside", "gradient", "cube"),
        ),
        Mistake(
            "products-left",
            "A product still has several constants, or one that hides deep in it: bring them together.",
            _left("products"),
            ("products", "gradient"),
        ),
        Mistake(
            "constants-left",
            "Operations on two constants are left over: compute them.",
            _left("constants"),
            ("constants", "gradient", "inside"),
        ),
        Mistake(
            "units-left",
            "Zeros and ones are left over: x·1, x + 0, x**1 and so on.",
            _left("units"),
            ("units", "gradient"),
        ),
        Mistake(
            "top-only",
            "Only the last operation is simplified: simplify a node's inputs before the node itself.",
            _left(inner=False),
        ),
    ),
)
