"""Judge ``scp``: sliced Cramér preservation, Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)² (Kolouri, Ketz, Soltoggio and Pilly 2020)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Tree, compare

from . import directions
from .importance import BATCHED, Rule, View, draw_cases, habits, importance_checks, oracle_of, stage_check
from .network import Array, Arrays, Spec, cross_entropy_cotangent, draw_problem, draw_spec, softmax, softmax_pulled_back
from .per_example import means, sizes


def slices(view: View, slopes: Arrays) -> Arrays:
    """Each direction's component of what depends on the outputs: [K, …] → [L, …] by name."""
    rows = np.asarray(view.directions, dtype=np.float64)
    return {name: np.tensordot(rows, value, 1) for name, value in slopes.items()}


def mean_slices(view: View) -> Arrays:
    """∂(ξ_l·φ̄)/∂θ, [L, *shape] by name, with φ̄ the mean over all N examples."""
    return slices(view, {name: value.mean(axis=1) for name, value in view.jacobian().items()})


def rule(view: View) -> Arrays:
    """Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)²."""
    return {name: (value**2).mean(axis=0) for name, value in mean_slices(view).items()}


def draw(rng: np.random.Generator) -> list[Case]:
    """Directions; the networks and data of every importance, with directions; directions of the method's own."""

    def units(spec: Spec, count: int) -> Array:
        rows = rng.standard_normal((count, spec["sizes"][-1]))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def some(spec: Spec) -> dict[str, Array]:
        return {"directions": units(spec, int(rng.integers(3, 6)))}

    cases = [Case(case.name, _in_dtype_of_the_model(case.inputs)) for case in draw_cases(rng, some)]
    given = dict(cases[0].inputs)
    given["directions"] = (given["directions"] * rng.uniform(0.4, 2.5, (len(given["directions"]), 1))).astype("float32")
    sphere = {"slices": directions.SLICES, "dimensions": directions.DIMENSIONS, "few": int(rng.integers(3, 9))}
    linear = draw_spec(rng, (3, int(rng.integers(8, 11))), "identity")  # one direction is hardly ever even in so many
    deep = draw_spec(rng, (3, 4, 3), "tanh")
    return [
        Case("directions", {"sphere": {**sphere, "seed": int(rng.integers(1, 1 << 30))}}),
        *cases,
        Case("any length", given),
        Case("own directions", {**draw_problem(rng, linear, (3, 1)), "settings": {}, "given": units(linear, 100)}),
        Case("one slice", {**draw_problem(rng, deep, (3, 1)), "settings": {"slices": 1}, "given": units(deep, 1)}),
    ]


def _in_dtype_of_the_model(inputs: Tree) -> dict[str, Any]:
    """Directions in the dtype of the parameters; two tasks share the first one's."""
    if "tasks" in inputs:
        tasks = [_in_dtype_of_the_model(task) for task in inputs["tasks"]]
        return {"tasks": [{**task, "directions": tasks[0]["directions"]} for task in tasks]}
    dtype = next(iter(inputs["parameters"].values())).dtype
    return {**inputs, "directions": inputs["directions"].astype(dtype)}


EXCUSED = "Without given directions, SCP is right but for your `sphere`, which has cost its own share already; it is judged with other directions in their place."


def not_own(inputs: Tree, outputs: Tree) -> str | Difference | Excused | None:
    """Directions of its own, or of the probe's in place of those of ``sphere``."""
    found = directions.not_own(inputs, outputs)
    right = {"of given": rule(View({**inputs, "directions": inputs["given"]}))}
    return Excused(EXCUSED) if found and compare(right, outputs, 1e-3) is None else found


SLICED = "The squares of the slices' gradients are averaged, up to a factor"
SLICES = (
    stage_check("slices", SLICED, share=0.1, cases=("ones",), right=rule),
    stage_check("in-batches", f"{SLICED}, in batches, too", share=0.1, cases=BATCHED, right=rule),
)
drawn = partial(Check, cases=("directions",), likeness=0.03)

