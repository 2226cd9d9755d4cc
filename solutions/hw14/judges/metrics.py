"""Judge ``metrics``: average accuracy, forgetting and backward transfer of an accuracy matrix R [T, T]."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, must_hold
from autograder.judging.example import shown
from autograder.judging.exercise import Oracle

from .network import Array

CLEAR, APART = 0.05, 0.02
"""How far a metric is from zero, and a known mistake from the right answer where there are five tasks or more, twenty times what counts as right."""

METRICS: dict[str, dict[str, Any]] = {
    "average_accuracy": {"start": lambda R: 0.0, "tasks": slice(None)},
    "forgetting": {"start": lambda R: R[:-1].max(axis=0), "sign": -1.0},
    "backward_transfer": {"start": np.diagonal},
}
"""What each metric has for its stages (``value``): each is the mean of how far the last row is above, or below, a start."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Every metric on tensors of three sizes, T = 2 among them, and on a NumPy array."""
    return [case for metric in METRICS for case in _cases(rng, metric)]


def _cases(rng: np.random.Generator, metric: str) -> list[Case]:
    """A metric on tensors of three sizes, and on an array; in both large ones every known mistake shows."""
    cases = []
    for name, size in (("small", 2), ("middle", int(rng.integers(3, 5))), ("large", 5), ("array", 6)):
        while True:
            R = draw_matrix(rng, size, zero=name == "middle").astype(np.float64 if name == "array" else np.float32)
            case = Case(f"{metric} {name}", {"metric": metric, "R": R, "array": name == "array"})
            if size < 5 or all(_differs(case, each.expected) for each in (*mistake, *mistake.variants)):
                break
        cases.append(case)
    return cases


def _differs(case: Case, wrong: Oracle) -> bool:
    """Whether a mistake shows, if it can in this metric."""
    found = case.told(wrong)
    return not found or abs(found["value"] - case.told(oracle)["value"]) > APART


def draw_matrix(rng: np.random.Generator, size: int, *, zero: bool = False) -> Array:
    """Accuracies for which no metric is near zero, and the best of a task is not always right after learning it.

    The last one of the first task may be 0.
    """
    while True:
        R = np.asarray(rng.uniform(0.05, 0.95, size=(size, size)))
        R[-1, 0] *= not zero
        best_is_diagonal = bool((R[:-1, :-1].max(axis=0) == R.diagonal()[:-1]).all())
        if all(abs(value(R, **METRICS[metric])) > CLEAR for metric in METRICS) and (size == 2 or not best_is_diagonal):
            return R


def value(
    R: Array,
    *,
    read: Callable[[Array], Array] = lambda R: R,
    start: Callable[[Array], Any],
    end: Callable[[Array], Array] = lambda R: R[-1],
    tasks: slice = slice(-1),
    sign: float = 1.0,
    each: Callable[[Array], Array] = lambda terms: terms,
    mean: Callable[[Array], Any] = lambda terms: terms.sum() / len(terms),
    scale: float = 1.0,
) -> float:
    """A metric in stages.

    Args:
        R: the matrix.
        read: what is taken for it.
        start, end: from that to what is compared, of each task [T]: ``end`` less ``start``.
        tasks: those that count.
        sign: of the difference.
        each: what is made of the differences.
        mean: in place of their mean.
        scale: by which the result is multiplied.
    """
    R = read(R)
    return scale * float(mean(each(sign * (end(R) - start(R))[tasks])))


def reported(metric: str, inputs: Tree, **stages: Any) -> Tree:
    """What a metric is, or what comes of it where a mistake replaces stages; nothing where another one is asked for."""
    if inputs["metric"] != metric:
        return {}
    return {"value": value(np.asarray(inputs["R"], dtype=np.float64), **METRICS[metric] | stages)}


def oracle(inputs: Tree) -> Tree:
    """The metric that the case asks for."""
    return reported(inputs["metric"], inputs)


def since_learning(R: Array) -> Array:
    """The best of each task over l from j on, before the last row."""
    return np.array([R[min(j, len(R) - 2) : -1, j].max() for j in range(len(R))])


mistake = Mistakes(beside=__file__)
accuracy, forgets, transfer = (mistake.stages(partial(reported, metric)) for metric in METRICS)

ENDS: dict[str, Any] = {
    "acc-diagonal": np.diagonal,
    "acc-whole-matrix": np.ravel,
    "acc-lower-triangle": lambda R: R[np.tril_indices(len(R))],
    "acc-first-row": lambda R: R[0],
    "acc-previous-row": lambda R: R[-2],
}
accuracy.each("end", ENDS)
accuracy.each("tasks", {"acc-without-last-task": slice(-1), "acc-without-first-task": slice(1, None)})
accuracy("acc-divided-by-fewer", mean=lambda terms: terms.sum() / (len(terms) - 1))
STARTS: dict[str, Any] = {
    "forgetting-counts-last-row": lambda R: R.max(axis=0),
    "forgetting-from-diagonal": np.diagonal,
    "forgetting-since-learning": since_learning,
    "forgetting-other-axis": lambda R: np.append(R[:-1, :-1].max(axis=1), np.nan),
    "forgetting-one-best": lambda R: R[:-1, :-1].max(),
    "forgetting-best-row": lambda R: R[R[:-1, :-1].mean(axis=1).argmax()],
    "forgetting-from-mean": lambda R: R[:-1].mean(axis=0),
    "forgetting-from-first-row": lambda R: R[0],
    "forgetting-from-previous-row": lambda R: R[-2],
}
forgets.each("start", STARTS)
forgets("forgetting-with-last-task", tasks=slice(None))
forgets("forgetting-until-diagonal", end=np.diagonal)
OTHER_STARTS: dict[str, Any] = {
    "transfer-from-best": METRICS["forgetting"]["start"],
    "transfer-previous-row": lambda R: R[-2],
    "transfer-from-first-row": lambda R: R[0],
    "transfer-from-nothing": lambda R: 0.0,
}
transfer.each("start", OTHER_STARTS)
for wrong, name in ((accuracy, "acc"), (forgets, "forgetting"), (transfer, "transfer")):
    wrong("in-percent", scale=100.0)
    wrong(f"{name}-sum", mean=np.sum)
    wrong(f"{name}-extreme", mean=np.max)
    wrong(f"{name}-extreme", mean=np.min)
    wrong(f"{name}-extreme", mean=np.median)
    wrong("acc-column" if wrong is accuracy else f"{name}-transposed", read=np.transpose)
for wrong, name in ((forgets, "forgetting"), (transfer, "transfer")):
    wrong(f"{name}-sign", scale=-1.0)
    wrong(f"{name}-divided-by-T", mean=lambda terms: terms.sum() / (len(terms) + 1))
    wrong(f"{name}-moduli", each=np.abs)
    wrong(f"{name}-without-first-task", tasks=slice(1, -1))
for clipped in (np.maximum, np.minimum):
    transfer("transfer-clipped", each=lambda terms, clipped=clipped: clipped(terms, 0.0))
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


def described(inputs: Tree) -> str:
    """The call, and the matrix where it is small."""
    return f"`{inputs['metric']}(R)` with R = {shown(inputs['R'])}"


EXERCISE = Exercise("metrics", draw, CHECKS, **mistake.known, described=described)
