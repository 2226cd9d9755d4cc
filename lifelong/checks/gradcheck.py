"""Check of `gradcheck`: the comparison of a claimed gradient with differences."""

import math
from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, lookup


def check(names: Names) -> str:
    """A right gradient; a wrong entry, a swap, NaN, another shape."""
    function = lookup(names, "gradcheck", "gradcheck")

    def checker(f: Any, *given: Any) -> Any:
        claimed, x = (np.copy(each) for each in given)
        answer = function(f, claimed, x)
        if not (np.array_equal(claimed, given[0], equal_nan=True) and np.array_equal(x, given[1])):
            raise CheckFailed("gradcheck changed x or the claimed gradient; both arrays stay as they are.")
        return answer

    def f(x: Any) -> Any:
        return x[0] ** 2 + 3 * x[0] * x[1]

    table: list[tuple[str, Any, bool, int | None]] = [
        ("[7, 6]", [7.0, 6.0], True, None),
        ("[7, 6.1]", [7.0, 6.1], False, 1),
        ("[-7, 6]", [-7.0, 6.0], False, 0),
        ("[7.1, 6.5]", [7.1, 6.5], False, 1),
        ("[7.52, 6.5]", [7.52, 6.5], False, 0),
        ("[14, 12]", [14.0, 12.0], False, 0),
        ("[6, 7]", [6.0, 7.0], False, None),
        ("[7, nan]", [7.0, float("nan")], False, 1),
        ("[7, inf]", [7.0, math.inf], False, 1),
        ("[7] (another shape than x)", [7.0], False, None),
        ("[7, 6, 5] (another shape than x)", [7.0, 6.0, 5.0], False, None),
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
        if "shape" in words and worst is not None:
            raise CheckFailed(f"{call} should name no entry, None, but names {worst}.")
    if not checker(lambda x: -f(x), np.array([-7.0, -6.0]), np.array([2.0, 1.0]))[0]:
        raise CheckFailed("gradcheck refuses the right gradient [-7, -6] of -f: a gradient's size has no sign.")
    x = np.array([0.3, 0.1])
    if not checker(lambda x: np.sin(4 * x).sum(), 4 * np.cos(4 * x), x)[0]:
        message = "gradcheck refuses the right gradient of sin(4 x₀) + sin(4 x₁) at [0.3, 0.1], where it bends much: are the steps of your differences small enough?"
        raise CheckFailed(message)
    flat = (lambda x: 1e6 * ((np.exp(x[:2]) - math.e * x[:2]).sum() + 3 * x[2])), np.array([0.0, 0.0, 3e6])
    if not checker(*flat, np.array([1.0, 1.0, 2.0]))[0]:
        message = "gradcheck refuses the right gradient [0, 0, 3·10⁶] of 10⁶ · (exp(x₀) − e x₀ + exp(x₁) − e x₁ + 3 x₂) at [1, 1, 2]: where an entry is 0, rounding is infinitely large beside it. Measure the error relative to the largest entry."
        raise CheckFailed(message)
    if checker(flat[0], np.array([math.nan, 0.0, 3e6]), np.array([1.0, 1.0, 2.0]))[0]:
        raise CheckFailed("gradcheck passes [nan, 0, 3·10⁶] where the gradient is [0, 0, 3·10⁶].")
    x = np.array([[2.0, 2.5, 3.0], [1.5, 3.5, 2.0]])
    million, claimed = (lambda x: 1e6 * (x**3).sum()), 3e6 * x**2
    if not checker(million, claimed, x)[0]:
        message = "gradcheck refuses the right gradient of 10⁶ Σ x³ at an array x of shape [2, 3]: measure the error relative to the gradient."
        raise CheckFailed(message)
    claimed[1, 1] *= 1.01
    ok, worst = checker(million, claimed, x)
    if ok or worst != 4:
        message = f"At an array x of shape [2, 3], with 1 % too much in entry 4 (row 1, column 1) of the gradient, gradcheck should say (False, 4), but says {(ok, worst)}."
        raise CheckFailed(message)
    millionth = (lambda x: 1e-6 * f(x), np.array([7e-6, -6e-6]), np.array([2.0, 1.0]))
    if checker(*millionth)[0]:
        message = "gradcheck passes a wrong sign in the gradient of 10⁻⁶ · f: an absolute tolerance sees nothing there."
        raise CheckFailed(message)
    x = np.linspace(0.102, 1.0, 32)
    for at in (0, 16, 31):
        claimed = 2e-6 * x
        claimed[at] *= 1.01
        if checker(lambda x: 1e-6 * (x**2).sum(), claimed, x)[0]:
            message = f"gradcheck passes 1 % too much in entry {at} of 32 of the gradient of 10⁻⁶ Σ x², at x = [0.102, …, 1]: compare entry by entry, all of them, relative to the largest entry."
            raise CheckFailed(message)
    return "right gradients pass at any scale; a wrong entry, a swap, NaN and another shape do not."
