"""Judge ``dot_product_test``: the mismatch of right and of subtly wrong pairs (Jv, Jᵀu)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Changed, Check, Exercise, Mistakes, Slip, Tree
from autograder.judging.example import shown
from autograder.judging.mistakes import as_it_is

Array = NDArray[np.float64]
RIGHT = {"square": (6, 6), "wide": (3, 9), "tall": (8, 2)}
FAULTS = ("transpose forgotten", "sign", "one entry", "factor", "negative", "slight", "far")


def draw(rng: np.random.Generator) -> list[Case]:
    """Right pairs, square and not, and the faults; at one the signed mismatch is negative, at one it is above 1, in a small J."""

    def case(name: str, J: Array, transpose: Array) -> Case:
        return Case(name, {"J": J, "transpose": np.ascontiguousarray(transpose), "rng": int(rng.integers(2**31))})

    cases = []
    for name, shape in RIGHT.items():
        J = rng.standard_normal(shape)
        cases.append(case(name, J, J.T))
    for name in FAULTS:
        J = rng.standard_normal((5, 5) if name == "transpose forgotten" else (7, 4)) * (1e-11 if name == "far" else 1)
        low, high = {"slight": (1e-8, 1e-6), "far": (1.5, np.inf)}.get(name, (1e-3, np.inf))
        while True:
            faulty = case(name, J, _fault(rng, name, J))
            mismatch = measured(faulty.inputs, top=float)["mismatch"]
            if low < abs(mismatch) < high and (name != "negative" or mismatch < 0):
                break
        cases.append(faulty)
    return cases


def _fault(rng: np.random.Generator, name: str, J: Array) -> Array:
    simple = {"transpose forgotten": J, "sign": -J.T, "factor": 1.1 * J.T, "far": 30 * J.T}
    if name in simple:
        return simple[name]
    transpose = J.T.copy()
    transpose[rng.integers(len(transpose)), rng.integers(len(J))] += 1e-6 if name == "slight" else 0.5
    return transpose


def _vectors(inputs: Tree) -> tuple[Array, Array]:
    """v and u, in the order that the exercise fixes."""
    rng = np.random.default_rng(inputs["rng"])
    return rng.standard_normal(inputs["J"].shape[1]), rng.standard_normal(inputs["J"].shape[0])


def not_drawn(inputs: Tree, outputs: Tree) -> Slip | None:
    """jvp and vjp were both asked, with v and u from the generator."""
    v, u = _vectors(inputs)
    m, n = inputs["J"].shape
    turned, spread = np.random.default_rng(inputs["rng"]), np.random.default_rng(inputs["rng"])
    others = {"u-first": (turned.standard_normal(m), turned.standard_normal(n))[::-1]}
    others["uniform"] = (spread.random(n), spread.random(m))
    asked = outputs["v"], outputs["u"]
    for name, got in zip(("jvp", "vjp"), asked, strict=True):
        if got is None:
            return Slip(f"{name}-not-called", f"{name} was never called: both modes are to be compared.")
    if _alike(asked, (v, u)):
        return None
    others["single-precision"] = tuple(each.astype(np.float32) for each in (v, u))
    told = next((name for name, pair in others.items() if _alike(asked, pair)), "drawn-otherwise")
    if "first" in outputs and _alike(outputs["first"], (v, u)):
        told = "drawn-again"
    elif told == "drawn-otherwise" and _alike(asked[:1], (v,)):
        told = "u-otherwise"
    words = f"{DRAWN[told]}v = rng.standard_normal(n) comes first, then u = rng.standard_normal(m), from the `rng` that is given."
    return Slip(told, words)


DRAWN = {
    "u-first": "You draw u before v: ",
    "uniform": "You draw from a uniform distribution: ",
    "single-precision": "You round v and u to single precision, which has 7 digits: ",
    "drawn-again": "You ask jvp and vjp with one pair after another; one is enough: ",
    "u-otherwise": "v is drawn as it should be, u is not: ",
    "drawn-otherwise": "",
}


def _alike(found: Sequence[Array], right: Sequence[Array]) -> bool:
    pairs = zip(found, right, strict=True)
    return all(got.shape == each.shape and np.allclose(got, each, rtol=1e-12, atol=0) for got, each in pairs)


def wrong_of_right_pair(inputs: Tree, outputs: Tree) -> str | Slip | None:
    """A right pair is found right, to rounding."""
    complaint = not_drawn(inputs, outputs)
    if complaint:
        return complaint
    value = outputs["mismatch"]
    if not isinstance(value, float) or not 0 <= value < 1e-12:
        words = "A right pair of jvp and vjp should have a mismatch of rounding size, below 1e-12, and not negative."
        return Slip("right-pair-not-small", words)
    return None


Sizes = Callable[[Array, Array, Array, Array], Any]


def measured(
    inputs: Tree,
    *,
    top: Callable[[float], float] = abs,
    bottom: Sizes = lambda u, v, Jv, Ju: np.linalg.norm(u) * np.linalg.norm(Jv),
    sides: Sizes = lambda u, v, Jv, Ju: u @ Jv - Ju @ v,
) -> Tree:
    """The mismatch in stages: the difference ⟨u, Jv⟩ − ⟨Jᵀu, v⟩, what is made of it, and what it is divided by."""
    (v, u), J, transpose = _vectors(inputs), inputs["J"], inputs["transpose"]
    given = u, v, J @ v, transpose @ u
    return {"mismatch": float(top(sides(*given)) / bottom(*given))}


def norm(x: Array) -> float:
    """Its Euclidean length."""
    return float(np.linalg.norm(x))


WRONG: dict[str, dict[str, Any]] = {
    "signed": {"top": lambda difference: difference},
    "not-relative": {"bottom": lambda u, v, Jv, Ju: 1},
    "relative-to-v": {"bottom": lambda u, v, Jv, Ju: norm(u) * norm(v)},
    "squared": {"top": np.square, "bottom": lambda u, v, Jv, Ju: (norm(u) * norm(Jv)) ** 2},
    "squared-above": {"top": np.square},
    "relative-to-the-other": {"bottom": lambda u, v, Jv, Ju: norm(Ju) * norm(v)},
    "relative-to-u": {"bottom": lambda u, v, Jv, Ju: norm(u)},
    "relative-to-jv": {"bottom": lambda u, v, Jv, Ju: norm(Jv)},
    "relative-to-the-product": {"bottom": lambda u, v, Jv, Ju: abs(u @ Jv)},
    "relative-to-the-other-product": {"bottom": lambda u, v, Jv, Ju: abs(Ju @ v)},
    "relative-to-a-sum": {"bottom": lambda u, v, Jv, Ju: norm(u) + norm(Jv)},
    "relative-to-both-products": {"bottom": lambda u, v, Jv, Ju: abs(u @ Jv) + abs(Ju @ v)},
    "without-roots": {"bottom": lambda u, v, Jv, Ju: (u @ u) * (Jv @ Jv)},
    "brackets-missing": {"bottom": lambda u, v, Jv, Ju: norm(u) / norm(Jv)},
    "relative-to-the-larger": {"bottom": lambda u, v, Jv, Ju: max(abs(u @ Jv), abs(Ju @ v))},
    "root-of-norms": {"bottom": lambda u, v, Jv, Ju: np.sqrt(norm(u) * norm(Jv))},
    "other-norm": {"bottom": lambda u, v, Jv, Ju: np.abs(u).sum() * np.abs(Jv).sum()},
    "largest-norm": {"bottom": lambda u, v, Jv, Ju: np.abs(u).max() * np.abs(Jv).max()},
    "not-below-one": {"bottom": lambda u, v, Jv, Ju: max(1, norm(u) * norm(Jv))},
    "alike-is-zero": {"sides": lambda u, v, Jv, Ju: 0.0 if np.isclose(u @ Jv, Ju @ v) else u @ Jv - Ju @ v},
    "added-sides": {"sides": lambda u, v, Jv, Ju: u @ Jv + Ju @ v},
    "sizes-of-sides": {"sides": lambda u, v, Jv, Ju: abs(u @ Jv) - abs(Ju @ v)},
}
"""By the mistake's id: which stages are wrong."""
mistake = Mistakes(lambda stages: Changed(measured, stages), ("faults",), beside=__file__)
for name, stages in WRONG.items():
    mistake.listed(name, stages)
