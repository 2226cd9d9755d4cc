"""Judge ``tensor_tape``: values and pulls of drawn expressions of arrays, entry by entry."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from operator import add, matmul, mul, sub, truediv
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, compare, must_hold

from .exact import REFUSED, Array, case, decimals, draw_array, elementwise, exact, exact_check, gradient, relu
from .program import LONG
from .unbroadcast import summed as unbroadcast

ROW, TABLE = decimals([1, 2, 4]), decimals([[1, 2, 4], [8, 0.5, 16], [32, 64, 0.25]])
PLAIN: dict[str, Callable[..., Array]] = {
    "2 - a": lambda a: 2 - a,
    "3 / a": lambda a: 3 / a,
    "2 * a + 0.5": lambda a: 2 * a + Decimal("0.5"),
    "0.5 + a / 4 - 2": lambda a: Decimal("0.5") + a / 4 - 2,
    "array - a": lambda a: ROW - a,
    "a / array": lambda a: a / ROW,
    "array / a": lambda a: ROW / a,
    "array * a - array": lambda a: ROW * a - ROW,
    "a * digits + 1 / a": lambda a: a * Decimal(LONG) + 1 / a,
}
INTO = "table + a * table - table"
SPREAD: dict[str, Callable[..., Array]] = {
    INTO: lambda a: a * TABLE,
    "a + table - table / a": lambda a: a + TABLE - TABLE / a,
    "table - a": lambda a: TABLE - a,
    "a / table": lambda a: a / TABLE,
}
"""Of a row, with an array that has more; of powers of 2, whose reciprocals are floats, too."""
SUMS: dict[str, tuple[Callable[..., Array], tuple[int, ...]]] = {
    "a.sum()": (lambda a: a.sum(), ()),
    "a.sum(axis=0)": (lambda a: a.sum(axis=0), (3,)),
    "a.sum(axis=1)": (lambda a: a.sum(axis=1), (3,)),
    "a.sum(axis=-1)": (lambda a: a.sum(axis=-1), (3,)),
    "a.sum(axis=1, keepdims=True)": (lambda a: a.sum(axis=1, keepdims=True), (3, 1)),
    "a.sum(axis=0, keepdims=True)": (lambda a: a.sum(axis=0, keepdims=True), (1, 3)),
    "a.sum(axis=-2)": (lambda a: a.sum(axis=-2), (3, 3)),
    "a.sum(keepdims=True)": (lambda a: a.sum(keepdims=True), (1, 1)),
}
"""With the result's shape."""
SUMMED = {"a.sum()": (2, 3), "a.sum(axis=-2)": (3, 3, 3)}
"""Of what is not [3, 3], the shape."""
FUNCTIONS = {"a.relu()": relu, "a.exp()": np.exp, "a.log()": lambda a: elementwise(Decimal.ln, a)}
REUSED, LAYER = "a * a + a", "((a @ b + c).relu() * 3).sum(axis=1)"
SOFTMAX = "a.exp() / a.exp().sum(axis=1, keepdims=True)"
EXPRESSIONS: dict[str, Callable[..., Array]] = {
    **{"a + b": add, "a - b": sub, "a * b": mul, "a / b": truediv, "a @ b": matmul},
    **PLAIN,
    **SPREAD,
    **{name: function for name, (function, _) in SUMS.items()},
    **FUNCTIONS,
    REUSED: lambda a: a * a + a,
    LAYER: lambda a, b, c: (relu(a @ b + c) * 3).sum(axis=1),
    SOFTMAX: lambda a: np.exp(a) / np.exp(a).sum(axis=1, keepdims=True),
}
"""As students write them, with Tensors a, b, c and, as ``array`` and ``table``, the row and the table: what they are."""

