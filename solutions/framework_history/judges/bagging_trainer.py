"""Judge ``bagging_trainer``: which rows each trainer got, what the bag returns, and how errors are counted."""

from collections.abc import Callable, Collection
from functools import partial, reduce
from itertools import accumulate
from typing import Any

import numpy as np

from autograder.judging import RAISED, Case, Check, Exercise, Tree, ended

from .checks import chosen, known

Samples = Callable[[np.random.Generator, int, int], list[Any]]
"""A generator, the number of rows, the number of trainers → the rows that each trainer gets."""

MOST = 100
"""So many samples, and rows in each, are not asked for."""

Batches = list[Any]
"""Pairs [outputs, targets]."""


def draw(rng: np.random.Generator) -> list[Case]:
    """A flat bag, one that is trained twice, a bag in a bag, and batches of unequal sizes for the measurer."""

    def bag(name: str, trainers: list[Any], times: int, again: bool = False) -> Case:
        rows, seed = int(rng.integers(7, 12)), int(rng.integers(1, 10_000))
        inputs, targets, test = (rng.normal(size=size).round(3).tolist() for size in ((rows, 2), rows, (4, 2)))
        given = {
            "trainers": trainers,
            "again": again,
            "times": times,
            "seed": seed,
            "inputs": inputs,
            "targets": targets,
            "test": test,
        }
        return Case(name, {"what": "bag", **given})

    def weights(count: int) -> list[float]:
        return [float(each) for each in rng.uniform(0.5, 3, count).round(2)]

    a, b, c, d, e = weights(5)
    return [
        bag("flat", weights(4), 1),
        bag("twice", weights(3), 2, again=True),
        bag("nested", [a, [b, c, d], e], 1),
        Case("measurer", {"what": "measurer", "rounds": _rounds(rng), "lists": False}),
        Case("lists", {"what": "measurer", "rounds": _rounds(rng), "lists": True}),
    ]


def _rounds(rng: np.random.Generator) -> list[Batches]:
    """Two rounds of batches with different shares of wrong signs, so that remains of the first show."""
    while True:
        rounds = [_batches(rng), _batches(rng)]
        if abs(share(rounds[0]) - share(rounds[1])) > 0.02:
            return rounds


def _batches(rng: np.random.Generator) -> Batches:
    """Batches whose share of wrong signs differs from their mean share, the last share, and the share of right ones."""
    while True:
        signs = [rng.choice([-1, 1], (2, n)) for n in (2, 9, 4)]  # no output is 0, which has no sign
        batches = [[(rng.uniform(0.05, 2, len(out)).round(2) * out).tolist(), right.tolist()] for out, right in signs]
        for outputs, targets in batches:  # the same example twice counts twice
            outputs[-1], targets[-1] = outputs[0], targets[0]
        total, shares = share(batches), [share([batch]) for batch in batches]
        if min(abs(total - sum(shares) / 3), abs(total - shares[-1]), abs(total - 0.5), total, 1 - total) > 0.02:
            return batches


def share(batches: Batches) -> float:
    """The share of wrong signs."""
    return float(np.mean(np.concatenate([np.sign(outputs) != np.sign(targets) for outputs, targets in batches])))


