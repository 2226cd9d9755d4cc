"""Judge ``scp``: sliced Cramér preservation, Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)² (Kolouri, Ketz, Soltoggio and Pilly 2020)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Difference, Exercise, Tree
from . import directions
from .directions import jacobian
from .importance import Rule, View, draw_cases, habits, importance_checks, mistake
from .network import (
    Arrays,
    Spec,
    cross_entropy_cotangent,
    draw_problem,
    draw_spec,
    softmax,
)

Array = NDArray[Any]


def slices(view: View, slopes: Arrays) -> Arrays:
    """Each direction's component of what depends on the outputs: [K, …] → [L, …] by name."""
    return {
        name: np.tensordot(np.asarray(view.directions, dtype=np.float64), value, 1) for name, value in slopes.items()
    }


def mean_slices(view: View) -> Arrays:
    """∂(ξ_l·φ̄)/∂θ, [L, *shape] by name, with φ̄ the mean over all N examples."""
    return slices(view, {name: value.mean(axis=1) for name, value in jacobian(view).items()})


def rule(view: View) -> Arrays:
    """Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)²."""
    return {name: (value**2).mean(axis=0) for name, value in mean_slices(view).items()}


def _of_slices(reduce: Callable[[Array], Array]) -> Rule:
    """Another way of putting the L slices' gradients together."""
    return lambda view: {name: reduce(value) for name, value in mean_slices(view).items()}


def _of_examples(reduce: Callable[[Array, list[slice]], Array]) -> Rule:
    """Another way of putting the slices' gradients of each example together, [L, N, *shape]."""
    return lambda view: {name: reduce(value, view.batches) for name, value in slices(view, jacobian(view)).items()}


def _of_batch_means(weigh: Callable[[list[slice], int], list[float]]) -> Rule:
    """Squared gradients of every batch's own mean output, weighed and added."""

    def reduce(value: Array, batches: list[slice]) -> Array:
        weights = weigh(batches, value.shape[1])
        squares = [(value[:, b].mean(axis=1) ** 2).mean(axis=0) for b in batches]
        return np.asarray(np.tensordot(weights, squares, 1))

    return _of_examples(reduce)


def _of_outputs(derivative: Callable[[Array, int], Array]) -> Rule:
    """SCP of something else than the outputs: ``derivative(outputs, k)`` is that of the k-th thing, [N, K]."""

    def transformed(view: View) -> Arrays:
        rows = [view.gradients(derivative(view.outputs, k)) for k in range(view.outputs.shape[1])]
        slopes = {name: np.stack([row[name] for row in rows]).mean(axis=1) for name in rows[0]}
        return {name: (value**2).mean(axis=0) for name, value in slices(view, slopes).items()}

    return transformed


def _probability(outputs: Array, k: int) -> Array:
    p = softmax(outputs)
    return np.asarray(p[:, k : k + 1] * (np.eye(p.shape[1])[k] - p))


def _log_probability(outputs: Array, k: int) -> Array:
    return np.asarray(np.eye(outputs.shape[1])[k] - softmax(outputs))


def _square(outputs: Array, k: int) -> Array:
    return np.asarray(2 * outputs * np.eye(outputs.shape[1])[k])


def _labelled(view: View) -> Arrays:
    """The squared gradient of the mean cross-entropy."""
    gradients = view.gradients(cross_entropy_cotangent(view.outputs, view.labels))
    return {name: value.mean(axis=0) ** 2 for name, value in gradients.items()}


def _every_direction(view: View) -> Arrays:
    """The expectation over all directions instead of the mean over the given ones."""
    return {name: (value.mean(axis=1) ** 2).mean(axis=0) for name, value in jacobian(view).items()}


