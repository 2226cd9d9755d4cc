"""Judge ``si``: synaptic intelligence (Zenke, Poole and Ganguli 2017), the path integral of −g·Δ with real steps."""

from collections.abc import Callable, Iterator
from functools import partial, reduce
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Tree, compare

from . import scripted
from .importance import both_added, flat, proportional
from .network import Array, shapes


class SI(scripted.Method):
    """SI in float64, by Ω = relu(−Σ g·Δ) / ((θ_end − θ_start)² + damping), added up over the tasks.

    ``product``, ``squared`` and ``divide`` may look at one task's ``gradients`` and ``steps`` [T, P] and its
    ``displacement`` [P].
    """

    damping = 0.1
    sign = -1.0
    product = staticmethod(lambda task: task.gradients * task.steps)
    gathered = staticmethod(lambda terms: terms.sum(axis=0))
    clamp = staticmethod(lambda path: np.maximum(path, 0.0))
    squared = staticmethod(lambda task: task.displacement**2)
    divide = staticmethod(lambda path, squared, task: path / (squared + task.damping))
    add = staticmethod(lambda old, new: old + new)
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
            self.gradients, self.steps, self.displacement = gradients, steps, theta - start
            path = self.gathered(self.sign * self.product(self)) + (path if self.keep_path else 0.0)
            omega = self.add(omega, self.divide(self.clamp(path), self.squared(self), self))
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


oracle = SI.but()
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


def consolidated(inputs: Tree, outputs: Tree) -> str | Difference | Excused | None:
    """Each task's importance is right, and their sum is Ω; a slip of QuadraticPenalty is excused."""
    first, both = oracle(inputs).values()
    if not outputs["measured"]:  # with a consolidate of its own
        return compare(oracle(inputs), outputs, 1e-3)
    right = [first, {name: value - first[name] for name, value in both.items()}]
    return both_added(right, outputs["omega after task 2"], outputs["measured"], outputs["control"])


shown = partial(Check, example=oracle, fixed=True)

DISTANCE = "ω is divided by (θ_end − θ_start)² + damping"
AFRESH = "Every task starts anew, and its Ω is added to the old one"
CHECKS = (
    shown("path-integral", "ω adds up −g·Δ over all steps of the task", share=0.25, cases=("creep",), complaint=path),
    shown("displacement", DISTANCE, share=0.2, cases=("steady",), complaint=divided),
    shown("damping", "`damping` is read from the method", share=0.1, cases=("other damping",), complaint=divided),
    check("clamp", "A negative ω counts as 0 at the task's end", share=0.15, cases=("hilly",)),
    shown("two-tasks", AFRESH, share=0.2, cases=("two tasks",), complaint=consolidated),
    *scripted.form_checks(oracle, copies=0.05),
)

DIVIDED = ("displacement", "damping", "clamp", "two-tasks", "own-copies")
"""The checks in which the displacement is not next to 0."""

mistake = Mistakes()


@mistake("own-copies")
def tensors_not_copied(inputs: Tree) -> Tree:
    """You keep the engine's gradients or steps themselves; it uses the same tensors again in the next step. Add g·Δ to ω at once, or clone what you keep."""
    gradients, steps = scripted.junk(inputs)
    return SI.but(product=lambda task: np.stack([gradients * steps] * len(task.steps)))(inputs)


mistake.named("arguments-changed", lambda inputs: {"arguments unchanged": False}, "own-copies").says(
    "observe changes the gradients or steps that it is given; they belong to the engine. Compute a new tensor."
)
for damping in (0.1, 1e-3, 1.0):
    mistake.named("damping-fixed", SI.but(damping=damping)).says(
        "A damping is written into your code: use self.damping, so that it can be chosen."
    )
mistake.named("last-step-lost", SI.but(gathered=lambda terms: terms[:-1].sum(axis=0))).says(
    "The last step of the task is missing from ω: every observe must add its own step before importance is read."
)
mistake.named("first-step-lost", SI.but(gathered=lambda terms: terms[1:].sum(axis=0))).says(
    "The first step of the task is missing from ω: let ω start at 0 in begin_task and add every step."
)
mistake.named("last-step-only", SI.but(gathered=lambda terms: terms[-1])).says(
    "Only the last step is in ω: add −g·Δ to what is there (ω −= g·Δ) instead of replacing it."
)
mistake.named("step-before", SI.but(product=lambda task: task.gradients[1:] * task.steps[:-1])).says(
    "Each gradient is multiplied with the step before its own: gradients and steps of one observe belong together."
)
mistake.named(
    "ends-product", SI.but(product=lambda task: (task.gradients.sum(axis=0) * task.steps.sum(axis=0))[None])
).says("You multiply the summed gradient with the summed displacement; multiply g and Δ in each step, then add up.")
for when in ("after", "before"):
    mistake.named("total-gradient", SI.but(total_gradient=when), "two-tasks").says(
        "You add the penalty's gradient to g. ω follows the gradient of the task loss alone, as observe gets it."
    )
