"""Judge ``scalar_tape``: what the pulls that the operators record say of drawn programs."""

from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Tree

from .exact import RECIPROCAL, REFUSED, decimals, exact_check, units
from .program import THIRDS, Rule, described, draw_program, local_slip, mistakes, tape_step, with_rules

TITLES = {
    "sums": "Sums, differences and products",
    "quotients": "Quotients and powers",
    "plain": "Plain numbers on either side",
    "functions": "exp, log and tanh",
    "shared": "Values that are used more than once",
    "thirds": THIRDS,
}
"""Of the checks, by program."""

MORE = {"plain": ("zeros", "zeros in floats"), "functions": ("large in floats",)}
"""Further cases of a check."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Each group of rules in 50 digits and in floats."""
    both = [(name, kind) for name in (*TITLES, "zeros") for kind in ("precise", "float")]
    return [
        draw_program(rng, name, kind)
        for name, kind in [*both, ("large", "float")]
        if (name, kind) != ("thirds", "float")
    ]


def ruled(inputs: Tree, **rules: Rule) -> dict[str, Any]:
    """Value and gradient of someone who has these rules wrong; by default none."""
    x = decimals(inputs["x"])
    runs = [with_rules(inputs["program"], x, unit, **rules) for unit in units(len(x))]
    return {"value": runs[0][0], "gradient": [tangent for _, tangent in runs]}


check = partial(exact_check, oracle=ruled, slip=local_slip(tape_step, "pulls"))
CHECKS = (
    *(
        check(
            name,
            TITLES[name],
            share=0.2 - 0.05 * (name == "plain"),
            cases=(name, f"{name} in floats", *MORE.get(name, ())),
        )
        for name in TITLES
        if name != "thirds"
    ),
    check("thirds", THIRDS, share=0.05, sixteen=RECIPROCAL),
)
mistake = mistakes(ruled, "chain-rule", "product-of-slopes")
mistake.add(*REFUSED)
EXERCISE = Exercise("scalar_tape", draw, checks=CHECKS, **mistake.known, slips=(RECIPROCAL.name,), described=described)