def _normalised(view: View) -> Arrays:
    """The given directions scaled to unit length."""
    rows = np.asarray(view.directions, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    return {name: np.tensordot(1 / lengths**2, value**2, 1) / len(lengths) for name, value in mean_slices(view).items()}


def draw(rng: np.random.Generator) -> list[Case]:
    """Directions; the networks and data of every importance, with directions; directions of the method's own."""

    def unit(spec: Spec) -> dict[str, Array]:
        rows = rng.standard_normal((int(rng.integers(3, 6)), spec["sizes"][-1]))
        return {"directions": rows / np.linalg.norm(rows, axis=1, keepdims=True)}

    cases = []
    for case in draw_cases(rng, unit):
        cases.append(Case(case.name, _in_dtype_of_the_model(case.inputs)))
    given = dict(cases[0].inputs)
    given["directions"] = (given["directions"] * rng.uniform(0.4, 2.5, (len(given["directions"]), 1))).astype("float32")
    sphere = {"slices": directions.SLICES, "dimensions": directions.DIMENSIONS, "few": int(rng.integers(3, 9))}
    linear = draw_spec(rng, (3, int(rng.integers(3, 5))), "identity")
    deep = draw_spec(rng, (3, 4, 3), "tanh")
    return [
        Case("directions", {"sphere": {**sphere, "seed": int(rng.integers(1, 1 << 30))}}),
        *cases,
        Case("any length", given),
        Case("own directions", {**draw_problem(rng, linear, 4, (3, 1)), "settings": {}}),
        Case("one slice", {**draw_problem(rng, deep, 4, (3, 1)), "settings": {"slices": 1}}),
    ]


def _in_dtype_of_the_model(inputs: Tree) -> dict[str, Any]:
    """Directions in the dtype of the parameters; two tasks share the first one's."""
    if "tasks" in inputs:
        tasks = [_in_dtype_of_the_model(task) for task in inputs["tasks"]]
        return {"tasks": [{**task, "directions": tasks[0]["directions"]} for task in tasks]}
    dtype = next(iter(inputs["parameters"].values())).dtype
    return {**inputs, "directions": inputs["directions"].astype(dtype)}


def _given(inputs: Tree) -> Tree:
    return {"omega": rule(View(inputs))}


def _own(inputs: Tree, outputs: Tree) -> str | Difference | None:
    judged = directions.not_one_slice if inputs["settings"] else directions.not_of_the_sphere
    return judged(inputs, outputs)


SHARES = {
    "value": 0.15,
    "any-batch": 0.2,
    "any-network": 0.05,
    "eval-mode": 0.05,
    "form": 0.05,
    "side-effects": 0.05,
    "two-tasks": 0.05,
}

CHECKS = (
    Check(
        "sphere-form",
        "`sphere` returns unit rows, [slices, dimensions]",
        share=0.1,
        cases=("directions",),
        complaint=directions.malformed,
        likeness=0.03,
    ),
    Check(
        "sphere-uniform",
        "Every direction is equally likely",
        share=0.1,
        cases=("directions",),
        complaint=directions.not_uniform,
        fixed=True,
        likeness=0.03,
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
    *(replace(check, share=SHARES[check.name]) for check in importance_checks(rule)),
    Check(
        "given-directions", "Given directions are used as they are", share=0.05, cases=("any length",), expected=_given
    ),
    Check(
        "own-directions",
        "Without given directions, self.slices of them are drawn from the sphere",
        share=0.1,
        cases=("own directions", "one slice"),
        complaint=_own,
        fixed=True,
    ),
)

PER_BATCH = "You square the gradient of each batch's mean output; φ̄ is the mean over all N examples, squared once."
PUBLIC = (
    "You average the slices' scalars before one backward; differentiate each slice by itself, square, then average."
)

MISTAKES = (
    *directions.MISTAKES,
    mistake(
        "directions-normalised",
        "You scale the given directions to length 1: given directions are used as they are.",
        _normalised,
        ("given-directions",),
    ),
    mistake("mean-of-scalars", PUBLIC, _of_slices(lambda g: np.abs(g.mean(axis=0)))),
    mistake("mean-of-scalars", PUBLIC, _of_slices(lambda g: g.mean(axis=0) ** 2)),
    mistake("sum-of-scalars", PUBLIC, _of_slices(lambda g: g.sum(axis=0) ** 2)),
    mistake("sum-of-scalars", PUBLIC, _of_slices(lambda g: g.sum(axis=0) ** 2 / len(g))),
    mistake(
        "sum-over-slices",
        "You add the slices up; Ω is their mean: divide by the number of directions L.",
        _of_slices(lambda g: (g**2).sum(axis=0)),
    ),
    mistake(
        "absolute",
        "You take the modulus of each slice's gradient, which is MAS's habit; SCP squares it.",
        _of_slices(lambda g: np.abs(g).mean(axis=0)),
    ),
    mistake(
        "signed",
        "You average the slices' gradients with their signs, so they cancel: square each first.",
        _of_slices(lambda g: g.mean(axis=0)),
    ),
    mistake(
        "negated", "Your Ω is negative: the squares count with a plus sign.", _of_slices(lambda g: -(g**2).mean(axis=0))
    ),
    mistake(
        "root",
        "You take the root of the mean square: Ω is the mean of the squares itself.",
        _of_slices(lambda g: np.sqrt((g**2).mean(axis=0))),
    ),
    mistake(
        "never-zeroed",
        "Your gradients pile up from one slice to the next: zero them before each backward, or use `torch.autograd.grad`.",
        _of_slices(lambda g: (np.cumsum(g, axis=0) ** 2).mean(axis=0)),
    ),
    mistake(
        "last-slice",
        "Only the last direction is left in your Ω: add to it (`+=`) instead of overwriting it.",
        _of_slices(lambda g: g[-1] ** 2),
    ),
    mistake(
        "last-slice",
        "Only the last direction is left in your Ω: add to it (`+=`) instead of overwriting it.",
        _of_slices(lambda g: g[-1] ** 2 / len(g)),
    ),
    mistake(
        "first-slice",
        "Only the first direction is in your Ω: is there a `return` or `break` inside the loop?",
        _of_slices(lambda g: g[0] ** 2),
    ),
    mistake(
        "all-directions",
        "You average over the outputs instead of the directions: project φ̄ on each direction ξ_l.",
        _every_direction,
    ),
    mistake(
        "per-example",
        "You square each example's own gradient, which is EWC's habit; SCP takes the mean output φ̄ of all first.",
        _of_examples(lambda g, batches: (g**2).mean(axis=(0, 1))),
    ),
    mistake(
        "outputs-summed",
        "You add the outputs up; φ̄ is their mean: divide by the number of examples N.",
        _of_examples(lambda g, batches: (g.sum(axis=1) ** 2).mean(axis=0)),
    ),
    mistake(
        "mean-divided-late",
        "You square the summed output's gradient and divide by N once: divide by N before squaring.",
        _of_examples(lambda g, batches: (g.sum(axis=1) ** 2).mean(axis=0) / g.shape[1]),
    ),
    mistake("per-batch", PER_BATCH, _of_batch_means(lambda batches, count: [1 / len(batches)] * len(batches))),
    mistake(
        "per-batch", PER_BATCH, _of_batch_means(lambda batches, count: [(b.stop - b.start) / count for b in batches])
    ),
    mistake("per-batch", PER_BATCH, _of_batch_means(lambda batches, count: [1.0] * len(batches))),
    mistake(
        "mean-of-batch-means",
        "You average the batches' means, so the examples of a smaller last batch weigh more; add up over all examples and divide by N once.",
        _of_examples(lambda g, batches: (np.mean([g[:, b].mean(axis=1) for b in batches], axis=0) ** 2).mean(axis=0)),
    ),
    mistake(
        "last-batch",
        "Only the last batch is in your φ̄: add the outputs of all batches up.",
        _of_examples(lambda g, batches: (g[:, batches[-1]].mean(axis=1) ** 2).mean(axis=0)),
    ),
    mistake(
        "first-batch",
        "Only the first batch is in your φ̄: is there a `return` or `break` inside the loop?",
        _of_examples(lambda g, batches: (g[:, batches[0]].mean(axis=1) ** 2).mean(axis=0)),
    ),
    mistake(
        "softmax-outputs",
        "You project probabilities after a softmax; φ is the network's own output, the logits.",
        _of_outputs(_probability),
    ),
    mistake(
        "log-softmax-outputs",
        "You project log-probabilities; φ is the network's own output, the logits.",
        _of_outputs(_log_probability),
    ),
    mistake(
        "outputs-squared",
        "You square the outputs, which is MAS's habit; SCP projects them as they are.",
        _of_outputs(_square),
    ),
    mistake(
        "uses-labels", "You differentiate the cross-entropy; SCP needs no labels, only the mean output.", _labelled
    ),
    *habits(rule),
)

EXERCISE = Exercise("scp", draw, CHECKS, MISTAKES, seconds=20.0)
