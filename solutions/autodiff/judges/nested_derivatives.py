"""Judge ``nested_derivatives``: derivatives inside derivatives, whose values are known by hand."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree
from autograder.judging.example import shown

from .exact import REFUSED, case, decimals, draw_number, exact, exact_check

Formulas = dict[str, Callable[[Decimal, Decimal, Decimal], Decimal]]

CALLS = {
    "plain": "D(lambda x: a * x * x * x - b * x + c, b)",
    "from a number": "D(lambda x: (b - x) * c - x * a, b)",
    "constant": "D(lambda x: a, b)",
    "second": "D(lambda x: D(lambda y: a * y * y * y + b * y * y, x), c)",
    "third": "D(lambda x: D(lambda y: D(lambda z: a * z * z * z * z + b * z, y), x), c)",
    "sum": "D(lambda x: x * D(lambda y: x + y, a), b)",
    "product": "D(lambda x: x * D(lambda y: y * x * y + c * y, a), b)",
    "difference": "D(lambda x: x * x * D(lambda y: y * y - x * y, a), b)",
    "older minus newer": "D(lambda x: x * D(lambda y: (x - y) * y, a), b)",
    "plain minus both": "D(lambda x: x * D(lambda y: 2 - x * y * y, a), b)",
    "two inside": "D(lambda x: x * D(lambda y: x * y, a) * D(lambda y: x + y * y, c), b)",
    "three deep": "D(lambda x: x * D(lambda y: x * y * D(lambda z: x * z * z + y * z, c), b), a)",
    "forgets the inner": "D(lambda x: x * x + x * D(lambda y: x * c, a), b)",
}
"""By nesting: the call, with D for `derivative`; the probe makes it."""

RIGHT: Formulas = {
    "plain": lambda a, b, c: 3 * a * b**2 - b,
    "from a number": lambda a, b, c: -c - a,
    "constant": lambda a, b, c: Decimal(0),
    "second": lambda a, b, c: 6 * a * c + 2 * b,
    "third": lambda a, b, c: 24 * a * c,
    "sum": lambda a, b, c: Decimal(1),
    "product": lambda a, b, c: 4 * a * b + c,
    "difference": lambda a, b, c: 4 * a * b - 3 * b**2,
    "older minus newer": lambda a, b, c: 2 * b - 2 * a,
    "plain minus both": lambda a, b, c: -4 * a * b,
    "two inside": lambda a, b, c: 4 * b * c,
    "three deep": lambda a, b, c: 6 * c * a**2 + 4 * a * b,
    "forgets the inner": lambda a, b, c: 2 * b,
}
"""By nesting: its derivative at three numbers, by hand."""

CONFUSED: Formulas = {
    "sum": lambda a, b, c: Decimal(2),
    "product": lambda a, b, c: 2 * a * b + a**2 + c,
    "difference": lambda a, b, c: 2 * b * (a - b),
    "older minus newer": lambda a, b, c: b - a,
    "plain minus both": lambda a, b, c: -(a**2) - 2 * a * b,
    "two inside": lambda a, b, c: (a + b) * (1 + 2 * c),
    "three deep": lambda a, b, c: (c**2 + 2 * a * c + c + b) * (a + b),
}
"""With one ε for all."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every nesting, and two of them in floats."""
    names = [(name, "precise") for name in RIGHT] + [("second", "float"), ("product", "float")]
    return [
        case(name, kind, nesting=name, call=CALLS[name], x=[draw_number(rng) for _ in range(3)]) for name, kind in names
    ]


def derived(formulas: Formulas, inputs: Tree) -> dict[str, Any]:
    """What these formulas give; they have no answer for other nestings."""
    name = inputs["nesting"]
    return {"derivative": formulas[name](*decimals(inputs["x"]))} if name in formulas else {}


mistake = Mistakes(lambda formulas: exact(partial(derived, formulas)), beside=__file__)
mistake.listed("perturbation-confusion", CONFUSED)
mistake.listed("outer-wins", {name: lambda a, b, c: Decimal(0) for name in CONFUSED})
mistake.listed("product-one-term", {"plain": lambda a, b, c: a * b**2 - b})
mistake.listed("reversed-difference", {"from a number": lambda a, b, c: c - a})
mistake.listed("foreign-slope", {"forgets the inner": lambda a, b, c: 2 * b + c})

check = partial(exact_check, oracle=partial(derived, RIGHT))
constants = partial(check, cases=("constant", "forgets the inner"), needs=("single",))
CAPTURED = (*CONFUSED, "product in floats")
CHECKS = (
    check("single", "One derivative", share=0.15, cases=("plain", "from a number")),
    check("higher", "Second and third derivatives", share=0.25, cases=("second", "third", "second in floats")),
    check("captured", "An inner function that uses the outer variable", share=0.4, cases=CAPTURED),
    constants("constants", "Functions that do not depend on their variable", share=0.2),
)


def described(inputs: Tree) -> str:
    """The call, and its three numbers."""
    return f"`{inputs['call']}` (D is `derivative`, a, b, c = {', '.join(map(shown, inputs['x']))})"


EXERCISE = Exercise("nested_derivatives", draw, CHECKS, (*mistake, *REFUSED), described=described, hidden=("nesting",))
