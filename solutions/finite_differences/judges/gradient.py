"""Judge ``gradient``: forward differences in n dimensions with n + 1 evaluations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .fit import slope
from .landscape import curvature, draw_landscape, gradient, value
from .smooth import Array

H = 1e-6
"""The step that students' functions have by default."""


def draw(rng: np.random.Generator) -> list[Case]:
    """A vector on a ladder of steps; vectors and a matrix with the default step; a point of integers."""

    def case(name: str, shape: tuple[int, ...], steps: Array | None = None) -> Case:
        spec = draw_landscape(rng, shape)
        return Case(name, {**spec, **({} if steps is None else {"steps": steps})})

    whole = draw_landscape(rng, (4,))
    whole["x"] = np.array([1, -1, 0, 1]) * int(rng.choice([-1, 1]))
    return [
        case("ladder", (5,), np.array([1e-2, 5e-3, 2.5e-3, 1.25e-3])),
        case("vector", (int(rng.integers(6, 12)),)),
        case("one", (1,)),
        case("matrix", (int(rng.integers(2, 4)), int(rng.integers(2, 4)))),
        Case("integers", whole),
    ]


Rule = Callable[[Callable[[Array], float], Array, float], Array]


def forward(f: Callable[[Array], float], x: Array, h: float) -> Array:
    """The forward difference in every coordinate."""
    middle = f(x)
    return np.array([(f(x + h * unit) - middle) / h for unit in _units(x)]).reshape(x.shape)


def _units(x: Array) -> list[Array]:
    return [unit.reshape(x.shape) for unit in np.eye(x.size)]


def first_order(inputs: Tree, outputs: Tree) -> str | None:
    """The error is h/2 times the curvature, in every coordinate."""
    got = np.asarray(outputs["gradients"], dtype=np.float64)
    right = gradient(inputs)
    if got.shape != (len(inputs["steps"]), *right.shape):
        return "the gradient should have the shape of x."
    if not np.isfinite(got).all():
        return "there is NaN or infinity in the gradient."
    errors = np.linalg.norm((got - right).reshape(len(got), -1), axis=1)
    if errors.min() < 1e-9:
        return "the error should shrink as h, but there is none at all. Do you use forward differences, and the step h?"
    found = slope(inputs["steps"], errors)
    if abs(found - 1) > 0.15:
        return f"halving h should halve the error, order 1, but the order measured is {found:.2f}."
    bend = curvature(inputs)
    leading = inputs["steps"][-1] / 2 * np.linalg.norm(bend)
    if not 0.5 < errors[-1] / leading < 2:
        return f"the error is {errors[-1] / leading:.2g} times what h/2 · f″ allows in each coordinate."
    if float(((got[-1] - right) * bend).sum()) < 0:
        return "the error has the other sign than that of a step forward."
    return None


def accurate(inputs: Tree, outputs: Tree) -> str | None:
    """With the default step the gradient is right to five digits."""
    got = np.asarray(outputs["gradients"], dtype=np.float64)[0]
    right = gradient(inputs)
    if got.shape != right.shape:
        return f"for x of shape {list(right.shape)} the gradient has shape {list(got.shape)}; they should be the same."
    if not np.isfinite(got).all():
        return "there is NaN or infinity in the gradient."
    if np.linalg.norm(got - right) > 1e-4 * np.linalg.norm(right):
        return "the gradient is off by more than truncation and rounding explain."
    return None


def cost(inputs: Tree, outputs: Tree) -> str | None:
    """n + 1 evaluations, and x is as before."""
    wanted = int(np.size(inputs["x"])) + 1
    if int(outputs["calls"]) != wanted:
        return f"{wanted - 1} coordinates need {wanted} evaluations of f, but you make {int(outputs['calls'])}."
    if outputs["keeps x"] is not True:
        return "your function changes x (even x[i] += h; x[i] -= h leaves rounding behind); work on a copy."
    return None


