"""The known mistakes in RWalk, each an alternative oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Mistake, Tree
from . import scripted
from .network import cross_entropy_cotangent, example_gradients, forward, shapes
from .rwalk_rule import ALPHA, EPSILON, INTERVAL, Rule, averaged, moving_average, ratio, simulate

Array = NDArray[Any]

LATER = ("second-task", "three-tasks")


def _mistake(name: str, message: str, rule: Rule, *checks: str) -> Mistake:
    return Mistake(name, message, lambda inputs: simulate(inputs, rule), checks)


def _over_own(value: Array, tensors: list[slice]) -> Array:
    """Each tensor over its own maximum."""
    result = np.zeros_like(value)
    for place in tensors:
        top = float(value[place].max())
        result[place] = value[place] / top if top > 0 else 0.0
    return result


def _between(value: Array, tensors: list[slice]) -> Array:
    """From 0 at the minimum to 1 at the maximum."""
    span = float(value.max() - value.min())
    return (value - value.min()) / span if span > 0 else np.zeros_like(value)


def _over_sum(value: Array, tensors: list[slice]) -> Array:
    total = float(value.sum())
    return value / total if total > 0 else np.zeros_like(value)


def _measured_fisher(inputs: Tree) -> dict[str, Any]:
    """F from the task's data at its end, and one ratio for the whole task."""
    theta, like, spec = scripted.start(inputs), shapes(inputs["spec"]), inputs["spec"]
    score: Array | None = None
    history = []
    for gradients, steps in scripted.replay(inputs):
        theta = theta + steps.sum(axis=0)
        parameters = scripted.unflatten(theta, like)
        cotangent = cross_entropy_cotangent(forward(spec, parameters, inputs["inputs"]).output, inputs["labels"])
        examples = example_gradients(spec, parameters, inputs["inputs"], cotangent)
        fisher = scripted.flatten({name: (value**2).mean(axis=0) for name, value in examples.items()}, list(like))
        epsilon = float(inputs["settings"].get("epsilon", EPSILON))
        score = averaged(score, ratio(-(gradients * steps).sum(axis=0), fisher, steps.sum(axis=0), epsilon))
        history.append(fisher / fisher.max() + score / (score.max() or 1.0))
    return scripted.outputs(inputs, history)


