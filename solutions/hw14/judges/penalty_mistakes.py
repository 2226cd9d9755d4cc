"""The mistake bank of ``penalty``: wrong formulas of P, and wrong Ω or θ* after the tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Mistake, Tree
from .network import Array, Arrays, shapes
from .penalty_rule import anchor, omega, parameters, penalty

Distance = Callable[[Array, Array], Array]
"""Ω and θ − θ* of one parameter → terms of P."""


def _terms(
    name: str,
    message: str,
    term: Distance,
    slope: Distance,
    keep: Callable[[list[str]], list[str]] = lambda names: names,
) -> Mistake:
    """A wrong formula of P: its terms and their derivatives, over the parameters that it keeps."""

    def expected(inputs: Tree) -> Tree:
        if not inputs["tasks"] or inputs["ask"] not in ("penalty", "gradient"):
            return {}
        theta, weights, centre = parameters(inputs), omega(inputs), anchor(inputs)
        kept = keep(list(shapes(inputs["spec"])))
        return _asked(
            inputs,
            {
                "value": float(sum(term(weights[key], theta[key] - centre[key]).sum() for key in kept)),
                "gradient": {
                    key: slope(weights[key], theta[key] - centre[key]) if key in kept else np.zeros_like(theta[key])
                    for key in theta
                },
            },
        )

    return Mistake(name, message, expected, ("value", "gradient", "two-guarded"))


def _asked(inputs: Tree, outputs: Tree) -> Tree:
    """What the probe reports of these outputs: no gradient where it was not asked for."""
    return outputs if inputs["ask"] == "gradient" else {"value": outputs["value"]}


def _scaled(name: str, message: str, factor: Callable[[Tree], float]) -> Mistake:
    def expected(inputs: Tree) -> Tree:
        if not inputs["tasks"] or inputs["ask"] not in ("penalty", "gradient"):
            return {}
        right, k = penalty(inputs), factor(inputs)
        gradient = {key: k * g for key, g in right["gradient"].items()}
        return _asked(inputs, {"value": k * right["value"], "gradient": gradient})

    return Mistake(name, message, expected, ("value", "gradient", "two-guarded"))


def _keeping(
    name: str,
    message: str,
    weights: Callable[[Tree], Arrays] = omega,
    centre: Callable[[Tree], Arrays] = anchor,
) -> Mistake:
    """A wrong Ω or θ* after the tasks, and the P that follows from it."""

    def expected(inputs: Tree) -> Tree:
        if not inputs["tasks"]:
            return {}
        if inputs["ask"] == "state":
            result: dict[str, Any] = {}
            if weights is not omega:
                result["omega"] = weights(inputs)
            if centre is not anchor:
                result["anchor"] = centre(inputs)
            return result
        if inputs["ask"] in ("penalty", "gradient"):
            return _asked(inputs, penalty(inputs, weights(inputs), centre(inputs)))
        return {}

    touched = [check for check, wrong in (("adds-up", weights is not omega), ("anchor", centre is not anchor)) if wrong]
    return Mistake(name, message, expected, ("value", "gradient", "two-guarded", *touched))


def _weighted(inputs: Tree, share: Callable[[int, int], float]) -> Arrays:
    """Σ_t share(t, T) I_t."""
    count = len(inputs["tasks"])
    return {
        name: np.sum(
            [
                share(t, count) * np.asarray(task["importance"][name], dtype=np.float64)
                for t, task in enumerate(inputs["tasks"])
            ],
            axis=0,
        )
        for name in shapes(inputs["spec"])
    }


def _mean_anchor(inputs: Tree) -> Arrays:
    stacks = [parameters(task) for task in inputs["tasks"]]
    return {name: np.mean([stack[name] for stack in stacks], axis=0) for name in stacks[0]}


def _flat(inputs: Tree) -> Tree:
    """The right value, but a gradient of 0."""
    if inputs["ask"] != "gradient":
        return {}
    right = penalty(inputs)
    return {"value": right["value"], "gradient": {name: np.zeros_like(g) for name, g in right["gradient"].items()}}


MISTAKES = (
    _scaled("halved", "You halve the penalty; here P has no ½.", lambda inputs: 0.5),
    _scaled(
        "strength-included",
        "You multiply by `self.strength`; the engine does that, P comes without λ.",
        lambda inputs: inputs["strength"],
    ),
    _scaled("negated", "Your penalty is negative: moving away from the anchor must cost.", lambda inputs: -1.0),
    _scaled(
        "mean-over-everything",
        "You take the mean over all parameters; P is a sum.",
        lambda inputs: 1 / sum(int(np.prod(shape)) for shape in shapes(inputs["spec"]).values()),
    ),
    _terms(
        "mean-per-tensor",
        "You take the mean within each tensor; P is a sum over all parameters.",
        lambda w, d: w * d**2 / d.size,
        lambda w, d: 2 * w * d / d.size,
    ),
    _terms(
        "not-squared",
        "You take the modulus of θ − θ*; it is squared.",
        lambda w, d: w * np.abs(d),
        lambda w, d: w * np.sign(d),
    ),
    _terms(
        "neither-squared-nor-absolute",
        "You forget to square θ − θ*.",
        lambda w, d: w * d,
        lambda w, d: w,
    ),
    _terms(
        "importance-squared",
        "You square Ω; it is added as it comes, and only the distance θ − θ* is squared.",
        lambda w, d: (w * d) ** 2,
        lambda w, d: 2 * w**2 * d,
    ),
    _terms(
        "importance-ignored",
        "You leave Ω out: every parameter is held equally.",
        lambda w, d: d**2,
        lambda w, d: 2 * d,
    ),
    _terms(
        "last-tensor-only",
        "You overwrite the penalty inside the loop, so only the last parameter counts: add to it.",
        lambda w, d: w * d**2,
        lambda w, d: 2 * w * d,
        keep=lambda names: names[-1:],
    ),
    _terms(
        "first-tensor-only",
        "Only the first parameter counts: is the `return` inside the loop?",
        lambda w, d: w * d**2,
        lambda w, d: 2 * w * d,
        keep=lambda names: names[:1],
    ),
    _terms(
        "weights-only",
        "You guard the weights only; the biases are parameters too.",
        lambda w, d: w * d**2,
        lambda w, d: 2 * w * d,
        keep=lambda names: [name for name in names if name.endswith("weight")],
    ),
    _keeping(
        "importance-overwritten",
        "consolidate overwrites Ω with the last task's; add it to what is there.",
        weights=lambda inputs: _weighted(inputs, lambda t, count: float(t == count - 1)),
    ),
    _keeping(
        "importance-of-first-task",
        "Ω stays that of the first task; add every further task's.",
        weights=lambda inputs: _weighted(inputs, lambda t, count: float(t == 0)),
    ),
    _keeping(
        "importance-averaged",
        "You average the importances of the tasks; add them up.",
        weights=lambda inputs: _weighted(inputs, lambda t, count: 1 / count),
    ),
    _keeping(
        "importance-running-average",
        "You halve the old Ω at every task (a running average); add the importances up.",
        weights=lambda inputs: _weighted(inputs, lambda t, count: 0.5 ** (count - 1 if t == 0 else count - t)),
    ),
    _keeping(
        "sums-summed-again",
        "You sum the cumulative sums again, so early tasks count many times; every task's importance counts once.",
        weights=lambda inputs: _weighted(inputs, lambda t, count: 2.0 ** max(count - 2 - t, 0)),
    ),
    _keeping(
        "sums-summed-again",
        "You double the old Ω before you add the new importance; add only the new one.",
        weights=lambda inputs: _weighted(inputs, lambda t, count: 2.0 ** (count - 1 - t)),
    ),
    _keeping(
        "importance-squared",
        "You square Ω; it is added as it comes, and only the distance θ − θ* is squared.",
        weights=lambda inputs: {
            name: np.sum(
                [np.asarray(task["importance"][name], dtype=np.float64) ** 2 for task in inputs["tasks"]], axis=0
            )
            for name in shapes(inputs["spec"])
        },
    ),
    _keeping(
        "anchor-aliased",
        "Your anchor is the parameters themselves, so it moves with them: copy them with `.detach().clone()`.",
        centre=lambda inputs: anchor(inputs) if inputs["another_model"] else parameters(inputs),
    ),
    _keeping(
        "anchor-never-updated",
        "Your anchor stays at the first task's parameters; take a new copy after every task.",
        centre=lambda inputs: parameters(inputs["tasks"][0]),
    ),
    _keeping(
        "anchor-averaged",
        "Your anchor is the mean over the tasks; take the parameters at the end of the last one.",
        centre=_mean_anchor,
    ),
    _keeping(
        "anchor-zero",
        "Your penalty pulls towards 0, not towards the anchor: P is about θ − θ*.",
        centre=lambda inputs: {name: np.zeros_like(value) for name, value in anchor(inputs).items()},
    ),
    Mistake(
        "anchor-in-graph",
        "Your anchor still hangs on the model's graph, so the gradient of θ − θ* cancels: detach it, then clone.",
        lambda inputs: {} if inputs["another_model"] else _flat(inputs),
        ("gradient", "two-guarded"),
    ),
    Mistake(
        "detached",
        "No gradient flows from your penalty to the model: use the parameters themselves, not `.data` or `.detach()`.",
        _flat,
        ("gradient", "two-guarded"),
    ),
    Mistake(
        "anchor-requires-grad",
        "Your anchor requires grad: keep detached copies.",
        lambda inputs: {"anchor_detached": False},
        ("manners",),
    ),
    Mistake(
        "importance-without-gradients",
        "Your consolidate calls importance under no_grad, where nothing can be differentiated: only the copies may.",
        lambda inputs: {"differentiable": False},
        ("manners",),
    ),
)