GIVEN = "Given directions are used as they are"
OWN = "Without given directions, self.slices of them are drawn from the sphere"
CHECKS = (
    drawn("sphere-form", "`sphere` returns unit rows, [slices, dimensions]", share=0.1, complaint=directions.malformed),
    drawn(
        "sphere-uniform", "Every direction is equally likely", share=0.1, complaint=directions.not_uniform, fixed=True
    ),
    Check(
        "generator",
        "The generator decides the directions",
        share=0.05,
        cases=("directions",),
        complaint=directions.ignores_generator,
        fixed=True,
        needs=("sphere-form",),
    ),
    *importance_checks(rule, *SLICES, value=0.05, any_batch=0.1, any_network=0.05),
    Check("given-directions", GIVEN, share=0.05, cases=("any length",), expected=oracle_of(rule)),
    Check("own-directions", OWN, share=0.1, cases=("own directions", "one slice"), complaint=not_own, fixed=True),
)

mistake = Mistakes(oracle_of)
mistake.add(*directions.mistake)


@mistake("given-directions")
def directions_normalised(view: View) -> Arrays:
    """You scale the given directions to length 1: given directions are used as they are."""
    squared = np.linalg.norm(np.asarray(view.directions, dtype=np.float64), axis=1) ** 2
    return {name: np.tensordot(1 / squared, value**2, 1) / len(squared) for name, value in mean_slices(view).items()}


def of_slices(reduce: Callable[[Array], Array]) -> Rule:
    """Another way of putting the L slices' gradients [L, *shape] together."""
    return lambda view: {name: reduce(g) for name, g in mean_slices(view).items()}


for reduce in (lambda g: np.abs(g.mean(axis=0)), lambda g: g.mean(axis=0) ** 2):
    mistake.named("mean-of-scalars", of_slices(reduce)).says(
        "You average the slices' scalars before one backward; differentiate each slice by itself, square, then average."
    )
for reduce in (lambda g: g.sum(axis=0) ** 2, lambda g: g.sum(axis=0) ** 2 / len(g)):
    mistake.named("sum-of-scalars", of_slices(reduce)).says(
        "You average the slices' scalars before one backward; differentiate each slice by itself, square, then average."
    )
mistake.named("sum-over-slices", of_slices(lambda g: (g**2).sum(axis=0))).says(
    "You add the slices up; Ω is their mean: divide by the number of directions L."
)
mistake.named("absolute", of_slices(lambda g: np.abs(g).mean(axis=0))).says(
    "You take the modulus of each slice's gradient, which is MAS's habit; SCP squares it."
)
mistake.named("signed", of_slices(lambda g: g.mean(axis=0))).says(
    "You average the slices' gradients with their signs, so they cancel: square each first."
)
mistake.named("negated", of_slices(lambda g: -(g**2).mean(axis=0))).says(
    "Your Ω is negative: the squares count with a plus sign."
)
mistake.named("root", of_slices(lambda g: np.sqrt((g**2).mean(axis=0)))).says(
    "You take the root of the mean square: Ω is the mean of the squares itself."
)
mistake.named("never-zeroed", of_slices(lambda g: (np.cumsum(g, axis=0) ** 2).mean(axis=0))).says(
    "Your gradients pile up from one slice to the next: zero them before each backward, or use `torch.autograd.grad`."
)
for reduce in (lambda g: g[-1] ** 2, lambda g: g[-1] ** 2 / len(g)):
    mistake.named("last-slice", of_slices(reduce)).says(
        "Only the last direction is left in your Ω: add to it (`+=`) instead of overwriting it."
    )
mistake.named("first-slice", of_slices(lambda g: g[0] ** 2)).says(
    "Only the first direction is in your Ω: is there a `return` or `break` inside the loop?"
)
mistake.named(
    "all-directions",
    lambda view: {name: (value.mean(axis=1) ** 2).mean(axis=0) for name, value in view.jacobian().items()},
).says("You average over the outputs instead of the directions: project φ̄ on each direction ξ_l.")


