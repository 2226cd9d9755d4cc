"""Judge ``tensor_tape``: values and pulls of drawn expressions of arrays, entry by entry."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from operator import add, matmul, mul, sub, truediv
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, must_hold

from .exact import REFUSED, Array, case, decimals, draw_array, elementwise, exact, exact_check, gradient
from .program import LONG
from .unbroadcast import summed as unbroadcast


def _exp(a: Array) -> Array:
    return elementwise(Decimal.exp, a)


def _relu(a: Array) -> Array:
    return elementwise(lambda x: max(x, Decimal(0)), a)


EXPRESSIONS: dict[str, Callable[..., Array]] = {
    **{"a + b": add, "a - b": sub, "a * b": mul, "a / b": truediv, "a @ b": matmul},
    "2 - a": lambda a: 2 - a,
    "3 / a": lambda a: 3 / a,
    "2 * a + 0.5": lambda a: 2 * a + Decimal("0.5"),
    "array - a": lambda a: decimals([1, 2, 3]) - a,
    "a / array": lambda a: a / decimals([1, 2, 4]),
    "a * digits + 1 / a": lambda a: a * Decimal(LONG) + 1 / a,
    "sum": lambda a: a.sum(),
    "sum 0": lambda a: a.sum(axis=0),
    "sum 1": lambda a: a.sum(axis=1),
    "sum -1": lambda a: a.sum(axis=-1),
    "sum 1 keepdims": lambda a: a.sum(axis=1, keepdims=True),
    "relu": _relu,
    "exp": _exp,
    "log": lambda a: elementwise(Decimal.ln, a),
    "a * a + a": lambda a: a * a + a,
    "layer": lambda x, w, b: (_relu(x @ w + b) * 3).sum(axis=1),
    "softmax": lambda a: _exp(a) / _exp(a).sum(axis=1, keepdims=True),
}

PLAIN = ("2 - a", "3 / a", "2 * a + 0.5", "array - a", "a / array", "a * digits + 1 / a")
SUMS = ("sum", "sum 0", "sum 1", "sum -1", "sum 1 keepdims")
CASES: dict[str, tuple[str, list[tuple[int, ...]], tuple[int, ...]]] = {
    **{f"same shapes {op}": (f"a {op} b", [(2, 3), (2, 3)], (2, 3)) for op in "+-*/"},
    **{f"bias {op}": (f"a {op} b", [(4, 3), (3,)], (4, 3)) for op in "+-*/"},
    "stretched": ("a * b", [(4, 1), (1, 3)], (4, 3)),
    **{name: (name, [(2, 3)], (2, 3)) for name in PLAIN},
    "square": ("a @ b", [(3, 3), (3, 3)], (3, 3)),
    "rectangular": ("a @ b", [(2, 4), (4, 3)], (2, 3)),
    "sum": ("sum", [(2, 3)], ()),
    "sum 0": ("sum 0", [(3, 3)], (3,)),
    "sum 1": ("sum 1", [(3, 3)], (3,)),
    "sum -1": ("sum -1", [(3, 3)], (3,)),
    "sum 1 keepdims": ("sum 1 keepdims", [(2, 3)], (2, 1)),
    **{name: (name, [(3, 3)], (3, 3)) for name in ("relu", "exp", "log")},
    "reused": ("a * a + a", [(2, 3)], (2, 3)),
    "layer": ("layer", [(4, 2), (2, 3), (3,)], (4,)),
    "softmax": ("softmax", [(2, 3)], (2, 3)),
}
"""By case: the expression, the shapes of its operands, and the shape of its result."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every case in 50 digits, some in floats; where a sign or a size matters, entries are drawn until both occur."""
    cases = []
    floats = ("bias *", "rectangular", "layer")
    for name, kind in [*((name, "precise") for name in CASES), *((name, "float") for name in floats)]:
        expression, shapes, result = CASES[name]
        low = "0.5" if expression in ("a / b", "3 / a", "a * digits + 1 / a", "log") else "-2"
        while True:
            arrays, seed = [draw_array(rng, shape, low) for shape in shapes], draw_array(rng, result)
            pairs = zip(*(np.ravel(decimals(each)) for each in (arrays[0], seed)), strict=False)
            if name != "relu" or len({(x > 0, g > 0) for x, g in pairs}) == 4:  # either sign with either one's gradient
                break
        if name == "relu":
            arrays[0][1][1] = "0"  # where nothing is let through
        cases.append(case(name, kind, expression=expression, arrays=arrays, seed=seed))
    return cases


