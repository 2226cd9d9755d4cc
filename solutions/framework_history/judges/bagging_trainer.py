"""Judge ``bagging_trainer``: which rows each trainer got, what the bag says, and how errors are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Draw = Callable[[np.random.Generator, int], Any]
"""The rows that one trainer gets of n."""


def draw(rng: np.random.Generator) -> list[Case]:
    """A flat bag, one trained twice, a bag in a bag, and batches of unequal sizes for the measurer."""

    def bag(name: str, trainers: Any, times: int) -> Case:
        rows = int(rng.integers(7, 12))
        return Case(
            name,
            {
                "what": "bag",
                "trainers": trainers,
                "times": times,
                "seed": int(rng.integers(1, 10_000)),
                "inputs": rng.normal(size=(rows, 2)).round(3).tolist(),
                "targets": rng.normal(size=rows).round(3).tolist(),
                "test": rng.normal(size=(4, 2)).round(3).tolist(),
            },
        )

    def weights(count: int) -> list[float]:
        return [float(each) for each in rng.uniform(0.5, 3, count).round(2)]

    a, b, c, d, e = weights(5)
    return [
        bag("flat", weights(4), 1),
        bag("twice", weights(3), 2),
        bag("nested", [a, [b, c, d], e], 1),
        Case("measurer", {"what": "measurer", "rounds": _rounds(rng)}),
    ]


def _rounds(rng: np.random.Generator) -> list[Any]:
    """Two rounds of batches with different shares of wrong signs, so that what is left of the first shows."""
    while True:
        rounds = [_batches(rng), _batches(rng)]
        first, second = _measured(_share)({"what": "measurer", "rounds": rounds})["values"]
        if abs(first - second) > 0.02:
            return rounds


def _batches(rng: np.random.Generator) -> list[Any]:
    while True:
        sizes = (2, 9, 4)
        signs = [rng.choice([-1, 1], (2, n)) for n in sizes]  # no output is 0, which has no sign
        batches = [
            [(rng.uniform(0.05, 2, n).round(2) * given).tolist(), right.tolist()]
            for n, (given, right) in zip(sizes, signs, strict=True)
        ]
        shares = [np.mean(np.sign(outputs) != targets) for outputs, targets in batches]
        total = sum(share * n for share, n in zip(shares, sizes, strict=True)) / sum(sizes)
        if min(abs(total - np.mean(shares)), abs(total - shares[-1]), abs(total - 0.5), total, 1 - total) > 0.02:
            return batches


def _drawn(rng: np.random.Generator, count: int) -> Any:
    return rng.integers(0, count, count)


def _bag(
    rows: Draw = _drawn, average: Callable[[Sequence[Any]], Any] = lambda outputs: np.mean(outputs, axis=0)
) -> Any:
    """What a bag does whose trainers get these rows, and whose machine puts outputs together so."""

    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["what"] != "bag":
            return {}
        first, targets = np.array(inputs["inputs"])[:, 0], np.array(inputs["targets"])
        journal: list[list[float]] = []
        spec = inputs["trainers"]
        generators = {0: np.random.default_rng(inputs["seed"])}
        for at, each in enumerate(spec):
            if isinstance(each, list):
                generators[at + 1] = np.random.default_rng(inputs["seed"] + 1 + at)

        def train(spec: Any, rng: np.random.Generator, first: Any, targets: Any) -> float:
            said = []
            for at, each in enumerate(spec):
                chosen = rows(rng, len(first))
                if isinstance(each, list):
                    said.append(train(each, generators[at + 1], first[chosen], targets[chosen]))
                else:
                    journal.append(first[chosen].tolist())
                    said.append(each * float(np.mean(targets[chosen])))
            return float(average(said))

        outputs = [[train(spec, generators[0], first, targets)] * len(inputs["test"]) for _ in range(inputs["times"])]
        return {"rows": journal, "outputs": np.array(outputs)}

    return expected


def _same_sample(inputs: Tree) -> dict[str, Any]:
    """One sample for all of a bag's trainers, a new one each time it is trained."""
    held: dict[str, Any] = {}

    def rows(rng: np.random.Generator, count: int) -> Any:
        key = f"{id(rng)} {held.setdefault('calls', 0) // max(len(inputs['trainers']), 1)}"
        held["calls"] += 1
        if key not in held:
            held[key] = rng.integers(0, count, count)
        return held[key]

    if inputs["what"] != "bag" or any(isinstance(each, list) for each in inputs["trainers"]):
        return {}
    return dict(_bag(rows)(inputs))


