"""Judge ``richardson``: the extrapolation table, by the order of what it leaves and by what it removes altogether."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree

from .fit import order_complaint
from .smooth import Array, described

Estimate = Callable[[float], float]
KINDS = {"central": (2, 2), "forward": (1, 1), "odd start": (1, 2)}
"""By name: the first power p of h in the error, and the stride from each power to the next."""

LADDERS = tuple(f"{name} {levels}" for name in KINDS for levels in (2, 3))
EXACT = tuple(f"{name} exact" for name in KINDS)


def draw(rng: np.random.Generator) -> list[Case]:
    """Errors c₀hᵖ + c₁hᵖ⁺ˢ + …: two or three levels on a ladder of steps, and as many levels as remove everything.

    In the latter the first two estimates agree by chance, so that to stop there, or to take those that agree, is wrong.
    """

    def case(name: str, kind: str, *, terms: int, levels: int, steps: Array) -> Case:
        p, stride = KINDS[kind]
        signs = rng.choice([-1.0, 1.0], size=terms)
        coefficients = signs * rng.uniform(0.8, 1.2, size=terms)
        if name in EXACT:
            shares = steps ** (p + stride * np.arange(terms)) * (1 - 0.5 ** (p + stride * np.arange(terms)))
            coefficients[-1] = -(np.abs(coefficients[:-1]) @ shares[:-1]) / shares[-1]
            coefficients[:-1] = np.abs(coefficients[:-1])
        series = {"limit": float(rng.uniform(-2, 2)), "coefficients": coefficients, "p": p, "stride": stride}
        return Case(name, {**series, "levels": levels, "steps": steps})

    def step() -> Array:
        return np.array([float(rng.uniform(0.5, 1.0))])

    cases = []
    for kind in KINDS:
        for levels in (2, 3):
            largest = rng.uniform(0.15, 0.25) * (1.0 if kind == "central" else 0.2)
            steps = largest * np.array([1.0, 0.5, 0.25, 0.125])
            drawn = case(f"{kind} {levels}", kind, terms=levels + 1, levels=levels, steps=steps)
            cases.append(Case(drawn.name, {**drawn.inputs, "default": (kind, levels) == ("central", 3)}))
    cases += [case(f"{kind} exact", kind, terms=3, levels=4, steps=step()) for kind in KINDS]
    return [
        *cases,
        case("one level", "central", terms=2, levels=1, steps=step()),
        case("cost", "central", terms=5, levels=6, steps=2 * step()),  # large, so that the last term shows
    ]


def estimate(inputs: Tree) -> Estimate:
    """A(h) = limit + Σ cₖ hᵖ⁺ᵏˢ."""
    powers = inputs["p"] + inputs["stride"] * np.arange(len(inputs["coefficients"]))
    return lambda h: float(inputs["limit"] + (inputs["coefficients"] * h**powers).sum())


def cancel(factor: float, coarse: float, fine: float) -> float:
    """The combination of two estimates in which the terms in h^q cancel; the factor is 2^q."""
    return (factor * fine - coarse) / (factor - 1)


def step(h: float, level: int) -> float:
    """The step of a level."""
    return h * 0.5**level


def power(p: int, stride: int, column: int) -> int:
    """The power of h that a column removes."""
    return p + column * stride


def next_column(row: list[float], combine: Callable[[float, float], float]) -> list[float]:
    """Each two neighbours of a column combined."""
    return [combine(coarse, fine) for coarse, fine in pairwise(row)]


STAGES = {"step": step, "power": power, "column": next_column, "combine": cancel}


def extrapolate(A: Estimate, h: float, levels: int, p: int, stride: int, **others: Any) -> float:
    """The last entry of Richardson's table; some of its stages may be others."""
    step, power, column, combine = (others.get(name, stage) for name, stage in STAGES.items())
    row = [A(step(h, level)) for level in range(levels)]
    for at in range(levels - 1):
        row = column(row, partial(combine, 2.0 ** power(p, stride, at)))
    return row[-1]


def leading(inputs: Tree) -> Array:
    """The largest part of what remains, at each step."""
    powers = inputs["p"] + inputs["stride"] * np.arange(inputs["levels"])
    last = powers[-1]
    shrink = np.prod([(2.0 ** (power - last) - 1) / (2.0**power - 1) for power in powers[:-1]])
    return np.asarray(inputs["coefficients"][inputs["levels"] - 1] * shrink * inputs["steps"] ** last)


