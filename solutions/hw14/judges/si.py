"""Judge ``si``: synaptic intelligence (Zenke, Poole and Ganguli 2017), the path integral of −g·Δ with real steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from . import scripted
from .network import shapes

Array = NDArray[Any]

DAMPING = 0.1
LEARNING_RATE = 1e-4


@dataclass(frozen=True)
class View:
    """What a rule may look at: one task's gradients and steps [T, P], Δ from the start [P], the damping."""

    gradients: Array
    steps: Array
    displacement: Array
    damping: float


@dataclass(frozen=True)
class Rule:
    """One way of computing SI; the defaults are right, each mistake replaces something.

    Attributes:
        path: ω of one task, [P].
        clamp: what becomes of ω before it is divided.
        divide: clamped ω and the view → the task's importance.
        total_gradient: the penalty's gradient is added to g: None, or whether "before" or "after" the step.
        keep_path, keep_start: ω or θ_start live on into the next task.
        add: the old Ω and the task's importance → the new Ω.
        damping: in place of the method's attribute.
    """

    path: Callable[[View], Array] = lambda view: -(view.gradients * view.steps).sum(axis=0)
    clamp: Callable[[Array], Array] = lambda omega: np.maximum(omega, 0.0)
    divide: Callable[[Array, View], Array] = lambda omega, view: omega / (view.displacement**2 + view.damping)
    total_gradient: str | None = None
    keep_path: bool = False
    keep_start: bool = False
    add: Callable[[Array, Array], Array] = lambda old, new: old + new
    damping: float | None = None


def simulate(inputs: Tree, rule: Rule) -> dict[str, Any]:
    """The values that the probe would report of a method which follows the rule."""
    damping = float(inputs["settings"].get("damping", DAMPING)) if rule.damping is None else rule.damping
    theta = scripted.start(inputs)
    start = anchor = theta
    omega, path = np.zeros_like(theta), np.zeros_like(theta)
    history = []
    for gradients, steps in scripted.replay(inputs):
        if rule.total_gradient:
            after = theta + np.cumsum(steps, axis=0)
            at = after if rule.total_gradient == "after" else after - steps
            gradients = gradients + 2 * inputs["strength"] * omega * (at - anchor)
        start = start if rule.keep_start else theta
        theta = theta + steps.sum(axis=0)
        view = View(gradients, steps, theta - start, damping)
        path = rule.path(view) + (path if rule.keep_path else 0.0)
        omega = rule.add(omega, rule.divide(rule.clamp(path), view))
        anchor = theta
        history.append(omega)
    return scripted.outputs(inputs, history)


def oracle(inputs: Tree) -> dict[str, Any]:
    """Ω = relu(−Σ g·Δ) / ((θ_end − θ_start)² + damping), added up over the tasks."""
    return simulate(inputs, Rule())


def _importance(inputs: Tree) -> dict[str, Any]:
    return {**oracle(inputs), "arguments unchanged": True}


def draw(rng: np.random.Generator) -> list[Case]:
    """One case per check: what is not checked is kept from mattering, so that each mistake costs its own check."""

    def script(task: Callable[[tuple[int, ...]], scripted.Task], count: int = 1, **options: Any) -> dict[str, Any]:
        spec = scripted.draw_small_spec(rng, **options.pop("network", {}))
        tasks = [{name: task(shape) for name, shape in shapes(spec).items()} for _ in range(count)]
        for drawn in tasks:
            for name in (*spec["frozen"], *(["spare"] if spec["spare"] else [])):
                drawn[name] = (np.zeros_like(drawn[name][0]), np.zeros_like(drawn[name][1]))
        return scripted.draw_script(rng, tasks, spec, **options)

    def creep(shape: tuple[int, ...]) -> scripted.Task:
        """Down at every step, and hardly anywhere: only the damping is left under the fraction bar."""
        return scripted.draw_descent(rng, shape, scripted.draw_walk(rng, 6, shape, 0.5e-5, 3e-5))

    def away(shape: tuple[int, ...], uphill: float = 0.0) -> scripted.Task:
        """One large step and some small ones: every displacement is clearly not 0."""
        walk = [scripted.draw_walk(rng, 1, shape, 0.4, 0.6), scripted.draw_walk(rng, 4, shape, 0.03, 0.08)]
        return scripted.draw_descent(rng, shape, np.concatenate(walk), uphill=uphill)

    def hilly(shape: tuple[int, ...]) -> scripted.Task:
        """Up and down: ω has both signs."""
        walk = scripted.draw_walk(rng, 6, shape, 0.05, 0.3)
        return scripted.draw_descent(rng, shape, walk, uphill=0.5)

    other_damping = {"damping": float(rng.choice([0.01, 0.03, 0.4, 0.9]))}
    special = {"frozen": ("2.bias",), "spare": True}
    return [
        Case("creep", script(creep, direct=True, dtype="float64")),
        Case("away", script(away, direct=True)),
        Case("other damping", script(away, direct=True, settings=other_damping)),
        Case("hilly", script(hilly, direct=True)),
        Case("two tasks", script(away, count=2)),
        Case("reused tensors", script(away, direct=True, reuse=True)),
        Case("special", script(away, direct=True, network=special, dtype="float64")),
    ]


