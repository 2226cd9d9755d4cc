"""Judge ``penalty``: P(θ) = Σ Ω (θ − θ*)², Ω added up over the tasks, θ* the latest anchor."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Tree
from .network import Arrays, draw_parameters, draw_problem, draw_spec, shapes
from .penalty_mistakes import MISTAKES
from .penalty_rule import anchor, omega, penalty


def draw(rng: np.random.Generator) -> list[Case]:
    """Networks at θ, after none, one or two tasks whose importances are given; λ is not 1, so that it shows."""

    def case(name: str, ask: str, tasks: int, **more: Any) -> Case:
        spec = draw_spec(rng, activation="tanh")
        finished = [
            {"parameters": draw_parameters(rng, spec), "importance": _importance(rng, spec)} for _ in range(tasks)
        ]
        inputs = {
            **draw_problem(rng, spec, 4, (2, 2)),
            "tasks": finished,
            "strength": float(rng.uniform(3.0, 9.0)),
            "ask": ask,
            "training": True,
            "gradients": False,
            "another_model": False,
            **more,
        }
        return Case(name, inputs)

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


def _importance(rng: np.random.Generator, spec: dict[str, Any]) -> Arrays:
    """Importances in [0, 2), about a fifth of them 0."""
    return {
        name: (rng.uniform(0.1, 2.0, shape) * (rng.random(shape) > 0.2)).astype(np.float32)
        for name, shape in shapes(spec).items()
    }


def value(inputs: Tree) -> Tree:
    """P alone."""
    return {"value": penalty(inputs)["value"]}


def total_of_omega(inputs: Tree) -> Tree:
    """Ω alone."""
    return {"omega": omega(inputs)}


def latest_anchor(inputs: Tree) -> Tree:
    """θ* alone."""
    return {"anchor": anchor(inputs)}


COMPLAINTS = {
    "scalar": "penalty should return a tensor with one number (shape []).",
    "handed": "consolidate should call self.importance with the model and the batches that it was given.",
    "differentiable": "consolidate should call self.importance where gradients can be taken, not under no_grad.",
    "anchor_detached": "the anchor requires grad: keep detached copies.",
    "keeps_mode": "the model's train or eval mode has changed.",
    "keeps_gradients": "the parameters' .grad has changed.",
    "keeps_parameters": "the model's parameters have changed.",
    "keeps_buffers": "the model's buffers have changed.",
}


def ill_mannered(inputs: Tree, outputs: Tree) -> str | None:
    """penalty gives a scalar tensor, the anchor is detached, and the model is as before."""
    return next((text for key, text in COMPLAINTS.items() if outputs[key] is not True), None)


EXERCISE = Exercise(
    id="penalty",
    draw=draw,
    checks=(
        Check(
            "value",
            "P(θ) = Σ Ω (θ − θ*)², without λ and ½",
            share=0.2,
            cases=("value", "another value"),
            expected=value,
        ),
        Check("gradient", "Its gradient reaches the model", share=0.15, cases=("gradient",), expected=penalty),
        Check(
            "before",
            "0 with gradient 0 before the first task has ended",
            share=0.05,
            cases=("before",),
            expected=penalty,
            needs=("value",),
        ),
        Check(
            "adds-up",
            "Ω adds up over the tasks",
            share=0.15,
            cases=("two tasks", "three tasks"),
            expected=total_of_omega,
        ),
        Check(
            "anchor",
            "θ* is a copy of the latest parameters",
            share=0.2,
            cases=("two tasks", "three tasks"),
            expected=latest_anchor,
        ),
        Check(
            "two-guarded",
            "After two tasks P uses the total Ω and the latest θ*",
            share=0.15,
            cases=("two guarded",),
            expected=penalty,
        ),
        Check(
            "manners",
            "A scalar tensor, a detached anchor, and the model as it was",
            share=0.1,
            cases=("manners in training", "manners in evaluation"),
            complaint=ill_mannered,
            fixed=True,
            needs=("value", "adds-up"),
        ),
    ),
    mistakes=MISTAKES,
)