def weighed(inputs: Tree, outputs: Tree) -> Slip | None:
    """Which sum of estimates the student returns, told by the steps that were asked for; None where it is no such sum."""
    steps, found = inputs["steps"], np.asarray(outputs["values"], dtype=np.float64)
    if not is_short(outputs["asked"]) or len(outputs["asked"]) % len(steps):
        return None
    asked = np.array(outputs["asked"], dtype=np.float64).reshape(len(steps), -1) / steps[:, None]
    shares = np.unique(asked[0])[::-1]
    if not np.allclose(asked, asked[0], rtol=1e-12, atol=0):
        return None
    wanted = 0.5 ** np.arange(inputs["levels"])
    if len(shares) > len(wanted) or not np.allclose(shares, wanted[: len(shares)], rtol=1e-9):
        return Slip("other-steps", STEPS.format(", ".join(f"{share:.4g} h" for share in shares)), quotes=True)
    terms = np.array([[estimate(inputs)(share * h) for share in shares] for h in steps])
    weights = np.linalg.lstsq(terms, found, rcond=1e-15)[0]
    if not np.allclose(terms @ weights, found, rtol=1e-10, atol=0):
        return None
    levels, p, stride = (inputs[name] for name in ("levels", "p", "stride"))
    right = np.array([extrapolate(lambda h, at=at: float(h == at), 1.0, levels, p, stride) for at in wanted])
    call = f"p = {p}, stride = {stride} and {levels} levels"
    words = WEIGHTS.format(call, summed(shares, weights), summed(wanted, right))
    return Slip("other-weights", words, quotes=True)


def summed(shares: Array, weights: Array) -> str:
    """A weighted sum of estimates at these parts of h."""
    below = ("" if share == 1 else f"/{1 / share:g}" for share in shares)
    terms = [f"{weight:.4g} A(h{part})" for part, weight in zip(below, weights, strict=True) if abs(weight) > 1e-9]
    return " + ".join(terms).replace("+ -", "− ").replace("-", "−") or "0"


def order(inputs: Tree, outputs: Tree) -> str | Slip | None:
    """What remains shrinks with the order of the first term that was not removed."""
    p, stride, levels = inputs["p"], inputs["stride"], inputs["levels"]
    errors = np.asarray(outputs["values"], dtype=np.float64) - inputs["limit"]
    complaint = order_complaint(inputs["steps"], errors, order=p + stride * (levels - 1), leading=leading(inputs))
    said = f"with p = {p}, stride = {stride}, {levels} levels: {complaint}"
    return (weighed(inputs, outputs) or said) if complaint else None


def removed(inputs: Tree, outputs: Tree) -> str | None:
    """With more levels than terms nothing is left but rounding."""
    if abs(float(outputs["values"][0]) - inputs["limit"]) <= 1e-11:
        return None
    terms = len(inputs["coefficients"])
    return f"an error of {terms} terms should be gone after {inputs['levels']} levels, but is not."


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with the number of estimates that the host was asked for, and whether for one of them again."""
    asked = outputs["asked"]
    return {**outputs, "calls": len(asked), "again": is_short(asked) and len({*asked}) < len(asked)}


def is_short(asked: Sequence[Any]) -> bool:
    """Whether so few steps were asked for, each a number, that they can be looked at."""
    return len(asked) < 100 and all(isinstance(each, float) for each in asked)


def wasteful(inputs: Tree, outputs: Tree) -> str | None:
    """Every level costs one estimate."""
    calls, levels = outputs["calls"], inputs["levels"]
    return None if calls == levels else f"{levels} levels need {levels} calls of `estimate`, but you make {calls}."


def extrapolated(inputs: Tree, rule: Callable[..., float] = extrapolate, **stages: Any) -> Tree:
    """What a rule, or a table of other stages, gives for the arguments of the student's function."""
    A, more = estimate(inputs), [inputs[name] for name in ("levels", "p", "stride")]
    return {"values": np.array([rule(A, h, *more, **stages) for h in inputs["steps"]])}


def swept(row: list[float], combine: Callable[[float, float], float]) -> list[float]:
    """A column that is overwritten from the top down: what was combined last is taken for the coarser one."""
    found = row[:1]
    for fine in row[1:]:
        found.append(combine(found[-1], fine))
    return found[1:]


def agreeing(A: Estimate, h: float, levels: int, p: int, stride: int) -> float:
    """The first estimate, if the next one is the same; else the last entry of the table."""
    return A(h) if levels > 1 and np.isclose(A(h), A(h / 2), rtol=1e-12) else extrapolate(A, h, levels, p, stride)


mistake = Mistakes(beside=__file__)
STEPS, WEIGHTS = mistake.table.pop("told").values()
wrong = mistake.group("order", "removed").stages(extrapolated)

