"""Judge ``log_softmax_nll``: the two functions and their backward functions, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistake, Tree
from .exact import (
    AUTOGRAD,
    REFUSALS,
    THROUGH_FLOAT,
    Array,
    decimals,
    draw_array,
    draw_number,
    elementwise,
    exact_check,
    exact_mistake,
    floats,
    slope,
)

N, K = 4, 3


def draw(rng: np.random.Generator) -> list[Case]:
    """Each function in 50 digits and in floats, and logits of a thousand."""
    cases = []
    for kind in ("precise", "float"):
        labels = {"labels": [int(label) for label in rng.integers(K, size=N)]}
        asked: dict[str, dict[str, Any]] = {
            "log_softmax": {"z": draw_array(rng, (N, K))},
            "log_softmax_backward": {"z": draw_array(rng, (N, K)), "g": draw_array(rng, (N, K))},
            "nll": {"z": draw_array(rng, (N, K), "-3", "-0.5"), **labels},
            "nll_backward": {"z": draw_array(rng, (N, K), "-3", "-0.5"), **labels, "seed": draw_number(rng, "2", "3")},
        }
        cases += [Case(f"{name} {kind}", {"kind": kind, "function": name, **each}) for name, each in asked.items()]
    large = draw_array(rng, (N, K), "998", "1002")
    g = draw_array(rng, (N, K))
    cases.append(Case("large", {"kind": "float", "function": "log_softmax", "z": large}))
    cases.append(Case("large backward", {"kind": "float", "function": "log_softmax_backward", "z": large, "g": g}))
    return cases


def log_softmax(z: Array) -> Array:
    """z_k − log Σ exp(z_j), in numbers that do not overflow."""
    total = elementwise(Decimal.exp, z).sum(axis=1, keepdims=True)
    return np.asarray(z - elementwise(Decimal.ln, total))


def softmax(z: Array) -> Array:
    """The probabilities."""
    return elementwise(Decimal.exp, log_softmax(z))


def _picked(logp: Array, labels: list[int]) -> Array:
    return np.array([row[label] for row, label in zip(logp, labels, strict=True)], dtype=object)


def nll(logp: Array, labels: list[int]) -> Decimal:
    """Minus the mean of the labels' entries."""
    return Decimal(-_picked(logp, labels).sum() / len(labels))


def oracle(inputs: Tree) -> dict[str, Any]:
    """The function's result; of the backward functions by nudging every entry."""
    z, name = decimals(inputs["z"]), inputs["function"]
    if name == "log_softmax":
        return {"result": log_softmax(z)}
    if name == "nll":
        return {"result": nll(z, inputs["labels"])}
    if name == "nll_backward":
        return {"result": _nudged(z, lambda moved: Decimal(inputs["seed"]) * nll(moved, inputs["labels"]))}
    g = decimals(inputs["g"])
    return {"result": _nudged(z, lambda moved: Decimal((g * log_softmax(moved)).sum()))}


def _nudged(z: Array, function: Callable[[Array], Decimal]) -> Array:
    result = np.empty(z.shape, dtype=object)
    for at in np.ndindex(z.shape):

        def moved(t: Decimal, at: tuple[int, ...] = at) -> Decimal:
            other = z.copy()
            other[at] += t
            return function(other)

        result[at] = slope(moved)
    return result


def _wrong(function: str, change: Callable[..., Any]) -> Callable[[Tree], dict[str, Any]]:
    """The results of someone who has one function wrong: of z and of g or the labels (and the seed)."""

    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["function"] != function:
            return {}
        more = [decimals(inputs["g"])] if "g" in inputs else [inputs["labels"]] if "labels" in inputs else []
        more += [Decimal(inputs["seed"])] if "seed" in inputs else []
        return {"result": change(decimals(inputs["z"]), *more)}

    return expected


def _one_hot(z: Array, labels: list[int]) -> Array:
    return np.array([[Decimal(int(k == label)) for k in range(z.shape[1])] for label in labels], dtype=object)


def _softmax_pull(z: Array, g: Array) -> Array:
    p = softmax(z)
    return np.asarray(p * (g - (g * p).sum(axis=1, keepdims=True)))


