"""Judge ``metrics``: average accuracy, forgetting and backward transfer of an accuracy matrix R [T, T]."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Tree, must_hold
from autograder.judging.exercise import Oracle

from .network import Array

Metric = Callable[[Array], Any]

CLEAR = 0.05
"""How far a metric is from zero, and a known mistake from the right answer where there are five tasks or more."""


def average_accuracy(R: Array) -> float:
    """mean_j R[T−1, j]."""
    return float(R[-1].mean())


def forgetting(R: Array) -> float:
    """Mean over j < T−1 of (max over l < T−1 of R[l, j]) − R[T−1, j]."""
    return float((R[:-1, :-1].max(axis=0) - R[-1, :-1]).mean())


def backward_transfer(R: Array) -> float:
    """Mean over j < T−1 of R[T−1, j] − R[j, j]."""
    return float((R[-1] - R.diagonal())[:-1].mean())


METRICS: dict[str, Metric] = {each.__name__: each for each in (average_accuracy, forgetting, backward_transfer)}


def draw(rng: np.random.Generator) -> list[Case]:
    """Every metric on tensors of three sizes, T = 2 among them, and on a NumPy array."""
    return [case for metric in METRICS for case in _cases(rng, metric)]


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
    return not found or abs(found["value"] - case.told(oracle)["value"]) > CLEAR


def draw_matrix(rng: np.random.Generator, size: int) -> Array:
    """Accuracies for which no metric is near zero, and the best of a task is not always right after learning it."""
    while True:
        R = np.asarray(rng.uniform(0.05, 0.95, size=(size, size)))
        best_is_diagonal = bool((R[:-1, :-1].max(axis=0) == R.diagonal()[:-1]).all())
        if all(abs(metric(R)) > CLEAR for metric in METRICS.values()) and (size == 2 or not best_is_diagonal):
            return R


def value(formula: Metric, inputs: Tree) -> float:
    """What a formula gives for the case's matrix."""
    return float(formula(np.asarray(inputs["R"], dtype=np.float64)))


def oracle(inputs: Tree) -> Tree:
    """The metric that the case asks for."""
    return {"value": value(METRICS[inputs["metric"]], inputs)}


def since_learning(R: Array) -> float:
    """Forgetting with a maximum over l from j on."""
    T = len(R)
    return float(np.mean([R[j : T - 1, j].max() - R[-1, j] for j in range(T - 1)]))


WRONG: dict[str, Metric] = {
    "acc-diagonal": lambda R: R.diagonal().mean(),
    "acc-column": lambda R: R[:, -1].mean(),
    "acc-whole-matrix": lambda R: R.mean(),
    "acc-lower-triangle": lambda R: R[np.tril_indices(len(R))].mean(),
    "acc-without-last-task": lambda R: R[-1, :-1].mean(),
    "acc-sum": lambda R: R[-1].sum(),
    "acc-first-row": lambda R: R[0].mean(),
    "forgetting-sign": lambda R: -forgetting(R),
    "forgetting-counts-last-row": lambda R: (R.max(axis=0) - R[-1])[:-1].mean(),
    "forgetting-from-diagonal": lambda R: -backward_transfer(R),
    "forgetting-since-learning": since_learning,
    "forgetting-divided-by-T": lambda R: forgetting(R) * (len(R) - 1) / len(R),
    "forgetting-with-last-task": lambda R: (R[:-1].max(axis=0) - R[-1]).mean(),
    "forgetting-transposed": lambda R: forgetting(R.T),
    "forgetting-sum": lambda R: forgetting(R) * (len(R) - 1),
    "transfer-sign": lambda R: -backward_transfer(R),
    "transfer-divided-by-T": lambda R: backward_transfer(R) * (len(R) - 1) / len(R),
    "transfer-from-best": lambda R: -forgetting(R),
    "transfer-previous-row": lambda R: (R[-1] - R[-2])[:-1].mean(),
    "transfer-transposed": lambda R: backward_transfer(R.T),
    "transfer-sum": lambda R: backward_transfer(R) * (len(R) - 1),
}
"""By mistake: what is taken for the metric that its name begins with."""