def of_examples(reduce: Callable[[Array, list[slice]], Array]) -> Rule:
    """Another way of putting the slices' gradients of each example together, [N, L, *shape] with their batches."""
    return lambda view: {
        name: reduce(np.swapaxes(g, 0, 1), view.batches) for name, g in slices(view, view.jacobian()).items()
    }


mistake.named("per-example", of_examples(lambda g, batches: (g**2).mean(axis=(0, 1)))).says(
    "You square each example's own gradient, which is EWC's habit; SCP takes the mean output φ̄ of all first."
)
mistake.named("outputs-summed", of_examples(lambda g, batches: (g.sum(axis=0) ** 2).mean(axis=0))).says(
    "You add the outputs up; φ̄ is their mean: divide by the number of examples N."
)
mistake.named("mean-divided-late", of_examples(lambda g, batches: (g.sum(axis=0) ** 2).mean(axis=0) / len(g))).says(
    "You square the summed output's gradient and divide by N once: divide by N before squaring."
)


def of_batch_means(weigh: Callable[[list[slice]], Array]) -> Rule:
    """Squared gradients of every batch's own mean output, weighed and added."""
    return of_examples(lambda g, batches: np.tensordot(weigh(batches), (means(g, batches) ** 2).mean(axis=1), 1))


for weigh in (
    lambda batches: np.full(len(batches), 1 / len(batches)),
    lambda batches: sizes(batches) / sum(sizes(batches)),
    lambda batches: np.ones(len(batches)),
):
    mistake.named("per-batch", of_batch_means(weigh)).says(
        "You square the gradient of each batch's mean output; φ̄ is the mean over all N examples, squared once."
    )
mistake.named(
    "mean-of-batch-means", of_examples(lambda g, batches: (means(g, batches).mean(axis=0) ** 2).mean(axis=0))
).says(
    "You average the batches' means, so the examples of a smaller last batch weigh more; add up over all examples and divide by N once."
)
mistake.named("last-batch", of_examples(lambda g, batches: (means(g, batches)[-1] ** 2).mean(axis=0))).says(
    "Only the last batch is in your φ̄: add the outputs of all batches up."
)
mistake.named("first-batch", of_examples(lambda g, batches: (means(g, batches)[0] ** 2).mean(axis=0))).says(
    "Only the first batch is in your φ̄: is there a `return` or `break` inside the loop?"
)


def of_outputs(derivative: Callable[[Array, Array], Array], view: View) -> Arrays:
    """SCP of something else than the outputs [N, K]: from them and a unit vector e_k to the derivative of the k-th."""
    rows = [view.gradients(derivative(view.outputs, unit)) for unit in np.eye(view.outputs.shape[1])]
    slopes = {name: np.stack([row[name].mean(axis=0) for row in rows]) for name in rows[0]}
    return {name: (value**2).mean(axis=0) for name, value in slices(view, slopes).items()}


mistake.named("softmax-outputs", partial(of_outputs, softmax_pulled_back)).says(
    "You project probabilities after a softmax; φ is the network's own output, the logits."
)
mistake.named("log-softmax-outputs", partial(of_outputs, lambda f, unit: unit - softmax(f))).says(
    "You project log-probabilities; φ is the network's own output, the logits."
)
mistake.named("outputs-squared", partial(of_outputs, lambda f, unit: 2 * f * unit)).says(
    "You square the outputs, which is MAS's habit; SCP projects them as they are."
)


@mistake()
def uses_labels(view: View) -> Arrays:
    """You differentiate the cross-entropy; SCP needs no labels, only the mean output."""
    gradients = view.gradients(cross_entropy_cotangent(view.outputs, view.labels))
    return {name: value.mean(axis=0) ** 2 for name, value in gradients.items()}


mistake.add(*habits(rule))

EXERCISE = Exercise("scp", draw, CHECKS, tuple(mistake), seconds=20.0)
