"""Judge ``train_on_tape``: some steps of SGD, against the network's gradient written out by hand."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree, must_hold
from autograder.judging.mistakes import as_it_is

from .exact import REFUSED, Array, decimals, draw_array, elementwise, exact_check, relu, staged
from .log_softmax_nll import log_softmax, nll, one_hot, softmax

D, H, K, N = 2, 5, 3, 7
NAMES = ("W1", "b1", "W2", "b2")


def draw(rng: np.random.Generator) -> list[Case]:
    """One step and several, with batches of different sizes, in 50 digits and in floats."""
    plans = {"one step": [[0, 3, 5, 6]], "steps": [[1, 4], [0, 2, 6, 2], [5]]}  # 1/4 is exact in any number
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
    return [*cases, Case("again float", {**cases[2].inputs, "again": True})]


Delta = Callable[[Array, Array, int], Array]


def gradients(
    parameters: list[Array],
    x: Array,
    labels: list[int],
    *,
    delta: Delta = lambda p, truth, n: (p - truth) / n,
    active: Callable[[Array], Array] = relu,
    mask: Callable[[Decimal], int] = lambda value: int(value > 0),
    biases: tuple[int, int] = (1, 1),
) -> tuple[Decimal, list[Array]]:
    """The mean loss and the gradients of the four parameters, written out layer by layer.

    Args:
        parameters, x, labels: the network and the rows.
        delta: what the criterion sends back, from probabilities, one-hot labels and the number of rows.
        active: the hidden layer's function.
        mask: where that lets a gradient through.
        biases: whether each is added.
    """
    W1, b1, W2, b2 = parameters
    before = x @ W1 + biases[0] * b1
    hidden = active(before)
    z = hidden @ W2 + biases[1] * b2
    sent = delta(softmax(z), one_hot(labels), len(labels))
    back = (sent @ W2.T) * elementwise(lambda value: Decimal(mask(value)), before)
    found = [x.T @ back, biases[0] * back.sum(axis=0), hidden.T @ sent, biases[1] * sent.sum(axis=0)]
    return nll(log_softmax(z), labels), found


def trained(
    inputs: Tree,
    *,
    step: Callable[[Array, Array], Array] = lambda parameter, move: parameter - move,
    trains: Sequence[bool] = (True,) * 4,
    pile_up: bool = False,
    rate: Callable[[Decimal], Decimal] = lambda rate: rate,
    rows: Callable[[list[list[int]], int], list[int]] = lambda batches, at: batches[at],
    same_start: bool = False,
    told: Callable[[Decimal, int], Decimal] = lambda loss, n: loss,
    after: bool = False,
    steps: bool = True,
    **layer: Any,
) -> dict[str, Any]:
    """The parameters after all batches, and the loss before each, in stages.

    Args:
        inputs: the case.
        step: a parameter and its move → the new one.
        trains: which of the four parameters take the step.
        pile_up: whether gradients are added to those of earlier batches.
        rate: the step size, of the one given.
        rows: those of a batch.
        same_start: whether each batch starts from the first parameters.
        told: the loss that is told, from the mean one and the number of rows.
        after: whether it is told of the parameters after the step.
        steps: whether there is more than one step, with the gradients of all batches piled up.
        layer: the stages of ``gradients``.
    """
    first = parameters = [decimals(tree) for tree in inputs["parameters"]]
    x, labels, size = decimals(inputs["x"]), inputs["labels"], rate(Decimal(inputs["rate"]))
    losses, total = [], [Decimal(0) * parameter for parameter in parameters]
    for at in range(len(inputs["batches"])):
        some = rows(inputs["batches"], at)
        batch = x[some], [labels[row] for row in some]
        loss, found = gradients(parameters, *batch, **layer)
        total = [old + new for old, new in zip(total, found, strict=True)] if pile_up or not steps else found
        if steps or at == len(inputs["batches"]) - 1:
            due = zip(first if same_start else parameters, total, trains, strict=True)
            moved = [step(each, size * g) if moves else each for each, g, moves in due]
        else:
            moved = parameters
        losses.append(told(gradients(moved, *batch, **layer)[0] if after else loss, len(some)))
        parameters = parameters if same_start and at < len(inputs["batches"]) - 1 else moved
    return {**dict(zip(NAMES, parameters, strict=True)), "losses": losses}


WRONG: dict[str, Sequence[dict[str, Any]]] = {
    "ascent": [{"step": lambda parameter, move: parameter + move}, {"delta": lambda p, truth, n: (truth - p) / n}],
    "summed-loss": [
        {"delta": lambda p, truth, n: p - truth},
        {"delta": lambda p, truth, n: p - truth, "told": lambda loss, n: loss * n},
    ],
    "biases-left": [{"trains": (True, False, True, False)}],
    "all-rows": [{"rows": lambda batches, at: list(range(N))}],
    "gradients-pile-up": [{"pile_up": True}],
    "same-start": [{"same_start": True}],
    "loss-after-step": [{"after": True}],
    "no-relu": [{"active": lambda before: before, "mask": lambda value: 1}],
    "relu-lets-all-through": [{"mask": lambda value: 1}],
    "b1-left-out": [{"biases": (0, 1)}],
    "b2-left-out": [{"biases": (1, 0)}],
    "only-last-layer": [{"trains": (False, False, True, True)}],
    "only-first-layer": [{"trains": (True, True, False, False)}],
    "rate-ignored": [{"rate": lambda rate: Decimal(1)}],
    "not-trained": [{"trains": (False,) * 4}],
    "first-batch-only": [{"rows": lambda batches, at: batches[0]}],
    "one-step-at-the-end": [{"steps": False}],
    "loss-summed": [{"told": lambda loss, n: loss * n}],
    "loss-negative": [{"told": lambda loss, n: -loss}],
    "divided-twice": [{"delta": lambda p, truth, n: (p - truth) / n**2}],
    "divided-by-entries": [{"delta": lambda p, truth, n: (p - truth) / truth.size}],
    "divided-by-all-rows": [{"delta": lambda p, truth, n: (p - truth) / N}],
    "probabilities-alone": [{"delta": lambda p, truth, n: p / n}],
    "labels-alone": [{"delta": lambda p, truth, n: -truth / n}],
}
"""By the mistake's id: which stages are wrong, in one way or several."""
mistake = Mistakes(staged(trained), beside=__file__)
for name, ways in WRONG.items():
    for stages in ways:
        mistake.listed(name, stages)
mistake.group("again", "kept", oracle=as_it_is).listed("in-place", lambda inputs: {"kept": False})

mistake.add(*REFUSED)

check = partial(exact_check, oracle=trained)
changed = must_hold({"kept": "your function changes the parameters it was given; return new arrays."})
again = partial(check, cases=("again float",), needs=("step", "steps"))
CHECKS = (
    check("step", "One step", share=0.4, cases=("one step precise", "one step float")),
    check("steps", "Several batches of different sizes", share=0.45, cases=("steps precise", "steps float")),
    again("again", "A second time from the same parameters", share=0.1),
    again("kept", "The first parameters stay as they were", share=0.05, also=changed),
)
EXERCISE = Exercise("train_on_tape", draw, checks=CHECKS, **mistake.known)
