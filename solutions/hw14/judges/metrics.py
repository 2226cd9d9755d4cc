"""Judge ``metrics``: average accuracy, forgetting and backward transfer of an accuracy matrix R [T, T]."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, must_hold
from autograder.judging.exercise import Oracle

from .network import Array

CLEAR, APART = 0.05, 0.02
"""How far a metric is from zero, and a known mistake from the right answer where there are five tasks or more, twenty times what counts as right."""

TERMS: dict[str, Callable[[Array], Array]] = {
    "average_accuracy": lambda R: R[-1],
    "forgetting": lambda R: R[:-1, :-1].max(axis=0) - R[-1, :-1],
    "backward_transfer": lambda R: (R[-1] - R.diagonal())[:-1],
}
"""What each metric is the mean of: R[T−1, j] over j; (max over l < T−1 of R[l, j]) − R[T−1, j], and R[T−1, j] − R[j, j], over j < T−1."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every metric on tensors of three sizes, T = 2 among them, and on a NumPy array."""
    return [case for metric in TERMS for case in _cases(rng, metric)]


def _cases(rng: np.random.Generator, metric: str) -> list[Case]:
    """A metric on tensors of three sizes, and on an array; in both large ones every known mistake shows."""
    cases = []
    for name, size in (("small", 2), ("middle", int(rng.integers(3, 5))), ("large", 5), ("array", 6)):
        while True:
            R = draw_matrix(rng, size).astype(np.float64 if name == "array" else np.float32)
            case = Case(f"{metric} {name}", {"metric": metric, "R": R, "array": name == "array"})
            if size < 5 or all(_differs(case, each.expected) for each in mistake):
                break
        cases.append(case)
    return cases


def _differs(case: Case, wrong: Oracle) -> bool:
    """Whether a mistake shows, if it can in this metric."""
    found = case.told(wrong)
    return not found or abs(found["value"] - case.told(oracle)["value"]) > APART


def draw_matrix(rng: np.random.Generator, size: int) -> Array:
    """Accuracies for which no metric is near zero, and the best of a task is not always right after learning it."""
    while True:
        R = np.asarray(rng.uniform(0.05, 0.95, size=(size, size)))
        best_is_diagonal = bool((R[:-1, :-1].max(axis=0) == R.diagonal()[:-1]).all())
        if all(abs(terms(R).mean()) > CLEAR for terms in TERMS.values()) and (size == 2 or not best_is_diagonal):
            return R


def reported(
    metric: str,
    inputs: Tree,
    *,
    read: Callable[[Array], Array] = lambda R: R,
    terms: Callable[[Array], Array] | None = None,
    mean: Callable[[Array], Any] = np.mean,
    scale: float = 1.0,
) -> Tree:
    """What a metric is, or what comes of it where a mistake replaces a stage; nothing where another one is asked for.

    Args:
        read: what is taken for R.
        terms: from that to what is averaged; by default the metric's own.
        mean: in place of the mean.
        scale: by which the result is multiplied.
    """
    if inputs["metric"] != metric:
        return {}
    R = read(np.asarray(inputs["R"], dtype=np.float64))
    return {"value": scale * float(mean((terms or TERMS[metric])(R)))}


def oracle(inputs: Tree) -> Tree:
    """The metric that the case asks for."""
    return reported(inputs["metric"], inputs)


def since_learning(R: Array) -> Array:
    """Forgetting's terms with a maximum over l from j on."""
    T = len(R)
    return np.array([R[j : T - 1, j].max() - R[-1, j] for j in range(T - 1)])


mistake = Mistakes(beside=__file__)
accuracy, forgets, transfer = (mistake.stages(partial(reported, metric)) for metric in TERMS)

accuracy("acc-diagonal", terms=lambda R: R.diagonal())
accuracy("acc-column", read=np.transpose)
accuracy("acc-whole-matrix", terms=np.ravel)
accuracy("acc-lower-triangle", terms=lambda R: R[np.tril_indices(len(R))])
accuracy("acc-without-last-task", terms=lambda R: R[-1, :-1])
accuracy("acc-sum", mean=np.sum)
accuracy("acc-divided-by-fewer", mean=lambda terms: terms.sum() / (len(terms) - 1))
accuracy("acc-first-row", terms=lambda R: R[0])
forgets("forgetting-sign", scale=-1.0)
forgets("forgetting-counts-last-row", terms=lambda R: (R.max(axis=0) - R[-1])[:-1])
forgets("forgetting-from-diagonal", terms=lambda R: -TERMS["backward_transfer"](R))
forgets("forgetting-since-learning", terms=since_learning)
forgets("forgetting-divided-by-T", mean=lambda terms: terms.sum() / (len(terms) + 1))
forgets("forgetting-with-last-task", terms=lambda R: R[:-1].max(axis=0) - R[-1])
forgets("forgetting-transposed", read=np.transpose)
forgets("forgetting-other-axis", terms=lambda R: R[:-1, :-1].max(axis=1) - R[-1, :-1])
forgets("forgetting-sum", mean=np.sum)
transfer("transfer-sign", scale=-1.0)
transfer("transfer-divided-by-T", mean=lambda terms: terms.sum() / (len(terms) + 1))
transfer("transfer-from-best", terms=lambda R: -TERMS["forgetting"](R))
transfer("transfer-previous-row", terms=lambda R: (R[-1] - R[-2])[:-1])
transfer("transfer-transposed", read=np.transpose)
transfer("transfer-sum", mean=np.sum)
for wrong in (accuracy, forgets, transfer):
    wrong("in-percent", scale=100.0)
changed = must_hold({"keeps_arguments": "your function changes R; work on a copy."})


def metric_checks(name: str, title: str, metric: str) -> tuple[Check, ...]:
    """What is promised of one function: a third of the points."""
    tensors, array = tuple(f"{metric} {size}" for size in ("small", "middle", "large")), (f"{metric} array",)
    same, kept = f"{title}: a NumPy array is as good, a second time as well", f"{title}: R stays as it was"
    return (
        Check(name, title, share=0.85 / 3, cases=tensors, expected=oracle),
        Check(f"{name}-array", same, share=0.1 / 3, cases=array, expected=oracle),
        Check(f"{name}-kept", kept, share=0.05 / 3, cases=array, complaint=changed, needs=(f"{name}-array",)),
    )


CHECKS = (
    *metric_checks("accuracy", "The average accuracy", "average_accuracy"),
    *metric_checks("forgetting", "Forgetting", "forgetting"),
    *metric_checks("transfer", "Backward transfer", "backward_transfer"),
)
EXERCISE = Exercise("metrics", draw, CHECKS, tuple(mistake))