def bag(
    inputs: Tree,
    *,
    samples: Samples = lambda rng, n, trainers: [rng.integers(0, n, n) for _ in range(trainers)],
    average: Callable[[Any], Any] = lambda outputs: np.mean(outputs, axis=0),
) -> dict[str, Any]:
    """What a bag does whose trainers get these samples, and whose machine returns this average; by default the right ones."""
    journal: list[list[float]] = []
    first, targets = np.array(inputs["inputs"])[:, 0], np.array(inputs["targets"])

    def made(spec: Any, seed: int) -> tuple[Callable[[Any], None], Callable[[], Any]]:
        """How it is trained on some rows, and what its machine says."""
        if isinstance(spec, list):
            parts, rng = [made(each, seed + 1 + at) for at, each in enumerate(spec)], np.random.default_rng(seed)
            parts += parts[:1] * inputs["again"]

            def train(rows: Any) -> None:
                for (inner, _), own in zip(parts, samples(rng, len(rows), len(parts)), strict=True):
                    inner(rows[own])

            return train, lambda: average([forward() for _, forward in parts])
        said: list[Any] = []

        def noted(rows: Any) -> None:
            journal.append(first[rows].tolist())
            said[:] = [np.full(len(inputs["test"]), spec * float(np.mean(targets[rows])))]

        return noted, lambda: said[0]

    train, forward = made(inputs["trainers"], inputs["seed"])
    outputs = []
    for _ in range(inputs["times"]):
        train(np.arange(len(first)))
        outputs += [np.array(forward()), np.array(forward())]
    return {"rows": journal, "sorted": [sorted(rows) for rows in journal], "outputs": np.array(outputs)}


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with the rows that trainers got: they told the host."""
    rows = outputs["asked"]
    told = rows if len(rows) < MOST and all(len(each) < MOST for each in rows) else []
    told = [each for each in told if all(type(number) is float for number in each)]
    return {**outputs, "rows": rows, "sorted": [sorted(each) for each in told], "sizes": [len(each) for each in told]}


WRONG_SAMPLES: dict[str, Samples] = {
    "without-replacement": lambda rng, n, trainers: [np.arange(n)] * trainers,
    "whole-data": lambda rng, n, trainers: [np.arange(n)] * trainers,
    "same-sample": lambda rng, n, trainers: [rng.integers(0, n, n)] * trainers,
    "half-sample": lambda rng, n, trainers: [rng.integers(0, n, n // 2) for _ in range(trainers)],
    "last-row-left-out": lambda rng, n, trainers: [rng.integers(0, n - 1, n) for _ in range(trainers)],
    "first-row-left-out": lambda rng, n, trainers: [rng.integers(1, n, n) for _ in range(trainers)],
    "sample-of-a-sample": lambda rng, n, trainers: list(
        accumulate([rng.integers(0, n, n) for _ in range(trainers)], lambda rows, new: rows[new])
    ),
    "as-many-rows-as-trainers": lambda rng, n, trainers: [rng.integers(0, n, trainers) for _ in range(trainers)],
    "as-many-rows-as-features": lambda rng, n, trainers: [rng.integers(0, 2, 2) for _ in range(trainers)],
}


def added_up(outputs: list[Any]) -> Any:
    """The mean, in the array that the first machine returned."""
    total = outputs[0]
    for each in outputs[1:]:
        total += each
    return total / len(outputs)


def divided(outputs: list[Any]) -> Any:
    """The same, divided in that array, too."""
    added_up(outputs)
    outputs[0] /= len(outputs)
    return outputs[0]


WRONG_AVERAGES: dict[str, Callable[[Any], Any]] = {
    "sum-not-mean": sum,
    "median-not-mean": lambda outputs: np.median(outputs, axis=0),
    "one-number": np.mean,
    "votes": lambda outputs: np.sign(np.sum(np.sign(outputs), axis=0)),
    "running-mean": lambda outputs: reduce(lambda mean, new: (mean + new) / 2, outputs),
    "added-in-place": added_up,
    "divided-in-place": divided,
    "first-machine-only": lambda outputs: outputs[0],
    "last-machine-only": lambda outputs: outputs[-1],
}
WRONG_SHARES: dict[str, Callable[[Batches], float]] = {
    "error-of-last-batch": lambda batches: share(batches[-1:]),
    "margin-not-sign": lambda batches: float(np.mean(np.concatenate([np.prod(each, axis=0) < 1 for each in batches]))),
    "signs-not-taken": lambda batches: float(np.mean(np.concatenate([np.not_equal(*batch) for batch in batches]))),
    "mean-of-batches": lambda batches: float(np.mean([share([batch]) for batch in batches])),
}


def measured(inputs: Tree, wrong: Collection[str] = frozenset()) -> Tree:
    """The values of a measurer, by someone who makes the mistakes of these names, if any."""
    if inputs["lists"] and "arrays-only" in wrong:
        return {RAISED: "TypeError"}
    rounds = list(accumulate(inputs["rounds"])) if "never-reset" in wrong else inputs["rounds"]
    values = [chosen(wrong, WRONG_SHARES, share)(batches) for batches in rounds]
    if not {"count-not-reset", "wrong-not-reset"}.isdisjoint(wrong):
        counts = [sum(len(outputs) for outputs, _ in batches) for batches in rounds]
        kept = [accumulate(each) for each in (np.array(values) * counts, counts)]
        new = counts if "wrong-not-reset" in wrong else [value * n for value, n in zip(values, counts, strict=True)]
        pair = zip(kept[0], new, strict=True) if "wrong-not-reset" in wrong else zip(new, kept[1], strict=True)
        values = [float(miss / n) for miss, n in pair]
    return {"values": np.array([1 - each for each in values] if "share-of-right" in wrong else values)}


def mistaken(inputs: Tree, wrong: Collection[str]) -> Tree:
    """What someone gets who makes the mistakes of these names."""
    if inputs["what"] == "bag":
        if "looks-inside" in wrong:
            return ended("AttributeError", "an object has no attribute 'weights'")
        if "taken-apart" in wrong:
            flat = [part for each in inputs["trainers"] for part in (each if isinstance(each, list) else [each])]
            return {"rows": bag({**inputs, "trainers": flat})["rows"]}
        tables = {"samples": WRONG_SAMPLES, "average": WRONG_AVERAGES}
        told = bag(inputs, **{key: table[name] for key, table in tables.items() for name in table if name in wrong})
        if "trainers-not-called" in wrong:
            return {"rows": []}
        if "rows-of-another-draw" in wrong:
            return {"sizes": [len(inputs["targets"])] * len(told["rows"])}
        return {key: each for key, each in told.items() if key != "rows"} if "without-replacement" in wrong else told
    return measured(inputs, wrong)


MISTAKES = known(__file__, mistaken)
bags = partial(Check, expected=bag)
FLAT = ("flat", "twice")

CHECKS = (
    bags(
        "samples", "Every trainer gets a sample of its own, with replacement", share=0.3, cases=FLAT, outputs=("rows",)
    ),
    bags("outputs", "The bag's machine says the mean", share=0.2, cases=FLAT, outputs=("outputs",)),
    bags("nested", "A bag in a bag: trainers are trusted, whatever they are", share=0.2, outputs=("rows", "outputs")),
    Check("measurer", "The share of wrong signs of all that was added", share=0.25, expected=measured),
    Check("lists", "… of lists, as in the text", share=0.05, expected=measured),
)

EXERCISE = Exercise("bagging_trainer", draw, CHECKS, read=read, host=lambda _: lambda _: None, **MISTAKES)