wrong("same-power-every-column", power=lambda p, stride, column: p)
wrong("stride-ignored", power=lambda p, stride, column: p + column)
wrong("stride-always-2", power=lambda p, stride, column: p + 2 * column)
wrong("powers-of-4", power=lambda p, stride, column: 2 + 2 * column)
wrong("power-doubles", power=lambda p, stride, column: p * 2**column)
wrong("starts-one-late", power=lambda p, stride, column: p + (column + 1) * stride)
wrong("coarse-and-fine-swapped", combine=lambda factor, coarse, fine: cancel(factor, fine, coarse))
wrong("not-divided", combine=lambda factor, coarse, fine: factor * fine - coarse)
wrong("overwrites-too-early", column=swept)
wrong("one-value-carried", column=lambda row, combine: [combine(row[0], row[1]), *row[2:]])
wrong(
    "first-column-only",
    rule=lambda A, h, levels, p, stride: extrapolate(A, h * 0.5 ** max(levels - 2, 0), min(levels, 2), p, stride),
)
wrong("no-extrapolation", rule=lambda A, h, levels, p, stride: A(h * 0.5 ** (levels - 1)))

wrong.each(
    "power",
    {
        "power-multiplied": lambda p, stride, column: p * stride**column,
        "multiples-of-p": lambda p, stride, column: p * (column + 1),
        "multiples-of-stride": lambda p, stride, column: stride * (column + 1),
        "power-one-too-small": lambda p, stride, column: p + column * stride - 1,
        "power-one-too-large": lambda p, stride, column: p + column * stride + 1,
    },
)
wrong.each(
    "combine",
    {
        "divided-by-factor": lambda factor, coarse, fine: (factor * fine - coarse) / factor,
        "mean-of-both": lambda factor, coarse, fine: (factor * fine + coarse) / (factor + 1),
        "wrong-sign": lambda factor, coarse, fine: -cancel(factor, coarse, fine),
        "correction-by-factor": lambda factor, coarse, fine: fine + (fine - coarse) / factor,
        "correction-of-coarse": lambda factor, coarse, fine: coarse + (fine - coarse) / (factor - 1),
        "correction-subtracted": lambda factor, coarse, fine: fine - (fine - coarse) / (factor - 1),
        "always-4-and-3": lambda factor, coarse, fine: (4 * fine - coarse) / 3,
        "factor-without-power": lambda factor, coarse, fine: cancel(2 * np.log2(factor), coarse, fine),
        "mean": lambda factor, coarse, fine: (coarse + fine) / 2,
    },
)
wrong("column-short", rule=lambda A, h, levels, p, stride: extrapolate(A, h / 2, levels - 1, p, stride))
wrong("column-short", rule=lambda A, h, levels, p, stride: extrapolate(A, h, levels - 1, p, stride))
wrong("coarsest-alone", rule=lambda A, h, levels, p, stride: A(h))
wrong("doubles-h", step=lambda h, level: h * (level + 1))
wrong("divides-h-by-level", step=lambda h, level: h / (2 * level) if level else h)
wrong("doubles-h", step=lambda h, level: h * 2.0**level)
wrong("doubles-h", rule=lambda A, h, levels, p, stride: extrapolate(A, h * 2.0 ** (levels - 1), levels, p, stride))
wrong("divides-h-by-level", step=lambda h, level: h / (level + 1))
for least in 10.0 ** -np.arange(1, 5):
    wrong("smallest-step", step=lambda h, level, least=least: max(h * 0.5**level, least))
    wrong("smallest-step", step=lambda h, level, least=least: max(h * 0.5**level, min(h, least)))
for count in (3, 4, 5):
    wrong(
        "first-columns-only",
        rule=lambda A, h, levels, p, stride, count=count: extrapolate(
            A, h * 0.5 ** max(levels - count, 0), min(levels, count), p, stride
        ),
    )
wrong("stops-at-agreement", rule=agreeing)
mistake.listed(
    "two-levels-at-least",
    partial(extrapolated, rule=lambda A, h, levels, p, stride: extrapolate(A, h, max(levels, 2), p, stride)),
    "one-level",
)
mistake.listed(
    "remembers-another-estimate",
    partial(extrapolated, rule=lambda A, h, levels, p, stride: extrapolate(np.exp, h, levels, p, stride)),
    *("order", "removed", "one-level"),
)
mistake.listed("asks-again", lambda inputs: {"again": True})
wrong.formulas(power=power, combine=cancel, rule=extrapolate)

more = partial(Check, likeness=1e-8, example=extrapolated)
after = partial(Check, share=0.1, needs=("order",))
CHECKS = (
    more("order", "Each level raises the order by the stride", share=0.5, cases=LADDERS, complaint=order),
    more("removed", "Every term can go", share=0.3, cases=(*EXACT, "cost"), complaint=removed, needs=("order",)),
    after(
        "one-level", "One level is the estimate itself", cases=("one level",), expected=extrapolated, tolerance=1e-12
    ),
    after("cost", "One call of the estimate a level", complaint=wasteful, needs=("removed",)),
)
MORE = {"read": read, "host": estimate, "hidden": ("limit", "coefficients"), "described": described}
EXERCISE = Exercise("richardson", draw, CHECKS, **mistake.known, **MORE)