CHECKS = (
    Check("path-integral", "ω adds up −g·Δ over all steps of the task", share=0.25, cases=("creep",), expected=oracle),
    Check("displacement", "ω is divided by (θ_end − θ_start)² + damping", share=0.15, cases=("away",), expected=oracle),
    Check("damping", "`damping` is read from the method", share=0.1, cases=("other damping",), expected=oracle),
    Check("clamp", "A negative ω counts as 0 at the task's end", share=0.15, cases=("hilly",), expected=oracle),
    Check(
        "two-tasks",
        "Every task starts anew, and its Ω is added to the old one",
        share=0.2,
        cases=("two tasks",),
        expected=oracle,
    ),
    Check(
        "own-copies",
        "Gradients and steps are neither kept nor changed",
        share=0.1,
        cases=("reused tensors",),
        expected=_importance,
    ),
    Check(
        "form",
        "New detached tensors for every parameter, and nothing else changes",
        share=0.05,
        cases=("special",),
        expected=oracle,
        complaint=scripted.form_complaint,
    ),
)


def _mistake(name: str, message: str, rule: Rule, *checks: str) -> Mistake:
    return Mistake(name, message, lambda inputs: simulate(inputs, rule), checks)


def _stale(inputs: Tree) -> dict[str, Any]:
    """What comes of a list of the engine's tensors that is only added up at the end, when all hold the same junk."""
    gradients, steps = scripted.junk(inputs)
    return simulate(inputs, replace(Rule(), path=lambda view: -len(view.steps) * gradients * steps))


