"""Judge ``si``: synaptic intelligence (Zenke, Poole and Ganguli 2017), the path integral of −g·Δ with real steps."""

from collections.abc import Callable, Iterator
from functools import partial, reduce
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Tree, compare

from . import scripted
from .importance import both_added, flat, proportional
from .network import Array, Arrays, shapes


def earned(g: Array, step: Array) -> Array:
    """What a step adds to −ω."""
    return g * step


def damped(omega: Array, squared: Array, damping: float) -> Array:
    """Ω, from relu(ω) and (θ_end − θ_start)²."""
    return np.asarray(omega / (squared + damping))


class SI(scripted.Method):
    """SI in float64, by Ω = relu(−Σ g·Δ) / ((θ_end − θ_start)² + damping), added up over the tasks.

    ``product``, ``squared``, ``divide`` and ``add`` may look at one task's ``gradients`` and ``steps`` [T, P], its
    ``displacement``, the parameters at its ``end`` and its ``path`` [P].
    """

    damping = 0.1
    sign = -1.0
    term = staticmethod(earned)
    product = staticmethod(lambda task: task.term(task.gradients, task.steps))
    gathered = staticmethod(lambda terms: terms.sum(axis=0))
    clamp = staticmethod(lambda path: np.maximum(path, 0.0))
    squared = staticmethod(lambda task: task.displacement**2)
    quotient = staticmethod(damped)
    divide = staticmethod(lambda path, squared, task: task.quotient(path, squared, task.damping))
    scaled = staticmethod(lambda omega: omega)
    add = staticmethod(lambda old, new, task: old + new)
    keep_path = False  # into the next task
    keep_start = False  # into the next task
    total_gradient = ""  # whether the penalty's gradient is added to g, at θ "before" or "after" the step

    def omegas(self) -> Iterator[Array]:
        theta = scripted.start(self.inputs)
        start = anchor = theta
        omega, path = np.zeros_like(theta), np.zeros_like(theta)
        for gradients, steps in scripted.replay(self.inputs):
            if self.total_gradient:
                after = theta + np.cumsum(steps, axis=0)
                at = after if self.total_gradient == "after" else after - steps
                gradients = gradients + 2 * self.inputs["strength"] * omega * (at - anchor)
            start = start if self.keep_start else theta
            anchor = theta = theta + steps.sum(axis=0)
            self.gradients, self.steps, self.displacement, self.end = gradients, steps, theta - start, theta
            path = self.path = self.gathered(self.sign * self.product(self)) + (path if self.keep_path else 0.0)
            omega = self.add(omega, self.scaled(self.divide(self.clamp(path), self.squared(self), self)), self)
            yield omega


def draw(rng: np.random.Generator) -> list[Case]:
    """One case per check: what is not checked is kept from mattering, so that each mistake costs its own check."""

    def script(task: Callable[[tuple[int, ...]], scripted.Task], count: int = 1, **options: Any) -> dict[str, Any]:
        spec = scripted.draw_small_spec(rng)
        tasks = [{name: task(shape) for name, shape in shapes(spec).items()} for _ in range(count)]
        return scripted.draw_script(rng, tasks, spec, **options)

    def creep(shape: tuple[int, ...]) -> scripted.Task:
        """Down at every step, and hardly anywhere; every weight comes as far, so that all are divided by one number."""
        walk = rng.uniform(0.5, 1.5, (6, *shape)) * rng.choice([-1.0, 1.0], shape)
        return scripted.draw_descent(rng, shape, 1e-4 * walk / np.abs(walk).sum(axis=0))

    def steady(shape: tuple[int, ...]) -> scripted.Task:
        """Equal steps that are all worth the same, of some weights uphill: what divides ω shows, whichever are added."""
        step = rng.uniform(0.08, 0.16, shape) * rng.choice([-1.0, 1.0], shape)
        return np.stack([rng.choice([-0.05, -0.05, 0.05], shape) / step] * 5), np.stack([step] * 5)

    def away(shape: tuple[int, ...]) -> scripted.Task:
        """One large step and some small ones: every displacement is clearly not 0."""
        walk = [scripted.draw_walk(rng, 1, shape, 0.4, 0.6), scripted.draw_walk(rng, 4, shape, 0.03, 0.08)]
        return scripted.draw_descent(rng, shape, np.concatenate(walk))

    def hilly(shape: tuple[int, ...]) -> scripted.Task:
        """Up and down: ω has both signs."""
        return scripted.draw_descent(rng, shape, scripted.draw_walk(rng, 6, shape, 0.05, 0.3), uphill=0.5)

    other_damping = {"damping": float(rng.choice([0.01, 0.03, 0.4, 0.9]))}
    return [
        Case("creep", script(creep, direct=True, dtype="float64")),
        Case("steady", script(steady, direct=True)),
        Case("other damping", script(steady, direct=True, settings=other_damping)),
        Case("hilly", script(hilly, direct=True)),
        Case("two tasks", script(away, count=2)),
        Case("reused tensors", script(away, direct=True, reuse=True)),
        Case("form", script(away, direct=True, dtype="float64")),
    ]


