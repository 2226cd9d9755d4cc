"""Judge ``metrics``: average accuracy, forgetting and backward transfer of an accuracy matrix R [T, T]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Matrix = NDArray[Any]
Metric = Callable[[Matrix], float]

CLEAR = 0.05
"""How far a metric lies from zero, and a known mistake from the right answer in one case at least."""


def average_accuracy(R: Matrix) -> float:
    """mean_j R[T−1, j]."""
    return float(R[-1].mean())


def forgetting(R: Matrix) -> float:
    """Mean over j < T−1 of (max over l < T−1 of R[l, j]) − R[T−1, j]."""
    return float((R[:-1, :-1].max(axis=0) - R[-1, :-1]).mean())


def backward_transfer(R: Matrix) -> float:
    """Mean over j < T−1 of R[T−1, j] − R[j, j]."""
    return float((R[-1] - R.diagonal())[:-1].mean())


METRICS: dict[str, Metric] = {
    "average_accuracy": average_accuracy,
    "forgetting": forgetting,
    "backward_transfer": backward_transfer,
}


def draw(rng: np.random.Generator) -> list[Case]:
    """Every metric on tensors of three sizes, T = 2 among them, and on a NumPy array."""
    cases = []
    for metric in METRICS:
        tensors = _telling_cases(rng, metric)
        size = int(rng.integers(3, 7))
        array = Case(f"{metric} array", {"metric": metric, "R": draw_matrix(rng, size), "array": True})
        cases += [*tensors, array]
    return cases


def _telling_cases(rng: np.random.Generator, metric: str) -> list[Case]:
    """A metric on tensors of three sizes, drawn again until every known mistake shows in one of them at least."""
    while True:
        cases = []
        for name, size in (("small", 2), ("middle", int(rng.integers(3, 5))), ("large", int(rng.integers(5, 7)))):
            inputs = {"metric": metric, "R": draw_matrix(rng, size).astype(np.float32), "array": False}
            cases.append(Case(f"{metric} {name}", inputs))
        concerned = [mistake for mistake in MISTAKES if cases[0].told(mistake.expected)]
        if all(any(_shows(mistake, case) for case in cases) for mistake in concerned):
            return cases


def _shows(mistake: Mistake, case: Case) -> bool:
    """Whether a mistake's answer is clearly another one than the right one."""
    return bool(abs(case.told(mistake.expected)["value"] - case.told(oracle)["value"]) > CLEAR)


def draw_matrix(rng: np.random.Generator, size: int) -> Matrix:
    """Accuracies for which no metric is near zero, and the best of a task is not always right after learning it."""
    while True:
        R = np.asarray(rng.uniform(0.05, 0.95, size=(size, size)))
        best_is_diagonal = bool((R[:-1, :-1].max(axis=0) == R.diagonal()[:-1]).all())
        if all(abs(metric(R)) > CLEAR for metric in METRICS.values()) and (size == 2 or not best_is_diagonal):
            return R


def oracle(inputs: Tree) -> Tree:
    """The metric that the case asks for."""
    return {"value": METRICS[inputs["metric"]](np.asarray(inputs["R"], dtype=np.float64))}


def changed(inputs: Tree, outputs: Tree) -> str | None:
    """R is as before."""
    return None if outputs["keeps_arguments"] is True else "your function changes R; work on a copy."


def _best_since_learning(R: Matrix) -> float:
    T = len(R)
    return float(np.mean([R[j : T - 1, j].max() - R[-1, j] for j in range(T - 1)]))


def _mistake(metric: str, name: str, message: str, wrong: Metric) -> Mistake:
    def expected(inputs: Tree) -> Tree:
        if inputs["metric"] != metric:
            return {}
        return {"value": wrong(np.asarray(inputs["R"], dtype=np.float64))}

    return Mistake(name, message, expected)


