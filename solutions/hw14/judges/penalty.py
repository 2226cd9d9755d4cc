"""Judge ``penalty``: P(θ) = Σ Ω (θ − θ*)², Ω added up over the tasks, θ* the latest anchor."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Changed, Check, Exercise, Mistakes, Tree, must_hold

from .network import Arrays, draw_parameters, draw_problem, draw_spec, shapes


def draw(rng: np.random.Generator) -> list[Case]:
    """Networks at θ, after none, one or two tasks whose importances are given; λ is not 1, so that it shows."""

    def importance(spec: dict[str, Any]) -> Arrays:
        """Importances in [0, 2), about a fifth of them 0."""
        return {
            name: (rng.uniform(0.1, 2.0, shape) * (rng.random(shape) > 0.2)).astype(np.float32)
            for name, shape in shapes(spec).items()
        }

    def case(name: str, ask: str, tasks: int, **more: Any) -> Case:
        spec = draw_spec(rng, activation="tanh")
        finished = [{"parameters": draw_parameters(rng, spec), "importance": importance(spec)} for _ in range(tasks)]
        problem = draw_problem(rng, spec, (2, 2))
        asked = {"tasks": finished, "strength": float(rng.uniform(3.0, 9.0)), "ask": ask}
        return Case(name, problem | asked | {"training": True, "gradients": False, "another_model": False} | more)

    return [
        case("value", "penalty", 1, another_model=True),
        case("another value", "penalty", 1, another_model=True),
        case("gradient", "gradient", 1, another_model=True),
        case("before", "gradient", 0),
        case("two tasks", "state", 2),
        case("three tasks", "state", 3),
        case("two guarded", "gradient", 2),
        case("manners in training", "manners", 1, gradients=True),
        case("manners in evaluation", "manners", 1, training=False),
    ]


def parameters(task: Tree, key: str = "parameters") -> Arrays:
    """The parameters that a task, or the case itself, gives, in float64; or its importance."""
    return {name: np.asarray(value, dtype=np.float64) for name, value in task[key].items()}


def weighted(inputs: Tree, share: Callable[[int, int], float] = lambda t, count: 1.0, power: int = 1) -> Arrays:
    """Σ_t share(t, T) I_t over the T finished tasks, or with a power of I_t; by default their sum, Ω."""
    given = [parameters(task, "importance") for task in inputs["tasks"]]
    shares = [share(t, len(given)) for t in range(len(given))]
    return {name: np.tensordot(shares, [each[name] ** power for each in given], 1) for name in given[0]}


def anchor(inputs: Tree) -> Arrays:
    """θ*, the parameters at the end of the last finished task."""
    return parameters(inputs["tasks"][-1])


def penalty(
    inputs: Tree,
    *,
    omega: Callable[[Tree], Arrays] = weighted,
    anchor: Callable[[Tree], Arrays] = anchor,
    term: Callable[[Any, Any], Any] = lambda w, d: w * d**2,
    slope: Callable[[Any, Any], Any] = lambda w, d: 2 * w * d,
    scale: Callable[[Tree], float] = lambda inputs: 1.0,
    keep: Callable[[list[str]], list[str]] = lambda names: names,
) -> Tree:
    """P and its gradient, or what comes of them where a mistake replaces something.

    Args:
        omega, anchor: Ω and θ*.
        term, slope: of Ω and θ − θ* of one parameter, the terms of P and their derivatives.
        scale: by which P is multiplied.
        keep: those of the parameters' names that count.
    """
    theta = parameters(inputs)
    gradient = {name: np.zeros_like(value) for name, value in theta.items()}
    if not inputs["tasks"]:
        return {"value": 0.0, "gradient": gradient}
    weights, centre, factor = omega(inputs), anchor(inputs), scale(inputs)
    value = 0.0
    for name in keep(list(theta)):
        distance = theta[name] - centre[name]
        value += factor * float(term(weights[name], distance).sum())
        gradient[name] = factor * slope(weights[name], distance)
    return {"value": value, "gradient": gradient}


ill_mannered = must_hold(
    {
        "scalar": "penalty should return a tensor with one number (shape []).",
        "handed": "consolidate should call self.importance with the model and the batches that it was given.",
        "differentiable": "consolidate should call self.importance where gradients can be taken, not under no_grad.",
        "anchor_detached": "the anchor requires grad: keep detached copies.",
        "keeps_mode": "the model's train or eval mode has changed.",
        "keeps_gradients": "the parameters' .grad has changed.",
        "keeps_parameters": "the model's parameters have changed.",
        "keeps_buffers": "the model's buffers have changed.",
    }
)
"""penalty gives a scalar tensor, the anchor is detached, and the model is as before."""

right = partial(Check, expected=penalty)
kept = partial(Check, expected=lambda inputs: {"omega": weighted(inputs), "anchor": anchor(inputs)})
after_tasks = partial(kept, cases=("two tasks", "three tasks"))
BY_ITSELF, MANNERS = ("value", "another value"), ("manners in training", "manners in evaluation")

FORMULA = "P(θ) = Σ Ω (θ − θ*)², without λ and ½"
ORDERLY = "A scalar tensor, a detached anchor, and the model as it was"
CHECKS = (
    right("value", FORMULA, share=0.2, cases=BY_ITSELF, outputs=("value",)),
    right("gradient", "Its gradient reaches the model", share=0.15),
    right("before", "0 with gradient 0 before the first task has ended", share=0.05, needs=("value",)),
    after_tasks("adds-up", "Ω adds up over the tasks", share=0.15, outputs=("omega",)),
    after_tasks("anchor", "θ* is a copy of the latest parameters", share=0.2, outputs=("anchor",)),
    right("two-guarded", "After two tasks P uses the total Ω and the latest θ*", share=0.2, cases=("two guarded",)),
    Check("manners", ORDERLY, share=0.05, cases=MANNERS, complaint=ill_mannered, needs=("value", "adds-up")),
)


def reported(inputs: Tree, **changes: Any) -> Tree:
    """What the probe reports where a mistake replaces something of P."""
    if not inputs["tasks"] or inputs["ask"] == "manners":
        return {}
    if inputs["ask"] == "state":
        return {key: changes[key](inputs) for key in ("omega", "anchor") if key in changes}
    wrong = penalty(inputs, **changes)
    return wrong if inputs["ask"] == "gradient" else {"value": wrong["value"]}


mistake = Mistakes(beside=__file__)
FROM_P = ("value", "gradient", "two-guarded")
of_formula, of_omega, of_anchor = (
    mistake.group(*FROM_P, *more).stages(reported) for more in ((), ("adds-up",), ("anchor",))
)

of_formula("halved", scale=lambda inputs: 0.5)
of_formula("strength-included", scale=lambda inputs: inputs["strength"])
of_formula("always-zero", scale=lambda inputs: 0.0)
of_formula("negated", scale=lambda inputs: -1.0)
of_formula("mean-over-everything", scale=lambda inputs: 1 / sum(each.size for each in inputs["parameters"].values()))
of_formula("mean-per-tensor", term=lambda w, d: w * d**2 / d.size, slope=lambda w, d: 2 * w * d / d.size)
of_formula("not-squared", term=lambda w, d: w * np.abs(d), slope=lambda w, d: w * np.sign(d))
of_formula("neither-squared-nor-absolute", term=lambda w, d: w * d, slope=lambda w, d: w)
of_formula("importance-squared", term=lambda w, d: (w * d) ** 2, slope=lambda w, d: 2 * w**2 * d)
of_formula("importance-ignored", term=lambda w, d: d**2, slope=lambda w, d: 2 * d)
of_formula("last-tensor-only", keep=lambda names: names[-1:])
of_formula("first-tensor-only", keep=lambda names: names[:1])
of_formula("weights-only", keep=lambda names: [name for name in names if name.endswith("weight")])
of_omega("importance-overwritten", omega=partial(weighted, share=lambda t, count: float(t == count - 1)))
of_omega("importance-of-first-task", omega=partial(weighted, share=lambda t, count: float(t == 0)))
of_omega("importance-averaged", omega=partial(weighted, share=lambda t, count: 1 / count))
of_omega(
    "importance-running-average",
    omega=partial(weighted, share=lambda t, count: 0.5 ** (count - 1 if t == 0 else count - t)),
)
of_omega("sums-summed-again", omega=partial(weighted, share=lambda t, count: 2.0 ** max(count - 2 - t, 0)))
doubled = Changed(reported, {"omega": partial(weighted, share=lambda t, count: 2.0 ** (count - 1 - t))})
mistake.named("sums-summed-again", doubled, *FROM_P, "adds-up").says(
    "You double the old Ω before you add the new importance; add only the new one."
)
of_omega("importance-squared", omega=partial(weighted, power=2))
of_anchor("anchor-aliased", anchor=lambda inputs: (anchor if inputs["another_model"] else parameters)(inputs))
of_anchor("anchor-never-updated", anchor=lambda inputs: parameters(inputs["tasks"][0]))


def mean_anchor(inputs: Tree) -> Arrays:
    """The mean of the parameters at the end of each task."""
    ends = [parameters(task) for task in inputs["tasks"]]
    return {name: np.mean([each[name] for each in ends], axis=0) for name in ends[0]}


of_anchor("anchor-averaged", anchor=mean_anchor)
of_anchor("anchor-zero", anchor=lambda inputs: {name: 0 * value for name, value in anchor(inputs).items()})
mistake.listed("anchor-in-graph", lambda inputs: {} if inputs["another_model"] else detached(inputs))


@mistake("gradient", "two-guarded")
def detached(inputs: Tree) -> Tree:
    """No gradient flows from your penalty to the model: use the parameters themselves, not `.data` or `.detach()`."""
    return reported(inputs, slope=lambda w, d: 0 * d)


mistake.given()

EXERCISE = Exercise(id="penalty", draw=draw, checks=CHECKS, mistakes=tuple(mistake))