mistake.named("no-clamp", SI.but(clamp=lambda path: path)).says(
    "Negative ω comes through: a weight that raised the loss is not important. Clamp ω at 0 at the task's end."
)
mistake.named("clamp-each-step", SI.but(gathered=lambda terms: np.maximum(terms, 0.0).sum(axis=0))).says(
    "You clamp every step's −g·Δ, but steps uphill must be able to cancel steps downhill: clamp once, at the end."
)
mistake.named(
    "clamp-as-it-runs",
    SI.but(gathered=lambda terms: reduce(lambda path, term: np.maximum(path + term, 0.0), terms, 0.0)),
).says("You clamp ω after every step, but a step uphill may come before those downhill: clamp once, at the end.")
mistake.named("absolute-steps", SI.but(gathered=lambda terms: np.abs(terms).sum(axis=0))).says(
    "You add up |g·Δ|. The sign says whether the loss fell: add −g·Δ, and clamp the sum at the end."
)
mistake.named("absolute-path", SI.but(clamp=np.abs)).says(
    "You take |ω| where a negative ω should count as 0: use relu, not the absolute value."
)
mistake.named("wrong-sign", SI.but(sign=1.0), "clamp").says(
    "The sign is turned round: the loss falls where g·Δ is negative, so ω −= g·Δ."
)
mistake.named("gradient-for-step", SI.but(product=lambda task: -1e-4 * task.gradients**2)).says(
    "You use lr·g² in place of −g·Δ. Adam's steps are not −lr·g: use the real steps that observe gets."
)
mistake.named("gradient-squared", SI.but(product=lambda task: -(task.gradients**2))).says(
    "You add up g², which is a Fisher information; SI adds up −g·Δ with the real steps that observe gets."
)
mistake.named("mean-over-steps", SI.but(gathered=lambda terms: terms.mean(axis=0))).says(
    "ω is divided by the number of steps: the path integral is a sum over the task's steps."
)
mistake.named(
    "normalised-each-step",
    SI.but(
        product=lambda task: task.gradients * task.steps / (task.steps**2 + task.damping),
        divide=lambda path, squared, task: path,
    ),
).says("You divide by the damped square of each single step. Divide once, by the whole task's displacement.")
mistake.named("squared-steps-summed", SI.but(squared=lambda task: (task.steps**2).sum(axis=0))).says(
    "You add up the squares of the steps. Square the whole displacement θ_end − θ_start instead."
)
mistake.named("last-step-displacement", SI.but(squared=lambda task: task.steps[-1] ** 2)).says(
    "You divide by the square of the last step. The displacement is θ_end − θ_start over the whole task."
)
mistake.named("not-normalised", SI.but(divide=lambda path, squared, task: path)).says(
    "ω is not divided by anything: divide by (θ_end − θ_start)² + damping."
)
mistake.named("start-not-copied", SI.but(squared=lambda task: 0 * task.displacement)).says(
    "Your θ_start moves along with the model, so the displacement is always 0: clone the parameters in begin_task."
)
for way in (np.abs, np.positive):
    mistake.named("displacement-not-squared", SI.but(squared=lambda task, way=way: way(task.displacement))).says(
        "You divide by |θ_end − θ_start| + damping: the displacement must be squared."
    )
    mistake.named(
        "damping-squared",
        SI.but(divide=lambda path, squared, task, way=way: path / (way(task.displacement) + task.damping) ** 2),
    ).says("The damping is inside the square: add it to the squared displacement.")
mistake.named("damping-its-square", SI.but(divide=lambda path, squared, task: path / (squared + task.damping**2))).says(
    "You add damping²; add the damping itself to the squared displacement."
)
mistake.named(
    "damping-left-out",
    SI.but(divide=lambda path, squared, task: path / np.where(squared == 0, np.nan, squared)),
    *DIVIDED,
).says("The damping is left out: divide by (θ_end − θ_start)² + damping.")
mistake.named(
    "damping-outside", SI.but(divide=lambda path, squared, task: path / squared + task.damping), *DIVIDED
).says("The damping is added to the quotient: it belongs under the fraction bar, beside the squared displacement.")
mistake.named("path-not-reset", SI.but(keep_path=True), "two-tasks").says(
    "ω lives on into the next task: set it to 0 in begin_task or once it is used."
)
mistake.named("start-not-updated", SI.but(keep_start=True), "two-tasks").says(
    "θ_start stays that of the first task: take it anew in every begin_task."
)
mistake.named("overwritten", SI.but(add=lambda old, new: new), "two-tasks").says(
    "The new importance replaces Ω: SI adds it to the importance of the earlier tasks."
)
mistake.named("added-twice", SI.but(add=lambda old, new: old + (old + new)), "two-tasks").says(
    "Earlier tasks are counted again: importance returns this task's alone, and consolidate adds it to Ω."
)

EXERCISE = Exercise("si", draw, CHECKS, tuple(mistake))