MISTAKES = (
    _mistake(
        "tensors-not-copied",
        "You keep the engine's gradients or steps themselves; it uses the same tensors again in the next step. Add to ω and d at once, or clone what you keep.",
        Rule(stale=True),
        "own-copies",
    ),
    Mistake(
        "arguments-changed",
        "observe changes the gradients or steps that it is given; they belong to the engine. Compute a new tensor.",
        lambda inputs: {"arguments unchanged": False},
        ("own-copies",),
    ),
    _mistake(
        "alpha-fixed",
        "An α of 0.9 is written into your code: use self.alpha, so that it can be chosen.",
        Rule(alpha=ALPHA),
        "settings",
    ),
    _mistake(
        "interval-fixed",
        "An interval of 10 steps is written into your code: use self.interval, so that it can be chosen.",
        Rule(interval=INTERVAL),
        "settings",
    ),
    _mistake(
        "epsilon-fixed",
        "An ε of 0.001 is written into your code: use self.epsilon, so that it can be chosen.",
        Rule(epsilon=EPSILON),
        "settings",
    ),
    _mistake(
        "alpha-swapped",
        "α and 1−α are swapped: the new g² has the weight α, the old F has 1−α.",
        Rule(fisher=lambda fisher, gradient, alpha: moving_average(fisher, gradient, 1 - alpha)),
    ),
    _mistake(
        "fisher-from-zero",
        "Your moving average begins at 0; the very first step sets F = g².",
        Rule(
            fisher=lambda fisher, gradient, alpha: (
                alpha * gradient**2 + (1 - alpha) * (0.0 if fisher is None else fisher)
            )
        ),
    ),
    _mistake(
        "fisher-last-step",
        "F is only the last step's g²: mix it with the old F, α g² + (1−α) F.",
        Rule(fisher=lambda fisher, gradient, alpha: gradient**2),
    ),
    _mistake(
        "fisher-summed",
        "F adds up g² over the steps; it is the moving average α g² + (1−α) F.",
        Rule(fisher=lambda fisher, gradient, alpha: gradient**2 + (0.0 if fisher is None else fisher)),
    ),
    _mistake(
        "fisher-not-squared",
        "F averages |g|; the Fisher information is an average of g².",
        Rule(
            fisher=lambda fisher, gradient, alpha: (
                np.abs(gradient) if fisher is None else alpha * np.abs(gradient) + (1 - alpha) * fisher
            )
        ),
    ),
    Mistake(
        "fisher-measured-at-the-end",
        "You measure F on the data at the task's end and score the whole task at once. RWalk's F is a moving average over the steps in observe, and ω is scored every `interval` steps.",
        _measured_fisher,
    ),
    _mistake(
        "fisher-not-carried",
        "F begins anew with every task: it is carried on over all tasks.",
        Rule(reset_fisher=True),
        *LATER,
    ),
    _mistake(
        "scored-before-fisher",
        "You score the interval with the F from before its last step: update F first, then score.",
        Rule(fisher_first=False),
    ),
    _mistake(
        "whole-task-ratio",
        "You score the whole task with one ratio: score every `interval` steps and add the scores up.",
        Rule(interval=0),
    ),
    _mistake(
        "every-step-scored",
        "You score every single step: let ω and d grow for `interval` steps, then score.",
        Rule(interval=1),
    ),
    _mistake(
        "unfinished-lost",
        "Steps after the last full interval are lost: score an unfinished interval at the task's end.",
        Rule(unfinished=False),
    ),
    _mistake(
        "count-not-reset",
        "The count of steps runs on into the next task, so its intervals are cut in the wrong places: begin to count anew in begin_task.",
        Rule(reset_count=False),
        *LATER,
    ),
    _mistake(
        "path-not-reset",
        "ω is not set back to 0 after an interval, so that the next one counts it again.",
        Rule(reset_path=False),
    ),
    _mistake(
        "moved-not-reset",
        "d is not set back to 0 after an interval: it is the way of this interval alone.",
        Rule(reset_moved=False),
    ),
    _mistake(
        "wrong-sign",
        "The sign is turned round: the loss falls where g·Δ is negative, so ω −= g·Δ.",
        Rule(path=lambda gradient, step: gradient * step),
        "clamp",
        "three-tasks",
    ),
    _mistake(
        "absolute-steps",
        "You add up |g·Δ|. The sign says whether the loss fell: ω −= g·Δ.",
        Rule(path=lambda gradient, step: np.abs(gradient * step)),
    ),
    _mistake(
        "gradient-for-step",
        "You use lr·g² in place of −g·Δ. Adam's steps are not −lr·g: use the real steps that observe gets.",
        Rule(path=lambda gradient, step: 1e-4 * gradient**2),
    ),
    _mistake(
        "clamp-each-step",
        "You clamp every step's −g·Δ, but steps uphill cancel steps downhill: clamp the interval's ratio.",
        Rule(path=lambda gradient, step: np.maximum(-gradient * step, 0.0)),
    ),
    _mistake(
        "no-clamp",
        "An interval in which the loss rose lowers your score: clamp each interval's ratio at 0.",
        Rule(score=lambda path, fisher, moved, epsilon: path / (0.5 * fisher * moved**2 + epsilon)),
    ),
    _mistake(
        "clamp-at-task-end",
        "You clamp the task's sum of scores: clamp each interval's ratio at 0 before adding it.",
        Rule(
            score=lambda path, fisher, moved, epsilon: path / (0.5 * fisher * moved**2 + epsilon),
            average=lambda before, now: averaged(before, np.maximum(now, 0.0)),
        ),
    ),
    _mistake(
        "absolute-path",
        "You take |ω| where a negative ω should score 0: use relu, not the absolute value.",
        Rule(score=lambda path, fisher, moved, epsilon: ratio(np.abs(path), fisher, moved, epsilon)),
    ),
    _mistake(
        "half-left-out",
        "The ½ is missing, or it halves ε too: divide by ½ F d² + ε.",
        Rule(score=lambda path, fisher, moved, epsilon: ratio(path, 2 * fisher, moved, epsilon)),
    ),
    _mistake(
        "epsilon-outside",
        "ε is added to the quotient: it belongs under the fraction bar, beside ½ F d².",
        Rule(
            score=lambda path, fisher, moved, epsilon: np.maximum(
                path / np.maximum(0.5 * fisher * moved**2, 1e-300) + epsilon, 0.0
            )
        ),
        "unfinished-interval",
        "normalisation",
        "second-task",
        "settings",
        "own-copies",
    ),
    _mistake(
        "moved-not-squared",
        "You divide by ½ F |d| + ε: the displacement must be squared.",
        Rule(score=lambda path, fisher, moved, epsilon: ratio(path, fisher, np.sqrt(np.abs(moved)), epsilon)),
    ),
    _mistake(
        "squared-steps-summed",
        "d² adds up the squares of the steps: add up the steps first, then square.",
        Rule(moved=lambda moved, step: np.sqrt(moved**2 + step**2)),
    ),
    _mistake(
        "last-step-moved",
        "d is only the last step: add up the interval's steps.",
        Rule(moved=lambda moved, step: step),
    ),
    _mistake(
        "fisher-left-out",
        "F is missing under the fraction bar: that would be SI. Divide by ½ F d² + ε.",
        Rule(score=lambda path, fisher, moved, epsilon: ratio(path, np.ones_like(fisher), moved, epsilon)),
    ),
    _mistake(
        "scores-not-added",
        "Each interval's score replaces the one before: add them up over the task.",
        Rule(gather=lambda total, new: new),
    ),
    Mistake(
        "zero-over-zero",
        "You divide by a largest score of 0, which gives NaN: where the maximum is 0, the term is 0.",
        lambda inputs: {"finite": False},
        ("zero-score",),
    ),
    _mistake(
        "per-tensor-maximum",
        "You divide each tensor by its own maximum; take one maximum over all parameters of the model together.",
        Rule(normalise=_over_own),
    ),
    _mistake(
        "not-normalised",
        "F and s are added as they are: divide each by its maximum over all parameters first.",
        Rule(normalise=lambda value, tensors: value),
    ),
    _mistake(
        "sum-normalised",
        "You divide by the sum: divide F and s by their maximum over all parameters.",
        Rule(normalise=_over_sum),
    ),
    _mistake(
        "minimum-subtracted",
        "You subtract the minimum before scaling: divide F and s by their maximum, no more.",
        Rule(normalise=_between),
    ),
    _mistake(
        "sum-scaled",
        "You scale the sum F + s: scale F and s by their own maxima first, then add.",
        Rule(
            normalise=lambda value, tensors: value,
            combine=lambda fisher, score: (fisher + score) / (fisher + score).max(),
        ),
    ),
    _mistake(
        "product",
        "You multiply F and s: Ω is the sum of the two.",
        Rule(combine=lambda fisher, score: fisher * score),
        "normalisation",
    ),
    _mistake(
        "score-alone", "Ω is the score alone: add F/max F.", Rule(combine=lambda fisher, score: score), "normalisation"
    ),
    _mistake(
        "fisher-alone", "Ω is the Fisher alone: add s/max s.", Rule(combine=lambda fisher, score: fisher), "clamp"
    ),
    _mistake(
        "halved-sum",
        "You halve the sum: Ω = F/max F + s/max s has no ½.",
        Rule(combine=lambda fisher, score: (fisher + score) / 2),
    ),
    _mistake(
        "first-score-halved",
        "The first task's score is halved, as if there had been one before: the first task keeps its score.",
        Rule(average=lambda before, now: now / 2 if before is None else (before + now) / 2),
        *LATER,
    ),
    _mistake(
        "scores-summed",
        "The tasks' scores are summed up: from the second task on take ½ (score before + this task's).",
        Rule(average=lambda before, now: now if before is None else before + now),
        *LATER,
    ),
    _mistake(
        "last-score-only",
        "The score is that of the last task alone: average it with the score before, ½ each.",
        Rule(average=lambda before, now: now),
        *LATER,
    ),
    _mistake(
        "normalised-before-average",
        "You average normalised scores: average the scores themselves, and divide by the maximum afterwards.",
        Rule(average_terms=True),
        *LATER,
    ),
    _mistake(
        "omega-added",
        "The new Ω is added to the old one. RWalk replaces it: F and s hold the earlier tasks already.",
        Rule(replace=lambda old, new: old + new),
        *LATER,
    ),
    _mistake(
        "omega-averaged",
        "You average the new Ω with the old one. Only the scores are averaged; the new Ω replaces the old.",
        Rule(replace=lambda old, new: (old + new) / 2 if old.any() else new),
        *LATER,
    ),
)
