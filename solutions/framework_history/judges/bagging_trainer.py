"""Judge ``bagging_trainer``: which rows each trainer got, what the bag returns, and how errors are counted."""

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known

Samples = Callable[[np.random.Generator, int, int], list[Any]]
"""A generator, the number of rows, the number of trainers → the rows that each trainer gets."""

Batches = list[Any]
"""Pairs [outputs, targets]."""


def draw(rng: np.random.Generator) -> list[Case]:
    """A flat bag, one that is trained twice, a bag in a bag, and batches of unequal sizes for the measurer."""

    def bag(name: str, trainers: list[Any], times: int) -> Case:
        rows, seed = int(rng.integers(7, 12)), int(rng.integers(1, 10_000))
        inputs, targets, test = (rng.normal(size=size).round(3).tolist() for size in ((rows, 2), rows, (4, 2)))
        given = {"trainers": trainers, "times": times, "seed": seed, "inputs": inputs, "targets": targets, "test": test}
        return Case(name, {"what": "bag", **given})

    def weights(count: int) -> list[float]:
        return [float(each) for each in rng.uniform(0.5, 3, count).round(2)]

    a, b, c, d, e = weights(5)
    return [
        bag("flat", weights(4), 1),
        bag("twice", weights(3), 2),
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


def measured(value: Callable[[Batches], float]) -> Callable[[Tree], Tree]:
    """The oracle of a measurer with this value."""
    return lambda inputs: {"values": np.array([value(batches) for batches in inputs["rounds"]])}


def drawn(rng: np.random.Generator, n: int, trainers: int) -> list[Any]:
    """The right samples."""
    return [rng.integers(0, n, n) for _ in range(trainers)]


def bag(inputs: Tree, samples: Samples = drawn, average: Callable[[Any], Any] = np.mean) -> dict[str, Any]:
    """What a bag does whose trainers get these samples, and whose machine returns this average."""
    journal: list[list[float]] = []

    def train(trainers: list[Any], rng: np.random.Generator, first: Any, targets: Any) -> float:
        said = []
        for at, (trainer, rows) in enumerate(zip(trainers, samples(rng, len(first), len(trainers)), strict=True)):
            if isinstance(trainer, list):
                inner = np.random.default_rng(inputs["seed"] + 1 + at)
                said.append(train(trainer, inner, first[rows], targets[rows]))
            else:
                journal.append(first[rows].tolist())
                said.append(trainer * float(np.mean(targets[rows])))
        return float(average(said))

    rng, data = np.random.default_rng(inputs["seed"]), (np.array(inputs["inputs"])[:, 0], np.array(inputs["targets"]))
    outputs = [[train(inputs["trainers"], rng, *data)] * len(inputs["test"]) for _ in range(inputs["times"])]
    return {"rows": journal, "outputs": np.array(outputs)}


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with the rows that trainers got: they told the host."""
    return {**outputs, "rows": outputs["asked"]}


WRONG_SAMPLES: dict[str, Samples] = {
    "without-replacement": lambda rng, n, trainers: [rng.permutation(n) for _ in range(trainers)],
    "whole-data": lambda rng, n, trainers: [np.arange(n)] * trainers,
    "same-sample": lambda rng, n, trainers: [rng.integers(0, n, n)] * trainers,
    "half-sample": lambda rng, n, trainers: [rng.integers(0, n, n // 2) for _ in range(trainers)],
}
WRONG_AVERAGES: dict[str, Callable[[Any], Any]] = {"sum-not-mean": sum, "median-not-mean": np.median}
WRONG_SHARES: dict[str, Callable[[Batches], float]] = {
    "error-of-last-batch": lambda batches: share(batches[-1:]),
    "mean-of-batches": lambda batches: float(np.mean([share([batch]) for batch in batches])),
    "share-of-right": lambda batches: 1 - share(batches),
}


def mistaken(inputs: Tree, wrong: str) -> Tree:
    """What someone gets who makes the mistake of this name."""
    if inputs["what"] == "bag":
        return bag(inputs, WRONG_SAMPLES.get(wrong, drawn), WRONG_AVERAGES.get(wrong, np.mean))
    rounds = list(accumulate(inputs["rounds"])) if wrong == "never-reset" else inputs["rounds"]
    return measured(WRONG_SHARES.get(wrong, share))({"rounds": rounds})


mistake = Mistakes(beside=__file__)
known(mistake, mistaken)
bags = partial(check, expected=bag)
FLAT = ("flat", "twice")

CHECKS = (
    bags(
        "samples", "Every trainer gets a sample of its own, with replacement", share=0.3, cases=FLAT, outputs=("rows",)
    ),
    bags("outputs", "The bag's machine says the mean", share=0.2, cases=FLAT, outputs=("outputs",)),
    bags("nested", "A bag in a bag: trainers are trusted, whatever they are", share=0.2),
    check("measurer", "The share of wrong signs of all that was added", share=0.25, expected=measured(share)),
    check("lists", "… of lists, as in the text", share=0.05, expected=measured(share)),
)

EXERCISE = Exercise("bagging_trainer", draw, CHECKS, tuple(mistake), read=read, host=lambda _: lambda _: None)
