"""Judge ``train_on_tape``: some steps of SGD, against the network's gradient written out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree
from .exact import (
    AUTOGRAD,
    THROUGH_FLOAT,
    Array,
    decimals,
    draw_array,
    elementwise,
    exact_check,
    exact_mistake,
    many_digits,
)
from .log_softmax_nll import log_softmax, nll, softmax

D, H, K, N = 2, 5, 3, 7
NAMES = ("W1", "b1", "W2", "b2")


def draw(rng: np.random.Generator) -> list[Case]:
    """One step and several, with batches of different sizes, in 50 digits and in floats."""
    plans = {"one step": [[0, 3, 5, 6]], "steps": [[1, 4], [0, 2, 6, 3], [5]]}  # 1/4 is exact in any number
    cases = []
    for kind in ("precise", "float"):
        for name, batches in plans.items():
            order = rng.permutation(N)
            inputs = {
                "kind": kind,
                "parameters": [draw_array(rng, shape, "-1.5", "1.5") for shape in ((D, H), (H,), (H, K), (K,))],
                "x": draw_array(rng, (N, D)),
                "labels": [int(label) for label in rng.integers(K, size=N)],
                "batches": [[int(order[row]) for row in rows] for rows in batches],
                "rate": "0.3" if kind == "float" else "0.3000000000000000000000000000000000007",
            }
            cases.append(Case(f"{name} {kind}", inputs))
    return cases


def gradients(parameters: list[Array], x: Array, labels: list[int]) -> tuple[Decimal, list[Array]]:
    """The mean loss and the gradients of the four parameters, written out layer by layer."""
    W1, b1, W2, b2 = parameters
    before = x @ W1 + b1
    hidden = elementwise(lambda value: max(value, Decimal(0)), before)
    z = hidden @ W2 + b2
    delta = softmax(z)
    for row, label in enumerate(labels):
        delta[row, label] -= 1
    delta = delta / Decimal(len(labels))
    back = (delta @ W2.T) * elementwise(lambda value: Decimal(int(value > 0)), before)
    return nll(log_softmax(z), labels), [x.T @ back, back.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]


Step = Callable[[list[Array], list[Array], Decimal, int, int], list[Array]]
"""Parameters, gradients, rate, batch size, number of the step → new parameters."""


def _sgd(parameters: list[Array], found: list[Array], rate: Decimal, size: int, number: int) -> list[Array]:
    return [parameter - rate * gradient for parameter, gradient in zip(parameters, found, strict=True)]


def trained(
    inputs: Tree,
    step: Step = _sgd,
    rows_of: Callable[[list[int]], list[int]] = lambda rows: rows,
    pile_up: bool = False,
) -> dict[str, Any]:
    """The parameters after all batches, and their losses; the other arguments make mistakes."""
    parameters = [decimals(tree) for tree in inputs["parameters"]]
    x, labels, rate = decimals(inputs["x"]), inputs["labels"], Decimal(inputs["rate"])
    losses = []
    total: list[Array] = []
    for number, batch in enumerate(inputs["batches"]):
        rows = rows_of(batch)
        loss, found = gradients(parameters, x[rows], [labels[row] for row in rows])
        losses.append(loss)
        total = [old + new for old, new in zip(total, found, strict=True)] if pile_up and total else found
        parameters = step(parameters, total, rate, len(rows), number)
    return {**dict(zip(NAMES, parameters, strict=True)), "losses": losses}


def oracle(inputs: Tree) -> dict[str, Any]:
    """Right parameters and losses."""
    return trained(inputs)


def _ascent(parameters: list[Array], found: list[Array], rate: Decimal, size: int, number: int) -> list[Array]:
    return _sgd(parameters, found, -rate, size, number)


def _summed(parameters: list[Array], found: list[Array], rate: Decimal, size: int, number: int) -> list[Array]:
    return _sgd(parameters, found, rate * size, size, number)


def _without_biases(parameters: list[Array], found: list[Array], rate: Decimal, size: int, number: int) -> list[Array]:
    W1, _, W2, _ = _sgd(parameters, found, rate, size, number)
    return [W1, parameters[1], W2, parameters[3]]


def _first_only(parameters: list[Array], found: list[Array], rate: Decimal, size: int, number: int) -> list[Array]:
    return _sgd(parameters, found, rate, size, number) if number == 0 else parameters


@many_digits
def _loss_after(inputs: Tree) -> dict[str, Any]:
    right = trained(inputs)
    losses = []
    for number, rows in enumerate(inputs["batches"]):
        after = trained({**inputs, "batches": inputs["batches"][: number + 1]})
        losses.append(
            gradients(
                [after[name] for name in NAMES], decimals(inputs["x"])[rows], [inputs["labels"][row] for row in rows]
            )[0]
        )
    return {**right, "losses": losses}


def _parameters(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: answers[name] for name in NAMES}


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake("ascent", "You walk uphill: the step is parameter − rate · gradient.", lambda i: trained(i, _ascent)),
    exact_mistake(
        "summed-loss",
        "Your step grows with the batch: take the gradient of the batch's mean loss, not of the sum.",
        lambda i: _parameters(trained(i, _summed)),
    ),
    exact_mistake(
        "biases-left",
        "Your biases are never trained: all four parameters take the step.",
        lambda i: trained(i, _without_biases),
    ),
    exact_mistake(
        "all-rows",
        "Every step takes all rows; a mini-batch step takes those of its batch.",
        lambda i: trained(i, rows_of=lambda rows: list(range(N))),
    ),
    exact_mistake(
        "gradients-pile-up",
        "Your gradients pile up from one batch to the next: each step takes those of its own batch.",
        lambda i: trained(i, pile_up=True),
        checks=("steps",),
    ),
    exact_mistake(
        "same-start",
        "Every batch starts from the first parameters again, so only the last step counts.",
        lambda i: {**_parameters(trained({**i, "batches": i["batches"][-1:]}))},
        checks=("steps",),
    ),
    exact_mistake("loss-after-step", "Your losses are measured after the step; measure each before it.", _loss_after),
    Mistake(
        "in-place",
        "You change the parameters that you were given; return new arrays.",
        lambda inputs: {"kept": False},
        checks=("kept",),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)


def _kept(inputs: Tree, outputs: Tree) -> str | None:
    return None if outputs["kept"] is True else "your function changes the parameters it was given; return new arrays."


def _check_kept() -> Check:
    """The exact check, which also wants the arguments untouched."""
    exact = exact_check(
        "kept", "The first parameters stay as they were", 0.15, ("one step float",), oracle, needs=("step", "steps")
    )
    complaint = exact.complaint
    assert complaint is not None
    return replace(exact, complaint=lambda inputs, outputs: complaint(inputs, outputs) or _kept(inputs, outputs))


EXERCISE = Exercise(
    id="train_on_tape",
    draw=draw,
    checks=(
        exact_check("step", "One step", 0.4, ("one step precise", "one step float"), oracle),
        exact_check("steps", "Several batches of different sizes", 0.45, ("steps precise", "steps float"), oracle),
        _check_kept(),
    ),
    mistakes=MISTAKES,
)