def mistaken(name: str) -> Oracle:
    """The oracle of a mistake; it does not show where another metric is asked for."""
    metric = {"acc": "average_accuracy", "transfer": "backward_transfer"}.get(name.partition("-")[0], "forgetting")
    return lambda inputs: {"value": value(WRONG[name], inputs)} if inputs["metric"] == metric else {}


mistake = Mistakes(mistaken)
for name, message in {
    "acc-diagonal": "Your average accuracy takes the diagonal, each task just after it was learnt; take the last row.",
    "acc-column": "Your average accuracy takes the last column, the last task over time; take the last row, all tasks at the end.",
    "acc-whole-matrix": "Your average accuracy averages the whole matrix; only the last row counts.",
    "acc-lower-triangle": "Your average accuracy averages everything up to the end; only the last row counts.",
    "acc-without-last-task": "Your average accuracy leaves the last task out; it counts like every other.",
    "acc-sum": "Your average accuracy is a sum over the tasks; divide by their number.",
    "acc-first-row": "Your average accuracy takes the first row, after the first task; take the last.",
    "forgetting-sign": "Your forgetting has the wrong sign: it is the best minus the last, positive when something is forgotten.",
    "forgetting-counts-last-row": "Your maximum includes the last row; the best is looked for before the last task, l < T−1.",
    "forgetting-from-diagonal": "Your forgetting starts from R[j, j], which is backward transfer with its sign changed; start from the best accuracy that the task ever had before the last one.",
    "forgetting-since-learning": "Your maximum starts at l = j; here it runs over all l < T−1.",
    "forgetting-divided-by-T": "Your forgetting divides by T; the last task cannot be forgotten yet, so divide by T−1.",
    "forgetting-with-last-task": "Your forgetting counts the last task too; it is a mean over j < T−1.",
    "forgetting-transposed": "Your forgetting has rows and columns swapped: R[i, j] is the accuracy on task j after training task i.",
    "forgetting-sum": "Your forgetting is a sum over the tasks; take the mean.",
    "transfer-sign": "Your backward transfer has the wrong sign: it is the last minus the diagonal, negative when something is forgotten.",
    "transfer-divided-by-T": "Your backward transfer divides by T; the last task's term is 0 by definition, so divide by T−1.",
    "transfer-from-best": "Your backward transfer starts from the best accuracy; start from R[j, j], just after the task was learnt.",
    "transfer-previous-row": "Your backward transfer compares with the row before the last; compare with the diagonal.",
    "transfer-transposed": "Your backward transfer has rows and columns swapped: R[i, j] is the accuracy on task j after training task i.",
    "transfer-sum": "Your backward transfer is a sum over the tasks; take the mean.",
}.items():
    mistake.known(name).says(message)
changed = must_hold({"keeps_arguments": "your function changes R; work on a copy."})


def metric_checks(name: str, title: str, metric: str) -> tuple[Check, ...]:
    """What is promised of one function: a third of the points."""
    tensors, array = tuple(f"{metric} {size}" for size in ("small", "middle", "large")), (f"{metric} array",)
    same, kept = f"{title}: a NumPy array is as good, a second time as well", f"{title}: R stays as it was"
    return (
        Check(name, title, share=0.85 / 3, cases=tensors, expected=oracle),
        Check(f"{name}-array", same, share=0.1 / 3, cases=array, expected=oracle),
        Check(
            f"{name}-kept", kept, share=0.05 / 3, cases=array, complaint=changed, fixed=True, needs=(f"{name}-array",)
        ),
    )


EXERCISE = Exercise(
    id="metrics",
    draw=draw,
    checks=(
        *metric_checks("accuracy", "The average accuracy", "average_accuracy"),
        *metric_checks("forgetting", "Forgetting", "forgetting"),
        *metric_checks("transfer", "Backward transfer", "backward_transfer"),
    ),
    mistakes=tuple(mistake),
)
