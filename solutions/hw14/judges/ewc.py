"""Judge ``ewc``: the diagonal of the empirical Fisher, Ω = (1/N) Σ_n g_n² (Kirkpatrick et al. 2017)."""

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
from .network import Array, Arrays, cross_entropy_cotangent, softmax


def gradients(view: View) -> Arrays:
    """g_n, the gradient of cross_entropy(f(x_n), y_n)."""
    return view.gradients(cross_entropy_cotangent(view.outputs, view.labels))


def rule(view: View) -> Arrays:
    """Ω = (1/N) Σ_n g_n²."""
    return mean_over_examples(gradients(view), np.square)


def _squared(cotangent: Array, view: View) -> Arrays:
    return mean_over_examples(view.gradients(cotangent), np.square)


def _predicted_label(view: View) -> Arrays:
    return _squared(cross_entropy_cotangent(view.outputs, view.outputs.argmax(axis=1)), view)


def _model_fisher(view: View) -> Arrays:
    """E over the model's own labels of g², the true Fisher."""
    probabilities = softmax(view.outputs)
    total: Arrays = {}
    for k in range(probabilities.shape[1]):
        labels = np.full(len(probabilities), k)
        for name, g in view.gradients(cross_entropy_cotangent(view.outputs, labels)).items():
            weighted = np.tensordot(probabilities[:, k], g**2, axes=1) / len(probabilities)
            total[name] = total.get(name, 0.0) + weighted
    return total


def _softmax_pulled_back(outputs: Array, at_probabilities: Array) -> Array:
    """∂L/∂f from ∂L/∂p, p = softmax(f)."""
    p = softmax(outputs)
    return np.asarray(p * (at_probabilities - (p * at_probabilities).sum(axis=1, keepdims=True)))


def _nll_of_softmax(view: View) -> Arrays:
    return _squared(_softmax_pulled_back(view.outputs, -np.eye(view.outputs.shape[1])[view.labels]), view)


def _softmax_twice(view: View) -> Arrays:
    p = softmax(view.outputs)
    return _squared(_softmax_pulled_back(view.outputs, cross_entropy_cotangent(p, view.labels)), view)


def _nll_of_logits(view: View) -> Arrays:
    return _squared(-np.eye(view.outputs.shape[1])[view.labels], view)


def _squared_error(view: View) -> Arrays:
    return _squared(2.0 * (view.outputs - np.eye(view.outputs.shape[1])[view.labels]), view)


def _normalised(view: View) -> Arrays:
    omega = rule(view)
    largest = max(float(value.max()) for value in omega.values())
    return {name: value / largest for name, value in omega.items()}


REDUCTIONS = {
    "batch-mean": (
        "squared-batch-mean",
        "Your Fisher is the square of the batch's mean gradient, in which the examples' gradients cancel; square each example's gradient first, then take the mean.",
    ),
    "batch-sum": (
        "squared-batch-sum",
        "Your Fisher is the square of the batch's summed gradient; square each example's gradient first, then add.",
    ),
    "mean-gradient": (
        "squared-mean-gradient",
        "You add up the gradients of all examples and square at the end; square each example's gradient first.",
    ),
    "sum": ("sum", "Your Fisher is a sum over the examples; divide by their number N."),
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
        "Only the last example or batch is left in your Fisher: add to it (`+=`) instead of overwriting it.",
    ),
    "first-only": (
        "first-only",
        "Only the first batch is in your Fisher: is there a `return` or `break` inside the loop?",
    ),
}


def _reductions() -> tuple[Mistake, ...]:
    return tuple(
        mistake(*REDUCTIONS[kind], variant)
        for kind, variants in reductions(np.square, gradients).items()
        for variant in variants
    )


MISTAKES = (
    mistake(
        "predicted-label",
        "You take the label that the network predicts (argmax); take the data set's label.",
        _predicted_label,
    ),
    mistake(
        "model-fisher",
        "You average over the model's own labels, which is the true Fisher; this course takes the data set's label.",
        _model_fisher,
    ),
    mistake(
        "absolute-gradient",
        "You take the modulus of the gradients, which is MAS's habit; EWC squares them.",
        lambda view: mean_over_examples(gradients(view), np.abs),
    ),
    mistake(
        "signed-gradient",
        "You average the gradients themselves, which cancel at the optimum; square them first.",
        lambda view: mean_over_examples(gradients(view), lambda g: g),
    ),
    mistake(
        "negated",
        "Your Fisher is negative: the squared gradients count with a plus sign.",
        lambda view: mean_over_examples(gradients(view), lambda g: -(g**2)),
    ),
    mistake(
        "halved",
        "Your Fisher is half of what it should be: there is no ½ in Ω.",
        lambda view: mean_over_examples(gradients(view), lambda g: g**2 / 2),
    ),
    mistake(
        "root",
        "You take the square root at the end; Ω is the mean of the squares itself.",
        lambda view: {name: np.sqrt(value) for name, value in rule(view).items()},
    ),
    mistake(
        "nll-of-softmax",
        "Your loss is nll_loss of the softmax; nll_loss wants log_softmax (or use cross_entropy on the logits).",
        _nll_of_softmax,
    ),
    mistake(
        "softmax-twice",
        "You apply softmax before cross_entropy, which applies it itself; hand it the logits.",
        _softmax_twice,
    ),
    mistake(
        "nll-of-logits",
        "Your loss is nll_loss of the raw outputs; it wants log_softmax (or use cross_entropy on the logits).",
        _nll_of_logits,
    ),
    mistake(
        "squared-error",
        "Your loss is a squared error; EWC takes the gradient of the cross-entropy.",
        _squared_error,
    ),
    mistake(
        "normalised",
        "You divide the Fisher by its maximum; Ω is the plain mean of the squares.",
        _normalised,
    ),
    *_reductions(),
    *habits(rule),
)

EXERCISE = Exercise(id="ewc", draw=draw_cases, checks=importance_checks(rule), mistakes=MISTAKES)
