"""Checks of finite differences: hand-derived examples for every exercise of the unit, and commonest wrong answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup, show
from lifelong.checks.failure import CheckFailed

Names = Mapping[str, Any]
Known = Sequence[tuple[Any, str]]


def expect(got: Any, wanted: Any, call: str, known: Known = (), tolerance: float = 1e-6) -> None:
    """A number or array close to the one wanted, ‖got − wanted‖ ≤ tolerance · ‖wanted‖ (of 1 where that is 0).

    Args:
        got: the student's answer.
        wanted: a number, or nested lists.
        call: what was called, with its input.
        known: wrong answers and what they betray, tried in order.
        tolerance: relative.
    """
    try:
        values = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        raise CheckFailed(f"{call} should be {show(wanted)}, but is of type {type(got).__name__}.") from None
    right = np.asarray(wanted, dtype=np.float64)
    if got is None:
        raise CheckFailed(f"{call} should be {show(wanted)}, but is None (is there a `return`?).")
    if values.shape != right.shape:
        raise CheckFailed(f"{call} should have shape {list(right.shape)}, but has {list(values.shape)}.")
    if _near(values, right, tolerance):
        return
    reason = next((f" {text}" for wrong, text in known if _near(values, np.asarray(wrong), max(tolerance, 1e-6))), "")
    raise CheckFailed(f"{call} should be {show(right.tolist())}, but is {show(values.tolist())}.{reason}")


def _near(got: np.ndarray[Any, Any], right: np.ndarray[Any, Any], tolerance: float) -> bool:
    size = float(np.linalg.norm(right))
    return bool(np.linalg.norm(got - right) <= tolerance * (size or 1.0))


CUBE: dict[str, tuple[float, Known]] = {
    "forward": (
        15.25,
        [
            (7.625, "Divide the difference by h."),
            (-15.25, "The sign is the other way round: f(x+h) − f(x)."),
            (9.25, "That is the backward difference."),
        ],
    ),
    "backward": (
        9.25,
        [
            (4.625, "Divide the difference by h."),
            (-9.25, "The sign is the other way round: f(x) − f(x−h)."),
            (15.25, "That is the forward difference."),
        ],
    ),
    "central": (
        12.25,
        [
            (24.5, "The two points lie 2h apart: divide by 2h."),
            (3.0625, "`/ 2 * h` divides by 2 and then multiplies by h: write `/ (2 * h)`."),
            (12.0625, "The points are x + h and x − h, not x ± h/2."),
            (15.25, "That is the forward difference."),
            (6.125, "Divide the difference by 2h."),
        ],
    ),
    "five_point": (
        12.0,
        [
            (-12.0, "The sign is the other way round: f(x+h) counts +8."),
            (24.0, "The denominator is 12h."),
            (6.0, "Divide by 12h, not by 12."),
            (12.25, "That is the central difference: the outer points are missing."),
            (62 / 3, "The outer points have the other sign: f(x+2h) counts −1, f(x−2h) counts +1."),
            (32.625, "The weight 8 belongs to the inner points, x ± h."),
        ],
    ),
}
"""Of x³ at 2 with h = 0.5: the value, and known wrong ones."""


def schemes(names: Names) -> str:
    """Every scheme on x³, at a number and on an array."""
    for name, (wanted, known) in CUBE.items():
        scheme = lookup(names, name, "schemes")
        expect(scheme(lambda x: x**3, 2.0, 0.5), wanted, f"{name}(f, 2.0, 0.5) for f(x) = x³", known)
        x = np.array([[1.0, 2.0], [0.0, -1.0]])
        got = scheme(lambda x: 3.0 * x, x, 0.25)
        expect(got, [[3.0, 3.0], [3.0, 3.0]], f"{name}(f, x, 0.25) for f(x) = 3x and an array x of shape [2, 2]")
        if not np.array_equal(x, [[1.0, 2.0], [0.0, -1.0]]):
            raise CheckFailed(f"{name} changed the array x it was given; make a new one.")
    return "all four give what x³ at 2 should give, and arrays are differentiated entry by entry."


def best_h(names: Names) -> str:
    """The valley for orders 1 and 2, and the rule of thumb in both precisions."""
    best = lookup(names, "best_h", "best_h")
    known = [
        (6.299605e-6, "That sets both errors equal; differentiating hᵖ brings down a factor p."),
        (1.118034e-8, "That is the root 1/p; it is 1/(p+1)."),
        (2.0e5, "The fraction is upside down."),
        (3e-10, "That is the least error; return the h at which it is reached."),
    ]
    expect(best(2, 4.0, 1e-15), 5e-6, "best_h(2, 4.0, 1e-15)", known, 1e-2)
    expect(best(1, 1.0, 1e-16), 1e-8, "best_h(1, 1.0, 1e-16)", tolerance=1e-2)
    thumb = lookup(names, "rule_of_thumb", "best_h")
    table: list[tuple[float, int, Any, float, Known]] = [
        (1.0, 1, np.float64, 1.490116e-8, [(2.220446e-16, "That is ε itself; take its root 1/(p+1).")]),
        (
            1.0,
            2,
            np.float64,
            6.055454e-6,
            [(1.490116e-8, "That is the square root; for order p take the root 1/(p+1).")],
        ),
        (1.0, 1, np.float32, 3.452670e-4, [(1.490116e-8, "That is the ε of float64: np.finfo(dtype).eps.")]),
        (-1000.0, 1, np.float64, 1.490116e-5, [(1.490116e-8, "h has to grow with |x|."), (-1.490116e-5, "Take |x|.")]),
        (0.0, 1, np.float64, 1.490116e-8, [(0.0, "A step of 0 divides by 0: max(1, |x|).")]),
    ]
    for x, p, dtype, wanted, wrong in table:
        expect(thumb(x, p, dtype), wanted, f"rule_of_thumb({x:g}, {p}, np.{dtype.__name__})", wrong, 1e-2)
    return "the lowest point of the valley, and the rule of thumb in both precisions."


def remainder(names: Names) -> str:
    """x⁵ and x⁴ exactly; x⁷, and its point c."""
    rest = lookup(names, "remainder", "remainder")
    third, tenth = Fraction(7, 3), Fraction(1, 10)
    for n, x, h, wanted in ((5, third, tenth, Fraction(1, 2500)), (4, third, tenth, Fraction(0))):
        got = rest(n, x, h)
        call = f"remainder({n}, Fraction({x}), Fraction({h}))"
        if isinstance(got, float):
            raise CheckFailed(
                f"{call} should be exactly {wanted}, but is a float, {got:.6g}: keep floats like 12.0 out."
            )
        if got == -wanted != wanted:
            raise CheckFailed(
                f"{call} should be {wanted}, but is {got}. It is f′(x) minus the estimate, not the other way."
            )
        if got != wanted:
            raise CheckFailed(f"{call} should be exactly {wanted}, but is {got}.")
    got = rest(7, Fraction(1), Fraction(1, 2))
    if got != Fraction(89, 16):
        hint = " There are terms beyond the leading one." if got == Fraction(84, 16) else ""
        raise CheckFailed(f"remainder(7, Fraction(1), Fraction(1, 2)) should be 89/16, but is {got}.{hint}")
    point = lookup(names, "mean_point", "remainder")
    known = [
        (1.059524, "That is c²: take the root 1/(n−5)."),
        (0.187929, "The 30 of h⁴/30 is missing."),
        (1.0, "That is x; c lies near it."),
    ]
    expect(point(7, 1.0, 0.5), 1.029332, "mean_point(7, 1.0, 0.5)", known, 1e-4)
    return "nothing remains of x⁴, exactly 4h⁴ of x⁵, and c lies where Taylor says."


def stencil(names: Names) -> str:
    """Two known stencils, one in another order, and a second derivative."""
    weights = lookup(names, "stencil", "stencil")
    table: list[tuple[list[float], int, list[float], Known]] = [
        ([-1, 1], 1, [-0.5, 0.5], [([0.5, -0.5], "The signs are the other way round.")]),
        ([2, 0, 1], 1, [-0.5, -1.5, 2], [([-1.5, 2, -0.5], "Keep the order in which the points came.")]),
        (
            [-2, -1, 0, 1, 2],
            1,
            [1 / 12, -8 / 12, 0, 8 / 12, -1 / 12],
            [([-1 / 12, 8 / 12, 0, -8 / 12, 1 / 12], "The signs are the other way round.")],
        ),
        (
            [-1, 0, 1],
            2,
            [1, -2, 1],
            [
                ([0.5, -1, 0.5], "The right-hand side for k = m is m!, here 2."),
                ([-0.5, 0, 0.5], "That is the first derivative."),
            ],
        ),
    ]
    for offsets, m, wanted, known in table:
        expect(weights(offsets, derivative=m), wanted, f"stencil({offsets}, derivative={m})", known)
    return "central, one-sided, five-point and second derivative come out right."


def richardson(names: Names) -> str:
    """7 + h² + h⁴ with one, two and three levels; a series in h."""
    extrapolate = lookup(names, "richardson", "richardson")
    calls: list[float] = []

    def even(h: float) -> float:
        calls.append(h)
        return 7 + h**2 + h**4

    tables: list[tuple[int, float, Known]] = [
        (1, 9.0, []),
        (
            2,
            6.75,
            [
                (7.3125, "That is the finer estimate itself, A(h/2)."),
                (20.25, "Divide by 2^p − 1, here 3."),
                (9.5625, "The factor 2^p belongs to the finer estimate."),
                (3.0, "The steps are h and h/2, not h and 2h: halve."),
            ],
        ),
        (
            3,
            7.0,
            [
                (6.984375, "That extrapolates once only; go on until one value is left."),
                (7.0625, "The second column removes the next power, p + stride."),
            ],
        ),
    ]
    for levels, wanted, known in tables:
        calls.clear()
        expect(extrapolate(even, 1.0, levels), wanted, f"richardson(A, 1.0, {levels}) for A(h) = 7 + h² + h⁴", known)
        if len(calls) != levels:
            raise CheckFailed(
                f"richardson(A, 1.0, {levels}) should call A {levels} times, but calls it {len(calls)} times."
            )
    got = extrapolate(lambda h: 2 + h + h**2, 1.0, 3, p=1, stride=1)
    expect(got, 2.0, "richardson(A, 1.0, 3, p=1, stride=1) for A(h) = 2 + h + h²")
    return "every level removes one more term, at one call of the estimate each."


def gradient(names: Names) -> str:
    """A vector, a matrix of integers, and the evaluations of f."""
    slopes = lookup(names, "gradient", "gradient")
    calls: list[int] = []

    def f(x: Any) -> Any:
        calls.append(1)
        return x[0] ** 2 + 3 * x[0] * x[1]

    x = np.array([2.0, 1.0])
    known = [
        ([-7.0, -6.0], "The sign is the other way round."),
        ([13.0, 13.0], "That moves both coordinates at once; move one at a time."),
        ([7.0, 13.0], "Coordinate 0 has to move back before coordinate 1 moves."),
    ]
    expect(slopes(f, x), [7.0, 6.0], "gradient(f, [2, 1]) for f(x) = x₀² + 3 x₀ x₁", known, 1e-4)
    if len(calls) != 3:
        raise CheckFailed(
            f"gradient(f, x) for 2 coordinates should evaluate f 3 times, n + 1, but does {len(calls)} times."
        )
    if not np.array_equal(x, [2.0, 1.0]):
        raise CheckFailed(f"gradient changed the x it was given, to {x.tolist()}; move a copy.")
    x = np.array([[1, 2], [3, 4]])
    cut: Known = [
        ([[0.0, 0.0], [0.0, 0.0]], "An array of integers cuts the step off to 0: make a copy of floats first.")
    ]
    got = slopes(lambda x: (x**2).sum(), x)
    expect(got, [[2.0, 4.0], [6.0, 8.0]], "gradient(f, [[1, 2], [3, 4]]) for f(x) = Σ x²", cut, 1e-4)
    known = [
        ([5.5], "That steps back, to x − h; step forward."),
        ([6.0], "That is the central difference; step forward only."),
    ]
    got = slopes(lambda x: (x**2).sum(), np.array([3.0]), h=0.5)
    expect(got, [6.5], "gradient(f, [3], h=0.5) for f(x) = Σ x²", known, 1e-4)
    return "n + 1 evaluations give the gradient, in the shape of x."


def complex_step(names: Names) -> str:
    """exp to all digits; abs, broken and mended; what to trust."""
    step = lookup(names, "complex_step", "complex_step")
    known = [
        (np.e * 1e-20, "Divide the imaginary part by h."),
        (0.0, "The step has to be imaginary, x + 1j * h."),
        (-np.e, "The sign is the other way round."),
        (np.e * 1e20, "Take the imaginary part."),
    ]
    expect(step(np.exp, 1.0), np.e, "complex_step(np.exp, 1.0)", known, 1e-14)
    got = step(lambda x: x**3, np.array([1.0, -2.0]))
    expect(got, [3.0, 12.0], "complex_step(f, [1, -2]) for f(x) = x³")
    modulus = lookup(names, "complex_abs", "complex_step")
    for z, wanted in ((3 + 4j, 3 + 4j), (-3 + 4j, 3 - 4j)):
        found = complex(modulus(np.array([z]))[0])
        if found != wanted:
            hint = " That is the length, a real number." if found == 5 else ""
            raise CheckFailed(f"complex_abs([{z}]) should be [{wanted}], but is [{found}].{hint}")
    trust = lookup(names, "trustworthy", "complex_step")
    functions: list[tuple[Callable[[Any], Any], str, bool]] = [
        (np.exp, "np.exp", True),
        (np.abs, "np.abs", False),
        (np.conj, "np.conj", False),
    ]
    for f, name, wanted in functions:
        if bool(trust(f, 1.0)) is not wanted:
            raise CheckFailed(f"trustworthy({name}, 1.0) should be {wanted}, but is {not wanted}.")
    return "exp comes out to all digits, abs is mended, and what cannot be trusted is found."


def gradcheck(names: Names) -> str:
    """A right gradient; a wrong entry, a swap, NaN, another shape."""
    checker = lookup(names, "gradcheck", "gradcheck")

    def f(x: Any) -> Any:
        return x[0] ** 2 + 3 * x[0] * x[1]

    table: list[tuple[str, Any, bool, int | None]] = [
        ("[7, 6]", [7.0, 6.0], True, None),
        ("[7, 6.1]", [7.0, 6.1], False, 1),
        ("[-7, 6]", [-7.0, 6.0], False, 0),
        ("[6, 7]", [6.0, 7.0], False, None),
        ("[7, nan]", [7.0, float("nan")], False, 1),
        ("[[7], [6]] (another shape than x)", [[7.0], [6.0]], False, None),
    ]
    for words, claimed, right, place in table:
        call = f"gradcheck(f, claimed, [2, 1]) for f(x) = x₀² + 3 x₀ x₁ and claimed = {words}"
        answer = checker(f, np.array(claimed), np.array([2.0, 1.0]))
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise CheckFailed(f"{call} should be a pair (ok, worst), but is {answer!r}.")
        ok, worst = answer
        if bool(ok) is not right:
            raise CheckFailed(f"{call} should say ok = {right}, but says {bool(ok)}. The gradient there is [7, 6].")
        if place is not None and (worst is None or int(worst) != place):
            raise CheckFailed(f"{call} should name entry {place} as the worst, but names {worst}.")
    flat = (lambda x: np.exp(x[0]) - np.e * x[0] + 3 * x[1], np.array([0.0, 3.0]), np.array([1.0, 2.0]))
    if not checker(*flat)[0]:
        raise CheckFailed(
            "gradcheck refuses the right gradient [0, 3] of exp(x₀) − e x₀ + 3 x₁ at [1, 2]: where an entry is 0, rounding is infinitely large beside it. Measure the error relative to the largest entry."
        )
    million = (lambda x: 1e6 * f(x), np.array([7e6, 6e6]), np.array([2.0, 1.0]))
    if not checker(*million)[0]:
        raise CheckFailed(
            "gradcheck refuses the right gradient of 10⁶ · f: measure the error relative to the gradient."
        )
    millionth = (lambda x: 1e-6 * f(x), np.array([7e-6, -6e-6]), np.array([2.0, 1.0]))
    if checker(*millionth)[0]:
        raise CheckFailed(
            "gradcheck passes a wrong sign in the gradient of 10⁻⁶ · f: an absolute tolerance sees nothing there."
        )
    return "right gradients pass at any scale; a wrong entry, a swap, NaN and another shape do not."


CHECKS: dict[str, Callable[[Names], str]] = {
    "schemes": schemes,
    "best_h": best_h,
    "remainder": remainder,
    "stencil": stencil,
    "richardson": richardson,
    "gradient": gradient,
    "complex_step": complex_step,
    "gradcheck": gradcheck,
}
"""By exercise id, as in ``lifelong.checks.CHECKS``."""
