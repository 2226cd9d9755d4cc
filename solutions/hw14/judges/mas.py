"""Judge ``mas``: the sensitivity of the squared output, Ω = (1/N) Σ_n |∂‖f(x_n)‖²/∂θ| (Aljundi et al. 2018)."""

from __future__ import annotations

import numpy as np

from autograder.judging import Exercise, Mistake
from .importance import (
    View,
    draw_cases,
    habits,
    importance_checks,
    mean_over_examples,
    mistake,
    reductions,
)
from .network import Array, Arrays, cross_entropy_cotangent, softmax, squared_norm_cotangent


def gradients(view: View) -> Arrays:
    """∂‖f(x_n)‖²/∂θ of every example."""
    return view.gradients(squared_norm_cotangent(view.outputs))


def rule(view: View) -> Arrays:
    """Ω = (1/N) Σ_n |∂‖f(x_n)‖²/∂θ|."""
    return mean_over_examples(gradients(view), np.abs)


def _absolute(cotangent: Array, view: View) -> Arrays:
    return mean_over_examples(view.gradients(cotangent), np.abs)


def _norm(view: View) -> Arrays:
    """The norm, not squared: ∂‖f‖/∂f = f/‖f‖."""
    return _absolute(view.outputs / np.linalg.norm(view.outputs, axis=1, keepdims=True), view)


def _probabilities(view: View) -> Arrays:
    """‖softmax(f)‖² in place of ‖f‖²."""
    p = softmax(view.outputs)
    return _absolute(2.0 * p * (p - (p * p).sum(axis=1, keepdims=True)), view)


def _log_probabilities(view: View) -> Arrays:
    """‖log_softmax(f)‖² in place of ‖f‖²."""
    p = softmax(view.outputs)
    v = 2.0 * np.log(p)
    return _absolute(v - p * v.sum(axis=1, keepdims=True), view)


def _largest_output(view: View) -> Arrays:
    hot = np.eye(view.outputs.shape[1])[view.outputs.argmax(axis=1)]
    return _absolute(hot, view)


def _each_output(view: View) -> Arrays:
    """Σ_k |∂f_k²/∂θ|: the modulus of every output's own gradient."""
    total: Arrays = {}
    for k in range(view.outputs.shape[1]):
        cotangent = np.zeros_like(view.outputs)
        cotangent[:, k] = 2.0 * view.outputs[:, k]
        for name, value in _absolute(cotangent, view).items():
            total[name] = total.get(name, 0.0) + value
    return total


def _norm_of_the_batch(view: View) -> Arrays:
    """The norm of a whole batch of outputs: one gradient a batch, divided by the number of batches."""
    cotangent = np.concatenate([view.outputs[b] / np.linalg.norm(view.outputs[b]) for b in view.batches])
    summed = view.gradients(cotangent)
    return {name: np.mean([np.abs(g[b].sum(axis=0)) for b in view.batches], axis=0) for name, g in summed.items()}


REDUCTIONS = {
    "batch-mean": (
        "absolute-batch-mean",
        "You take the modulus of a whole batch's gradient, in which the examples' gradients cancel; take the modulus of each example's gradient first, then the mean.",
    ),
    "batch-sum": (
        "absolute-batch-sum",
        "You take the modulus of the batch's summed gradient and divide by the number of batches; take the modulus of each example's gradient first, then add, and divide by N.",
    ),
    "mean-gradient": (
        "absolute-mean-gradient",
        "You add up the gradients of all examples and take the modulus at the end; take it of each example's first.",
    ),
    "sum": ("sum", "Your Ω is a sum over the examples; divide by their number N."),
    "divided-by-batches": (
        "divided-by-batches",
        "You divide by the number of batches; divide by the number of examples N.",
    ),
    "mean-of-batch-means": (
        "mean-of-batch-means",
        "You average the batches' means, so the examples of a smaller last batch weigh more; add up over all examples and divide by N once.",
    ),
    "never-zeroed": (
        "never-zeroed",
        "Your gradients pile up from one backward to the next: zero them before each one, or use `torch.autograd.grad`.",
    ),
    "last-only": (
        "last-only",
        "Only the last example or batch is left in your Ω: add to it (`+=`) instead of overwriting it.",
    ),
    "first-only": ("first-only", "Only the first batch is in your Ω: is there a `return` or `break` inside the loop?"),
}


def _reductions() -> tuple[Mistake, ...]:
    return tuple(
        mistake(*REDUCTIONS[kind], variant)
        for kind, variants in reductions(np.abs, gradients).items()
        for variant in variants
    )


MISTAKES = (
    mistake(
        "squared-gradient",
        "You square the gradients, which is EWC's habit; MAS takes their modulus.",
        lambda view: mean_over_examples(gradients(view), np.square),
    ),
    mistake(
        "signed-gradient",
        "You average the gradients with their signs, so they cancel; take the modulus of each example's gradient first.",
        lambda view: mean_over_examples(gradients(view), lambda g: g),
    ),
    mistake(
        "negated",
        "Your Ω is negative: the moduli count with a plus sign.",
        lambda view: mean_over_examples(gradients(view), lambda g: -np.abs(g)),
    ),
    mistake(
        "norm-not-squared",
        "You differentiate the norm of the output; MAS differentiates its square.",
        _norm,
    ),
    mistake(
        "halved",
        "You differentiate ½‖f‖²; there is no ½ in MAS.",
        lambda view: _absolute(view.outputs, view),
    ),
    mistake(
        "mean-over-outputs",
        "You take the mean of the squared outputs; ‖f‖² is their sum.",
        lambda view: _absolute(2.0 * view.outputs / view.outputs.shape[1], view),
    ),
    mistake(
        "outputs-not-squared",
        "You differentiate the sum of the outputs; MAS differentiates the sum of their squares.",
        lambda view: _absolute(np.ones_like(view.outputs), view),
    ),
    mistake(
        "softmax-outputs",
        "You square the probabilities after a softmax; f is the network's own output, the logits.",
        _probabilities,
    ),
    mistake(
        "log-softmax-outputs",
        "You square log-probabilities; f is the network's own output, the logits.",
        _log_probabilities,
    ),
    mistake(
        "uses-labels",
        "You differentiate the cross-entropy; MAS needs no labels, it differentiates ‖f(x)‖².",
        lambda view: _absolute(cross_entropy_cotangent(view.outputs, view.labels), view),
    ),
    mistake(
        "largest-output",
        "You differentiate only the largest output; ‖f‖² sums over all of them.",
        _largest_output,
    ),
    mistake(
        "modulus-per-output",
        "You take the modulus of each output's gradient and add; first sum the squares over the outputs, then take the modulus of each example's gradient.",
        _each_output,
    ),
    mistake(
        "norm-of-the-batch",
        "You take one norm of the whole batch of outputs; every example has a norm of its own, and it is squared.",
        _norm_of_the_batch,
    ),
    *_reductions(),
    *habits(rule),
)

EXERCISE = Exercise(id="mas", draw=draw_cases, checks=importance_checks(rule), mistakes=MISTAKES)
