"""Oracles of many digits: hidden inputs of 50 digits, answers in 160, derivatives by differences that need no rule."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.judging import Case, Changed, Check, Mistake, Slip, Tree, compare

Array = NDArray[Any]
Oracle = Callable[[Tree], dict[str, Any]]
"""Inputs of a case → answers by name: Decimals, lists or object arrays of them."""

DIGITS = 160
KEPT = 100
"""Answers that an oracle keeps."""
NUDGE = Decimal("1e-30")
"""Step of a central difference: it is off by about 1e-60, twice nested it still has 100 digits left."""

TOLERANCE = {"precise": Decimal("1e-42"), "float": Decimal("1e-9")}
"""Largest relative error. Rounding costs a few of 50 digits; float64 has 16, so nothing lies between."""

TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
REFUSALS: dict[str, str] = {kind: row["says"] for kind, row in TABLE.items()}
"""What a probe may refuse, and what the student is told."""

ASKED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
"""What is asked, by case, in tables."""

NAMED = {"autograd": "torch-autograd", "float": "through-float"}
"""Refusals that hardly have another cause, by the mistake's id."""

SIXTEEN_DIGITS = "The result is right to about 16 digits only. Given numbers of 50 digits it must keep them: nothing may go through floats on the way (nor through torch, which has nothing else)."
SIXTEEN_SLIP = Slip("sixteen-digits", SIXTEEN_DIGITS)
SOME_DIGITS = "The result is right to about {} digits only, where all 50 are asked for: is something nearly right on the way, such as a difference with a step, a small number that is added, or one that is taken for 0?"


def many_digits(oracle: Oracle) -> Oracle:
    """The oracle, with all Decimal arithmetic in it at 160 digits; it keeps answers, for a check asks for them twice."""
    known: dict[int, tuple[Tree, dict[str, Any]]] = {}

    def wrapper(inputs: Tree) -> dict[str, Any]:
        if id(inputs) not in known:
            if len(known) >= KEPT:
                known.clear()
            with localcontext(Context(prec=DIGITS)):
                known[id(inputs)] = inputs, oracle(inputs)
        return known[id(inputs)][1]

    return wrapper


def draw_number(rng: np.random.Generator, low: str = "0.5", high: str = "2") -> str:
    """A number between two bounds as text, drawn to 48 digits: no float comes near its last 30."""
    unit = sum(int(rng.integers(10**12)) * 10 ** (12 * place) for place in range(4))
    with localcontext(Context(prec=60)):
        return str(Decimal(low) + (Decimal(high) - Decimal(low)) * Decimal(unit) / Decimal(10**48))


def draw_array(rng: np.random.Generator, shape: Sequence[int], low: str = "-2", high: str = "2") -> Any:
    """Nested lists of drawn numbers; a text for shape ()."""
    if not shape:
        return draw_number(rng, low, high)
    return [draw_array(rng, shape[1:], low, high) for _ in range(shape[0])]


def case(name: str, kind: str, **inputs: Any) -> Case:
    """A case of numbers of one kind; its name says where they are floats."""
    return Case(name if kind == "precise" else f"{name} in floats", {"kind": kind, **inputs})


def decimals(tree: Any) -> Any:
    """Texts as Decimals: one for a text, an object array for nested lists."""
    if isinstance(tree, str):
        return Decimal(tree)
    texts: Any = np.array(tree, dtype=object)
    result = np.empty(texts.shape, dtype=object)
    for at in np.ndindex(texts.shape):
        result[at] = Decimal(texts[at])
    return result


def units(size: int) -> Array:
    """The unit vectors, as the rows of a matrix."""
    return np.asarray(decimals(np.eye(size, dtype=int)))


def slope(function: Callable[[Decimal], Decimal]) -> Decimal:
    """The derivative at 0, by a central difference; what is 0 but for rounding is 0."""
    found = (function(NUDGE) - function(-NUDGE)) / (2 * NUDGE)
    return found if abs(found) > Decimal("1e-45") else Decimal(0)


def gradient(function: Callable[[Array], Decimal], x: Array) -> Array:
    """The derivative by every entry of x, in its shape."""
    result = np.empty(x.shape, dtype=object)
    for at in np.ndindex(x.shape):

        def moved(t: Decimal, at: tuple[int, ...] = at) -> Decimal:
            other = x.copy()
            other[at] += t
            return function(other)

        result[at] = slope(moved)
    return result


def tanh(x: Decimal) -> Decimal:
    """The hyperbolic tangent."""
    square = (2 * x).exp()
    return (square - 1) / (square + 1)


