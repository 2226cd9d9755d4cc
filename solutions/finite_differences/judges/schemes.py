"""Judge ``schemes``: forward, backward, central and five-point differences, by the order and size of their errors."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, must_hold
from autograder.judging.exercise import Oracle

from .fit import order_complaint
from .formula import PARTS, formula, moves, point, written
from .smooth import Array, derivative, described, draw_smooth, leading

Rule = Callable[[Callable[[Any], Array], Any, Any], Any]
"""f, x, h → estimate."""


class Scheme(NamedTuple):
    """A scheme, its remainder – estimate − f′ = constant · hᵖ · f⁽ᵖ⁺¹⁾ + … –, its weights by the steps from x, in parts of a whole, and what its check promises."""

    order: int
    constant: float
    weights: dict[int, int]
    whole: int
    title: str

    def rule(self, f: Callable[[Any], Array], x: Any, h: Any) -> Any:
        """The estimate."""
        return sum(weight * f(x + move * h) for move, weight in self.weights.items()) / (self.whole * h)

    @property
    def formula(self) -> str:
        """How students write it."""
        terms = [(f"f({point(move)})", weight * PARTS // self.whole, 1) for move, weight in self.weights.items()]
        return written(terms)


STEPS = (*10.0 ** -np.arange(2.0, 13.0), np.finfo(float).eps ** 0.5)
"""Steps that students take in place of the one that is given."""

SCHEMES = {
    "forward": Scheme(1, 1 / 2, {1: 1, 0: -1}, 1, "The forward difference, error h/2 · f″"),
    "backward": Scheme(1, -1 / 2, {0: 1, -1: -1}, 1, "The backward difference, error −h/2 · f″"),
    "central": Scheme(2, 1 / 6, {1: 1, -1: -1}, 2, "The central difference, error h²/6 · f‴"),
    "five_point": Scheme(
        4, -1 / 30, {2: -1, 1: 8, -1: -8, -2: 1}, 12, "The five-point difference, error −h⁴/30 · f⁽⁵⁾"
    ),
}
_forward, _backward, _central, _five_point = (scheme.rule for scheme in SCHEMES.values())


def draw(rng: np.random.Generator) -> list[Case]:
    """Each scheme on a ladder of steps at a number; all on an array, with a tiny step; a small step at whole numbers; f(x) = x."""

    def function_and_point(order: int, side: float) -> tuple[dict[str, float], float]:
        while True:
            spec, x = draw_smooth(rng), side * float(rng.uniform(1.6, 2.2))  # beyond 1 a step times max(1, |x|) shows
            if leading(spec, x, order):
                return spec, x

    cases = []
    for side, (name, scheme) in zip((1, -1, 1, -1), SCHEMES.items(), strict=True):
        first = 0.2 if scheme.order == 4 else 0.05
        steps = first * float(rng.uniform(0.8, 1.2)) * 0.5 ** np.arange(5)
        spec, x = function_and_point(scheme.order + 1, side)
        cases.append(Case(name, {"scheme": name, "spec": spec, "x": x, "steps": steps}))
    spec = draw_smooth(rng)
    factors = {
        "a": 1e-12,
        "b": 1e9,
        "c": 1e-12,
        "d": 1e9,
    }  # small slopes, which rounding spoils, and a small scale of x
    small = {key: spec[key] * factor for key, factor in factors.items()}
    near = 1e-9 * rng.uniform(-1.0, 1.0, size=(2, 1, 3))
    near[0] *= 1e-5  # x + h − h is not x
    shared = {"spec": small, "x": near, "steps": np.array([1e-11])}
    cases += [Case(f"{name} array", {"scheme": name, **shared}) for name in SCHEMES]
    itself = {"x": rng.uniform(-1.0, 1.0, size=3), "steps": np.array([0.1])}
    cases += [Case(f"{name} itself", {"scheme": name, **itself}) for name in ("forward", "backward")]
    steep = {**spec, "b": 4.0, "d": 4.0}  # another small step than the one given shows
    return [
        *cases,
        Case("whole", {"scheme": "central", "spec": steep, "x": np.arange(-1, 2), "steps": np.array([1e-5])}),
    ]


def estimates(inputs: Tree, rule: Rule, other: Callable[[Any], Any] | None = None) -> Tree:
    """A rule's estimates, a row for each step, of the function or of another one."""
    x = np.asarray(inputs["x"])
    f = other or (partial(derivative, inputs["spec"]) if "spec" in inputs else np.asarray)
    rows = [np.asarray(rule(f, x, h)) for h in inputs["steps"]]
    return {"estimates": np.stack(rows)}


