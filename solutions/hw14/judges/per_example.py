"""What EWC, MAS and SCP share: φ of the gradients of examples' own scalars, and means, in an order; and how that fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from autograder.judging import Check, Mistakes, Tree

from .importance import BATCHED, View, oracle_of, stage_check
from .network import UNCHANGED, Array, Arrays, Factors, Slope, softmax, softmax_pulled_back

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
        cotangent: from what the link makes of a batch's outputs [B, K], labels [B] and the directions that are used to
            the derivatives there, [B, K] of one scalar of each example, or [S, B, K] of S.
        link: what is made of the outputs first.
        directions: the directions that are used, from those given [L, K].
        factors: what is made of δ and a before their product is the gradient.
        slope: in place of the activation's derivative.
        reduce: how φ and the examples' gradients become one for each scalar.
        average: how those of the scalars [S, *shape] become Ω.
        finish: what is made of each parameter's Ω at the end, from it and all of them by name.
    """

    elementwise: Elementwise
    cotangent: Callable[[Array, Array, Any], Array]
    link: Link = AS_THEY_ARE
    directions: Callable[[Any], Any] = lambda given: given
    factors: Factors = UNCHANGED
    slope: Slope | None = None
    reduce: Reduction = lambda phi, g, batches: np.asarray(phi(g).mean(axis=0))
    average: Callable[[Array], Array] = lambda parts: np.asarray(parts.mean(axis=0))
    finish: Callable[[Array, Arrays], Array] = lambda value, omega: value

    def __call__(self, view: View) -> Arrays:
        """Ω by parameter name."""
        made, pulled_back = self.link
        outputs, directions = made(view.outputs), self.directions(view.directions)
        slopes = [self.cotangent(outputs[batch], view.labels[batch], directions) for batch in view.batches]
        scalars = np.concatenate(slopes, axis=-2).reshape(-1, *outputs.shape)
        found = view.gradients(pulled_back(view.outputs, scalars), self.factors, self.slope)
        gradients = {name: np.swapaxes(g, 0, 1) for name, g in found.items()}
        parts = {name: self.reduce(self.elementwise, g, view.batches) for name, g in gradients.items()}
        omega = {name: self.average(part) for name, part in parts.items()}
        return {name: self.finish(value, omega) for name, value in omega.items()}

    def reported(self, inputs: Tree, **changes: Any) -> Tree:
        """What comes out with other attributes, as a mistake has them."""
        return oracle_of(replace(self, **changes))(inputs)


def per_batch(g: Array, batches: list[slice], reduce: Callable[..., Any] = np.mean) -> Array:
    """The mean over each batch, or what else is made of it."""
    return np.array([reduce(each, axis=0) for each in each_of(g, batches)])


COUNTS: dict[str, tuple[Callable[[list[int]], float], ...]] = {
    "divided-by-batches": (len,),
    "batches-times-size": (lambda sizes: len(sizes) * sizes[0], lambda sizes: len(sizes) * sizes[-1]),
    "divided-by-one-batch": (lambda sizes: sizes[0], lambda sizes: sizes[-1]),
    "divided-twice": (lambda sizes: sum(sizes) ** 2, lambda sizes: sum(sizes) * len(sizes)),
}
"""By id, what is taken for the number of examples, from the sizes of the batches."""


def common(mistake: Mistakes, rule: PerExample, total: Callable[[Elementwise, Array, float], Array]) -> None:
    """Add the mistakes of any such importance: what it is divided by, within (``total``) and at the end, and by what δ and a."""
    general = Mistakes(beside=__file__)
    wrong = general.stages(rule.reported)
    for name, counts in COUNTS.items():
        for count in counts:
            wrong(
                name, reduce=lambda phi, g, batches, count=count: total(phi, g, count([*map(len, each_of(g, batches))]))
            )
    for size in (np.max, np.sum, np.linalg.norm, np.mean):
        wrong("normalised", finish=lambda value, omega, size=size: value / (size(value) or 1.0))
        wrong("normalised", finish=lambda value, omega, size=size: value / (size([*map(size, omega.values())]) or 1.0))
    wrong.ways("relu-assumed", "slope", lambda z, a: z > 0, lambda z, a: a > 0)
    wrong("one-number", finish=lambda value, omega: np.full_like(value, value.mean()))
    wrong("one-number", finish=lambda value, omega: np.full_like(value, value.sum()))
    for factors in ((rule.elementwise, UNCHANGED[1]), (UNCHANGED[0], rule.elementwise)):
        wrong("one-factor", factors=factors, elementwise=lambda g: g)
    mistake.add(*general)
    mistake.variants += general.variants


def each_of(g: Array, batches: list[slice]) -> list[Array]:
    """The gradients of each batch."""
    return [g[batch] for batch in batches]


CHUNK = 32
"""Examples that ``example_gradients`` yields at once."""


def chunks(batches: list[slice]) -> list[slice]:
    """The batches in pieces of so many."""
    return [slice(at, min(at + CHUNK, each.stop)) for each in batches for at in range(each.start, each.stop, CHUNK)]


def begun(g: Array, batches: list[slice]) -> Array:
    """The gradients of each batch's first piece."""
    return np.concatenate([g[each][:CHUNK] for each in batches])


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
    common(mistake, rule, lambda phi, g, count: phi(g).sum(axis=0) / count)
    for name, ways in zip(cancelling, CANCELLING, strict=True):
        own.ways(name, "reduce", *ways)
    own("sum", reduce=lambda phi, g, batches: phi(g).sum(axis=0))
    wrong = general.stages(rule.reported)
    for share in (len, lambda g: 1.0):
        wrong(
            "mean-loss",
            reduce=lambda phi, g, batches, share=share: (
                sum(share(each) * phi(each / len(each)).sum(axis=0) for each in each_of(g, batches)) / len(g)
            ),
        )
    for split in (lambda batches: batches, chunks):
        wrong(
            "mean-of-batch-means",
            reduce=lambda phi, g, batches, split=split: per_batch(phi(g), split(batches)).mean(axis=0),
        )
    for count in (lambda g, seen: len(seen), lambda g, seen: len(g)):
        wrong(
            "first-chunk",
            reduce=lambda phi, g, batches, count=count: phi(seen := begun(g, batches)).sum(axis=0) / count(g, seen),
        )
    for way in chain(*CANCELLING):
        wrong(
            "biases-otherwise",
            reduce=lambda phi, g, batches, way=way: (way if g.ndim == 3 else rule.reduce)(
                phi, g, batches
            ),  # [N, S, out]
        )
    wrong.ways(
        "never-zeroed",
        "reduce",
        lambda phi, g, batches: phi(np.cumsum(g, axis=0)).mean(axis=0),
        lambda phi, g, batches: phi(np.cumsum(per_batch(g, batches), axis=0)).mean(axis=0),
        lambda phi, g, batches: phi(np.cumsum(per_batch(g, batches), axis=0)).sum(axis=0) / len(g),
    )
    mistake.add(*general)
    mistake.variants += general.variants
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
