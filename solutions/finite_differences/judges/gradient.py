"""Judge ``gradient``: forward differences in n dimensions with n + 1 evaluations."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, must_hold

from .fit import slope
from .landscape import curvature, draw_landscape, gradient, value
from .smooth import Array

H = 1e-6
"""The step that students' functions have by default."""

F = Callable[[Array], float]
NOT_FINITE = "there is NaN or infinity in the gradient."


def draw(rng: np.random.Generator) -> list[Case]:
    """A vector on a ladder of steps; vectors, one with tiny entries, and matrices with the default step; integers.

    The gradient of the shortest is small, which rounding to decimals spoils.
    """

    def case(name: str, shape: tuple[int, ...], **more: Any) -> Case:
        return Case(name, {**draw_landscape(rng, shape), **more})

    near = rng.uniform(-1.0, 1.0, size=int(rng.integers(6, 12)))
    near[:3] *= 1e-9  # x + h − h is not x
    while True:  # until the error in the last two coordinates, of which h times them is far from h, counts
        apart = rng.choice([-1.0, 1.0], size=5) * rng.uniform([0.1] * 3 + [1.5] * 2, [0.5] * 3 + [2.5] * 2)
        ladder = draw_landscape(rng, (5,), x=apart)
        bend = np.abs(curvature(ladder))
        if bend[3:].max() > 0.5 * bend.max():
            break
    whole = np.array([1, -1, 0, 1]) * int(rng.choice([-1, 1]))
    return [
        Case("ladder", {**ladder, "steps": np.array([1e-2, 5e-3, 2.5e-3, 1.25e-3])}),
        Case("vector", draw_landscape(rng, near.shape, x=near)),
        Case("one", draw_landscape(rng, (1,), scale=1e-6)),
        case("matrix", (int(rng.integers(2, 4)), int(rng.integers(2, 4)))),
        case("transposed", (2, 2, 3), transposed=True),
        Case("integers", draw_landscape(rng, (4,), x=whole)),
    ]


def units(x: Array) -> list[Array]:
    """The unit vectors, in the shape of x."""
    return [unit.reshape(x.shape) for unit in np.eye(x.size)]


def forward(f: F, x: Array, h: float) -> Array:
    """The forward difference in every coordinate."""
    middle = f(x)
    return np.array([(f(x + h * unit) - middle) / h for unit in units(x)]).reshape(x.shape)