def _mistake(name: str, message: str, wrong: Rule, *checks: str) -> Mistake:
    def expected(inputs: Tree) -> Tree:
        steps = inputs.get("steps", [H])
        x = np.asarray(inputs["x"], dtype=np.float64)
        return {"gradients": np.stack([wrong(lambda at: value(inputs, at), x, float(h)) for h in steps])}

    return Mistake(name, message, expected, checks=checks or ("order", "accurate"))


def _accumulated(f: Callable[[Array], float], x: Array, h: float) -> Array:
    middle, moved, found = f(x), x.copy(), []
    for unit in _units(x):
        moved = moved + h * unit
        found.append((f(moved) - middle) / h)
    return np.array(found).reshape(x.shape)


def _all_at_once(f: Callable[[Array], float], x: Array, h: float) -> Array:
    return np.full(x.shape, (f(x + h) - f(x)) / h)


MISTAKES = (
    _mistake(
        "steps-add-up",
        "Your steps add up: after coordinate 0 has moved it has to move back before coordinate 1 does.",
        _accumulated,
    ),
    _mistake(
        "all-at-once",
        "You move all coordinates at once and get one number, the slope along (1, 1, …, 1); move one at a time.",
        _all_at_once,
    ),
    _mistake(
        "sign",
        "Your gradient has the wrong sign: f(x + h e) − f(x), the moved point first.",
        lambda f, x, h: -forward(f, x, h),
    ),
    _mistake(
        "not-divided",
        "You forget to divide by h.",
        lambda f, x, h: h * forward(f, x, h),
    ),
    _mistake(
        "backward",
        "You step backwards: your differences are f(x) − f(x − h e). Step forward, as asked.",
        lambda f, x, h: np.asarray(-forward(f, x, -h) * -1.0),
        "order",
    ),
    Mistake(
        "central",
        "You use central differences: more exact, but 2n evaluations in place of n + 1. Evaluate f(x) once and step forward only.",
        lambda inputs: {"calls": 2 * int(np.size(inputs["x"])), "value kept": True},
        checks=("cost",),
    ),
    Mistake(
        "f-of-x-every-time",
        "You evaluate f(x) anew for every coordinate, 2n evaluations; once before the loop is enough.",
        lambda inputs: {"calls": 2 * int(np.size(inputs["x"])), "value kept": False},
        checks=("cost",),
    ),
    Mistake(
        "changes-x",
        "You move x itself; even x[i] += h and x[i] −= h afterwards leave rounding behind. Work on a copy.",
        lambda inputs: {"keeps x": False},
        checks=("cost",),
    ),
    Mistake(
        "flat",
        "Your gradient is flat; it has the shape of x.",
        lambda inputs: {"shape": [int(np.size(inputs["x"]))]},
        checks=("shape",),
    ),
    Mistake(
        "integers-cut-the-step",
        "Where x holds integers, the step is cut off to 0 as it is added: make a copy of floats first.",
        lambda inputs: {"gradients": np.zeros((1, *np.shape(inputs["x"])))},
        checks=("integers",),
    ),
)

EXERCISE = Exercise(
    id="gradient",
    draw=draw,
    checks=(
        Check(
            "order",
            "The error in every coordinate is that of forward differences",
            share=0.3,
            cases=("ladder",),
            complaint=first_order,
            likeness=1e-6,
        ),
        Check(
            "accurate",
            "The default step gives five digits",
            share=0.2,
            cases=("vector", "one"),
            complaint=accurate,
            likeness=1e-6,
        ),
        Check(
            "shape", "The gradient has the shape of x", share=0.15, cases=("matrix",), complaint=accurate, likeness=1e-6
        ),
        Check(
            "cost",
            "n + 1 evaluations, and x stays as it is",
            share=0.2,
            cases=("vector", "matrix"),
            complaint=cost,
            needs=("accurate",),
            likeness=1e-6,
        ),
        Check(
            "integers",
            "A point of integers",
            share=0.15,
            cases=("integers",),
            complaint=accurate,
            needs=("accurate",),
            likeness=1e-6,
        ),
    ),
    mistakes=MISTAKES,
)