oracle = SI.reported
check = partial(Check, expected=oracle)


def path(inputs: Tree, outputs: Tree) -> str | None:
    """Ω is right up to a factor, where all weights have come as far."""
    got, right = (flat(tree["importance"], inputs) for tree in (outputs, oracle(inputs)))
    return None if proportional(got, right) else "your ω is another."


def divided(inputs: Tree, outputs: Tree) -> str | None:
    """Ω is right up to a factor, where all have the same ω; with a wrong sign, those that went uphill."""
    ((gradients, steps),) = scripted.replay(inputs)
    got, damping = flat(outputs["importance"], inputs), inputs["settings"].get("damping", SI.damping)
    right, down = 1 / (steps.sum(axis=0) ** 2 + damping), (gradients * steps).sum(axis=0) < 0
    holds = any(proportional(got[some], right[some]) for some in (down, ~down))
    return None if holds else "ω is divided by something else."


def of_each_task(inputs: Tree) -> list[Arrays]:
    """The importance of the first task, and that of the second alone."""
    first, both = oracle(inputs).values()
    return [first, {name: value - first[name] for name, value in both.items()}]


def anew(inputs: Tree, outputs: Tree) -> Difference | None:
    """Each task's importance is right, whatever becomes of it."""
    wrong = compare(oracle(inputs), outputs, 1e-3)
    return compare(of_each_task(inputs), outputs["measured"], 1e-3) if wrong and outputs["measured"] else wrong


def added(inputs: Tree, outputs: Tree) -> str | Difference | Excused | None:
    """Ω is their sum; a slip of QuadraticPenalty is excused: only the probe can say that it is one."""
    if not outputs["inherited"]:
        return compare(oracle(inputs), outputs, 1e-3)
    return both_added(of_each_task(inputs), outputs["omega after task 2"], outputs["measured"], outputs["control"])


shown = partial(Check, example=oracle)

ADDED = "… and its Ω is added to the old one"
DISTANCE = "ω is divided by (θ_end − θ_start)² + damping"
CHECKS = (
    shown("path-integral", "ω adds up −g·Δ over all steps of the task", share=0.25, cases=("creep",), complaint=path),
    shown("displacement", DISTANCE, share=0.2, cases=("steady",), complaint=divided),
    shown("damping", "`damping` is read from the method", share=0.1, cases=("other damping",), complaint=divided),
    check("clamp", "A negative ω counts as 0 at the task's end", share=0.15, cases=("hilly",)),
    shown("two-tasks", "Every task starts anew", share=0.15, cases=("two tasks",), complaint=anew),
    shown("added", ADDED, share=0.05, cases=("two tasks",), complaint=added, needs=("two-tasks",)),
    *scripted.form_checks(oracle, copies=0.05),
)

DIVIDED = ("displacement", "damping", "clamp", "two-tasks", "added", "own-copies")
"""The checks in which the displacement is not next to 0."""

mistake = Mistakes(beside=__file__)
wrong = mistake.stages(SI.reported)


@mistake("own-copies")
def tensors_not_copied(inputs: Tree) -> Tree:
    """You keep the engine's gradients or steps themselves; it uses the same tensors again in the next step. Add g·Δ to ω at once, or clone what you keep."""
    gradients, steps = scripted.junk(inputs)
    return SI.reported(inputs, product=lambda task: np.stack([gradients * steps] * len(task.steps)))