def points(x: Array, h: float) -> dict[str, Array]:
    """By what is told of it, where f may be asked: the steps away from x, a flat row each; none is told of the right ones."""
    flat, n = x.ravel(), x.size
    each = np.eye(n)
    both = np.stack([each, -each], axis=1).reshape(2 * n, n)
    rows, columns = (np.eye(x.shape[axis])[np.indices(x.shape)[axis].ravel()].T for axis in (0, -1))
    lines = np.eye(n // x.shape[-1]).repeat(x.shape[-1], axis=1)
    return {
        "": h * each,
        "backward": -h * each,
        "steps-add-up": h * np.cumsum(each, axis=0),
        "relative-step": h * flat * each,
        "multiplied-by-size": h * np.abs(flat) * each,
        "scaled-step": h * np.maximum(1.0, np.abs(flat)) * each,
        "set-to-h": (h - flat) * each,
        "from-zero": h * each - flat,
        "last-left-out": h * each[:-1],
        "first-left-out": h * each[1:],
        "all-at-once": h * np.ones((1, n)),
        "both-sides": h * both,
        "central": h / 2 * both,
        "by-columns": h * each[np.arange(n).reshape(x.shape).T.ravel()],
        "whole-rows": h * rows,
        "whole-lines": h * lines,
        "whole-columns": h * columns,
    }


FITTING = {
    ("central", "central-by-h"): "",
    ("backward", "sign"): "",
    ("backward", ""): "sign",
    ("relative-step", "divided-by-own-step"): "",
    ("scaled-step", "divided-by-scaled-step"): "",
}
"""By points and differences that fit each other, or seem to, what is told of the differences."""


def differences(moved: Array, middle: float, x: Array, h: float) -> dict[str, Array]:
    """By what is told of it, what may be made of the values of f at moved points and at x."""
    size, steps, before = moved[: moved.size // 2 * 2].reshape(-1, 2), x * h, np.array([middle, *moved[:-1]])
    found = {
        "": (moved - middle) / h,
        "sign": (middle - moved) / h,
        "not-divided": moved - middle,
        "sign-not-divided": middle - moved,
        "divided-by-2h": (moved - middle) / (2 * h),
        "times-h": (moved - middle) * h,
        "divided-twice": (moved - middle) / h**2,
        "divided-by-1e-6": (moved - middle) / H,
        "without-middle": moved / h,
        "last-term-divided": moved - middle / h,
        "from-the-one-before": (moved - before) / h,
        "central-difference": (size[:, 0] - size[:, 1]) / (2 * h),
        "central-by-h": (size[:, 0] - size[:, 1]) / h,
    }
    if moved.size == x.size:
        found["divided-by-scaled-step"] = (moved - middle) / (h * np.maximum(1.0, np.abs(x)))
    return found | ({"divided-by-own-step": (moved - middle) / steps} if moved.size == x.size and x.all() else {})


def layouts(slopes: Array, shape: tuple[int, ...]) -> dict[str, Any]:
    """By what is told of it, what may be returned of slopes in the order of the coordinates."""
    whole = np.resize(slopes, shape)
    sizes = {"of-length-one": whole / np.linalg.norm(whole)}
    if whole.min() < 0 < whole.max():  # else it is the slopes themselves, or their sign turned
        sizes["without-sign"] = np.abs(whole)
    numbers = {"one-slope": slopes[0], "summed": slopes.sum(), "averaged": slopes.mean()}
    return {"": whole, "transposed": whole.T, "flat": slopes} | sizes | numbers


def betrayed(inputs: Tree, outputs: Tree) -> Slip | None:
    """What was done, told by the points at which f was asked: which points, which differences, and how they are laid out."""
    x, steps = np.asarray(inputs["x"], dtype=np.float64), inputs.get("steps", [H])
    asked, h, got = np.array(outputs["asked"], dtype=np.float64), float(steps[-1]), np.asarray(outputs["gradients"])[-1]
    asked = asked.reshape(len(asked), x.size)[-(len(asked) // len(steps)) :]
    if (asked.astype(np.float32) == asked).all() and (asked != asked.round()).any():
        return Slip("single-precision", TOLD["single-precision"])
    moves = asked - x.ravel()
    moves = moves[np.abs(moves).max(axis=1) > 0]
    if not len(moves):
        return Slip("never-moved", TOLD["never-moved"])
    where = next((name for name, rows in points(x, h).items() if _alike(moves, rows, 1e-4)), "step-built-in")
    if where == "step-built-in":
        h = float(np.median(np.diag(moves)))
        h = h if abs(h) > 1e-9 else float(f"{h:.0e}")  # x + h − x is no longer h
        if not _alike(moves, h * np.eye(x.size), 0.01):
            return None
    values, middle = np.array([value(inputs, x.ravel() + move) for move in moves]), value(inputs, x)
    for rule, slopes in differences(values, middle, x.ravel(), h).items():
        full = np.pad(slopes, {"last-left-out": (0, 1), "first-left-out": (1, 0)}.get(where, (0, 0)))
        full = np.repeat(full, {"whole-rows": x[0].size, "whole-lines": x.shape[-1]}.get(where, 1))
        for layout, each in layouts(full, x.shape).items():
            if np.shape(each) == got.shape and _alike(got, each, 1e-6):
                names = [name for name in (where, FITTING.get((where, rule), rule), layout) if name]
                return Slip(" + ".join(names), " ".join(TOLD[name] for name in names)) if names else None
    return None


def _alike(got: Array, other: Array, tolerance: float) -> bool:
    return got.shape == other.shape and bool(np.linalg.norm(got - other) <= tolerance * np.linalg.norm(other))


def told(complaint: Callable[[Tree, Tree], str | None]) -> Callable[[Tree, Tree], str | Slip | None]:
    """The complaint, or what betrays its cause."""

    def found(inputs: Tree, outputs: Tree) -> str | Slip | None:
        said = complaint(inputs, outputs)
        with suppress(ValueError, IndexError):  # f was asked at arrays of several shapes
            return said and (betrayed(inputs, outputs) or said)
        return said

    return found


def first_order(inputs: Tree, outputs: Tree) -> str | None:
    """The error is h/2 times the curvature, in every coordinate."""
    got = np.asarray(outputs["gradients"], dtype=np.float64)
    right = gradient(inputs)
    if got.shape != (len(inputs["steps"]), *right.shape):
        return "the gradient should have the shape of x."
    if not np.isfinite(got).all():
        return NOT_FINITE
    errors = np.linalg.norm((got - right).reshape(len(got), -1), axis=1)
    if errors.min() < 1e-9:
        return "the error should shrink as h, but there is none at all. Do you use forward differences, and the step h?"
    found = slope(inputs["steps"], errors)
    if abs(found - 1) > 0.15:
        return f"halving h should halve the error, order 1, but the order measured is {found:.2f}."
    foreseen = inputs["steps"][-1] / 2 * curvature(inputs)
    if float(((got[-1] - right) * foreseen).sum()) < 0:
        return "the error has the other sign than that of a step forward."
    if np.linalg.norm(got[-1] - right - foreseen) > 0.1 * np.linalg.norm(foreseen):
        return "the error is not h/2 · f″ in each coordinate, as it is after a step forward."
    return None


def accurate(inputs: Tree, outputs: Tree) -> str | None:
    """With the default step the gradient is right to five digits."""
    got = np.asarray(outputs["gradients"], dtype=np.float64)[0]
    right = gradient(inputs)
    if not outputs["shaped"]:
        return f"for x of shape {list(right.shape)} f is called with an array of another shape."
    if got.shape != right.shape:
        return f"for x of shape {list(right.shape)} the gradient has shape {list(got.shape)}; they should be the same."
    if not np.isfinite(got).all():
        return NOT_FINITE
    if np.linalg.norm(got - right) > 1e-4 * np.linalg.norm(right):
        return "the gradient is off by more than truncation and rounding explain."
    return None


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with the evaluations that the host saw, whether all were at arrays of x's shape, and whether f(x) itself was among them once at most."""
    shaped = all(np.shape(at) == np.shape(inputs["x"]) for at in outputs["asked"][:1000])
    at_x = [np.array_equal(np.ravel(at), np.ravel(inputs["x"])) for at in outputs["asked"][:1000]]
    return {**outputs, "calls": len(outputs["asked"]), "value kept": sum(at_x) <= 1, "shaped": shaped}


def cost(inputs: Tree, outputs: Tree) -> str | None:
    """n + 1 evaluations."""
    n, calls = int(np.size(inputs["x"])), outputs["calls"]
    return None if calls == n + 1 else f"{n} coordinates need {n + 1} evaluations of f, but you make {calls}."


def estimates(rule: Callable[[F, Array, float], Array], inputs: Tree) -> Tree:
    """What a rule for the gradient from f, x and h gives."""
    x = np.asarray(inputs["x"], dtype=np.float64)
    return {"gradients": np.stack([rule(lambda at: value(inputs, at), x, h) for h in inputs.get("steps", [H])])}


mistake = Mistakes(beside=__file__)
TOLD = mistake.table.pop("told")
zeros = partial(estimates, lambda f, x, h: 0 * x)
mistake.listed("copy-is-no-view", lambda inputs: zeros(inputs) if "transposed" in inputs else {})
mistake.listed("one-call-too-many", lambda inputs: {"calls": int(np.size(inputs["x"])) + 2})
for more in (0, 1):  # and once at x, or before the loop
    for name, kept in {"central": True, "f-of-x-every-time": False}.items():
        twice = {"value kept": kept}
        mistake.listed(name, lambda inputs, more=more, twice=twice: {"calls": 2 * np.size(inputs["x"]) + more, **twice})
mistake.given()


for back in (0, 1):  # whether a step forward that is cut takes −1 to 0
    mistake.listed(
        "integers-cut-the-step",
        lambda inputs, back=back: estimates(lambda f, x, h: forward(f, x, 1.0) / h * (x < 0) * back, inputs),
    )

found = partial(Check, example=partial(estimates, forward))
right = partial(found, complaint=told(accurate), likeness=1e-4)
ladder = partial(found, cases=("ladder",), complaint=told(first_order), likeness=1e-6)
changed = must_hold({"keeps x": "your function changes x; work on a copy."})
after = partial(Check, needs=("accurate",))
CHECKS = (
    ladder("order", "The error in every coordinate is that of forward differences", share=0.3),
    right("accurate", "The default step gives five digits", share=0.2, cases=("vector", "one")),
    right("shape", "The gradient has the shape of x", share=0.15, cases=("matrix", "transposed")),
    after("cost", "n + 1 evaluations", share=0.15, cases=("vector", "matrix"), complaint=cost),
    after("x-kept", "x stays as it is", share=0.05, cases=("vector", "matrix"), complaint=changed),
    right("integers", "A point of integers", share=0.15, needs=("accurate",)),
)
MORE = {"slips": tuple(TOLD), "read": read, "host": partial(partial, value), "hidden": ("W", "v", "u", "t", "scale")}
EXERCISE = Exercise("gradient", draw, CHECKS, tuple(mistake), **MORE)
