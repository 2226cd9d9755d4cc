"""Judge ``dual_numbers``: value and slope of drawn programs, and slopes of slopes."""

from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Tree

from .exact import REFUSED, decimals, draw_number, exact, exact_check, slope
from .program import Rule, described, draw_program, dual_step, evaluate, local_slip, mistakes, with_rules


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules in 50 digits and in floats, two directions at once; then the nested case."""
    cases = []
    for name in ("sums", "quotients", "plain", "zeros", "functions", "large"):
        for kind in ("precise", "float") if name != "large" else ("float",):
            slopes = [draw_number(rng, "0.5", "2"), draw_number(rng, "-2", "-0.5")]
            cases.append(draw_program(rng, name, kind, slopes=slopes, nested=False))
    slopes = [draw_number(rng, "0.5", "2"), draw_number(rng, "-2", "-0.5")]
    return [*cases, draw_program(rng, "second", "precise", slopes=slopes, nested=True)]


def along(inputs: Tree, t: Decimal) -> Decimal:
    """The program's result at a point of the line through x along the direction."""
    return evaluate(inputs["program"], decimals(inputs["x"]) + t * decimals(inputs["slopes"]))


def oracle(inputs: Tree) -> dict[str, Any]:
    """The value, and its derivative along the direction; the second one where numbers are nested."""
    right = {"value": along(inputs, Decimal(0)), "slope": slope(lambda t: along(inputs, t))}
    if inputs["nested"]:
        right["second"] = slope(lambda s: slope(lambda t: along(inputs, s + t)))
    return right


def ruled(inputs: Tree, **rules: Rule) -> dict[str, Any]:
    """What someone gets who has some rules wrong."""
    if inputs["nested"]:
        return {}
    pair = with_rules(inputs["program"], decimals(inputs["x"]), decimals(inputs["slopes"]), **rules)
    return dict(zip(("value", "slope"), pair, strict=True))


mistake = mistakes(ruled, "product-swapped")
mistake.group("second", oracle=exact).listed("second-order-lost", lambda inputs: {"second": Decimal(0)})

check = partial(exact_check, oracle=oracle, slip=local_slip(dual_step, "slopes"))
PLAIN = ("plain", "plain in floats", "zeros", "zeros in floats")
CHECKS = (
    check("sums", "Sums, differences and products", share=0.2, cases=("sums", "sums in floats")),
    check("quotients", "Quotients and powers", share=0.2, cases=("quotients", "quotients in floats")),
    check("plain", "Plain numbers on either side", share=0.2, cases=PLAIN),
    check("functions", "exp, log and tanh", share=0.2, cases=("functions", "functions in floats", "large in floats")),
    check("second", "Dual numbers inside dual numbers: second derivatives", share=0.2),
)
mistake.add(*REFUSED)
EXERCISE = Exercise("dual_numbers", draw, checks=CHECKS, **mistake.known, described=described)
