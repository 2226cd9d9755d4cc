"""Judge ``scp``: sliced Cramér preservation, Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)² (Kolouri, Ketz, Soltoggio and Pilly 2020)."""

from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Exercise, Mistakes, Slip, Tree, compare

from . import directions
from .importance import BATCHED, View, described, draw_cases, habits, importance_checks, oracle_of, stage_check
from .network import Array, Spec, cross_entropy_cotangent, draw_problem, draw_spec, shapes
from .per_example import CANCELLING, LOG_SOFTMAX, SOFTMAX, SQUARED, PerExample, common, per_batch

rule = PerExample(
    np.square,
    lambda f, y, directions: np.repeat(np.float64(directions)[:, None], len(f), axis=1),
    reduce=lambda phi, g, batches: np.asarray(phi(g.mean(axis=0))),
)
"""Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)², with φ̄ the mean over all N examples; each direction makes a scalar of every example."""


def unit_rows(rows: Array) -> Array:
    """The rows scaled to length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def draw(rng: np.random.Generator) -> list[Case]:
    """Directions; the networks and data of every importance, with directions; directions of the method's own."""

    def units(spec: Spec, count: int) -> Array:
        return unit_rows(rng.standard_normal((count, spec["sizes"][-1]))).astype(np.float32)

    def some(spec: Spec) -> dict[str, Array]:
        return {"directions": units(spec, int(rng.integers(3, 6)))}

    cases = [Case(case.name, _in_dtype_of_the_model(case.inputs)) for case in draw_cases(rng, some)]
    given = dict(cases[0].inputs)
    given["directions"] = (given["directions"] * rng.uniform(0.4, 2.5, (len(given["directions"]), 1))).astype("float32")
    sphere = {"slices": directions.SLICES, "dimensions": directions.DIMENSIONS, "few": int(rng.integers(12, 17))}
    wide = draw_spec(rng, (2, 8, 4), "tanh")  # one direction is hardly ever even for so many slopes
    deep = draw_spec(rng, (3, 4, 3), "tanh")
    return [
        Case("directions", {"sphere": {**sphere, "seed": int(rng.integers(1, 1 << 30))}}),
        *cases,
        Case("any length", given),
        Case("own directions", {**draw_problem(rng, wide, (4,)), "settings": {}, "given": units(wide, 5)}),
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


def not_own(inputs: Tree, outputs: Tree) -> str | Difference | Slip | Excused | None:
    """New directions of its own, or of the probe's in place of those of ``sphere``."""
    found = directions.not_own(inputs, outputs)
    right = {"of given": rule(View({**inputs, "directions": inputs["given"]}))}
    if found:
        return Excused(EXCUSED) if compare(right, outputs, 1e-3) is None else found
    return Slip("directions-kept", KEPT) if outputs["kept"] is not False else None


def not_given(inputs: Tree, outputs: Tree) -> Slip | None:
    """Directions of length 1 in place of the given ones: their squares add up to 1 in Ω of the last bias."""
    last = max(name for name in shapes(inputs["spec"]) if name.endswith("bias"))
    got, right = (float(np.sum(omega[last])) for omega in (outputs["omega"], rule(View(inputs))))
    return Slip("directions-ignored", IGNORED) if abs(got - 1) < 1e-3 < abs(right - 1) / 10 else None


KEPT = "You draw directions once and keep them: without given ones, every call of importance draws new ones."
IGNORED = "Your Ω is of directions of length 1, which the given ones are not: where `directions` are given, use them as they are."
SLICED = "The squares of the slices' gradients are averaged, up to a factor"
SLICES = (
    stage_check("slices", SLICED, share=0.1, cases=("ones",), right=rule),
    stage_check("in-batches", f"{SLICED}, in batches, too", share=0.1, cases=BATCHED, right=rule),
)
drawn = partial(Check, cases=("directions",), likeness=0.05)
of_many = partial(drawn, fixed=True)

DECIDES = "The generator decides the directions"
GIVEN = "Given directions are used as they are"
OWN = "Without given directions, self.slices of them are drawn from the sphere"
CHECKS = (
    drawn("sphere-form", "`sphere` returns unit rows, [slices, dimensions]", share=0.1, complaint=directions.malformed),
    of_many("sphere-uniform", "Every direction is equally likely", share=0.1, complaint=directions.not_uniform),
    of_many("generator", DECIDES, share=0.05, complaint=directions.ignores_generator, needs=("sphere-form",)),
    *importance_checks(rule, *SLICES, value=0.05, any_batch=0.1, any_network=0.05),
    Check("given-directions", GIVEN, share=0.1, cases=("any length",), expected=oracle_of(rule), complaint=not_given),
    Check("own-directions", OWN, share=0.05, cases=("own directions", "one slice"), complaint=not_own, fixed=True),
)

mistake = Mistakes(beside=__file__)
mistake.add(*directions.mistake)
wrong = mistake.stages(rule.reported)
wrong("directions-normalised", directions=unit_rows)
for elementwise in (np.abs, np.square):
    wrong("mean-of-scalars", directions=lambda rows: rows.mean(axis=0, keepdims=True), elementwise=elementwise)
for power in (0, 0.5):
    wrong("sum-of-scalars", directions=lambda rows, power=power: rows.sum(axis=0, keepdims=True) / len(rows) ** power)
wrong("sum-over-slices", average=lambda parts: parts.sum(axis=0))
wrong("absolute", elementwise=np.abs)
wrong("signed", elementwise=lambda g: g)
wrong("negated", elementwise=lambda g: -(g**2))
wrong("root", finish=lambda value, omega: np.sqrt(value))
wrong("never-zeroed", directions=lambda rows: np.cumsum(rows, axis=0))
for power in (0, 0.5):
    wrong("last-slice", directions=lambda rows, power=power: rows[-1:] / len(rows) ** power)
wrong("first-slice", directions=lambda rows: rows[:1])
wrong("cross-terms-lost", directions=lambda rows: (rows[:, None] * np.eye(K := rows.shape[1])).reshape(-1, K) * K**0.5)
wrong("divided-by-slices", average=lambda parts: parts.sum(axis=0) / 100)
wrong("all-directions", directions=lambda rows: np.eye(rows.shape[1]))

wrong("per-example", reduce=lambda phi, g, batches: phi(g).mean(axis=0))
wrong("outputs-summed", reduce=lambda phi, g, batches: phi(g.sum(axis=0)))
wrong("mean-divided-late", reduce=lambda phi, g, batches: phi(g.sum(axis=0)) / len(g))
wrong.ways("per-batch", "reduce", *CANCELLING[0])
wrong("mean-of-batch-means", reduce=lambda phi, g, batches: phi(per_batch(g, batches).mean(axis=0)))
wrong("last-batch", reduce=lambda phi, g, batches: phi(per_batch(g, batches)[-1]))
wrong("first-batch", reduce=lambda phi, g, batches: phi(per_batch(g, batches)[0]))
wrong("softmax-outputs", link=SOFTMAX)
wrong("log-softmax-outputs", link=LOG_SOFTMAX)
wrong("outputs-squared", link=SQUARED)
wrong("uses-labels", cotangent=lambda f, y, _: cross_entropy_cotangent(f, y))
common(mistake, rule, lambda phi, g, count: phi(g.sum(axis=0) / count))
mistake.add(*habits(rule))

EXERCISE = Exercise(
    "scp",
    draw,
    CHECKS,
    **mistake.known,
    seconds=20.0,
    slips=("directions-kept", "drawn-alike", "starts-anew"),
    described=described,
)
