"""The oracles of RWalk in float64: the right one, and those of the known mistakes."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.judging import Mistakes

from . import scripted
from .network import Array, cross_entropy_cotangent, example_gradients, forward, shapes


def over(top: float, value: Array) -> Array:
    """The values over ``top``; 0 where it is 0."""
    return value / top if top > 0 else np.zeros_like(value)


def averaged(F: Array, squared: Array, alpha: float) -> Array:
    """F after a step, from the old one and g²."""
    return alpha * squared + (1 - alpha) * F


def lowered(g: Array, step: Array) -> Array:
    """What a step adds to ω."""
    return -g * step


def scored(omega: Array, F: Array, d: Array, epsilon: float) -> Array:
    """What an interval scores, before the relu."""
    return np.asarray(omega / (F * d**2 / 2 + epsilon))


class RWalk(scripted.Method):
    """Ω = F / max F + s / max s, by formulas of which each known mistake replaces some."""

    alpha, interval, epsilon = 0.9, 10, 1e-3  # an interval of 0 is the whole task
    squared = staticmethod(lambda g: g**2)  # what F averages
    first_fisher = staticmethod(lambda new, alpha: new)  # F after the very first step
    next_fisher = staticmethod(averaged)
    lowered = staticmethod(lowered)  # what a step adds to ω
    moved_on = staticmethod(lambda moved, step: moved + step)  # d after a step
    quotient = staticmethod(scored)
    clamp = staticmethod(lambda score: np.maximum(score, 0.0))  # an interval's score
    gathered = staticmethod(lambda total, new: total + new)  # the task's score after an interval
    scaled_fisher = scaled_score = staticmethod(lambda value, where: over(value.max(), value))  # tensors' places in [P]
    combined = staticmethod(lambda fisher, score: fisher + score)  # Ω of both terms
    first_score = staticmethod(lambda now: now)  # s after the first task
    next_score = staticmethod(lambda before, now: (before + now) / 2)  # s after a later task
    replaced = staticmethod(lambda old, new: new)  # Ω after a task
    due = staticmethod(lambda count, interval: count % interval == 0)  # an interval ends with this step
    fisher_first = True  # F is updated before the interval is scored, not after
    unfinished = True  # an unfinished interval is scored at the task's end
    reset_path = reset_moved = True  # with an interval
    reset_count, reset_score, reset_fisher = True, True, False  # with a task
    average_terms = False  # the normalised scores are averaged instead of the scores
    keep_scaled: tuple[str, ...] = ()  # F or s, divided by their maxima for good
    stale = False  # ω and d add up a list of the engine's own tensors, which all hold the latest step's values

    def omegas(self) -> Iterator[Array]:
        self.theta = scripted.start(self.inputs)
        omega = self.zeros = np.zeros_like(self.theta)
        self.fisher: Any = None  # before the first step
        self.score: Array | None = None
        self.count, self.task_score = 0, self.zeros
        for gradients, steps in scripted.replay(self.inputs):
            self._train(gradients, steps)
            omega = self.replaced(omega, self._finish())
            yield omega

    def _train(self, gradients: Array, steps: Array) -> None:
        """Observe one task's steps [T, P]."""
        self.path = self.moved = self.zeros
        self.task_score = self.zeros if self.reset_score else self.task_score
        self.fisher = None if self.reset_fisher else self.fisher
        self.count = 0 if self.reset_count else self.count
        for gradient, step in zip(gradients, steps, strict=True):
            old, new = self.fisher, self.squared(gradient)
            self.fisher = self.first_fisher(new, self.alpha) if old is None else self.next_fisher(old, new, self.alpha)
            self.count += 1
            if self.stale:
                self.path, self.moved = self.count * self.lowered(gradient, step), self.count * step
            else:
                self.path, self.moved = self.path + self.lowered(gradient, step), self.moved_on(self.moved, step)
            if self.interval and self.due(self.count, self.interval):
                self._score(self.fisher if self.fisher_first or old is None else old)

    def _score(self, fisher: Any) -> None:
        """Add the interval's ratio to the task's score and begin a new interval."""
        score = self.clamp(self.quotient(self.path, fisher, self.moved, self.epsilon))
        self.task_score = self.gathered(self.task_score, score)
        self.path = self.zeros if self.reset_path else self.path
        self.moved = self.zeros if self.reset_moved else self.moved

    def _finish(self) -> Array:
        """The new Ω."""
        if self.unfinished and (not self.interval or self.count % self.interval):
            self._score(self.fisher)
        tensors = self.tensors
        now = self.scaled_score(self.task_score, tensors) if self.average_terms else self.task_score
        self.score = self.first_score(now) if self.score is None else self.next_score(self.score, now)
        term = self.score if self.average_terms else self.scaled_score(self.score, tensors)
        fisher = self.scaled_fisher(self.fisher, tensors)
        self.fisher = fisher if "fisher" in self.keep_scaled else self.fisher
        self.score = term if "score" in self.keep_scaled else self.score
        return np.asarray(self.combined(fisher, term))


LATER = ("second-task", "three-tasks")

mistake = Mistakes(beside=__file__)
wrong = mistake.stages(RWalk.reported)

wrong("tensors-not-copied", stale=True)
mistake.listed("arguments-changed", lambda inputs: {"arguments unchanged": False})
wrong("alpha-fixed", alpha=0.9)
wrong("interval-fixed", interval=10)
wrong("epsilon-fixed", epsilon=1e-3)
wrong("alpha-swapped", next_fisher=lambda fisher, new, alpha: (1 - alpha) * new + alpha * fisher)
wrong("fisher-from-zero", first_fisher=lambda new, alpha: alpha * new)
wrong("fisher-last-step", next_fisher=lambda fisher, new, alpha: new)
wrong("fisher-summed", next_fisher=lambda fisher, new, alpha: fisher + new)
wrong("fisher-not-squared", squared=np.abs)


