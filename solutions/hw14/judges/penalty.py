"""Judge ``penalty``: P(θ) = Σ Ω (θ − θ*)², Ω added up over the tasks, θ* the latest anchor."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, must_hold
from autograder.judging.example import shown

from .network import Arrays, draw_parameters, draw_problem, draw_spec, shapes


def draw(rng: np.random.Generator) -> list[Case]:
    """Networks at θ, after none, one or two tasks whose importances are given; λ is not 1, so that it shows."""

    def importance(spec: dict[str, Any], first: int) -> Arrays:
        """Importances in [0, 2), about a fifth of them 0; the ``first`` parameters come last."""
        names = [*shapes(spec).items()]
        return {
            name: (rng.uniform(0.1, 2.0, shape) * (rng.random(shape) > 0.2)).astype(np.float32)
            for name, shape in names[first:] + names[:first]
        }

    def case(name: str, ask: str, tasks: int, width: int = 0, **more: Any) -> Case:
        """With a ``width`` both layers have that many inputs and outputs, and the importances of the last come first."""
        spec = draw_spec(rng, (width,) * 3 if width else None)
        finished = [
            {"parameters": draw_parameters(rng, spec), "importance": importance(spec, 2 if width else 0)}
            for _ in range(tasks)
        ]
        problem = draw_problem(rng, spec, (2, 2))
        asked = {"tasks": finished, "strength": float(rng.uniform(3.0, 9.0)), "ask": ask}
        return Case(name, problem | asked | {"another_model": False} | more)

    return [
        case("value", "penalty", 1, another_model=True),
        case("another value", "penalty", 1, another_model=True),
        case("gradient", "gradient", 1, another_model=True),
        case("before", "gradient", 0),
        case("two tasks", "state", 2),
        case("three tasks", "state", 3),
        case("two guarded", "gradient", 2, width=int(rng.integers(3, 6))),
        case("manners", "manners", 1),
    ]


def parameters(task: Tree, key: str = "parameters") -> Arrays:
    """The parameters that a task, or the case itself, gives, in float64; or its importance."""
    return {name: np.asarray(value, dtype=np.float64) for name, value in task[key].items()}


def weighted(
    inputs: Tree, share: Callable[[int, int], float] = lambda t, count: 1.0, key: str = "importance", power: int = 1
) -> Arrays:
    """Σ_t share(t, T) I_t over the T finished tasks, or with a power of I_t; by default their sum, Ω."""
    given = [parameters(task, key) for task in inputs["tasks"]]
    shares = [share(t, len(given)) for t in range(len(given))]
    return {name: np.tensordot(shares, [each[name] ** power for each in given], 1) for name in given[0]}


def mixed(old: float, new: float, key: str = "importance") -> Callable[[Tree], Arrays]:
    """After the first task old · what there was + new · the task's own, again and again."""
    return partial(weighted, share=lambda t, count: old ** (count - 1 - t) * (new if t else 1.0), key=key)


def asked_for(inputs: Tree, calls: Callable[[int, int], int]) -> Arrays:
    """Ω where the importance of task t and parameter p is what call ``calls(t, p)`` gives; after all tasks the last's."""
    given = [parameters(task, "importance") for task in inputs["tasks"]]
    return {
        name: sum(given[min(calls(t, p), len(given) - 1)][name] for t in range(len(given)))
        for p, name in enumerate(parameters(inputs["tasks"][0]))
    }


anchor = mixed(0.0, 1.0, key="parameters")
"""θ*, the parameters at the end of the last finished task."""

STEP = 1e-6
"""Half the distance of the two values from which a slope is taken."""


def slope(function: Callable[[Any], Any], at: Any) -> Any:
    """The derivative of a function of each number by itself, which need not exist at 0."""
    return (function(at + STEP) - function(at - STEP)) / (2 * STEP)


