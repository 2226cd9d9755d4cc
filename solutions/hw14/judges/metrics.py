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
            if size < 5 or all(_differs(case, each.expected) for each in MISTAKES):
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


def mistakes(metric: str) -> Mistakes:
    """The mistakes in one metric, as formulas; they do not show where another one is asked for."""

    def oracle_of(formula: Metric) -> Oracle:
        return lambda inputs: {"value": value(formula, inputs)} if inputs["metric"] == metric else {}

    return Mistakes(oracle_of)


accuracy_mistake = mistakes("average_accuracy")

accuracy_mistake.named("acc-diagonal", lambda R: R.diagonal().mean()).says(
    "Your average accuracy takes the diagonal, each task just after it was learnt; take the last row."
)
accuracy_mistake.named("acc-column", lambda R: R[:, -1].mean()).says(
    "Your average accuracy takes the last column, the last task over time; take the last row, all tasks at the end."
)
accuracy_mistake.named("acc-whole-matrix", lambda R: R.mean()).says(
    "Your average accuracy averages the whole matrix; only the last row counts."
)
accuracy_mistake.named("acc-lower-triangle", lambda R: R[np.tril_indices(len(R))].mean()).says(
    "Your average accuracy averages everything up to the end; only the last row counts."
)
accuracy_mistake.named("acc-without-last-task", lambda R: R[-1, :-1].mean()).says(
    "Your average accuracy leaves the last task out; it counts like every other."
)
accuracy_mistake.named("acc-sum", lambda R: R[-1].sum()).says(
    "Your average accuracy is a sum over the tasks; divide by their number."
)
accuracy_mistake.named("acc-first-row", lambda R: R[0].mean()).says(
    "Your average accuracy takes the first row, after the first task; take the last."
)

forgetting_mistake = mistakes("forgetting")

forgetting_mistake.named("forgetting-sign", lambda R: -forgetting(R)).says(
    "Your forgetting has the wrong sign: it is the best minus the last, positive when something is forgotten."
)
forgetting_mistake.named("forgetting-counts-last-row", lambda R: (R.max(axis=0) - R[-1])[:-1].mean()).says(
    "Your maximum includes the last row; the best is looked for before the last task, l < T−1."
)
forgetting_mistake.named("forgetting-from-diagonal", lambda R: -backward_transfer(R)).says(
    "Your forgetting starts from R[j, j], which is backward transfer with its sign changed; start from the best accuracy that the task ever had before the last one."
)


@forgetting_mistake()
def forgetting_since_learning(R: Array) -> float:
    """Your maximum starts at l = j; here it runs over all l < T−1."""
    T = len(R)
    return float(np.mean([R[j : T - 1, j].max() - R[-1, j] for j in range(T - 1)]))


forgetting_mistake.named("forgetting-divided-by-T", lambda R: forgetting(R) * (len(R) - 1) / len(R)).says(
    "Your forgetting divides by T; the last task cannot be forgotten yet, so divide by T−1."
)
forgetting_mistake.named("forgetting-with-last-task", lambda R: (R[:-1].max(axis=0) - R[-1]).mean()).says(
    "Your forgetting counts the last task too; it is a mean over j < T−1."
)
forgetting_mistake.named("forgetting-transposed", lambda R: forgetting(R.T)).says(
    "Your forgetting has rows and columns swapped: R[i, j] is the accuracy on task j after training task i."
)
forgetting_mistake.named("forgetting-sum", lambda R: forgetting(R) * (len(R) - 1)).says(
    "Your forgetting is a sum over the tasks; take the mean."
)

transfer_mistake = mistakes("backward_transfer")

transfer_mistake.named("transfer-sign", lambda R: -backward_transfer(R)).says(
    "Your backward transfer has the wrong sign: it is the last minus the diagonal, negative when something is forgotten."
)
transfer_mistake.named("transfer-divided-by-T", lambda R: backward_transfer(R) * (len(R) - 1) / len(R)).says(
    "Your backward transfer divides by T; the last task's term is 0 by definition, so divide by T−1."
)
transfer_mistake.named("transfer-from-best", lambda R: -forgetting(R)).says(
    "Your backward transfer starts from the best accuracy; start from R[j, j], just after the task was learnt."
)
transfer_mistake.named("transfer-previous-row", lambda R: (R[-1] - R[-2])[:-1].mean()).says(
    "Your backward transfer compares with the row before the last; compare with the diagonal."
)
transfer_mistake.named("transfer-transposed", lambda R: backward_transfer(R.T)).says(
    "Your backward transfer has rows and columns swapped: R[i, j] is the accuracy on task j after training task i."
)
transfer_mistake.named("transfer-sum", lambda R: backward_transfer(R) * (len(R) - 1)).says(
    "Your backward transfer is a sum over the tasks; take the mean."
)

changed = must_hold({"keeps_arguments": "your function changes R; work on a copy."})
MISTAKES = (*accuracy_mistake, *forgetting_mistake, *transfer_mistake)


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
    mistakes=MISTAKES,
)