CASES: dict[str, tuple[str, list[tuple[int, ...]], tuple[int, ...]]] = {
    **{f"same shapes {op}": (f"a {op} b", [(2, 3), (2, 3)], (2, 3)) for op in "+-*/"},
    **{f"bias {op}": (f"a {op} b", [(4, 3), (3,)], (4, 3)) for op in "+-*/"},
    **{f"stretched {op}": (f"a {op} b", [(4, 1), (1, 3)], (4, 3)) for op in "+-*/"},
    "one row -": ("a - b", [(3,), (1, 3)], (1, 3)),
    **{name: (name, [(2, 3)], (2, 3)) for name in PLAIN},
    **{name: (name, [(3,)], (3, 3)) for name in SPREAD},
    "square": ("a @ b", [(3, 3), (3, 3)], (3, 3)),
    "rectangular": ("a @ b", [(2, 4), (4, 3)], (2, 3)),
    **{name: (name, [SUMMED.get(name, (3, 3))], shape) for name, (_, shape) in SUMS.items()},
    **{name: (name, [(3, 3)], (3, 3)) for name in FUNCTIONS},
    REUSED: (REUSED, [(2, 3)], (2, 3)),
    LAYER: (LAYER, [(4, 2), (2, 3), (3,)], (4,)),
    SOFTMAX: (SOFTMAX, [(2, 3)], (2, 3)),
}
"""By case: the expression, the shapes of its operands, and the shape of its result."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every case in 50 digits, some in floats; where a sign or a size matters, entries are drawn until both occur."""
    cases = []
    floats = ("bias *", INTO, "rectangular", LAYER)
    for name, kind in [*((name, "precise") for name in CASES), *((name, "float") for name in floats)]:
        expression, shapes, result = CASES[name]
        low = "0.5" if "/ a" in expression or expression in ("a / b", "a.log()") else "-2"
        while True:
            arrays, seed = [draw_array(rng, shape, low) for shape in shapes], draw_array(rng, result)
            pairs = zip(*(np.ravel(decimals(each)) for each in (arrays[0], seed)), strict=False)
            # either sign with either one's gradient
            if name != "a.relu()" or len({(x > 0, g > 0) for x, g in pairs}) == 4:
                break
        if name == "a.relu()":
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
    if inputs["expression"] == "a.relu()":  # it has no derivative at 0, where a difference finds half of one
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
        wide = summed and (np.ndim(found), np.size(found)) > (arrays[number].ndim, arrays[number].size)
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
in_reductions.listed("relu-asks-the-gradient", {"a.relu()": lambda g, a: (relu(g),)})
in_reductions.listed("relu-lets-all-through", {"a.relu()": lambda g, a: (g,)})

RULES = mistake.table.pop("rules")


def part_slip(inputs: Tree, outputs: Tree) -> Slip:
    """Which part of an expression's result is wrong, and how, if that is easily said."""
    expression, answers = inputs["expression"], exact(oracle)(inputs)
    ones = exact(oracle)({**inputs, "seed": np.ones(np.shape(inputs["seed"]), int).astype(str).tolist()})
    part = next(name for name, right in answers.items() if compare({name: right}, outputs, 1e-9))
    got, right = outputs[part], answers[part]
    ways = {"is 0": 0 * right, "has the wrong sign": -right, "lacks the factor g": ones[part]}
    if np.shape(got) != right.shape:
        how = "does not have the shape that it should have"
    else:
        how = next((words for words, wrong in ways.items() if np.allclose(got, wrong, rtol=1e-9)), "is not right")
    about = "the value" if part == "value" else f"the gradient of {'abc'[int(part[-1])]}"
    rule = next(text for key, text in RULES.items() if key in expression)
    return Slip(f"{expression}: {about}", f"In `{expression}` {about} {how}. {rule}")


check = partial(exact_check, oracle=oracle, slip=part_slip)
changed = must_hold(
    {
        "kept": "an operand has changed; make new arrays.",
        "given": "a pull changes the gradient that it is given, which is that of a node; make new arrays.",
    }
)
kept = partial(Check, cases=tuple(CASES), complaint=changed)
BROADCAST = (*(f"{how} {op}" for how in ("bias", "stretched") for op in "+-*/"), "one row -", "bias * in floats")
CHECKS = (
    check("elementwise", "+ − * / of equal shapes", share=0.15, cases=tuple(f"same shapes {op}" for op in "+-*/")),
    check("broadcast", "+ − * / with broadcasting", share=0.2, cases=BROADCAST),
    check("plain", "Plain numbers and arrays on either side", share=0.1, cases=(*PLAIN, *SPREAD, f"{INTO} in floats")),
    check("square", "A @ B, square", share=0.1, cases=("square",)),
    check("rectangular", "A @ B, any matrices", share=0.1, cases=("rectangular", "rectangular in floats")),
    check("sums", "Sums over all, rows and columns", share=0.1, cases=tuple(SUMS)),
    check("relu", "ReLU", share=0.05, cases=("a.relu()",)),
    check("functions", "exp and log", share=0.05, cases=("a.exp()", "a.log()")),
    check("together", "All of it together", share=0.1, cases=(REUSED, LAYER, SOFTMAX, f"{LAYER} in floats")),
    kept("kept", "Operands stay as they were", share=0.05, needs=("elementwise",)),
)
EXERCISE = Exercise("tensor_tape", draw, checks=CHECKS, mistakes=(*mistake, *REFUSED))