mistake.given()
wrong.ways("damping-fixed", "damping", 0.1, 1e-3, 1.0)
wrong("last-step-lost", gathered=lambda terms: terms[:-1].sum(axis=0))
wrong("first-step-lost", gathered=lambda terms: terms[1:].sum(axis=0))
wrong("last-step-only", gathered=lambda terms: terms[-1])
for gradients, steps in ((slice(1, None), slice(-1)), (slice(-1), slice(1, None))):
    wrong("step-before", product=lambda task, g=gradients, d=steps: task.gradients[g] * task.steps[d])
wrong("ends-product", product=lambda task: (task.gradients.sum(axis=0) * task.steps.sum(axis=0))[None])
wrong.ways("total-gradient", "total_gradient", "after", "before")
wrong("no-clamp", clamp=lambda path: path)
wrong("clamp-each-step", gathered=lambda terms: np.maximum(terms, 0.0).sum(axis=0))
wrong("clamp-as-it-runs", gathered=lambda terms: reduce(lambda path, term: np.maximum(path + term, 0.0), terms, 0.0))
wrong("absolute-steps", gathered=lambda terms: np.abs(terms).sum(axis=0))
wrong("absolute-path", clamp=np.abs)
wrong("wrong-sign", sign=1.0)
wrong("nothing-gathered", sign=0.0)
wrong("gradient-for-step", product=lambda task: -1e-4 * task.gradients**2)
wrong("gradient-squared", product=lambda task: -(task.gradients**2))
wrong("mean-over-steps", gathered=lambda terms: terms.mean(axis=0))
wrong(
    "normalised-each-step",
    product=lambda task: task.gradients * task.steps / (task.steps**2 + task.damping),
    divide=lambda path, squared, task: path,
)
wrong("squared-steps-summed", squared=lambda task: (task.steps**2).sum(axis=0))
wrong("last-step-displacement", squared=lambda task: task.steps[-1] ** 2)
wrong("not-normalised", divide=lambda path, squared, task: path)
wrong("start-not-copied", squared=lambda task: 0 * task.displacement)
for way in (np.abs, np.positive):
    wrong("displacement-not-squared", squared=lambda task, way=way: way(task.displacement))
    wrong(
        "damping-squared",
        divide=lambda path, squared, task, way=way: path / (way(task.displacement) + task.damping) ** 2,
    )
wrong("damping-its-square", divide=lambda path, squared, task: path / (squared + task.damping**2))
wrong("damping-left-out", *DIVIDED, divide=lambda path, squared, task: path / np.where(squared == 0, np.nan, squared))
wrong("damping-outside", *DIVIDED, divide=lambda path, squared, task: path / squared + task.damping)
wrong("path-not-reset", keep_path=True)
wrong("start-not-updated", keep_start=True)
wrong("shared-by-objects", "two-tasks", "added", divide=lambda path, squared, task: 0 * path)
wrong("overwritten", add=lambda old, new, task: new)
wrong("added-twice", add=lambda old, new, task: old + (old + new))
wrong("averaged", "two-tasks", "added", add=lambda old, new, task: (old + new) / 2 if old.any() else new)
wrong("path-in-omega", "two-tasks", "added", add=lambda old, new, task: task.path + new)
wrong("step-squared", product=lambda task: -(task.steps**2))
wrong("moduli-of-steps", squared=lambda task: np.abs(task.steps).sum(axis=0) ** 2)
wrong("one-distance", squared=lambda task: np.full_like(task.displacement, (task.displacement**2).sum()))
wrong(
    "one-distance",
    squared=lambda task: np.concatenate([np.full_like(d, d @ d) for d in (task.displacement[t] for t in task.tensors)]),
)
for old, new in ((0.9, 0.1), (0.1, 0.9), (0.5, 0.5), (0.9, 1.0)):
    wrong(
        "running-average",
        gathered=lambda terms, a=old, b=new: reduce(lambda path, term: a * path + b * term, terms, 0.0),
    )
wrong("end-alone", squared=lambda task: task.end**2)
wrong("damping-at-least", divide=lambda path, squared, task: path / np.maximum(squared, task.damping))
wrong("root", divide=lambda path, squared, task: path / np.sqrt(squared + task.damping))
for size in (np.max, np.sum):
    wrong("normalised", scaled=lambda omega, size=size: omega / (size(omega) or 1.0))
wrong.formulas("path-integral", "displacement", "clamp", "two-tasks", "added", "own-copies", "form", term=earned)
wrong.formulas(*DIVIDED, "form", quotient=damped)

EXERCISE = Exercise("si", draw, CHECKS, **mistake.known, described=scripted.described)