def _measured(value: Callable[[list[tuple[Any, Any]]], float]) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["what"] != "measurer":
            return {}
        return {
            "values": np.array(
                [value([(np.array(o), np.array(t)) for o, t in batches]) for batches in inputs["rounds"]]
            )
        }

    return expected


def _wrong(outputs: Any, targets: Any) -> Any:
    return np.sign(outputs) != np.sign(targets)


def _share(batches: list[tuple[Any, Any]]) -> float:
    return float(np.mean(np.concatenate([_wrong(*batch) for batch in batches])))


def _all_rounds(inputs: Tree) -> dict[str, Any]:
    if inputs["what"] != "measurer":
        return {}
    seen: list[Any] = []
    values = []
    for batches in inputs["rounds"]:
        seen += [(np.array(o), np.array(t)) for o, t in batches]
        values.append(_share(seen))
    return {"values": np.array(values)}


BAGS = ("samples", "outputs", "nested")

EXERCISE = Exercise(
    id="bagging_trainer",
    draw=draw,
    checks=(
        Check(
            "samples",
            "Every trainer gets a sample of its own, with replacement",
            share=0.3,
            cases=("flat", "twice"),
            expected=lambda inputs: {"rows": _bag()(inputs)["rows"]},
        ),
        Check(
            "outputs",
            "The bag's machine says the mean",
            share=0.2,
            cases=("flat", "twice"),
            expected=lambda inputs: {"outputs": _bag()(inputs)["outputs"]},
        ),
        Check(
            "nested",
            "A bag in a bag: trainers are trusted, whatever they are",
            share=0.2,
            cases=("nested",),
            expected=_bag(),
        ),
        Check(
            "measurer",
            "The share of wrong signs of all that was added",
            share=0.3,
            cases=("measurer",),
            expected=_measured(_share),
        ),
    ),
    mistakes=(
        Mistake(
            "without-replacement",
            "Each trainer gets every row exactly once: draw the rows with replacement, rng.integers(0, n, n).",
            _bag(lambda rng, n: rng.permutation(n)),
            BAGS,
        ),
        Mistake(
            "whole-data",
            "Your trainers get the whole data, all the same: each needs a sample of its own.",
            _bag(lambda rng, n: np.arange(n)),
            BAGS,
        ),
        Mistake(
            "same-sample",
            "All trainers of a bag get the same sample: draw anew for each of them.",
            _same_sample,
            BAGS,
        ),
        Mistake(
            "half-sample",
            "Your samples are smaller than the data: n rows are drawn from n.",
            _bag(lambda rng, n: rng.integers(0, n, n // 2)),
            BAGS,
        ),
        Mistake(
            "sum-not-mean", "The bag says the sum of its machines; it should be their mean.", _bag(average=sum), BAGS
        ),
        Mistake(
            "median-not-mean",
            "The bag says the median of its machines; it should be their mean.",
            _bag(average=np.median),
            BAGS,
        ),
        Mistake(
            "error-of-last-batch",
            "The error is that of the last `add` only: keep counting until `reset`.",
            _measured(lambda batches: _share(batches[-1:])),
            ("measurer",),
        ),
        Mistake(
            "mean-of-batches",
            "A mean of the batches' shares weighs small batches too heavily: count the wrong ones and all examples.",
            _measured(lambda batches: float(np.mean([_share([batch]) for batch in batches]))),
            ("measurer",),
        ),
        Mistake(
            "share-of-right",
            "That is the share of right signs; the error is the share of wrong ones.",
            _measured(lambda batches: 1 - _share(batches)),
            ("measurer",),
        ),
        Mistake(
            "never-reset",
            "`reset` forgets nothing: the second round still counts the first.",
            _all_rounds,
            ("measurer",),
        ),
    ),
)
