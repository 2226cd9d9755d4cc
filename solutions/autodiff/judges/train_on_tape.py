"""Judge ``train_on_tape``: some steps of SGD, against the network's gradient written out by hand."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree, must_hold
from autograder.judging.mistakes import as_it_is

from .exact import REFUSED, Array, decimals, draw_array, elementwise, exact, exact_check
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


def gradients(parameters: list[Array], x: Array, labels: list[int]) -> tuple[Decimal, list[Array]]:
    """The mean loss and the gradients of the four parameters, written out layer by layer."""
    W1, b1, W2, b2 = parameters
    before = x @ W1 + b1
    hidden = elementwise(lambda value: max(value, Decimal(0)), before)
    z = hidden @ W2 + b2
    delta = (softmax(z) - one_hot(labels)) / Decimal(len(labels))
    back = (delta @ W2.T) * elementwise(lambda value: Decimal(int(value > 0)), before)
    return nll(log_softmax(z), labels), [x.T @ back, back.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]


def trained(
    inputs: Tree,
    *,
    change: Callable[[list[Array], int], list[Array]] = lambda gradients, size: gradients,
    pile_up: bool = False,
) -> dict[str, Any]:
    """The parameters after all batches, and the loss before each.

    Args:
        inputs: the case.
        change: makes a mistake of the gradients and the batch's size.
        pile_up: whether gradients are added to those of earlier batches.
    """
    parameters = [decimals(tree) for tree in inputs["parameters"]]
    x, labels, rate = decimals(inputs["x"]), inputs["labels"], Decimal(inputs["rate"])
    losses, total = [], [Decimal(0) * parameter for parameter in parameters]
    for rows in inputs["batches"]:
        loss, found = gradients(parameters, x[rows], [labels[row] for row in rows])
        losses.append(loss)
        total = [old + new for old, new in zip(total, found, strict=True)] if pile_up else found
        step = change(total, len(rows))
        parameters = [parameter - rate * each for parameter, each in zip(parameters, step, strict=True)]
    return {**dict(zip(NAMES, parameters, strict=True)), "losses": losses}


def without_losses(answers: dict[str, Any]) -> dict[str, Any]:
    """The parameters alone."""
    return {name: answers[name] for name in NAMES}


def loss_after(inputs: Tree) -> dict[str, Any]:
    """The loss of each batch once more, with the parameters after its step."""
    batches = inputs["batches"]
    again = [trained({**inputs, "batches": [*batches[:end], batches[end - 1]]}) for end in range(1, len(batches) + 1)]
    return {**trained(inputs), "losses": [each["losses"][-1] for each in again]}


mistake = Mistakes(exact, beside=__file__)
mistake.listed("ascent", lambda inputs: trained({**inputs, "rate": f"-{inputs['rate']}"}))
summed = partial(trained, change=lambda g, size: [size * each for each in g])
mistake.listed("summed-loss", lambda inputs: without_losses(summed(inputs)))
mistake.listed("biases-left", lambda inputs: trained(inputs, change=lambda g, size: [g[0], 0 * g[1], g[2], 0 * g[3]]))
mistake.listed("all-rows", lambda inputs: trained({**inputs, "batches": [list(range(N))] * len(inputs["batches"])}))
mistake.listed("gradients-pile-up", partial(trained, pile_up=True))
mistake.listed("same-start", lambda inputs: without_losses(trained({**inputs, "batches": inputs["batches"][-1:]})))
mistake.listed("loss-after-step", loss_after)
mistake.group("again", "kept", oracle=as_it_is).listed("in-place", lambda inputs: {"kept": False})

check = partial(exact_check, oracle=trained)
changed = must_hold({"kept": "your function changes the parameters it was given; return new arrays."})
again = partial(check, cases=("again float",), needs=("step", "steps"))
CHECKS = (
    check("step", "One step", share=0.4, cases=("one step precise", "one step float")),
    check("steps", "Several batches of different sizes", share=0.45, cases=("steps precise", "steps float")),
    again("again", "A second time from the same parameters", share=0.1),
    again("kept", "The first parameters stay as they were", share=0.05, also=changed),
)
EXERCISE = Exercise("train_on_tape", draw, checks=CHECKS, mistakes=(*mistake, *REFUSED))