def computed(inputs: Tree, outputs: Tree) -> str:
    """The formula of which the estimates are, told by the points at which f was asked; empty where they are of none."""
    x, steps, got = inputs["x"], inputs["steps"], np.asarray(outputs["estimates"], dtype=np.float64)
    at = moves(outputs["asked"], x, steps)
    return formula({f"f({point(move)})": derivative(inputs["spec"], x + move * steps) for move in at}, steps, got)


def complaint(inputs: Tree, outputs: Tree) -> str | Slip | None:
    """The estimates' errors are those of the scheme."""
    order, constant, *_ = SCHEMES[inputs["scheme"]]
    spec, x, steps = inputs["spec"], inputs["x"], inputs["steps"]
    got = np.asarray(outputs["estimates"], dtype=np.float64)
    if got.shape != steps.shape:
        return "the estimate at a number x should be one number."
    remainder = constant * steps**order * derivative(spec, x, order + 1)
    said = order_complaint(steps, got - derivative(spec, x, 1), order=order, leading=remainder)
    if not said or not (wrong := computed(inputs, outputs)):
        return said
    own = inputs["scheme"]
    return Slip(f"{own}-otherwise", f"Your `{own}` is {wrong}; it should be {SCHEMES[own].formula}.", quotes=True)


def right(inputs: Tree, other: Callable[[Any], Any] | None = None) -> Tree:
    """The scheme's own estimates, of the function or of another one."""
    return estimates(inputs, SCHEMES[inputs["scheme"]].rule, other)


def with_rule(name: str, rule: Rule) -> Oracle:
    """The oracle of answers in which one scheme has another rule."""
    return lambda inputs: estimates(inputs, rule if inputs["scheme"] == name else SCHEMES[inputs["scheme"]].rule)


mistake = Mistakes(beside=__file__)
ahead, back, central, five_point = (mistake.group(name, "arrays", oracle=partial(with_rule, name)) for name in SCHEMES)

ahead.listed("forward-not-divided", lambda f, x, h: f(x + h) - f(x))
ahead.listed("forward-sign", lambda f, x, h: -_forward(f, x, h))
ahead.listed("forward-is-backward", SCHEMES["backward"].rule)
back.listed("backward-sign", lambda f, x, h: -_backward(f, x, h))
back.listed("backward-is-forward", SCHEMES["forward"].rule)
central.listed("central-not-halved", lambda f, x, h: 2 * _central(f, x, h))
central.listed("central-times-h", lambda f, x, h: _central(f, x, h) * h**2)
central.listed("central-is-forward", SCHEMES["forward"].rule)
central.listed("central-half-steps", lambda f, x, h: _central(f, x, h / 2))
five_point.listed(
    "five-point-weights-swapped", lambda f, x, h: (8 * (f(x + 2 * h) - f(x - 2 * h)) - (f(x + h) - f(x - h))) / (12 * h)
)
five_point.listed("five-point-divided-by-6h", lambda f, x, h: 2 * _five_point(f, x, h))
five_point.listed("five-point-is-central", SCHEMES["central"].rule)
for step in STEPS:
    mistake.listed(
        "smallest-step", lambda inputs, step=step: right({**inputs, "steps": np.maximum(inputs["steps"], step)})
    )
mistake.listed(
    "scaled-step",
    lambda inputs: right({**inputs, "steps": inputs["steps"] * max(1.0, float(np.abs(inputs["x"]).max()))}),
)
for group, scheme in zip((ahead, back, central, five_point), SCHEMES.values(), strict=True):
    for step in STEPS:
        group.listed("smallest-step", lambda f, x, h, rule=scheme.rule, step=step: rule(f, x, max(h, step)))
        group.listed("step-built-in", lambda f, x, h, rule=scheme.rule, step=step: rule(f, x, step))
    group.listed("one-number", lambda f, x, h, rule=scheme.rule: np.mean(rule(f, x, h)))
    group.listed("without-sign", lambda f, x, h, rule=scheme.rule: np.abs(rule(f, x, h)))
mistake.listed("remembers-another-f", partial(right, other=np.cos))
mistake.listed("changes-x", lambda inputs: {"keeps x": False}, "kept")

of_scheme = partial(Check, share=0.2, complaint=complaint, example=right, likeness=1e-7)
changed = must_hold({"keeps x": "your function changes the array x; make a new one."})
ARRAYS = (*(f"{name} array" for name in SCHEMES), "whole", "forward itself", "backward itself")
of_arrays = partial(Check, cases=ARRAYS)
ENTRIES = "Arrays are differentiated entry by entry, after another f as well"
CHECKS = (
    *(of_scheme(name, scheme.title, cases=(name,)) for name, scheme in SCHEMES.items()),
    of_arrays("arrays", ENTRIES, share=0.15, expected=right, tolerance=1e-9),
    of_arrays("kept", "Arrays stay as they were", share=0.05, complaint=changed, needs=("arrays",)),
)
EXERCISE = Exercise("schemes", draw, CHECKS, described=described, **mistake.known)