def oracle(inputs: Tree) -> dict[str, Any]:
    """The value, and by nudging every entry of every operand the gradient of ⟨seed, value⟩."""
    arrays, seed = [decimals(tree) for tree in inputs["arrays"]], decimals(inputs["seed"])
    function = EXPRESSIONS[inputs["expression"]]
    answers: dict[str, Any] = {"value": function(*arrays)}
    for number, operand in enumerate(arrays):

        def pulled(moved: Array, number: int = number) -> Decimal:
            return Decimal(np.sum(seed * function(*arrays[:number], moved, *arrays[number + 1 :])))

        answers[f"gradient {number}"] = gradient(pulled, operand)
    if inputs["expression"] == "relu":  # it has no derivative at 0, where a difference finds half of one
        answers["gradient 0"][arrays[0] == 0] = Decimal(0)
    return answers


Pulls = dict[str, Callable[..., tuple[Any, ...]]]
"""By expression: seed and operands → the gradients of someone who has its pulls wrong."""


def pulled_back(pulls: Pulls, inputs: Tree, *, summed: bool = True) -> dict[str, Any]:
    """What these pulls give; where something was broadcast its gradient is summed over the copies."""
    if inputs["expression"] not in pulls:
        return {}
    arrays, seed = [decimals(tree) for tree in inputs["arrays"]], decimals(inputs["seed"])
    answers = {}
    for number, found in enumerate(pulls[inputs["expression"]](seed, *arrays)):
        wide = summed and np.size(found) > arrays[number].size
        answers[f"gradient {number}"] = unbroadcast(found, arrays[number].shape) if wide else found
    return answers


mistake = Mistakes(lambda pulls: exact(partial(pulled_back, pulls)), beside=__file__)
unsummed = mistake.group("broadcast", oracle=lambda pulls: exact(partial(pulled_back, pulls, summed=False)))
binary = mistake.group("elementwise", "broadcast")
in_products = mistake.group("square")
in_reductions = mistake.group("sums", "relu")

wide: Pulls = {"a + b": lambda g, a, b: (g, g), "a - b": lambda g, a, b: (g, -g)}
wide |= {"a * b": lambda g, a, b: (g * b, g * a), "a / b": lambda g, a, b: (g / b, -g * a / (b * b))}
unsummed.listed("broadcasting-not-undone", wide)
binary.listed("difference-sign", {"a - b": lambda g, a, b: (g, g)})
binary.listed("product-swapped", {"a * b": lambda g, a, b: (g * a, g * b)})
binary.listed("quotient-sign", {"a / b": lambda g, a, b: (g / b, g * a / (b * b))})
in_products.listed("matrices-not-transposed", {"a @ b": lambda g, a, b: (g @ b, a @ g)})
in_products.listed("matrices-in-wrong-order", {"a @ b": lambda g, a, b: (b.T @ g, g @ a.T)})
in_reductions.listed("sum-not-spread", {name: lambda g, a: (g,) for name in SUMS})
in_reductions.listed("sum-along-the-wrong-axis", {name: lambda g, a: (np.broadcast_to(g, a.shape),) for name in SUMS})
in_reductions.listed("relu-asks-the-gradient", {"relu": lambda g, a: (_relu(g),)})
in_reductions.listed("relu-lets-all-through", {"relu": lambda g, a: (g,)})

check = partial(exact_check, oracle=oracle)
changed = must_hold({"kept": "an operand's value has changed; make new arrays."})
kept = partial(Check, cases=tuple(CASES), complaint=changed)
BROADCAST = (*(f"bias {op}" for op in "+-*/"), "stretched", "bias * in floats")
CHECKS = (
    check("elementwise", "+ − * / of equal shapes", share=0.15, cases=tuple(f"same shapes {op}" for op in "+-*/")),
    check("broadcast", "+ − * / with broadcasting", share=0.2, cases=BROADCAST),
    check("plain", "Plain numbers and arrays on either side", share=0.1, cases=PLAIN),
    check("square", "A @ B, square", share=0.1),
    check("rectangular", "A @ B, any matrices", share=0.1, cases=("rectangular", "rectangular in floats")),
    check("sums", "Sums over all, rows and columns", share=0.1, cases=SUMS),
    check("relu", "ReLU", share=0.05),
    check("functions", "exp and log", share=0.05, cases=("exp", "log")),
    check("together", "All of it together", share=0.1, cases=("reused", "layer", "softmax", "layer in floats")),
    kept("kept", "Operands stay as they were", share=0.05, needs=("elementwise",)),
)
EXERCISE = Exercise("tensor_tape", draw, checks=CHECKS, mistakes=(*mistake, *REFUSED))
