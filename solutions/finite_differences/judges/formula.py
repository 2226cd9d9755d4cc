"""The formula that a student's estimates follow: values of f at the points where it was asked, weighed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice, product
from math import gcd

import numpy as np

from .smooth import Array

PARTS = 240
"""Weights are taken for whole multiples of one over this."""

TRIED = 2000
"""Sums that are tried; of five values there are 304."""

POWERS = {-1: " / h", 0: "", 1: "h", 2: "h²"}
"""By the power of h that a value of f is divided by: how it is written below."""


def moves(asked: Sequence[Sequence[complex]], x: float, steps: Array) -> list[complex]:
    """Where f was asked, in steps from x, from the right; empty where that is not the same with every step, or at more points than steps."""
    rows = [np.unique(np.round((np.array(row) - x) / h, 5)) for row, h in zip(asked, steps, strict=True)]
    alike = len(rows[0]) <= len(steps) and all(np.array_equal(row, rows[0]) for row in rows)
    return rows[0][::-1].tolist() if alike else []


def point(move: complex) -> str:
    """A point so many steps from x, as students write it."""
    parts = ((move.real, "h"), (move.imag, "ih"))
    return "x" + "".join(
        f" {'+' if size > 0 else '−'} {abs(size):g}{unit}".replace(f" 1{unit}", f" {unit}")
        for size, unit in parts
        if size
    )


def formula(values: Mapping[str, Array], steps: Array, got: Array) -> str:
    """The shortest weighted sum of values, each divided by a power of h, that gives the estimates; empty where none does.

    Args:
        values: by how they are written, in the order in which they are; one for each step, [K].
        steps: h, [K].
        got: the estimates, [K].
    """
    tries = (
        (names, powers)
        for count in range(1, len(steps) + 1)
        for names in combinations(values, count)
        for powers in _powers(count)
    )
    for names, powers in islice(tries, TRIED):
        terms = np.stack([values[name] for name in names], axis=1) / steps[:, None] ** np.array(powers)
        size = np.abs(terms).max(axis=0) + 1e-300
        if np.isfinite(size).all():
            weights = np.round(np.linalg.lstsq(terms / size, got, rcond=1e-15)[0] / size * PARTS)
            if np.abs(weights).max() < 100 * PARTS and np.allclose(terms @ weights / PARTS, got, rtol=1e-9, atol=0):
                return written(list(zip(names, map(int, weights), powers, strict=True)))
    return ""


def _powers(count: int) -> Iterable[tuple[int, ...]]:
    """The powers of h by which so many values may be divided: one for all first."""
    every: Iterator[tuple[int, ...]] = product((1, 0), repeat=count)
    return sorted((*every, (2,) * count, (-1,) * count), key=lambda each: len({*each}))


def written(terms: Sequence[tuple[str, int, int]]) -> str:
    """A sum of names with weights in parts of ``PARTS``, each divided by a power of h."""
    found = []
    for power in sorted({power for *_, power in terms}):
        group = [(name, weight) for name, weight, other in terms if weight and other == power]
        common = gcd(PARTS, *(weight for _, weight in group))
        factors = [str(weight // common).removesuffix("1" * (abs(weight) == common)) for _, weight in group]
        total = " + ".join(f"{factor} {name}" for factor, (name, _) in zip(factors, group, strict=True))
        total = re.sub(r"^ |(?<=\+ ) |(?<=-) |(?<=\d) (?=f)", "", total).replace("-", "−").replace("+ −", "− ")
        below = f"{PARTS // common if common < PARTS else ''}{POWERS[power]}"
        total = f"({total})" if below and len(group) > 1 else total
        found += [f"{total} / {f'({below})' if 'h' in below[1:] else below}" if below else total] * bool(group)
    return " + ".join(found).replace("+ −", "− ") or "0"
