"""Judge ``tensor_tape``: values and pulls of drawn expressions of arrays, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import (
    AUTOGRAD,
    THROUGH_FLOAT,
    Array,
    decimals,
    draw_array,
    elementwise,
    exact_check,
    exact_mistake,
    slope,
)


def _exp(a: Array) -> Array:
    return elementwise(Decimal.exp, a)


def _relu(a: Array) -> Array:
    return elementwise(lambda x: max(x, Decimal(0)), a)


def _numbers(*values: str) -> Array:
    return np.array([Decimal(value) for value in values], dtype=object)


Expression = Callable[..., Array]

EXPRESSIONS: dict[str, Expression] = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "2 - a": lambda a: 2 - a,
    "3 / a": lambda a: 3 / a,
    "2 * a + 0.5": lambda a: 2 * a + Decimal("0.5"),
    "array - a": lambda a: _numbers("1", "2", "3") - a,
    "a / array": lambda a: a / _numbers("1", "2", "4"),
    "a @ b": lambda a, b: a @ b,
    "sum": lambda a: a.sum(),
    "sum 0": lambda a: a.sum(axis=0),
    "sum 1": lambda a: a.sum(axis=1),
    "sum 1 keepdims": lambda a: a.sum(axis=1, keepdims=True),
    "relu": _relu,
    "exp": _exp,
    "log": lambda a: elementwise(Decimal.ln, a),
    "a * a + a": lambda a: a * a + a,
    "layer": lambda x, w, b: (_relu(x @ w + b) * 3).sum(axis=1),
    "softmax": lambda a: _exp(a) / _exp(a).sum(axis=1, keepdims=True),
}

POSITIVE = {"a / b", "3 / a", "log"}

# case → expression, shapes of the operands, shape of the result
CASES: dict[str, tuple[str, list[tuple[int, ...]], tuple[int, ...]]] = {
    **{f"same shapes {op}": (f"a {op} b", [(2, 3), (2, 3)], (2, 3)) for op in "+-*/"},
    **{f"bias {op}": (f"a {op} b", [(4, 3), (3,)], (4, 3)) for op in "+-*/"},
    "stretched": ("a * b", [(4, 1), (1, 3)], (4, 3)),
    **{name: (name, [(2, 3)], (2, 3)) for name in ("2 - a", "3 / a", "2 * a + 0.5", "array - a", "a / array")},
    "square": ("a @ b", [(3, 3), (3, 3)], (3, 3)),
    "rectangular": ("a @ b", [(2, 4), (4, 3)], (2, 3)),
    "sum": ("sum", [(2, 3)], ()),
    "sum 0": ("sum 0", [(3, 3)], (3,)),
    "sum 1": ("sum 1", [(3, 3)], (3,)),
    "sum 1 keepdims": ("sum 1 keepdims", [(2, 3)], (2, 1)),
    **{name: (name, [(3, 3)], (3, 3)) for name in ("relu", "exp", "log")},
    "reused": ("a * a + a", [(2, 3)], (2, 3)),
    "layer": ("layer", [(4, 2), (2, 3), (3,)], (4,)),
    "softmax": ("softmax", [(2, 3)], (2, 3)),
}
FLOATS = ("bias *", "rectangular", "layer")


def draw(rng: np.random.Generator) -> list[Case]:
    """Every case in 50 digits, some in floats; where a sign or a size matters, entries are drawn until both occur."""
    kinds = [(name, "precise") for name in CASES] + [(name, "float") for name in FLOATS]
    return [Case(name if kind == "precise" else f"{name} in floats", _draw(rng, name, kind)) for name, kind in kinds]


def _draw(rng: np.random.Generator, name: str, kind: str) -> Tree:
    expression, shapes, result = CASES[name]
    low = "0.5" if expression in POSITIVE else "-2"
    while True:
        arrays = [draw_array(rng, shape, low) for shape in shapes]
        seed = draw_array(rng, result)
        signs = np.sign(decimals(arrays[0]).astype(float)) * (
            np.sign(decimals(seed).astype(float)) if name == "relu" else 1
        )
        if name != "relu" or len(set(zip(np.sign(decimals(seed).astype(float)).flat, signs.flat, strict=True))) == 4:
            return {"kind": kind, "expression": expression, "arrays": arrays, "seed": seed}


def oracle(inputs: Tree) -> dict[str, Any]:
    """The value, and by nudging every entry of every operand the gradient of ⟨seed, value⟩."""
    arrays, seed = [decimals(tree) for tree in inputs["arrays"]], decimals(inputs["seed"])
    function = EXPRESSIONS[inputs["expression"]]
    answers: dict[str, Any] = {"value": function(*arrays)}
    for number, operand in enumerate(arrays):
        gradient = np.empty(operand.shape, dtype=object)
        for at in np.ndindex(operand.shape):

            def moved(t: Decimal, number: int = number, at: tuple[int, ...] = at) -> Decimal:
                nudged = [each.copy() for each in arrays]
                nudged[number][at] += t
                return Decimal(np.sum(seed * function(*nudged)))

            gradient[at] = slope(moved)
        answers[f"gradient {number}"] = gradient
    return answers


Pulls = Callable[..., tuple[Any, ...]]
"""Seed and operands → the gradients of someone who has the pulls of this expression wrong."""

BEFORE_SUMMING: dict[str, Pulls] = {
    "a + b": lambda g, a, b: (g, g),
    "a - b": lambda g, a, b: (g, -g),
    "a * b": lambda g, a, b: (g * b, g * a),
    "a / b": lambda g, a, b: (g / b, -g * a / (b * b)),
}


def _wrong(pulls: dict[str, Pulls]) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["expression"] not in pulls:
            return {}
        arrays, seed = [decimals(tree) for tree in inputs["arrays"]], decimals(inputs["seed"])
        found = pulls[inputs["expression"]](seed, *arrays)
        return {f"gradient {number}": each for number, each in enumerate(found)}

    return expected


def _same_shapes(pulls: dict[str, Pulls]) -> Callable[[Tree], dict[str, Any]]:
    """The same where nothing is broadcast; elsewhere the gradient is summed over the rows, as a bias is."""

    def expected(inputs: Tree) -> dict[str, Any]:
        answers = _wrong(pulls)(inputs)
        for number, tree in enumerate(inputs["arrays"]):
            if answers and np.ndim(answers[f"gradient {number}"]) > np.array(tree, dtype=object).ndim:
                answers[f"gradient {number}"] = answers[f"gradient {number}"].sum(axis=0)
        return answers

    return expected


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake(
        "broadcasting-not-undone",
        "The gradient of an operand that was broadcast has the result's shape, not its own: put it through `unbroadcast`.",
        _wrong(BEFORE_SUMMING),
        checks=("broadcast",),
    ),
    exact_mistake(
        "difference-sign",
        "In a − b the gradient of b has a minus sign.",
        _same_shapes({"a - b": lambda g, a, b: (g, g)}),
        checks=("elementwise", "broadcast"),
    ),
    exact_mistake(
        "product-swapped",
        "In a * b the gradient of a is g·b, that of b is g·a; yours are the other way round.",
        _same_shapes({"a * b": lambda g, a, b: (g * a, g * b)}),
        checks=("elementwise",),
    ),
    exact_mistake(
        "quotient-sign",
        "In a / b the gradient of b is −g·a/b², with a minus sign.",
        _same_shapes({"a / b": lambda g, a, b: (g / b, g * a / (b * b))}),
        checks=("elementwise", "broadcast"),
    ),
    exact_mistake(
        "matrices-not-transposed",
        "In A @ B the other factor is transposed: g @ B.T for A, A.T @ g for B.",
        _wrong({"a @ b": lambda g, a, b: (g @ b, a @ g)}),
        checks=("square",),
    ),
    exact_mistake(
        "matrices-in-wrong-order",
        "Matrices do not commute: for A it is g @ B.T, for B it is A.T @ g.",
        _wrong({"a @ b": lambda g, a, b: (b.T @ g, g @ a.T)}),
        checks=("square",),
    ),
    exact_mistake(
        "sum-not-spread",
        "The pull of a sum hands its gradient on in the sum's shape; every summand gets it, so spread it over the operand's shape.",
        _wrong({name: lambda g, a: (g,) for name in ("sum", "sum 0", "sum 1", "sum 1 keepdims")}),
        checks=("sums",),
    ),
    exact_mistake(
        "sum-along-the-wrong-axis",
        "The sum over axis 1 comes back along the wrong axis: put the missing axis back with np.expand_dims before spreading.",
        _wrong(
            {
                "sum": lambda g, a: (np.broadcast_to(g, a.shape),),
                "sum 0": lambda g, a: (np.broadcast_to(g, a.shape),),
                "sum 1": lambda g, a: (np.broadcast_to(g, a.shape),),
                "sum 1 keepdims": lambda g, a: (np.broadcast_to(g, a.shape),),
            }
        ),
        checks=("sums",),
    ),
    exact_mistake(
        "relu-asks-the-gradient",
        "Your ReLU lets the gradient through where the gradient is positive; it goes through where the input is.",
        _wrong({"relu": lambda g, a: (_relu(g),)}),
        checks=("relu",),
    ),
    exact_mistake(
        "relu-lets-all-through",
        "Your ReLU lets the whole gradient through; where the input is negative it stops.",
        _wrong({"relu": lambda g, a: (g,)}),
        checks=("relu",),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)


EXERCISE = Exercise(
    id="tensor_tape",
    draw=draw,
    checks=(
        exact_check(
            "elementwise", "+ − * / of equal shapes", 0.15, tuple(f"same shapes {op}" for op in "+-*/"), oracle
        ),
        exact_check(
            "broadcast",
            "+ − * / with broadcasting",
            0.2,
            (*(f"bias {op}" for op in "+-*/"), "stretched", "bias * in floats"),
            oracle,
        ),
        exact_check(
            "plain",
            "Plain numbers and arrays on either side",
            0.1,
            ("2 - a", "3 / a", "2 * a + 0.5", "array - a", "a / array"),
            oracle,
        ),
        exact_check("square", "A @ B, square", 0.1, ("square",), oracle),
        exact_check("rectangular", "A @ B, any matrices", 0.1, ("rectangular", "rectangular in floats"), oracle),
        exact_check(
            "sums", "Sums over all, rows and columns", 0.1, ("sum", "sum 0", "sum 1", "sum 1 keepdims"), oracle
        ),
        exact_check("relu", "ReLU", 0.05, ("relu",), oracle),
        exact_check("functions", "exp and log", 0.05, ("exp", "log"), oracle),
        exact_check("together", "All of it together", 0.15, ("reused", "layer", "softmax", "layer in floats"), oracle),
    ),
    mistakes=MISTAKES,
)
