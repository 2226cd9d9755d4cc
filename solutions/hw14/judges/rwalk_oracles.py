"""The oracles of RWalk in float64: the right one, and those of the known mistakes."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.judging import Mistakes
from autograder.judging.mistakes import Unsaid

from . import scripted
from .network import Array, cross_entropy_cotangent, example_gradients, forward, shapes


def over(top: float, value: Array) -> Array:
    """The values over ``top``; 0 where it is 0."""
    return value / top if top > 0 else np.zeros_like(value)


class RWalk(scripted.Method):
    """Ω = F / max F + s / max s, by formulas of which each known mistake replaces some."""

    alpha, interval, epsilon = 0.9, 10, 1e-3  # an interval of 0 is the whole task
    squared = staticmethod(lambda g: g**2)  # what F averages
    first_fisher = staticmethod(lambda new, alpha: new)  # F after the very first step
    next_fisher = staticmethod(lambda fisher, new, alpha: alpha * new + (1 - alpha) * fisher)
    lowered = staticmethod(lambda g, step: -g * step)  # what a step adds to ω
    moved_on = staticmethod(lambda moved, step: moved + step)  # d after a step
    quotient = staticmethod(lambda path, F, d, eps: path / (0.5 * F * d**2 + eps))
    clamp = staticmethod(lambda score: np.maximum(score, 0.0))  # an interval's score
    gathered = staticmethod(lambda total, new: total + new)  # the task's score after an interval
    scaled_fisher = scaled_score = staticmethod(lambda value, where: over(value.max(), value))  # tensors' places in [P]
    combined = staticmethod(lambda fisher, score: fisher + score)  # Ω of both terms
    first_score = staticmethod(lambda now: now)  # s after the first task
    next_score = staticmethod(lambda before, now: (before + now) / 2)  # s after a later task
    replaced = staticmethod(lambda old, new: new)  # Ω after a task
    fisher_first = True  # F is updated before the interval is scored, not after
    unfinished = True  # an unfinished interval is scored at the task's end
    reset_path = reset_moved = True  # with an interval
    reset_count, reset_score, reset_fisher = True, True, False  # with a task
    average_terms = False  # the normalised scores are averaged instead of the scores
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
            if self.interval and self.count % self.interval == 0:
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
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes(self.inputs["spec"]).values()])
        tensors = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        now = self.scaled_score(self.task_score, tensors) if self.average_terms else self.task_score
        self.score = self.first_score(now) if self.score is None else self.next_score(self.score, now)
        term = self.score if self.average_terms else self.scaled_score(self.score, tensors)
        return np.asarray(self.combined(self.scaled_fisher(self.fisher, tensors), term))


LATER = ("second-task", "three-tasks")

mistake = Mistakes()

mistake.named("tensors-not-copied", RWalk.but(stale=True), "own-copies").says(
    "You keep the engine's gradients or steps themselves; it uses the same tensors again in the next step. Add to ω and d at once, or clone what you keep."
)
mistake.named("arguments-changed", lambda inputs: {"arguments unchanged": False}, "own-copies").says(
    "observe changes the gradients or steps that it is given; they belong to the engine. Compute a new tensor."
)
mistake.named("alpha-fixed", RWalk.but(alpha=0.9), "settings").says(
    "An α of 0.9 is written into your code: use self.alpha, so that it can be chosen."
)
mistake.named("interval-fixed", RWalk.but(interval=10), "settings").says(
    "An interval of 10 steps is written into your code: use self.interval, so that it can be chosen."
)
mistake.named("epsilon-fixed", RWalk.but(epsilon=1e-3), "settings").says(
    "An ε of 0.001 is written into your code: use self.epsilon, so that it can be chosen."
)
mistake.named(
    "alpha-swapped", RWalk.but(next_fisher=lambda fisher, new, alpha: (1 - alpha) * new + alpha * fisher)
).says("α and 1−α are swapped: the new g² has the weight α, the old F has 1−α.")
mistake.named("fisher-from-zero", RWalk.but(first_fisher=lambda new, alpha: alpha * new)).says(
    "Your moving average begins at 0; the very first step sets F = g²."
)
mistake.named("fisher-last-step", RWalk.but(next_fisher=lambda fisher, new, alpha: new)).says(
    "F is only the last step's g²: mix it with the old F, α g² + (1−α) F."
)
mistake.named("fisher-summed", RWalk.but(next_fisher=lambda fisher, new, alpha: fisher + new)).says(
    "F adds up g² over the steps; it is the moving average α g² + (1−α) F."
)
mistake.named("fisher-not-squared", RWalk.but(squared=np.abs)).says(
    "F averages |g|; the Fisher information is an average of g²."
)


class Measured(RWalk):
    """F is measured on the data at each task's end."""

    def _train(self, gradients: Array, steps: Array) -> None:
        super()._train(gradients, steps)
        self.theta = self.theta + steps.sum(axis=0)
        like = shapes(self.inputs["spec"])
        network = self.inputs["spec"], scripted.unflatten(self.theta, like), self.inputs["inputs"]
        cotangent = cross_entropy_cotangent(forward(*network).output, self.inputs["labels"])
        gradients_of = example_gradients(*network, cotangent)
        self.fisher = scripted.flatten({name: (g**2).mean(axis=0) for name, g in gradients_of.items()}, list(like))


