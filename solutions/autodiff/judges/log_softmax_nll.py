"""Judge ``log_softmax_nll``: the two functions and their backward functions, each on its own."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Mistakes, Tree

from .exact import (
    REFUSALS,
    REFUSED,
    SIXTEEN_DIGITS,
    Array,
    decimals,
    draw_array,
    draw_number,
    elementwise,
    exact,
    exact_check,
    floats,
    gradient,
    refused,
    units,
)

N, K = 4, 3
"""Examples and classes where numbers have 50 digits: a quarter is exact in any number; floats come in other sizes."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Each function in 50 digits and in floats, and logits of a thousand."""

    sizes = {"precise": (N, K), "float": (int(rng.choice([3, 5, 6])), int(rng.choice([2, 4, 5])))}

    def array(low: str = "-2", high: str = "2", kind: str = "float") -> Any:
        return draw_array(rng, sizes[kind], low, high)

    def case(name: str, function: str, kind: str, **arguments: Any) -> Case:
        return Case(name, {"kind": kind, "function": function, **arguments})

    cases = []
    for kind in ("precise", "float"):
        n, k = sizes[kind]
        labels = [int(label) for label in rng.integers(k, size=n)]
        labels[-1] = labels[0]
        asked: dict[str, dict[str, Any]] = {
            "log_softmax": {"z": array(kind=kind)},
            "log_softmax_backward": {"z": array(kind=kind), "g": array(kind=kind)},
            "nll": {"z": array("-3", "-0.5", kind), "labels": labels},
            "nll_backward": {"z": array("-3", "-0.5", kind), "labels": labels, "seed": draw_number(rng, "2", "3")},
        }
        cases += [case(f"{name} {kind}", name, kind, **each) for name, each in asked.items()]
    large, g = array("998", "1002"), array()
    decades = array("998", "1002")[:1] + array("-1002", "-998")[:1] + [["-900", "900"]]
    decades = [row[:2] for row in decades]
    cases += [case(name, "log_softmax", "float", z=z) for name, z in (("large", large), ("far apart", decades))]
    return [*cases, case("large backward", "log_softmax_backward", "float", z=large, g=g)]


def log_softmax(z: Array) -> Array:
    """z_k − log Σ exp(z_j), in numbers that do not overflow."""
    z = z - top(z)
    return np.asarray(z - logarithms(summed(elementwise(Decimal.exp, z))))


def softmax(z: Array) -> Array:
    """The probabilities."""
    return elementwise(Decimal.exp, log_softmax(z))


def one_hot(labels: list[int], classes: int = K) -> Array:
    """1 where the label is, [examples, classes]."""
    return units(classes)[labels]


def picked(z: Array, labels: list[int]) -> Array:
    """1/N where the label is, in the shape of z [N, K]: minus the gradient of nll."""
    return np.asarray(one_hot(labels, z.shape[1]) / Decimal(len(labels)))


def nll(logp: Array, labels: list[int]) -> Decimal:
    """Minus the mean of the labels' entries."""
    return Decimal(-(logp * picked(logp, labels)).sum())


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "log_softmax": log_softmax,
    "log_softmax_backward": lambda z, g: gradient(lambda moved: Decimal((g * log_softmax(moved)).sum()), z),
    "nll": nll,
    "nll_backward": lambda z, labels, seed: gradient(lambda moved: seed * nll(moved, labels), z),
}


def called(function: Callable[..., Any], inputs: Tree, name: str = "") -> dict[str, Any]:
    """What a function gives for the arguments of a case; with ``name``, in the cases of that one alone."""
    if name not in ("", inputs["function"]):
        return {}
    read: dict[str, Callable[[Any], Any]] = {"z": decimals, "g": decimals, "labels": list, "seed": Decimal}
    return {"result": function(*(each(inputs[key]) for key, each in read.items() if key in inputs))}


