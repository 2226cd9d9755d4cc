"""Judge ``dot_product_test``: the mismatch of right and of subtly wrong pairs (Jv, Jᵀu)."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Check, Exercise, Mistakes, Tree
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
        J = rng.standard_normal((5, 5) if name == "transpose forgotten" else (7, 4)) * (1e-3 if name == "far" else 1)
        low, high = {"slight": (1e-8, 1e-6), "far": (1.5, np.inf)}.get(name, (1e-3, np.inf))
        while True:
            faulty = case(name, J, _fault(rng, name, J))
            mismatch = signed(faulty.inputs)
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


def difference(inputs: Tree) -> float:
    """⟨u, Jv⟩ − ⟨Jᵀu, v⟩."""
    v, u = _vectors(inputs)
    return float(u @ (inputs["J"] @ v) - (inputs["transpose"] @ u) @ v)


def signed(inputs: Tree) -> float:
    """The difference relative to ‖u‖ ‖Jv‖."""
    v, u = _vectors(inputs)
    return difference(inputs) / float(np.linalg.norm(u) * np.linalg.norm(inputs["J"] @ v))


def oracle(inputs: Tree) -> Tree:
    """The mismatch."""
    return {"mismatch": abs(signed(inputs))}


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


def wrong_of_right_pair(inputs: Tree, outputs: Tree) -> str | None:
    """A right pair is found right, to rounding."""
    complaint = not_drawn(inputs, outputs)
    if complaint:
        return complaint
    value = outputs["mismatch"]
    if not isinstance(value, float) or not 0 <= value < 1e-12:
        return "a right pair of jvp and vjp should have a mismatch of rounding size, below 1e-12, and not negative."
    return None


mistake = Mistakes(oracle=lambda rule: lambda inputs: {"mismatch": rule(inputs)}, beside=__file__)

mistake.listed("signed", signed)
mistake.listed("not-relative", lambda inputs: abs(difference(inputs)))


@mistake("faults")
def relative_to_v(inputs: Tree) -> float:
    """You divide by ‖u‖ ‖v‖; divide by ‖u‖ ‖Jv‖."""
    v, u = _vectors(inputs)
    return abs(difference(inputs)) / float(np.linalg.norm(u) * np.linalg.norm(v))


mistake.listed("squared", lambda given: signed(given) ** 2)


@mistake("right", "faults", name="not-drawn", oracle=as_it_is)
def constant(inputs: Tree) -> Tree:
    """Your vectors are constant: a fault that happens to cancel for them is never found. Draw them."""
    m, n = inputs["J"].shape
    return {"v": np.ones(n), "u": np.ones(m)}


faults = partial(Check, cases=FAULTS, expected=oracle, complaint=not_drawn, tolerance=1e-6)
CHECKS = (
    faults("faults", "Faults are found: a transpose forgotten, a sign, one wrong entry, a factor", share=0.7),
    Check("right", "Right pairs pass", share=0.3, cases=tuple(RIGHT), complaint=wrong_of_right_pair, needs=("faults",)),
)


def described(inputs: Tree) -> str:
    """The call, with the two matrices."""
    J, other, (m, n) = shown(inputs["J"]), shown(inputs["transpose"]), inputs["J"].shape
    call = f"dot_product_test(lambda v: J @ v, lambda u: K @ u, {n}, {m}, np.random.default_rng({inputs['rng']}))"
    return f"with J = {J} and K = {other}, `{call}`"


EXERCISE = Exercise("dot_product_test", draw, CHECKS, tuple(mistake), described=described)