def elementwise(function: Callable[[Decimal], Decimal], values: Array) -> Array:
    """A function of every entry."""
    return np.asarray(np.frompyfunc(function, 1, 1)(values), dtype=object)


def relu(values: Array) -> Array:
    """Of every entry the larger of it and 0."""
    return elementwise(lambda value: max(value, Decimal(0)), values)


def floats(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as float64 arrays."""
    return {name: np.array(value, dtype=np.float64) for name, value in answers.items()}


def exact(oracle: Oracle) -> Oracle:
    """The oracle with all Decimal arithmetic at 160 digits, and its answers as floats."""
    return lambda inputs: floats(many_digits(oracle)(inputs))


def staged(compute: Callable[..., Mapping[str, Any]], digits: int = 60) -> Callable[[Mapping[str, Any]], Changed]:
    """Makes the oracles of a computation with stages; where nothing is nudged sixty digits are enough for an answer."""

    def wrapper(inputs: Tree, **stages: Any) -> Tree:
        with localcontext(Context(prec=digits)):
            return floats(compute(inputs, **stages))

    return lambda stages: Changed(wrapper, stages)


def exact_check(
    name: str,
    title: str,
    *,
    oracle: Oracle,
    also: Callable[[Tree, Tree], str | Slip | None] = lambda inputs, outputs: None,
    slip: Callable[[Tree, Tree], Slip | None] = lambda inputs, outputs: None,
    sixteen: str | Slip = SIXTEEN_SLIP,
    **more: Any,
) -> Check:
    """A check to all the digits that the case's kind of number has.

    ``also`` is a further complaint; ``slip`` finds in an answer that is wrong which part is, and it can be told for sure;
    ``sixteen`` is said of one that is as right as floats are.
    """

    right = many_digits(oracle)

    def inexact(inputs: Tree, outputs: Tree) -> str | Slip | None:
        kind = outputs.get("refused")
        if kind in REFUSALS:
            return Slip(NAMED[kind], REFUSALS[kind]) if kind in NAMED else REFUSALS[kind]
        answers = right(inputs)
        if compare(floats(answers), outputs, 1e-9) is not None:
            return slip(inputs, outputs)  # or else the comparison with `expected` says what is off
        error = _error(answers, outputs["digits"])
        return None if error <= TOLERANCE[inputs["kind"]] else _inexactness(error, sixteen)

    return Check(
        name,
        title,
        expected=lambda inputs: floats(right(inputs)),
        complaint=lambda inputs, outputs: inexact(inputs, outputs) or also(inputs, outputs),
        tolerance=1e-9,
        **more,
    )


def _inexactness(error: Decimal, sixteen: str | Slip) -> str | Slip:
    """What is said of an answer of 50 digits with this relative error."""
    digits = -error.adjusted() if error else 0
    if not error.is_finite() or 13 <= digits <= 18:
        return sixteen
    return Slip("some-digits", SOME_DIGITS.format(digits), quotes=True)


def _error(answers: Mapping[str, Any], texts: Mapping[str, Any]) -> Decimal:
    """The largest error, relative to an answer's largest entry; infinite where there is no number."""
    worst = Decimal(0)
    for name, right in answers.items():
        want = np.asarray(right, dtype=object)
        try:
            if np.shape(texts[name]) != want.shape:  # asked first: it may be huge
                return Decimal("Infinity")
            got = np.asarray(decimals(texts[name]), dtype=object)
        except (InvalidOperation, TypeError, ValueError):
            return Decimal("Infinity")
        if not all(each.is_finite() for each in got.flat):
            return Decimal("Infinity")
        with localcontext(Context(prec=DIGITS)):
            size = max((abs(value) for value in want.flat), default=Decimal(0))
            off = max((abs(each - value) for each, value in zip(got.flat, want.flat, strict=True)), default=Decimal(0))
            worst = max(worst, off / size if size else off and Decimal("Infinity"))
    return worst


def refused(name: str, kind: str, where: Callable[[Tree], bool] = lambda inputs: True) -> Mistake:
    """A mistake that the probe reports itself; ``where`` says in which cases it shows."""
    return Mistake(name, REFUSALS[kind], lambda inputs: {"refused": kind} if where(inputs) else {})


REFUSED = (refused(NAMED["autograd"], "autograd"), refused(NAMED["float"], "float", lambda it: it["kind"] == "precise"))
"""In the bank of every exercise on 50-digit numbers."""