def oracle(inputs: Tree) -> dict[str, Any]:
    """The function's result; of the backward functions by nudging every entry."""
    return called(FUNCTIONS[inputs["function"]], inputs)


def softmax_backward(z: Array, g: Array) -> Array:
    """The pull of the softmax without the log."""
    p = softmax(z)
    return np.asarray(p * (g - (g * p).sum(axis=1, keepdims=True)))


def overflowing(inputs: Tree) -> dict[str, Any]:
    """exp overflows: the logarithm is infinite, and the softmax of its backward function all zeros."""
    return {"refused": "overflow"} if inputs["function"] == "log_softmax" else floats({"result": decimals(inputs["g"])})


mistake = Mistakes(beside=__file__)
groups = [mistake.group(oracle=lambda wrong, name=name: exact(partial(called, wrong, name=name))) for name in FUNCTIONS]
in_log_softmax, in_log_softmax_backward, in_nll, in_nll_backward = groups

in_log_softmax.listed("no-log", softmax)
in_log_softmax.listed("wrong-axis", lambda z: log_softmax(z.T).T)
in_log_softmax_backward.listed("softmax-backward", softmax_backward)
in_log_softmax_backward.listed("only-for-nll", lambda z, g: g - softmax(z))
in_log_softmax_backward.listed("sum-missing", lambda z, g: g - softmax(z) * g)
in_nll.listed("nll-sum", lambda z, y: nll(z, y) * len(y))
in_nll.listed("nll-sign", lambda z, y: -nll(z, y))
in_nll.listed("nll-all-entries", lambda z, y: -z.sum() / z.size)
in_nll_backward.listed("backward-not-divided", lambda z, labels, g: -g * one_hot(labels, z.shape[1]))
in_nll_backward.listed("backward-sign", lambda z, labels, g: g * picked(z, labels))
in_nll_backward.listed("backward-seed", lambda z, labels, g: -picked(z, labels))
in_nll_backward.listed("backward-fused", lambda z, labels, g: g * (softmax(z) / len(labels) - picked(z, labels)))


def summed(g: Array) -> Array:
    """Of every row, as a column."""
    return np.asarray(g.sum(axis=1, keepdims=True))


def top(z: Array) -> Array:
    """The largest entry of every row, as a column."""
    return np.asarray(z.max(axis=1, keepdims=True))


def logarithms(z: Array) -> Array:
    """Of every entry."""
    return elementwise(Decimal.ln, z)


