"""Judge ``hessian_vector``: the Hessian of drawn programs times drawn directions, by differences of differences."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Slip, Tree

from .exact import ASKED, REFUSED, Array, case, decimals, draw_number, exact, exact_check, gradient, slope, units
from .program import Program, described, evaluate

FUNCTIONS: dict[str, Program] = ASKED["functions"]


def draw(rng: np.random.Generator) -> list[Case]:
    """Every function in 50 digits, one in floats; then equal inputs, and directions that are 0 or next to nothing."""
    cases = []
    for name, kind in [*((name, "precise") for name in FUNCTIONS), ("functions", "float")]:
        x = [draw_number(rng) for _ in range(3)]
        v = [draw_number(rng, low, high) for low, high in (("0.5", "1.5"), ("-1.5", "-0.5"), ("0.5", "1.5"))]
        if name == "linear in one":  # what occurs twice counts twice
            x[1], v[1] = x[0], v[0]
        cases.append(case(name, kind, program=FUNCTIONS[name], x=x, v=v))
    first, _, last = cases[0].inputs["v"]
    rare = {"x": [x[0], x[0], x[2]], "v": [first, "0", f"{last}e-20"]}
    return [*cases, Case("rare", {**cases[0].inputs, **rare})]


F = Callable[[Array], Decimal]


def product(f: F, x: Array, v: Array) -> Array:
    """Hv: the gradient of the slope along v."""
    return gradient(lambda at: slope(lambda t: f(at + t * v)), x)


def diagonal(f: F, x: Array, v: Array) -> Array:
    """Every entry of v times the entry of the Hessian on the diagonal."""
    return np.array([product(f, x, unit)[at] * v[at] for at, unit in enumerate(units(len(x)))], dtype=object)


def multiplying(rule: Callable[[F, Array, Array], Array]) -> Callable[[Tree], dict[str, Any]]:
    """The oracle of a rule for the product from f, x and v."""
    return lambda inputs: {
        "product": rule(partial(evaluate, inputs["program"]), decimals(inputs["x"]), decimals(inputs["v"]))
    }


mistake = Mistakes(lambda rule: exact(multiplying(rule)), beside=__file__)
mistake.listed("gradient", lambda f, x, v: gradient(f, x))
mistake.listed("gradient-times-v", lambda f, x, v: gradient(f, x) * v)
mistake.listed("v-ignored", lambda f, x, v: product(f, x, units(len(x)).sum(axis=0)))
mistake.listed("diagonal", diagonal)
mistake.listed("x-and-v-swapped", lambda f, x, v: product(f, v, x))
mistake.listed("times-x", lambda f, x, v: product(f, x, x))
mistake.listed("value-and-slope", lambda f, x, v: gradient(f, x) + product(f, x, v))
mistake.listed("multiplied-once-more", lambda f, x, v: product(f, x, v) * v)
mistake.listed("summed-up", lambda f, x, v: (product(f, x, v) * v).sum())
mistake.listed("added-up", lambda f, x, v: product(f, x, v).sum())
mistake.listed("slope-along-v", lambda f, x, v: slope(lambda t: f(x + t * v)))
mistake.listed("gradient-elsewhere", lambda f, x, v: gradient(f, x + v))
mistake.listed("step-of-one", lambda f, x, v: gradient(f, x + v) - gradient(f, x))
mistake.listed("direction-of-length-one", lambda f, x, v: product(f, x, v) / (v @ v).sqrt())
mistake.listed("slope-along-v-times-v", lambda f, x, v: slope(lambda t: f(x + t * v)) * v)
mistake.listed("row-sums-times-v", lambda f, x, v: product(f, x, units(len(x)).sum(axis=0)) * v)
mistake.listed("zero-where-v-is", lambda f, x, v: np.where(v == 0, Decimal(0), product(f, x, v)))
mistake.listed("last-entry-everywhere", lambda f, x, v: product(f, x, v)[-1] + 0 * x)
in_linear = mistake.group("linear")
in_linear.listed(
    "gradient-where-linear", lambda f, x, v: np.where(product(f, x, v) == 0, gradient(f, x), product(f, x, v))
)
mistake.add(*REFUSED)


def nothing(inputs: Tree, outputs: Tree) -> Slip | None:
    """A product of zeros."""
    words = "Your product is 0 everywhere: is `backward` called, and is v the slope of what stands on the tape?"
    return None if np.any(outputs["product"]) else Slip("zero-everywhere", words)


check = partial(exact_check, oracle=multiplying(product), slip=nothing)
CHECKS = (
    check("polynomial", "A polynomial", share=0.3, cases=("polynomial", "rare")),
    check("rational", "Quotients and powers", share=0.25),
    check("functions", "exp, log and tanh", share=0.25, cases=("functions", "functions in floats")),
    check(
        "linear",
        "An input that the function is linear in",
        share=0.2,
        cases=("linear in one",),
        needs=("polynomial",),
        slip=lambda inputs, outputs: None,
    ),
)
EXERCISE = Exercise("hessian_vector", draw, checks=CHECKS, **mistake.known, described=described)