for small in (1e-8, 1e-9, 1e-10, 1e-12):
    mistake.listed("small-number-added", {"bottom": lambda u, v, Jv, Ju, small=small: norm(u) * norm(Jv) + small})
apart = {"sides": lambda u, v, Jv, Ju: (abs(u @ Jv - Ju @ v) > 1e-8) * (u @ Jv - Ju @ v)}
mistake.listed("alike-is-zero", apart)


@mistake("right", "faults", name="not-drawn", oracle=as_it_is)
def constant(inputs: Tree) -> Tree:
    """Your vectors are constant: a fault that happens to cancel for them is never found. Draw them."""
    m, n = inputs["J"].shape
    return {"v": np.ones(n), "u": np.ones(m)}


faults = partial(Check, cases=FAULTS, expected=measured, complaint=not_drawn, tolerance=1e-6)
CHECKS = (
    faults("faults", "Faults are found: a transpose forgotten, a sign, one wrong entry, a factor", share=0.7),
    Check("right", "Right pairs pass", share=0.3, cases=tuple(RIGHT), complaint=wrong_of_right_pair, needs=("faults",)),
)


def described(inputs: Tree) -> str:
    """The call, with the two matrices."""
    J, other, (m, n) = shown(inputs["J"]), shown(inputs["transpose"]), inputs["J"].shape
    call = f"dot_product_test(lambda v: J @ v, lambda u: K @ u, {n}, {m}, np.random.default_rng({inputs['rng']}))"
    return f"with J = {J} and K = {other}, `{call}`"


EXERCISE = Exercise("dot_product_test", draw, checks=CHECKS, described=described, **mistake.known)