FORWARD: dict[str, Callable[[Array], Array]] = {
    "largest-counted-twice": lambda z: log_softmax(z) - top(z),
    "largest-not-given-back": lambda z: log_softmax(z) + top(z),
    "sum-down-the-columns": lambda z: z - top(z) - logarithms(elementwise(Decimal.exp, z - top(z)).sum(axis=0)),
    "over-all-rows": lambda z: z - elementwise(Decimal.exp, z).sum().ln(),
    "largest-alone": lambda z: z - top(z),
    "sum-added": lambda z: 2 * z - log_softmax(z),
    "mean-of-powers": lambda z: log_softmax(z) + Decimal(z.shape[1]).ln(),
    "minus-sign": lambda z: -log_softmax(z),
    "sum-not-logged": lambda z: z - summed(elementwise(Decimal.exp, z)),
}
BACKWARD: dict[str, Callable[[Array, Array], Array]] = {
    "sum-down-columns": lambda z, g: g - softmax(z) * g.sum(axis=0, keepdims=True),
    "sum-of-all": lambda z, g: g - softmax(z) * g.sum(),
    "mean-of-gradient": lambda z, g: g - softmax(z) * summed(g) / z.shape[1],
    "softmax-of-gradient": lambda z, g: g - softmax(g) * summed(g),
    "log-in-place-of-softmax": lambda z, g: g - log_softmax(z) * summed(g),
    "logits-in-place-of-softmax": lambda z, g: g - z * summed(g),
    "sum-weighted": lambda z, g: g - softmax(z) * summed(g * softmax(z)),
    "plus-softmax": lambda z, g: g + softmax(z) * summed(g),
    "turned-round": lambda z, g: softmax(z) * summed(g) - g,
    "sum-alone": lambda z, g: -softmax(z) * summed(g),
    "softmax-down-columns": lambda z, g: g - softmax(z.T).T * summed(g),
    "sum-of-the-first-row": lambda z, g: g - softmax(z) * g[0].sum(),
    "softmax-on-the-gradient": lambda z, g: g - summed(softmax(z) * g),
    "mean-over-rows": lambda z, g: (g - softmax(z) * summed(g)) / len(z),
}
LOSS: dict[str, Callable[[Array, list[int]], Any]] = {
    "all-pairs": lambda z, y: -z[:, y].sum() / len(y) ** 2,
    "divided-by-entries": lambda z, y: nll(z, y) / z.shape[1],
    "row-sums": lambda z, y: -z.sum() / len(y),
    "labels-from-one": lambda z, y: -sum(row[label - 1] for row, label in zip(z, y, strict=True)) / len(y),
    "label-as-row": lambda z, y: -z[y, y].sum() / len(y),
    "softmax-again": lambda z, y: nll(log_softmax(z), y),
    "logged-again": lambda z, y: nll(logarithms(-z), y),
    "not-averaged-nor-summed": lambda z, y: -np.array([row[label] for row, label in zip(z, y, strict=True)]),
}
LOSS_BACKWARD: dict[str, Callable[[Array, list[int], Decimal], Array]] = {
    "backward-divided-by-entries": lambda z, y, g: -g * picked(z, y) / z.shape[1],
    "backward-everywhere": lambda z, y, g: 0 * z - g / len(y),
    "backward-of-a-logarithm": lambda z, y, g: -g * picked(z, y) / z,
    "backward-times-input": lambda z, y, g: -g * picked(z, y) * z,
    "backward-divided-by-classes": lambda z, y, g: -g * picked(z, y) * len(y) / z.shape[1],
    "backward-whole-columns": lambda z, y, g: 0 * z - g / len(y) * (one_hot(y, z.shape[1]).sum(axis=0) > 0),
    "backward-others-too": lambda z, y, g: g * (1 / Decimal(len(y)) - 2 * picked(z, y)),
}
for group, wrongs in zip(groups, (FORWARD, BACKWARD, LOSS, LOSS_BACKWARD), strict=True):
    for name, wrong in wrongs.items():
        group.listed(name, wrong)
SMALL = ("log_softmax", "log_softmax_backward")
far_apart = refused("overflow", "overflow", lambda inputs: "-900" in inputs["z"][-1])
mistake.add(replace(far_apart, checks=("large",), unless=SMALL))
far_back = refused("overflow", "overflow", lambda inputs: inputs["function"] == "log_softmax_backward")
mistake.add(replace(far_back, checks=("large",), unless=SMALL))
mistake.add(Mistake("overflow", REFUSALS["overflow"], overflowing, checks=("large",), unless=SMALL), *REFUSED)

check = partial(exact_check, oracle=oracle, sixteen=SIXTEEN_DIGITS)
of = {name: partial(check, name, cases=(f"{name} precise", f"{name} float")) for name in FUNCTIONS}
LARGE = ("large", "far apart", "large backward")
CHECKS = (
    of["log_softmax"]("log_softmax", share=0.2),
    of["log_softmax_backward"]("log_softmax_backward, for any gradient", share=0.35),
    of["nll"]("nll", share=0.1),
    of["nll_backward"]("nll_backward", share=0.2),
    check("large", "Logits of a thousand", share=0.15, cases=LARGE, needs=SMALL),
)
EXERCISE = Exercise("log_softmax_nll", draw, checks=CHECKS, **mistake.known)
