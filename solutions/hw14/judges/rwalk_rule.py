"""Replay RWalk in float64 by a rule: the right one, or one that makes a known mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Tree
from . import scripted
from .network import shapes

Array = NDArray[Any]

ALPHA, INTERVAL, EPSILON = 0.9, 10, 1e-3


def moving_average(fisher: Array | None, gradient: Array, alpha: float) -> Array:
    """α g² + (1−α) F, and g² at the very first step."""
    return gradient**2 if fisher is None else alpha * gradient**2 + (1 - alpha) * fisher


def ratio(path: Array, fisher: Array, moved: Array, epsilon: float) -> Array:
    """relu(ω / (½ F d² + ε))."""
    return np.asarray(np.maximum(path, 0.0) / (0.5 * fisher * moved**2 + epsilon))


def over_all(value: Array, tensors: list[slice]) -> Array:
    """The values over their maximum, one for all parameters; 0 where it is 0."""
    top = float(value.max())
    return value / top if top > 0 else np.zeros_like(value)


def averaged(before: Array | None, now: Array) -> Array:
    """The first task's scores, then ½ (before + now)."""
    return now if before is None else (before + now) / 2


@dataclass(frozen=True)
class Rule:
    """One way of computing RWalk; the defaults are right, each mistake replaces something.

    Attributes:
        fisher: F or None, g, α → F.
        path: what one step adds to ω, of g and Δ.
        moved: d and Δ → d.
        score: ω, F, d, ε → what an interval adds to s.
        gather: the task's scores so far and an interval's → the task's scores.
        normalise: values [P] and each tensor's place in them → the term of Ω.
        combine: F's term and s's → Ω.
        average: earlier scores or None, this task's → scores.
        replace: the old Ω and the new → Ω.
        alpha, interval, epsilon: in place of the method's attributes; an interval of 0 is the whole task.
        fisher_first: F is updated before the interval is scored, not after.
        unfinished: an unfinished interval is scored at the task's end.
        reset_path, reset_moved, reset_fisher, reset_count: what begins anew: ω and d with an interval, F and the count
            of steps with a task.
        average_terms: the normalised scores are averaged instead of the scores.
        stale: ω and d are added up over a list of the engine's own tensors, which all hold the latest step's values.
    """

    fisher: Callable[[Array | None, Array, float], Array] = moving_average
    path: Callable[[Array, Array], Array] = lambda gradient, step: -gradient * step
    moved: Callable[[Array, Array], Array] = lambda moved, step: moved + step
    score: Callable[[Array, Array, Array, float], Array] = ratio
    gather: Callable[[Array, Array], Array] = lambda total, new: total + new
    normalise: Callable[[Array, list[slice]], Array] = over_all
    combine: Callable[[Array, Array], Array] = lambda fisher, score: fisher + score
    average: Callable[[Array | None, Array], Array] = averaged
    replace: Callable[[Array, Array], Array] = lambda old, new: new
    alpha: float | None = None
    interval: int | None = None
    epsilon: float | None = None
    fisher_first: bool = True
    unfinished: bool = True
    reset_path: bool = True
    reset_moved: bool = True
    reset_fisher: bool = False
    reset_count: bool = True
    average_terms: bool = False
    stale: bool = False


def simulate(inputs: Tree, rule: Rule) -> dict[str, Any]:
    """The values that the probe would report of a method which follows the rule."""
    return scripted.outputs(inputs, _Walk(inputs, rule).omegas())


def _tensors(inputs: Tree) -> list[slice]:
    """Where each tensor lies in the flat vector."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes(inputs["spec"]).values()])
    return [slice(int(end - size), int(end)) for end, size in zip(ends, np.diff(ends, prepend=0), strict=True)]


class _Walk:
    """RWalk's state while a script is replayed."""

    def __init__(self, inputs: Tree, rule: Rule) -> None:
        self.inputs, self.rule = inputs, rule
        settings = inputs["settings"]
        self.alpha = float(settings.get("alpha", ALPHA)) if rule.alpha is None else rule.alpha
        self.interval = int(settings.get("interval", INTERVAL)) if rule.interval is None else rule.interval
        self.epsilon = float(settings.get("epsilon", EPSILON)) if rule.epsilon is None else rule.epsilon
        self.zeros = np.zeros_like(scripted.start(inputs))
        self.fisher: Array | None = None
        self.scores: Array | None = None
        self.path = self.moved = self.task_score = self.zeros
        self.count = 0

    def omegas(self) -> list[Array]:
        """Ω after each task, [P]."""
        omega, history = self.zeros, []
        for gradients, steps in scripted.replay(self.inputs):
            self._train(gradients, steps)
            omega = self.rule.replace(omega, self._finish())
            history.append(omega)
        return history

    def _train(self, gradients: Array, steps: Array) -> None:
        rule = self.rule
        self.path = self.moved = self.task_score = self.zeros
        if rule.reset_fisher:
            self.fisher = None
        if rule.reset_count:
            self.count = 0
        for gradient, step in zip(gradients, steps, strict=True):
            before = self.fisher
            self.fisher = rule.fisher(before, gradient, self.alpha)
            self.count += 1
            if rule.stale:
                self.path, self.moved = self.count * rule.path(gradient, step), self.count * step
            else:
                self.path, self.moved = self.path + rule.path(gradient, step), rule.moved(self.moved, step)
            if self.interval and self.count % self.interval == 0:
                self._score(self.fisher if rule.fisher_first or before is None else before)

    def _score(self, fisher: Array) -> None:
        """Add the interval's ratio to the task's scores and begin a new interval."""
        rule = self.rule
        self.task_score = rule.gather(self.task_score, rule.score(self.path, fisher, self.moved, self.epsilon))
        self.path = self.zeros if rule.reset_path else self.path
        self.moved = self.zeros if rule.reset_moved else self.moved

    def _finish(self) -> Array:
        """The new Ω."""
        rule, tensors = self.rule, _tensors(self.inputs)
        assert self.fisher is not None, "a script has steps"
        if rule.unfinished and (not self.interval or self.count % self.interval):
            self._score(self.fisher)
        if rule.average_terms:
            self.scores = rule.average(self.scores, rule.normalise(self.task_score, tensors))
            return rule.combine(rule.normalise(self.fisher, tensors), self.scores)
        self.scores = rule.average(self.scores, self.task_score)
        return rule.combine(rule.normalise(self.fisher, tensors), rule.normalise(self.scores, tensors))