def penalty(
    inputs: Tree,
    *,
    omega: Callable[[Tree], Arrays] = weighted,
    anchor: Callable[[Tree], Arrays] = anchor,
    springs: Callable[[Tree], list[Tree]] = lambda inputs: [inputs],
    term: Callable[[Any, Any], Any] = lambda w, d: w * d**2,
    tensor: Callable[[Any], Any] = lambda value: value,
    total: Callable[[Any], Any] = lambda value: value,
    scale: Callable[[Tree], float] = lambda inputs: 1.0,
    strength: Callable[[Tree], float] = lambda inputs: 1.0,
    keep: Callable[[list[str]], list[str]] = lambda names: names,
    through: float = 1.0,
) -> Tree:
    """P and its gradient, or what comes of them where a mistake replaces something.

    Args:
        inputs: the case.
        omega, anchor: Ω and θ*.
        springs: for each spring on the parameters, the tasks of whose Ω and θ* it is.
        term: of Ω and θ − θ* of one parameter, the terms of P.
        tensor, total: what is made of their sum within a parameter, and of the sum of those.
        scale, strength: by which that is multiplied.
        keep: those of the parameters' names that count.
        through: how much of the gradient reaches the parameters.
    """
    theta = parameters(inputs)
    gradient: Arrays = {name: np.zeros_like(value) for name, value in theta.items()}
    if not inputs["tasks"]:
        return {"value": 0.0, "gradient": gradient}
    value, factor = 0.0, scale(inputs) * strength(inputs)
    for tasks in springs(inputs):
        weights, centre = omega(tasks), anchor(tasks)
        for name in keep(list(theta)):
            distance, of_distance = theta[name] - centre[name], partial(term, weights[name])
            summed = float(of_distance(distance).sum())
            value += float(tensor(summed))
            gradient[name] = gradient[name] + slope(tensor, summed) * slope(of_distance, distance)
    outer = factor * through * slope(total, value)
    return {"value": factor * float(total(value)), "gradient": {name: outer * each for name, each in gradient.items()}}


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
BY_ITSELF = ("value", "another value")