MISTAKES = (
    Mistake(
        "tensors-not-copied",
        "You keep the engine's gradients or steps themselves; it uses the same tensors again in the next step. Add g·Δ to ω at once, or clone what you keep.",
        _stale,
        ("own-copies",),
    ),
    Mistake(
        "arguments-changed",
        "observe changes the gradients or steps that it is given; they belong to the engine. Compute a new tensor.",
        lambda inputs: {"arguments unchanged": False},
        ("own-copies",),
    ),
    _mistake(
        "damping-fixed",
        "A damping of 0.1 is written into your code: use self.damping, so that it can be chosen.",
        Rule(damping=DAMPING),
        "damping",
    ),
    _mistake(
        "last-step-lost",
        "The last step of the task is missing from ω: every observe must add its own step before importance is read.",
        Rule(path=lambda view: -(view.gradients * view.steps)[:-1].sum(axis=0)),
    ),
    _mistake(
        "first-step-lost",
        "The first step of the task is missing from ω: let ω start at 0 in begin_task and add every step.",
        Rule(path=lambda view: -(view.gradients * view.steps)[1:].sum(axis=0)),
    ),
    _mistake(
        "last-step-only",
        "Only the last step is in ω: add −g·Δ to what is there (ω −= g·Δ) instead of replacing it.",
        Rule(path=lambda view: -(view.gradients * view.steps)[-1]),
    ),
    _mistake(
        "step-before",
        "Each gradient is multiplied with the step before its own: gradients and steps of one observe belong together.",
        Rule(path=lambda view: -(view.gradients[1:] * view.steps[:-1]).sum(axis=0)),
    ),
    _mistake(
        "ends-product",
        "You multiply the summed gradient with the summed displacement; multiply g and Δ in each step, then add up.",
        Rule(path=lambda view: -view.gradients.sum(axis=0) * view.steps.sum(axis=0)),
    ),
    _mistake(
        "total-gradient",
        "You add the penalty's gradient to g. ω follows the gradient of the task loss alone, as observe gets it.",
        Rule(total_gradient="after"),
        "two-tasks",
    ),
    _mistake(
        "total-gradient",
        "You add the penalty's gradient to g. ω follows the gradient of the task loss alone, as observe gets it.",
        Rule(total_gradient="before"),
        "two-tasks",
    ),
    _mistake(
        "no-clamp",
        "Negative ω comes through: a weight that raised the loss is not important. Clamp ω at 0 at the task's end.",
        Rule(clamp=lambda omega: omega),
    ),
    _mistake(
        "clamp-each-step",
        "You clamp every step's −g·Δ, but steps uphill must be able to cancel steps downhill: clamp once, at the end.",
        Rule(path=lambda view: np.maximum(-view.gradients * view.steps, 0.0).sum(axis=0)),
    ),
    _mistake(
        "absolute-steps",
        "You add up |g·Δ|. The sign says whether the loss fell: add −g·Δ, and clamp the sum at the end.",
        Rule(path=lambda view: np.abs(view.gradients * view.steps).sum(axis=0)),
    ),
    _mistake(
        "absolute-path",
        "You take |ω| where a negative ω should count as 0: use relu, not the absolute value.",
        Rule(clamp=np.abs),
    ),
    _mistake(
        "wrong-sign",
        "The sign is turned round: the loss falls where g·Δ is negative, so ω −= g·Δ.",
        Rule(path=lambda view: (view.gradients * view.steps).sum(axis=0)),
        "clamp",
    ),
    _mistake(
        "wrong-sign-unclamped",
        "The sign is turned round and ω is not clamped: ω −= g·Δ, and at the task's end relu(ω).",
        Rule(path=lambda view: (view.gradients * view.steps).sum(axis=0), clamp=lambda omega: omega),
    ),
    _mistake(
        "gradient-for-step",
        "You use lr·g² in place of −g·Δ. Adam's steps are not −lr·g: use the real steps that observe gets.",
        Rule(path=lambda view: LEARNING_RATE * (view.gradients**2).sum(axis=0)),
    ),
    _mistake(
        "gradient-squared",
        "You add up g², which is a Fisher information; SI adds up −g·Δ with the real steps that observe gets.",
        Rule(path=lambda view: (view.gradients**2).sum(axis=0)),
    ),
    _mistake(
        "mean-over-steps",
        "ω is divided by the number of steps: the path integral is a sum over the task's steps.",
        Rule(path=lambda view: -(view.gradients * view.steps).mean(axis=0)),
    ),
    _mistake(
        "normalised-each-step",
        "You divide by the damped square of each single step. Divide once, by the whole task's displacement.",
        Rule(
            path=lambda view: -(view.gradients * view.steps / (view.steps**2 + view.damping)).sum(axis=0),
            divide=lambda omega, view: omega,
        ),
    ),
    _mistake(
        "squared-steps-summed",
        "You add up the squares of the steps. Square the whole displacement θ_end − θ_start instead.",
        Rule(divide=lambda omega, view: omega / ((view.steps**2).sum(axis=0) + view.damping)),
    ),
    _mistake(
        "last-step-displacement",
        "You divide by the square of the last step. The displacement is θ_end − θ_start over the whole task.",
        Rule(divide=lambda omega, view: omega / (view.steps[-1] ** 2 + view.damping)),
    ),
    _mistake(
        "not-normalised",
        "ω is not divided by anything: divide by (θ_end − θ_start)² + damping.",
        Rule(divide=lambda omega, view: omega),
    ),
    _mistake(
        "start-not-copied",
        "Your θ_start moves along with the model, so the displacement is always 0: clone the parameters in begin_task.",
        Rule(divide=lambda omega, view: omega / view.damping),
    ),
    _mistake(
        "displacement-not-squared",
        "You divide by |θ_end − θ_start| + damping: the displacement must be squared.",
        Rule(divide=lambda omega, view: omega / (np.abs(view.displacement) + view.damping)),
    ),
    _mistake(
        "damping-squared",
        "The damping is inside the square: add it to the squared displacement.",
        Rule(divide=lambda omega, view: omega / (np.abs(view.displacement) + view.damping) ** 2),
    ),
    _mistake(
        "damping-left-out",
        "The damping is left out: divide by (θ_end − θ_start)² + damping.",
        Rule(divide=lambda omega, view: omega / np.where(view.displacement == 0, np.nan, view.displacement) ** 2),
        "displacement",
        "damping",
        "clamp",
        "two-tasks",
        "own-copies",
    ),
    _mistake(
        "damping-outside",
        "The damping is added to the quotient: it belongs under the fraction bar, beside the squared displacement.",
        Rule(divide=lambda omega, view: omega / view.displacement**2 + view.damping),
        "displacement",
        "damping",
        "clamp",
        "two-tasks",
        "own-copies",
    ),
    _mistake(
        "path-not-reset",
        "ω lives on into the next task: set it to 0 in begin_task or once it is used.",
        Rule(keep_path=True),
        "two-tasks",
    ),
    _mistake(
        "start-not-updated",
        "θ_start stays that of the first task: take it anew in every begin_task.",
        Rule(keep_start=True),
        "two-tasks",
    ),
    _mistake(
        "overwritten",
        "The new importance replaces Ω: SI adds it to the importance of the earlier tasks.",
        Rule(add=lambda old, new: new),
        "two-tasks",
    ),
    _mistake(
        "added-twice",
        "Earlier tasks are counted again: importance returns this task's alone, and consolidate adds it to Ω.",
        Rule(add=lambda old, new: old + (old + new)),
        "two-tasks",
    ),
)

EXERCISE = Exercise("si", draw, CHECKS, MISTAKES)
