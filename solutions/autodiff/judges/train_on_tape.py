"""Judge ``train_on_tape``: some steps of SGD, against the network's gradient written out by hand."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, compare, must_hold
from autograder.judging.mistakes import as_it_is

from .exact import REFUSED, Array, decimals, draw_array, draw_number, elementwise, exact, exact_check, relu, staged
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
                "parameters": draw_parameters(rng),
                "x": draw_array(rng, (N, D)),
                "labels": [int(label) for label in rng.integers(K, size=N)],
                "batches": [[int(order[row]) for row in rows] for rows in batches],
                "rate": "0.3" if kind == "float" else "0.3000000000000000000000000000000000007",
            }
            cases.append(Case(f"{name} {kind}", inputs))
    cases[0] = Case(cases[0].name, {**cases[0].inputs, "z": draw_array(rng, (N, K)), "g": draw_number(rng, "2", "3")})
    return [*cases, Case("again float", {**cases[2].inputs, "again": True}), far(rng, cases[-1].inputs)]


def draw_parameters(rng: np.random.Generator) -> list[Any]:
    """Those of a network, as text."""
    return [draw_array(rng, shape, "-1.5", "1.5") for shape in ((D, H), (H,), (H, K), (K,))]


def far(rng: np.random.Generator, inputs: Tree) -> Case:
    """Of a row whose loss is so small that its step changes no digit that counts, then of one where the gradient is large."""
    while True:
        x, drawn = draw_array(rng, (N, D), "-2000", "2000"), draw_parameters(rng)
        parameters = [decimals(each) for each in drawn]
        sure, wrong = decimals(x)[:1], decimals(x)[1:2]
        z = relu(decimals(x) @ parameters[0] + parameters[1]) @ parameters[2] + parameters[3]
        labels = [int(np.argmax(z[0])), int(np.argmin(z[1])), *inputs["labels"][2:]]
        loss, _ = gradients(parameters, sure, labels[:1])
        _, steep = gradients(parameters, wrong, labels[1:2])
        if loss < 1e-12 and min(np.abs(steep[0]).max(), np.abs(steep[2]).max()) > 1000:
            return Case("far", {**inputs, "parameters": drawn, "x": x, "labels": labels, "batches": [[0], [1]]})


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
    last: bool = False,
) -> tuple[Decimal, list[Array]]:
    """The mean loss and the gradients of the four parameters, written out layer by layer.

    Args:
        parameters, x, labels: the network and the rows.
        delta: what the criterion sends back, from probabilities, one-hot labels and the number of rows.
        active: the hidden layer's function.
        mask: where that lets a gradient through.
        biases: whether each is added.
        last: whether the logits go through a ReLU, too.
    """
    W1, b1, W2, b2 = parameters
    before = x @ W1 + biases[0] * b1
    hidden = active(before)
    z = hidden @ W2 + biases[1] * b2
    z, passed = (relu(z), elementwise(lambda value: Decimal(mask(value)), z)) if last else (z, 1)
    sent = passed * delta(softmax(z), one_hot(labels), len(labels))
    back = (sent @ W2.T) * elementwise(lambda value: Decimal(mask(value)), before)
    found = [x.T @ back, biases[0] * back.sum(axis=0), hidden.T @ sent, biases[1] * sent.sum(axis=0)]
    return nll(log_softmax(z), labels), found


def trained(
    inputs: Tree,
    *,
    step: Callable[[Array, Array], Array] = lambda parameter, move: parameter - move,
    trains: Sequence[bool] = (True,) * 4,
    memory: Decimal = Decimal(0),
    rate: Callable[[Decimal], Decimal] = lambda rate: rate,
    rows: Callable[[list[list[int]], int], list[int]] = lambda batches, at: batches[at],
    labelled: Callable[[list[int]], Sequence[int]] = lambda rows: rows,
    same_start: bool = False,
    told: Callable[[Decimal, int], Decimal] = lambda loss, n: loss,
    after: bool = False,
    listed: Callable[[list[Decimal]], list[Decimal]] = lambda losses: losses,
    steps: bool = True,
    **layer: Any,
) -> dict[str, Any]:
    """The parameters after all batches, and the loss before each, in stages.

    Args:
        inputs: the case.
        step: a parameter and its move → the new one.
        trains: which of the four parameters take the step.
        memory: how much of the gradients of earlier batches is added.
        rate: the step size, of the one given.
        rows: those of a batch.
        labelled: the rows of a batch's labels.
        same_start: whether each batch starts from the first parameters.
        told: the loss that is told, from the mean one and the number of rows.
        after: whether it is told of the parameters after the step.
        listed: the losses that are told, of all.
        steps: whether there is more than one step, with the gradients of all batches piled up.
        layer: the stages of ``gradients``.
    """
    first = parameters = [decimals(tree) for tree in inputs["parameters"]]
    x, labels, size = decimals(inputs["x"]), inputs["labels"], rate(Decimal(inputs["rate"]))
    losses, total = [], [Decimal(0) * parameter for parameter in parameters]
    for at in range(len(inputs["batches"])):
        some = rows(inputs["batches"], at)
        batch = x[some], [labels[row] for row in labelled(some)]
        loss, found = gradients(parameters, *batch, **layer)
        total = [old * (memory if steps else 1) + new for old, new in zip(total, found, strict=True)]
        if steps or at == len(inputs["batches"]) - 1:
            due = zip(first if same_start else parameters, total, trains, strict=True)
            moved = [step(each, size * g) if moves else each for each, g, moves in due]
        else:
            moved = parameters
        losses.append(told(gradients(moved, *batch, **layer)[0] if after else loss, len(some)))
        parameters = parameters if same_start and at < len(inputs["batches"]) - 1 else moved
    return {**dict(zip(NAMES, parameters, strict=True)), "losses": listed(losses)}


def running_mean(losses: list[Decimal]) -> list[Decimal]:
    """Of each and all before."""
    return [sum(losses[: at + 1], start=Decimal(0)) / (at + 1) for at in range(len(losses))]


WRONG: dict[str, Sequence[dict[str, Any]]] = {
    "ascent": [{"step": lambda parameter, move: parameter + move}, {"delta": lambda p, truth, n: (truth - p) / n}],
    "summed-loss": [
        {"delta": lambda p, truth, n: p - truth},
        {"delta": lambda p, truth, n: p - truth, "told": lambda loss, n: loss * n},
    ],
    "biases-left": [{"trains": (True, False, True, False)}],
    "all-rows": [{"rows": lambda batches, at: list(range(N))}],
    "gradients-pile-up": [{"memory": Decimal(1)}],
    "momentum": [{"memory": Decimal("0.9")}, {"memory": Decimal.from_float(0.9)}],
    "labels-by-position": [{"labelled": lambda rows: range(len(rows))}],
    "rows-once": [{"rows": lambda batches, at: sorted({*batches[at]})}],
    "relu-on-logits": [{"last": True}],
    "running-mean": [{"listed": running_mean}],
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


def of_the_losses(inputs: Tree, outputs: Tree) -> Slip | None:
    """What the list of losses gives away."""
    losses, count = outputs["losses"], len(inputs["batches"])
    if isinstance(losses, list):  # of what is no number
        return Slip(
            "losses-of-nodes", "The list of losses holds objects; put in each loss as a number, the node's value."
        )
    words = "There are fewer losses than batches: every batch takes its step, also a small one, and also where the loss is next to 0."
    return Slip("batches-left-out", words) if np.size(losses) < count else None


def of_the_step(inputs: Tree, outputs: Tree) -> Slip | None:
    """Steps in the right direction that are too short, in all of both layers alike, or in what is larger than a bound."""
    if told := of_the_losses(inputs, outputs):
        return told
    right, first = exact(trained)(inputs), [np.array(decimals(each), float) for each in inputs["parameters"]]
    moves = [[each[name] - old for name, old in zip(NAMES, first, strict=True)] for each in (right, outputs)]
    ratios = [np.vdot(a, b) / np.vdot(a, a) for a, b in zip(*moves, strict=True)]
    alike = all(np.allclose(b, ratio * a, atol=1e-6) for a, b, ratio in zip(*moves, ratios, strict=True))
    a, b = (np.concatenate([np.ravel(move) for move in each]) for each in moves)
    short = np.abs(b) < np.abs(a) * (1 - 1e-6)
    bounded = short.any() and np.allclose(b, np.clip(a, -(bound := np.abs(b[short]).max()), bound), atol=1e-6)
    words = "Where the gradient is large your step is shorter than rate · gradient: in plain SGD nothing is clipped."
    clipped = bounded or (alike and min(ratios) > 0 and max(ratios[0], ratios[2]) < 1 - 1e-6)
    return Slip("step-clipped", words) if clipped else None


def sent_back(inputs: Tree) -> dict[str, Any]:
    """What the criterion's node makes of a gradient g of its own, and then of 1."""
    p, labels = softmax(decimals(inputs["z"])), inputs["labels"]
    found = (p - one_hot(labels)) / len(labels)
    return {"gradient": Decimal(inputs["g"]) * found, "second gradient": found}