mistake.named("fisher-measured-at-the-end", Measured.but(interval=0)).says(
    "You measure F on the data at the task's end and score the whole task at once. RWalk's F is a moving average over the steps in observe, and ω is scored every `interval` steps."
)
mistake.named("fisher-not-carried", RWalk.but(reset_fisher=True), *LATER).says(
    "F begins anew with every task: it is carried on over all tasks."
)
mistake.named("scored-before-fisher", RWalk.but(fisher_first=False)).says(
    "You score the interval with the F from before its last step: update F first, then score."
)
mistake.named("whole-task-ratio", RWalk.but(interval=0)).says(
    "You score the whole task with one ratio: score every `interval` steps and add the scores up."
)
mistake.named("every-step-scored", RWalk.but(interval=1)).says(
    "You score every single step: let ω and d grow for `interval` steps, then score."
)
mistake.named("unfinished-lost", RWalk.but(unfinished=False)).says(
    "Steps after the last full interval are lost: score an unfinished interval at the task's end."
)
mistake.named("count-not-reset", RWalk.but(reset_count=False), *LATER).says(
    "The count of steps runs on into the next task, so its intervals are cut in the wrong places: begin to count anew in begin_task."
)
mistake.named("path-not-reset", RWalk.but(reset_path=False)).says(
    "ω is not set back to 0 after an interval, so that the next one counts it again."
)
mistake.named("moved-not-reset", RWalk.but(reset_moved=False)).says(
    "d is not set back to 0 after an interval: it is the way of this interval alone."
)
mistake.named("wrong-sign", RWalk.but(lowered=lambda g, step: g * step), "clamp", "three-tasks").says(
    "The sign is turned round: the loss falls where g·Δ is negative, so ω −= g·Δ."
)
mistake.named("absolute-steps", RWalk.but(lowered=lambda g, step: np.abs(g * step))).says(
    "You add up |g·Δ|. The sign says whether the loss fell: ω −= g·Δ."
)
mistake.named("gradient-for-step", RWalk.but(lowered=lambda g, step: 1e-4 * g**2)).says(
    "You use lr·g² in place of −g·Δ. Adam's steps are not −lr·g: use the real steps that observe gets."
)
mistake.named("clamp-each-step", RWalk.but(lowered=lambda g, step: np.maximum(-g * step, 0.0))).says(
    "You clamp every step's −g·Δ, but steps uphill cancel steps downhill: clamp the interval's ratio."
)
mistake.named("no-clamp", RWalk.but(clamp=lambda score: score)).says(
    "An interval in which the loss rose lowers your score: clamp each interval's ratio at 0."
)
mistake.named(
    "clamp-at-task-end",
    RWalk.but(
        clamp=lambda score: score,
        first_score=lambda now: np.maximum(now, 0.0),
        next_score=lambda before, now: (before + np.maximum(now, 0.0)) / 2,
    ),
).says("You clamp the task's sum of scores: clamp each interval's ratio at 0 before adding it.")
mistake.named("absolute-path", RWalk.but(clamp=np.abs)).says(
    "You take |ω| where a negative ω should score 0: use relu, not the absolute value."
)
mistake.named("half-left-out", RWalk.but(quotient=lambda path, F, d, eps: path / (F * d**2 + eps))).says(
    "The ½ is missing, or it halves ε too: divide by ½ F d² + ε."
)
mistake.named(
    "epsilon-outside",
    RWalk.but(quotient=lambda path, F, d, eps: path / np.maximum(0.5 * F * d**2, 1e-300) + eps),
    "unfinished-interval",
    "normalisation",
    "second-task",
    "settings",
    "own-copies",
).says("ε is added to the quotient: it belongs under the fraction bar, beside ½ F d².")
for way in (np.abs, np.positive):
    mistake.named(
        "moved-not-squared", RWalk.but(quotient=lambda path, F, d, eps, way=way: path / (0.5 * F * way(d) + eps))
    ).says("You divide by ½ F |d| + ε: the displacement must be squared.")