class Measured(RWalk):
    """F is measured on the data at each task's end."""

    def _train(self, gradients: Array, steps: Array) -> None:
        super()._train(gradients, steps)
        self.theta = self.theta + steps.sum(axis=0)
        like = shapes(self.inputs["spec"])
        network = self.inputs["spec"], scripted.unflatten(self.theta, like), self.inputs["inputs"]
        cotangent = cross_entropy_cotangent(forward(*network), self.inputs["labels"])
        gradients_of = example_gradients(*network, cotangent)
        self.fisher = scripted.flatten({name: (g**2).mean(axis=0) for name, g in gradients_of.items()}, list(like))


mistake.stages(Measured.reported)("fisher-measured-at-the-end", interval=0)
wrong("fisher-not-carried", *LATER, reset_fisher=True)
wrong("scored-before-fisher", fisher_first=False)
wrong("whole-task-ratio", interval=0)
wrong("every-step-scored", interval=1)
wrong("unfinished-lost", unfinished=False)
wrong("count-not-reset", *LATER, reset_count=False)
wrong("path-not-reset", reset_path=False)
wrong("moved-not-reset", reset_moved=False)
wrong("wrong-sign", lowered=lambda g, step: g * step)
wrong("absolute-steps", lowered=lambda g, step: np.abs(g * step))
wrong("gradient-for-step", lowered=lambda g, step: 1e-4 * g**2)
wrong("clamp-each-step", lowered=lambda g, step: np.maximum(-g * step, 0.0))
wrong("no-clamp", clamp=lambda score: score)
wrong(
    "clamp-at-task-end",
    clamp=lambda score: score,
    first_score=lambda now: np.maximum(now, 0.0),
    next_score=lambda before, now: (before + np.maximum(now, 0.0)) / 2,
)
wrong("clamp-as-it-runs", clamp=lambda score: score, gathered=lambda total, new: np.maximum(total + new, 0.0))
wrong("absolute-path", clamp=np.abs)
wrong("half-left-out", quotient=lambda path, F, d, eps: path / (F * d**2 + eps))
wrong("epsilon-outside", quotient=lambda path, F, d, eps: path / np.maximum(0.5 * F * d**2, 1e-300) + eps)
for way in (np.abs, np.positive):
    wrong("moved-not-squared", quotient=lambda path, F, d, eps, way=way: path / (0.5 * F * way(d) + eps))
wrong("squared-steps-summed", moved_on=lambda moved, step: np.sqrt(moved**2 + step**2))
wrong("moduli-of-steps", moved_on=lambda moved, step: moved + np.abs(step))
wrong("last-step-moved", moved_on=lambda moved, step: step)
wrong("fisher-left-out", quotient=lambda path, F, d, eps: path / (0.5 * d**2 + eps))
wrong("scores-not-added", gathered=lambda total, new: new)
mistake.listed("zero-over-zero", lambda inputs: {"finite": False})
SCALED: dict[str, Callable[[Array, list[slice]], Array]] = {
    "per-tensor-maximum": lambda value, parts: np.concatenate([over(value[t].max(), value[t]) for t in parts]),
    "not-normalised": lambda value, tensors: value,
    "sum-normalised": lambda value, tensors: over(value.sum(), value),
    "minimum-subtracted": lambda value, tensors: over(np.ptp(value), value - value.min()),
}
for terms in (("scaled_fisher", "scaled_score"), ("scaled_fisher",), ("scaled_score",)):  # both, or one of them
    for name, way in SCALED.items():
        wrong(name, **dict.fromkeys(terms, way))
wrong(
    "sum-scaled",
    scaled_fisher=lambda value, tensors: value,
    scaled_score=lambda value, tensors: value,
    combined=lambda fisher, score: (fisher + score) / (fisher + score).max(),
)
wrong("product", combined=lambda fisher, score: fisher * score)
wrong("score-alone", combined=lambda fisher, score: score)
wrong("fisher-alone", combined=lambda fisher, score: fisher)
wrong("halved-sum", combined=lambda fisher, score: (fisher + score) / 2)
wrong("first-score-halved", *LATER, first_score=lambda now: now / 2)
wrong("score-not-reset", *LATER, reset_score=False)
wrong("scores-summed", *LATER, next_score=lambda before, now: before + now)
wrong("last-score-only", *LATER, next_score=lambda before, now: now)
wrong("normalised-before-average", *LATER, average_terms=True)
wrong("omega-added", *LATER, replaced=lambda old, new: old + new)
wrong("omega-averaged", *LATER, replaced=lambda old, new: (old + new) / 2 if old.any() else new)
for kept in (("fisher", "score"), ("fisher",), ("score",)):
    wrong("scaled-for-good", *LATER, keep_scaled=kept)
for due in (lambda count, interval: count % (interval + 1) == 0, lambda count, interval: (count - 1) % interval == 0):
    wrong("interval-off-by-one", due=due)
wrong("gradient-alone", squared=lambda g: g)
for share in (0.9, 0.1):
    wrong("scores-weighed", *LATER, next_score=lambda before, now, share=share: share * now + (1 - share) * before)
wrong("first-score-only", *LATER, next_score=lambda before, now: before)
for length in (np.linalg.norm, np.mean):
    for terms in (("scaled_fisher", "scaled_score"), ("scaled_fisher",), ("scaled_score",)):
        wrong("norm-normalised", **dict.fromkeys(terms, lambda value, _, length=length: over(length(value), value)))
wrong.formulas(next_fisher=averaged, quotient=scored, lowered=lowered)