def of_the_pull(inputs: Tree, outputs: Tree) -> Slip | None:
    """A criterion that is a node of the tape multiplies by the gradient that it gets; one that is none is as good."""
    if "gradient" not in outputs or compare(exact(sent_back)(inputs), outputs, 1e-9) is None:
        return None
    if compare(exact(sent_back)({**inputs, "g": "1"}), outputs, 1e-9) is None:
        words = "The pull of your criterion does not depend on the gradient g that it gets, which is 1 only where the loss itself is sent back."
        return Slip("pull-ignores-g", words)
    if compare({"gradient": exact(sent_back)(inputs)["gradient"]}, outputs, 1e-9) is None:
        words = "The pull of your criterion is right once; at a second call what the first one has changed is in it: make new arrays."
        return Slip("pull-right-once", words)
    words = "What your criterion's node sends back is wrong for a gradient g that is not 1: it is g · (probability − one-hot) / N."
    return Slip("criterion-pull", words)


check = partial(exact_check, oracle=trained, slip=of_the_losses)
changed = must_hold({"kept": "your function changes the parameters it was given; return new arrays."})
again = partial(check, cases=("again float",), needs=("step", "steps"))
CHECKS = (
    check("step", "One step", share=0.4, cases=("one step precise", "one step float")),
    check("steps", "Several batches of different sizes", share=0.3, cases=("steps precise", "steps float")),
    check("far", "Large gradients, and a loss next to 0", share=0.1, slip=of_the_step, needs=("step",)),
    Check(
        "criterion",
        "The criterion's pull",
        share=0.05,
        cases=("one step precise",),
        complaint=of_the_pull,
        needs=("step",),
    ),
    again("again", "A second time from the same parameters", share=0.1),
    again("kept", "The first parameters stay as they were", share=0.05, also=changed),
)
EXERCISE = Exercise("train_on_tape", draw, checks=CHECKS, **mistake.known)