MISTAKES = (
    _mistake(
        "average_accuracy",
        "acc-diagonal",
        "Your average accuracy takes the diagonal, each task just after it was learnt; take the last row.",
        lambda R: float(R.diagonal().mean()),
    ),
    _mistake(
        "average_accuracy",
        "acc-column",
        "Your average accuracy takes the last column, the last task over time; take the last row, all tasks at the end.",
        lambda R: float(R[:, -1].mean()),
    ),
    _mistake(
        "average_accuracy",
        "acc-whole-matrix",
        "Your average accuracy averages the whole matrix; only the last row counts.",
        lambda R: float(R.mean()),
    ),
    _mistake(
        "average_accuracy",
        "acc-lower-triangle",
        "Your average accuracy averages everything up to the end; only the last row counts.",
        lambda R: float(R[np.tril_indices(len(R))].mean()),
    ),
    _mistake(
        "average_accuracy",
        "acc-without-last-task",
        "Your average accuracy leaves the last task out; it counts like every other.",
        lambda R: float(R[-1, :-1].mean()),
    ),
    _mistake(
        "average_accuracy",
        "acc-sum",
        "Your average accuracy is a sum over the tasks; divide by their number.",
        lambda R: float(R[-1].sum()),
    ),
    _mistake(
        "average_accuracy",
        "acc-first-row",
        "Your average accuracy takes the first row, after the first task; take the last.",
        lambda R: float(R[0].mean()),
    ),
    _mistake(
        "forgetting",
        "forgetting-sign",
        "Your forgetting has the wrong sign: it is the best minus the last, positive when something is forgotten.",
        lambda R: -forgetting(R),
    ),
    _mistake(
        "forgetting",
        "forgetting-counts-last-row",
        "Your maximum includes the last row; the best is looked for before the last task, l < T−1.",
        lambda R: float((R.max(axis=0) - R[-1])[:-1].mean()),
    ),
    _mistake(
        "forgetting",
        "forgetting-from-diagonal",
        "Your forgetting starts from R[j, j], which is backward transfer with its sign changed; start from the best accuracy that the task ever had before the last one.",
        lambda R: -backward_transfer(R),
    ),
    _mistake(
        "forgetting",
        "forgetting-since-learning",
        "Your maximum starts at l = j; here it runs over all l < T−1.",
        _best_since_learning,
    ),
    _mistake(
        "forgetting",
        "forgetting-divided-by-T",
        "Your forgetting divides by T; the last task cannot be forgotten yet, so divide by T−1.",
        lambda R: forgetting(R) * (len(R) - 1) / len(R),
    ),
    _mistake(
        "forgetting",
        "forgetting-with-last-task",
        "Your forgetting counts the last task too; it is a mean over j < T−1.",
        lambda R: float((R[:-1].max(axis=0) - R[-1]).mean()),
    ),
    _mistake(
        "forgetting",
        "forgetting-transposed",
        "Your forgetting has rows and columns swapped: R[i, j] is the accuracy on task j after training task i.",
        lambda R: forgetting(R.T),
    ),
    _mistake(
        "forgetting",
        "forgetting-sum",
        "Your forgetting is a sum over the tasks; take the mean.",
        lambda R: forgetting(R) * (len(R) - 1),
    ),
    _mistake(
        "backward_transfer",
        "transfer-sign",
        "Your backward transfer has the wrong sign: it is the last minus the diagonal, negative when something is forgotten.",
        lambda R: -backward_transfer(R),
    ),
    _mistake(
        "backward_transfer",
        "transfer-divided-by-T",
        "Your backward transfer divides by T; the last task's term is 0 by definition, so divide by T−1.",
        lambda R: backward_transfer(R) * (len(R) - 1) / len(R),
    ),
    _mistake(
        "backward_transfer",
        "transfer-from-best",
        "Your backward transfer starts from the best accuracy; start from R[j, j], just after the task was learnt.",
        lambda R: -forgetting(R),
    ),
    _mistake(
        "backward_transfer",
        "transfer-previous-row",
        "Your backward transfer compares with the row before the last; compare with the diagonal.",
        lambda R: float((R[-1] - R[-2])[:-1].mean()),
    ),
    _mistake(
        "backward_transfer",
        "transfer-transposed",
        "Your backward transfer has rows and columns swapped: R[i, j] is the accuracy on task j after training task i.",
        lambda R: backward_transfer(R.T),
    ),
    _mistake(
        "backward_transfer",
        "transfer-sum",
        "Your backward transfer is a sum over the tasks; take the mean.",
        lambda R: backward_transfer(R) * (len(R) - 1),
    ),
)


def _cases(metric: str) -> tuple[str, ...]:
    return (f"{metric} small", f"{metric} middle", f"{metric} large")


ARRAYS = tuple(f"{metric} array" for metric in METRICS)

EXERCISE = Exercise(
    id="metrics",
    draw=draw,
    checks=(
        Check("accuracy", "The average accuracy", share=0.25, cases=_cases("average_accuracy"), expected=oracle),
        Check("forgetting", "Forgetting", share=0.3, cases=_cases("forgetting"), expected=oracle),
        Check("transfer", "Backward transfer", share=0.3, cases=_cases("backward_transfer"), expected=oracle),
        Check(
            "arrays",
            "NumPy arrays are as good as tensors, and R stays as it was",
            share=0.15,
            cases=ARRAYS,
            expected=oracle,
            complaint=changed,
            fixed=True,
        ),
    ),
    mistakes=MISTAKES,
)