def _overflowing(inputs: Tree) -> dict[str, Any]:
    """exp overflows: the logarithm is infinite, and the softmax of its backward function all zeros."""
    return {"refused": "overflow"} if inputs["function"] == "log_softmax" else floats({"result": decimals(inputs["g"])})


MISTAKES: tuple[Mistake, ...] = (
    exact_mistake("no-log", "Your log_softmax is the softmax: take its logarithm.", _wrong("log_softmax", softmax)),
    exact_mistake(
        "wrong-axis",
        "Your log_softmax runs down the columns; each row is one example.",
        _wrong("log_softmax", lambda z: log_softmax(z.T).T),
    ),
    Mistake("overflow", REFUSALS["overflow"], _overflowing, checks=("large",)),
    exact_mistake(
        "softmax-backward",
        "Your log_softmax_backward belongs to softmax, without the log.",
        _wrong("log_softmax_backward", _softmax_pull),
    ),
    exact_mistake(
        "only-for-nll",
        "Your log_softmax_backward is right only where each row of g sums to 1: the softmax is multiplied by the row's sum of g.",
        _wrong("log_softmax_backward", lambda z, g: g - softmax(z)),
    ),
    exact_mistake(
        "sum-missing",
        "In your log_softmax_backward every output sends back its own gradient only; the softmax is multiplied by the sum of the row's g, because every output depends on every logit.",
        _wrong("log_softmax_backward", lambda z, g: g - softmax(z) * g),
    ),
    exact_mistake(
        "nll-sum",
        "Your nll is a sum over the examples; take the mean.",
        _wrong("nll", lambda z, labels: nll(z, labels) * N),
    ),
    exact_mistake(
        "nll-sign",
        "Your nll lacks the minus sign: log-probabilities are negative, the loss is not.",
        _wrong("nll", lambda z, labels: -nll(z, labels)),
    ),
    exact_mistake(
        "nll-all-entries",
        "Your nll averages over all classes; only the entry that the label names counts.",
        _wrong("nll", lambda z, labels: -z.sum() / z.size),
    ),
    exact_mistake(
        "backward-not-divided",
        "Your nll_backward does not divide by the number of examples, but nll is a mean.",
        _wrong("nll_backward", lambda z, labels, g: -g * _one_hot(z, labels)),
    ),
    exact_mistake(
        "backward-sign",
        "Your nll_backward has the wrong sign: the loss falls when the label's entry grows.",
        _wrong("nll_backward", lambda z, labels, g: g * _one_hot(z, labels) / N),
    ),
    exact_mistake(
        "backward-seed",
        "Your nll_backward forgets g, the gradient that the loss itself gets: multiply by it.",
        _wrong("nll_backward", lambda z, labels, g: -_one_hot(z, labels) / N),
    ),
    exact_mistake(
        "backward-fused",
        "Your nll_backward has the softmax in it already; that is the task of log_softmax_backward, which comes after it.",
        _wrong("nll_backward", lambda z, labels, g: g * (softmax(z) - _one_hot(z, labels)) / N),
    ),
    AUTOGRAD,
    THROUGH_FLOAT,
)


def _cases(name: str) -> tuple[str, str]:
    return f"{name} precise", f"{name} float"


EXERCISE = Exercise(
    id="log_softmax_nll",
    draw=draw,
    checks=(
        exact_check("log_softmax", "log_softmax", 0.2, _cases("log_softmax"), oracle),
        exact_check(
            "log_softmax_backward",
            "log_softmax_backward, for any gradient",
            0.35,
            _cases("log_softmax_backward"),
            oracle,
        ),
        exact_check("nll", "nll", 0.1, _cases("nll"), oracle),
        exact_check("nll_backward", "nll_backward", 0.2, _cases("nll_backward"), oracle),
        exact_check(
            "large",
            "Logits of a thousand",
            0.15,
            ("large", "large backward"),
            oracle,
            needs=("log_softmax", "log_softmax_backward"),
        ),
    ),
    mistakes=MISTAKES,
)