FORMULA = "P(θ) = Σ Ω (θ − θ*)², without λ and ½"
BEFORE = "0 with gradient 0 before the first task has ended"
PLAIN = "before the first task has ended penalty returns a plain number, no tensor: P is a scalar tensor then, too."
ORDERLY = "A scalar tensor, a detached anchor, and the model as it was"
CHECKS = (
    right("value", FORMULA, share=0.2, cases=BY_ITSELF, outputs=("value",)),
    right("gradient", "Its gradient reaches the model", share=0.15),
    right("before", BEFORE, share=0.05, needs=("value",), complaint=must_hold({"scalar": PLAIN}), fixed=True),
    after_tasks("adds-up", "Ω adds up over the tasks", share=0.15, outputs=("omega",)),
    after_tasks("anchor", "θ* is a copy of the latest parameters", share=0.2, outputs=("anchor",)),
    right("two-guarded", "After two tasks P uses the total Ω and the latest θ*", share=0.2, cases=("two guarded",)),
    Check("manners", ORDERLY, share=0.05, complaint=ill_mannered, needs=("value", "adds-up")),
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

SCALES: dict[str, Any] = {
    "halved": lambda inputs: 0.5,
    "always-zero": lambda inputs: 0.0,
    "mean-over-everything": lambda inputs: 1 / sum(each.size for each in inputs["parameters"].values()),
}
of_formula.each("scale", SCALES)
of_formula("strength-included", strength=lambda inputs: inputs["strength"])
of_formula("paired-by-order", omega=lambda inputs: dict(zip(anchor(inputs), weighted(inputs).values(), strict=True)))
of_formula("negated", total=np.negative)
for stage in ("tensor", "total"):
    of_formula("root", **{stage: np.sqrt})
    of_formula("square-of-the-sum", **{"term": lambda w, d: w * d, stage: np.square})
TERMS: dict[str, Any] = {
    "mean-per-tensor": lambda w, d: w * d**2 / d.size,
    "not-squared": lambda w, d: w * np.abs(d),
    "neither-squared-nor-absolute": lambda w, d: w * d,
    "importance-squared": lambda w, d: (w * d) ** 2,
    "importance-ignored": lambda w, d: d**2,
    "distance-cubed": lambda w, d: w * d**3,
}
of_formula.each("term", TERMS)
KEPT: dict[str, Any] = {
    "last-tensor-only": lambda names: names[-1:],
    "first-tensor-only": lambda names: names[:1],
    "weights-only": lambda names: [name for name in names if name.endswith("weight")],
    "last-layer-left-out": lambda names: names[:-2],
}
of_formula.each("keep", KEPT)
of_formula("spring-per-task", springs=lambda inputs: [{"tasks": [task]} for task in inputs["tasks"]])
OMEGAS: dict[str, Any] = {
    "importance-overwritten": mixed(0.0, 1.0),
    "importance-of-first-task": mixed(1.0, 0.0),
    "importance-running-average": mixed(0.5, 0.5),
    "old-importance-doubled": mixed(2.0, 1.0),
    "importance-averaged": partial(weighted, share=lambda t, count: 1 / count),
    "sums-summed-again": partial(weighted, share=lambda t, count: 2.0 ** max(count - 2 - t, 0)),
    "importance-squared": partial(weighted, power=2),
    "first-importance-twice": partial(weighted, share=lambda t, count: 1.0 if t else 2.0),
    "importance-per-parameter": partial(asked_for, calls=lambda t, p: p if t == 0 else 99),
}
of_omega.each("omega", OMEGAS)
for old, new in ((1.0, 0.5), (0.5, 1.0), (0.9, 0.1), (0.1, 0.9), (0.9, 1.0), (1.0, 2.0), (1.0, -1.0)):
    of_omega("importance-weighed", omega=mixed(old, new))
for share in (0.5, 2.0, -1.0):
    of_omega("importance-scaled", omega=partial(weighted, share=lambda t, count, share=share: share))
for first in (0, 1):
    of_omega("importance-asked-twice", omega=partial(asked_for, calls=lambda t, p, first=first: 2 * t + first))
ANCHORS: dict[str, Any] = {
    "anchor-aliased": lambda inputs: (anchor if inputs["another_model"] else parameters)(inputs),
    "anchor-never-updated": mixed(1.0, 0.0, key="parameters"),
    "anchor-zero": partial(weighted, share=lambda t, count: 0.0, key="parameters"),
    "anchor-averaged": partial(weighted, share=lambda t, count: 1 / count, key="parameters"),
    "anchor-summed": partial(weighted, key="parameters"),
    "anchor-added": lambda inputs: {name: -value for name, value in anchor(inputs).items()},
}
of_anchor.each("anchor", ANCHORS)
of_anchor("anchor-averaged", anchor=mixed(0.5, 0.5, key="parameters"))
mistake.group("gradient", "two-guarded").stages(reported)("detached", through=0.0)
mistake.listed("anchor-in-graph", lambda inputs: {} if inputs["another_model"] else reported(inputs, through=0.0))
mistake.given()


def described(inputs: Tree) -> str:
    """One layer's parameters, and those of the finished tasks with their importance; of other networks the number of tasks."""
    tasks = inputs["tasks"]
    if len(inputs["parameters"]) > 2:
        return f"with {len(inputs['parameters'])} parameters after {len(tasks)} tasks"
    said = [f"θ: {_layer(inputs['parameters'])}"]
    for number, task in enumerate(tasks, 1):
        said.append(f"task {number} ends at {_layer(task['parameters'])} with importance {_layer(task['importance'])}")
    return f"with one `Linear`, {'; '.join(said if tasks else [*said, '0 tasks'])}"


def _layer(parameters: Arrays) -> str:
    return ", ".join(f"{name} = {shown(value)}" for name, value in zip("Wb", parameters.values(), strict=False))


EXERCISE = Exercise("penalty", draw, CHECKS, **mistake.known, described=described)
