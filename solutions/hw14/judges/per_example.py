"""What EWC and MAS share: Ω = (1/N) Σ_n φ(g_n), with g_n the gradient of example n's own scalar, and how that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.judging import Changed, Check, Mistake, Mistakes, Tree

from .importance import BATCHED, View, oracle_of, stage_check
from .network import Array, Arrays

Elementwise = Callable[[Array], Array]
Reduction = Callable[[Elementwise, Array, list[slice]], Array]
"""From φ, the gradients [N, *shape] and the batches to Ω [*shape]."""


@dataclass(frozen=True)
class PerExample:
    """An importance from each example's gradient.

    Attributes:
        elementwise: φ.
        cotangent: outputs [N, K] and labels [N] → the derivative [N, K] of each example's scalar at its output.
        reduce: how φ and the gradients become Ω.
        finish: what is made of Ω at the end.
    """

    elementwise: Elementwise
    cotangent: Callable[[Array, Array], Array]
    reduce: Reduction = lambda phi, g, batches: np.asarray(phi(g).mean(axis=0))
    finish: Callable[[Arrays], Arrays] = lambda omega: omega

    def __call__(self, view: View) -> Arrays:
        """Ω by parameter name."""
        gradients = view.gradients(self.cotangent(view.outputs, view.labels))
        return self.finish({name: self.reduce(self.elementwise, g, view.batches) for name, g in gradients.items()})

    def but(self, **changes: Any) -> Changed:
        """The oracle with other attributes, as a mistake has it."""
        return Changed(self.reported, changes)

    def reported(self, inputs: Tree, **changes: Any) -> Tree:
        """What comes out with these attributes."""
        return oracle_of(replace(self, **changes))(inputs)


def means(g: Array, batches: list[slice]) -> Array:
    """The mean over each batch."""
    return np.array([g[batch].mean(axis=0) for batch in batches])


def sums(g: Array, batches: list[slice]) -> Array:
    """The sum over each batch."""
    return np.array([g[batch].sum(axis=0) for batch in batches])


def sizes(batches: list[slice]) -> Array:
    """How many examples each batch has."""
    return np.array([batch.stop - batch.start for batch in batches])


CANCELLING: tuple[tuple[Reduction, ...], ...] = (
    (
        lambda phi, g, batches: phi(means(g, batches)).mean(axis=0),
        lambda phi, g, batches: phi(means(g, batches)).sum(axis=0) / len(g),
        lambda phi, g, batches: phi(means(g, batches)).sum(axis=0),
        lambda phi, g, batches: np.tensordot(sizes(batches), phi(means(g, batches)), 1) / len(g),
    ),
    (
        lambda phi, g, batches: phi(sums(g, batches)).sum(axis=0) / len(g),
        lambda phi, g, batches: phi(sums(g, batches)).mean(axis=0),
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


def reductions(rule: PerExample, omega: str, cancelling: Mapping[str, str]) -> tuple[Mistake, ...]:
    """The mistakes that reduce the examples' gradients in another way.

    Args:
        omega: what the messages call Ω.
        cancelling: messages by id, for each kind of ``CANCELLING``.
    """
    mistake = Mistakes(lambda reduce: rule.but(reduce=reduce))
    for (name, message), variants in zip(cancelling.items(), CANCELLING, strict=True):
        for reduce in variants:
            mistake.named(name, reduce).says(message)
    mistake.named("sum", lambda phi, g, batches: phi(g).sum(axis=0)).says(
        f"Your {omega} is a sum over the examples; divide by their number N."
    )
    mistake.named("divided-by-batches", lambda phi, g, batches: phi(g).sum(axis=0) / len(batches)).says(
        "You divide by the number of batches; divide by the number of examples N."
    )
    mistake.named("mean-of-batch-means", lambda phi, g, batches: means(phi(g), batches).mean(axis=0)).says(
        "You average the batches' means, so the examples of a smaller last batch weigh more; add up over all examples and divide by N once."
    )
    for reduce in (
        lambda phi, g, batches: phi(np.cumsum(g, axis=0)).mean(axis=0),
        lambda phi, g, batches: phi(np.cumsum(means(g, batches), axis=0)).mean(axis=0),
        lambda phi, g, batches: phi(np.cumsum(means(g, batches), axis=0)).sum(axis=0) / len(g),
    ):
        mistake.named("never-zeroed", reduce).says(
            "Your gradients pile up from one backward to the next: zero them before each one, or use `torch.autograd.grad`."
        )
    for reduce in (
        lambda phi, g, batches: phi(g[-1]),
        lambda phi, g, batches: phi(g[-1]) / len(g),
        lambda phi, g, batches: phi(g[batches[-1]]).mean(axis=0),
        lambda phi, g, batches: phi(g[batches[-1]]).sum(axis=0) / len(g),
        lambda phi, g, batches: phi(means(g, batches)[-1]),
        lambda phi, g, batches: phi(means(g, batches)[-1]) / len(batches),
    ):
        mistake.named("last-only", reduce).says(
            f"Only the last example or batch is left in your {omega}: add to it (`+=`) instead of overwriting it."
        )
    for reduce in (lambda phi, g, parts: phi(g[parts[0]]).mean(axis=0), lambda phi, g, parts: phi(means(g, parts)[0])):
        mistake.named("first-only", reduce).says(
            f"Only the first batch is in your {omega}: is there a `return` or `break` inside the loop?"
        )
    return tuple(mistake)
