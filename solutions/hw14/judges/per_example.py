"""What EWC, MAS and SCP share: φ of the gradients of examples' own scalars, and means, in an order; and how that fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.judging import Check, Mistakes, Tree

from .importance import BATCHED, View, oracle_of, stage_check
from .network import Array, Arrays, softmax, softmax_pulled_back

Elementwise = Callable[[Array], Array]
Reduction = Callable[[Elementwise, Array, list[slice]], Array]
"""From φ, the gradients [N, S, *shape] of S scalars and the batches to [S, *shape]."""

Link = tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]
"""What is made of the outputs f, and ∂L/∂f from f and the derivative of L with respect to that."""

AS_THEY_ARE: Link = (lambda f: f, lambda f, slope: slope)
SQUARED: Link = (np.square, lambda f, slope: 2 * f * slope)
SOFTMAX: Link = (softmax, softmax_pulled_back)
LOG_SOFTMAX: Link = (
    lambda f: np.log(softmax(f)),
    lambda f, slope: slope - softmax(f) * slope.sum(axis=-1, keepdims=True),
)


@dataclass(frozen=True)
class PerExample:
    """An importance from gradients of examples, by stages in this order, of which each known mistake replaces some.

    Attributes:
        elementwise: φ.
        cotangent: from what the link makes of the outputs [N, K], labels [N] and the directions that are used to the
            derivatives there, [N, K] of one scalar of each example, or [S, N, K] of S.
        link: what is made of the outputs first.
        directions: the directions that are used, from those given [L, K].
        reduce: how φ and the examples' gradients become one for each scalar.
        average: how those of the scalars [S, *shape] become Ω.
        finish: what is made of each parameter's Ω at the end, from it and all of them by name.
    """

    elementwise: Elementwise
    cotangent: Callable[[Array, Array, Any], Array]
    link: Link = AS_THEY_ARE
    directions: Callable[[Any], Any] = lambda given: given
    reduce: Reduction = lambda phi, g, batches: np.asarray(phi(g).mean(axis=0))
    average: Callable[[Array], Array] = lambda parts: np.asarray(parts.mean(axis=0))
    finish: Callable[[Array, Arrays], Array] = lambda value, omega: value

    def __call__(self, view: View) -> Arrays:
        """Ω by parameter name."""
        made, pulled_back = self.link
        slopes = self.cotangent(made(view.outputs), view.labels, self.directions(view.directions))
        found = view.gradients(pulled_back(view.outputs, slopes.reshape(-1, *view.outputs.shape)))
        gradients = {name: np.swapaxes(g, 0, 1) for name, g in found.items()}
        parts = {name: self.reduce(self.elementwise, g, view.batches) for name, g in gradients.items()}
        omega = {name: self.average(part) for name, part in parts.items()}
        return {name: self.finish(value, omega) for name, value in omega.items()}

    def reported(self, inputs: Tree, **changes: Any) -> Tree:
        """What comes out with other attributes, as a mistake has them."""
        return oracle_of(replace(self, **changes))(inputs)


def per_batch(g: Array, batches: list[slice], reduce: Callable[..., Any] = np.mean) -> Array:
    """The mean over each batch, or what else is made of it."""
    return np.array([reduce(g[batch], axis=0) for batch in batches])


CANCELLING: tuple[tuple[Reduction, ...], ...] = (
    (
        lambda phi, g, batches: phi(per_batch(g, batches)).mean(axis=0),
        lambda phi, g, batches: phi(per_batch(g, batches)).sum(axis=0) / len(g),
        lambda phi, g, batches: phi(per_batch(g, batches)).sum(axis=0),
        lambda phi, g, batches: np.average(phi(per_batch(g, batches)), 0, [len(g[batch]) for batch in batches]),
    ),
    (
        lambda phi, g, batches: phi(per_batch(g, batches, np.sum)).sum(axis=0) / len(g),
        lambda phi, g, batches: phi(per_batch(g, batches, np.sum)).mean(axis=0),
    ),
    (lambda phi, g, batches: phi(g.mean(axis=0)), lambda phi, g, batches: phi(g.sum(axis=0)) / len(g)),
)
"""φ comes after the mean of a batch, the sum of a batch, and the sum over all, in which gradients cancel."""

HANDLING = "absolute-gradient squared-gradient signed-gradient root one-number-per-tensor squared-batch-mean squared-batch-sum squared-mean-gradient absolute-batch-mean absolute-batch-sum absolute-mean-gradient never-zeroed last-only first-only".split()
"""Mistakes in what is made of the gradients."""


def stages(rule: PerExample, mistakes: Mistakes, losses: str, gradient: str, averaged: str) -> tuple[Check, Check]:
    """The promises of both stages, each with slips in the other allowed: among the mistakes, ``losses`` by name."""
    handled, lost = ([each.expected for each in mistakes if each.name in some] for some in (HANDLING, losses.split()))
    return (
        stage_check("gradient", gradient, share=0.15, cases=("ones",), right=rule, slips=handled),
        stage_check("averaged", averaged, share=0.25, cases=BATCHED, right=rule, slips=lost),
    )


def reductions(mistake: Mistakes, rule: PerExample, cancelling: Sequence[str]) -> None:
    """Add the mistakes that reduce the examples' gradients in another way; those of each kind of ``CANCELLING`` by id."""
    own, general = mistake.stages(rule.reported), Mistakes(beside=__file__)
    for name, ways in zip(cancelling, CANCELLING, strict=True):
        own.ways(name, "reduce", *ways)
    own("sum", reduce=lambda phi, g, batches: phi(g).sum(axis=0))
    wrong = general.stages(rule.reported)
    wrong("divided-by-batches", reduce=lambda phi, g, batches: phi(g).sum(axis=0) / len(batches))
    wrong("mean-of-batch-means", reduce=lambda phi, g, batches: per_batch(phi(g), batches).mean(axis=0))
    wrong.ways(
        "never-zeroed",
        "reduce",
        lambda phi, g, batches: phi(np.cumsum(g, axis=0)).mean(axis=0),
        lambda phi, g, batches: phi(np.cumsum(per_batch(g, batches), axis=0)).mean(axis=0),
        lambda phi, g, batches: phi(np.cumsum(per_batch(g, batches), axis=0)).sum(axis=0) / len(g),
    )
    mistake.add(*general)
    own.ways(
        "last-only",
        "reduce",
        lambda phi, g, batches: phi(g[-1]),
        lambda phi, g, batches: phi(g[-1]) / len(g),
        lambda phi, g, batches: phi(g[batches[-1]]).mean(axis=0),
        lambda phi, g, batches: phi(g[batches[-1]]).sum(axis=0) / len(g),
        lambda phi, g, batches: phi(per_batch(g, batches)[-1]),
        lambda phi, g, batches: phi(per_batch(g, batches)[-1]) / len(batches),
    )
    own.ways(
        "first-only",
        "reduce",
        lambda phi, g, batches: phi(g[batches[0]]).mean(axis=0),
        lambda phi, g, batches: phi(per_batch(g, batches)[0]),
    )