mistake.named("squared-steps-summed", RWalk.but(moved_on=lambda moved, step: np.sqrt(moved**2 + step**2))).says(
    "d² adds up the squares of the steps: add up the steps first, then square."
)
mistake.named("moduli-of-steps", RWalk.but(moved_on=lambda moved, step: moved + np.abs(step))).says(
    "d adds up |Δ|: add the steps up as they are, so that a way there and back is none."
)
mistake.named("last-step-moved", RWalk.but(moved_on=lambda moved, step: step)).says(
    "d is only the last step: add up the interval's steps."
)
mistake.named("fisher-left-out", RWalk.but(quotient=lambda path, F, d, eps: path / (0.5 * d**2 + eps))).says(
    "F is missing under the fraction bar: that would be SI. Divide by ½ F d² + ε."
)
mistake.named("scores-not-added", RWalk.but(gathered=lambda total, new: new)).says(
    "Each interval's score replaces the one before: add them up over the task."
)
mistake.named("zero-over-zero", lambda inputs: {"finite": False}, "zero-score").says(
    "You divide by a largest score of 0, which gives NaN: where the maximum is 0, the term is 0."
)
for terms in (("scaled_fisher", "scaled_score"), ("scaled_fisher",), ("scaled_score",)):  # both, or one of them

    def scaled(name: str, way: Callable[[Array, list[slice]], Array], terms: tuple[str, ...] = terms) -> Unsaid:
        """Another way of scaling."""
        return mistake.named(name, RWalk.but(**dict.fromkeys(terms, way)))

    scaled(
        "per-tensor-maximum", lambda value, parts: np.concatenate([over(value[t].max(), value[t]) for t in parts])
    ).says("You divide each tensor by its own maximum; take one maximum over all parameters of the model together.")
    scaled("not-normalised", lambda value, tensors: value).says(
        "F and s are added as they are: divide each by its maximum over all parameters first."
    )
    scaled("sum-normalised", lambda value, tensors: over(value.sum(), value)).says(
        "You divide by the sum: divide F and s by their maximum over all parameters."
    )
    scaled("minimum-subtracted", lambda value, tensors: over(np.ptp(value), value - value.min())).says(
        "You subtract the minimum before scaling: divide F and s by their maximum, no more."
    )
mistake.named(
    "sum-scaled",
    RWalk.but(
        scaled_fisher=lambda value, tensors: value,
        scaled_score=lambda value, tensors: value,
        combined=lambda fisher, score: (fisher + score) / (fisher + score).max(),
    ),
).says("You scale the sum F + s: scale F and s by their own maxima first, then add.")
mistake.named("product", RWalk.but(combined=lambda fisher, score: fisher * score), "normalisation").says(
    "You multiply F and s: Ω is the sum of the two."
)
mistake.named("score-alone", RWalk.but(combined=lambda fisher, score: score), "normalisation").says(
    "Ω is the score alone: add F/max F."
)
mistake.named("fisher-alone", RWalk.but(combined=lambda fisher, score: fisher), "clamp").says(
    "Ω is the Fisher alone: add s/max s."
)
mistake.named("halved-sum", RWalk.but(combined=lambda fisher, score: (fisher + score) / 2)).says(
    "You halve the sum: Ω = F/max F + s/max s has no ½."
)
mistake.named("first-score-halved", RWalk.but(first_score=lambda now: now / 2), *LATER).says(
    "The first task's score is halved, as if there had been one before: the first task keeps its score."
)
mistake.named("score-not-reset", RWalk.but(reset_score=False), *LATER).says(
    "The task's own score runs on into the next task: set it to 0 in begin_task."
)
mistake.named("scores-summed", RWalk.but(next_score=lambda before, now: before + now), *LATER).says(
    "The tasks' scores are summed up: from the second task on take ½ (score before + this task's)."
)
mistake.named("last-score-only", RWalk.but(next_score=lambda before, now: now), *LATER).says(
    "The score is that of the last task alone: average it with the score before, ½ each."
)
mistake.named("normalised-before-average", RWalk.but(average_terms=True), *LATER).says(
    "You average normalised scores: average the scores themselves, and divide by the maximum afterwards."
)
mistake.named("omega-added", RWalk.but(replaced=lambda old, new: old + new), *LATER).says(
    "The new Ω is added to the old one. RWalk replaces it: F and s hold the earlier tasks already."
)
mistake.named(
    "omega-averaged", RWalk.but(replaced=lambda old, new: (old + new) / 2 if old.any() else new), *LATER
).says("You average the new Ω with the old one. Only the scores are averaged; the new Ω replaces the old.")
