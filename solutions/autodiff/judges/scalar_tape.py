"""Judge ``scalar_tape``: what the pulls that the operators record say of drawn programs."""

from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Tree

from .exact import REFUSED, decimals, exact_check, units
from .program import Rule, described, draw_program, local_slip, mistakes, tape_step, with_rules

TITLES = {
    "sums": "Sums, differences and products",
    "quotients": "Quotients and powers",
    "plain": "Plain numbers on either side",
    "functions": "exp, log and tanh",
    "shared": "Values that are used more than once",
}
"""Of the checks, by program."""

MORE = {"plain": ("zeros", "zeros in floats"), "functions": ("large in floats",)}
"""Further cases of a check."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules in 50 digits and in floats."""
    both = [(name, kind) for name in (*TITLES, "zeros") for kind in ("precise", "float")]
    return [draw_program(rng, name, kind) for name, kind in [*both, ("large", "float")]]


def ruled(inputs: Tree, **rules: Rule) -> dict[str, Any]:
    """Value and gradient of someone who has these rules wrong; by default none."""
    x = decimals(inputs["x"])
    runs = [with_rules(inputs["program"], x, unit, **rules) for unit in units(len(x))]
    return {"value": runs[0][0], "gradient": [tangent for _, tangent in runs]}


check = partial(exact_check, oracle=ruled, slip=local_slip(tape_step, "pulls"), share=0.2)
CHECKS = tuple(check(name, TITLES[name], cases=(name, f"{name} in floats", *MORE.get(name, ()))) for name in TITLES)
mistake = mistakes(ruled, "chain-rule", "product-of-slopes")
mistake.add(*REFUSED)
EXERCISE = Exercise("scalar_tape", draw, checks=CHECKS, **mistake.known, described=described)
