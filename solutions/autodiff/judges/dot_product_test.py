"""Judge ``dot_product_test``: the mismatch of right and of subtly wrong pairs (Jv, Jᵀu)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Array = NDArray[np.float64]
FAULTS = ("transpose forgotten", "sign", "one entry", "factor", "negative")


def draw(rng: np.random.Generator) -> list[Case]:
    """Right pairs, square and not, and five faults; at the last of them the signed mismatch is negative."""
    cases = []
    for name, (m, n) in {"square": (6, 6), "wide": (3, 9), "tall": (8, 2)}.items():
        J = rng.standard_normal((m, n))
        cases.append(_case(rng, name, J, J.T))
    for name in FAULTS:
        m, n = (5, 5) if name == "transpose forgotten" else (7, 4)
        J = rng.standard_normal((m, n))
        while True:
            case = _case(rng, name, J, _fault(rng, name, J))
            mismatch = _signed(case.inputs)
            if abs(mismatch) > 1e-3 and (name != "negative" or mismatch < 0):
                break
        cases.append(case)
    return cases


def _case(rng: np.random.Generator, name: str, J: Array, transpose: Array) -> Case:
    return Case(name, {"J": J, "transpose": np.ascontiguousarray(transpose), "rng": int(rng.integers(2**31))})


def _fault(rng: np.random.Generator, name: str, J: Array) -> Array:
    transpose = J.T.copy()
    if name == "transpose forgotten":
        return J
    if name == "sign":
        return -transpose
    if name == "factor":
        return 1.1 * transpose
    transpose[rng.integers(len(transpose)), rng.integers(len(J))] += 0.5
    return transpose


def _vectors(inputs: Tree) -> tuple[Array, Array]:
    """v and u, in the order that the exercise fixes."""
    rng = np.random.default_rng(inputs["rng"])
    return rng.standard_normal(inputs["J"].shape[1]), rng.standard_normal(inputs["J"].shape[0])


def _signed(inputs: Tree, transpose: Array | None = None) -> float:
    v, u = _vectors(inputs)
    there = inputs["J"] @ v
    back = (inputs["transpose"] if transpose is None else transpose) @ u
    return float((u @ there - back @ v) / (np.linalg.norm(u) * np.linalg.norm(there)))


def _scale(inputs: Tree) -> float:
    v, u = _vectors(inputs)
    return float(np.linalg.norm(u) * np.linalg.norm(inputs["J"] @ v))


def oracle(inputs: Tree) -> Tree:
    """The mismatch."""
    return {"mismatch": abs(_signed(inputs))}


def not_drawn(inputs: Tree, outputs: Tree) -> str | None:
    """jvp and vjp were both asked, with v and u from the generator."""
    for name, right in zip(("v", "u"), _vectors(inputs), strict=True):
        got = outputs[name]
        if got is None:
            return f"{'jvp' if name == 'v' else 'vjp'} was never called: both modes are to be compared."
        if got.shape != right.shape or not np.allclose(got, right, rtol=1e-12, atol=0):
            return (
                "v = rng.standard_normal(n) comes first, then u = rng.standard_normal(m), from the `rng` that is given."
            )
    return None


def right_pair(inputs: Tree, outputs: Tree) -> str | None:
    """A right pair is found right, to rounding."""
    complaint = not_drawn(inputs, outputs)
    if complaint:
        return complaint
    value = outputs["mismatch"]
    if not isinstance(value, float) or not 0 <= value < 1e-12:
        return "a right pair of jvp and vjp should have a mismatch of rounding size, below 1e-12, and not negative."
    return None


def _wrong(change: Callable[[Tree], float]) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {"mismatch": change(inputs)}


def _by_v(inputs: Tree) -> float:
    v, u = _vectors(inputs)
    return abs(_signed(inputs)) * _scale(inputs) / float(np.linalg.norm(u) * np.linalg.norm(v))


MISTAKES: tuple[Mistake, ...] = (
    Mistake("signed", "Your mismatch can be negative: take its modulus.", _wrong(_signed), checks=("faults",)),
    Mistake(
        "not-relative",
        "Your mismatch is not relative: divide by ‖u‖ ‖Jv‖, or a large Jacobian looks wrong and a small one right.",
        _wrong(lambda inputs: abs(_signed(inputs)) * _scale(inputs)),
        checks=("faults",),
    ),
    Mistake("relative-to-v", "You divide by ‖u‖ ‖v‖; divide by ‖u‖ ‖Jv‖.", _wrong(_by_v), checks=("faults",)),
    Mistake(
        "squared",
        "Your mismatch is squared; take the modulus.",
        _wrong(lambda inputs: _signed(inputs) ** 2),
        checks=("faults",),
    ),
    Mistake(
        "not-drawn",
        "Your vectors are constant: a fault that happens to cancel for them is never found. Draw them.",
        lambda inputs: {"v": np.ones(inputs["J"].shape[1]), "u": np.ones(inputs["J"].shape[0])},
        checks=("right", "faults"),
    ),
)

EXERCISE = Exercise(
    id="dot_product_test",
    draw=draw,
    checks=(
        Check(
            "faults",
            "Faults are found: a transpose forgotten, a sign, one wrong entry, a factor",
            share=0.7,
            cases=FAULTS,
            expected=oracle,
            complaint=not_drawn,
            tolerance=1e-6,
        ),
        Check(
            "right",
            "Right pairs pass",
            share=0.3,
            cases=("square", "wide", "tall"),
            complaint=right_pair,
            needs=("faults",),
            likeness=1e-6,
        ),
    ),
    mistakes=MISTAKES,
)
