"""Check of `dual_numbers`: dual numbers, forward mode on single numbers."""

from lifelong.checks.expect import Names, evaluated, examples, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Each rule once at x = 2 with slope 1, y = 4 with slope 3."""
    dual = lookup(names, "Dual", "dual_numbers")
    x, y = dual(2.0, 1.0), dual(4.0, 3.0)
    for text, right, *hint in examples("dual_numbers"):
        got = evaluated(text, {"x": x, "y": y}, dual, "With x = Dual(2, 1), ")
        expect([got.value, got.slope], right, f"With x = Dual(2, 1) and y = Dual(4, 3), [value, slope] of {text}", hint)
    nested = dual(dual(2.0, 1.0), dual(1.0, 0.0))
    expect((nested**3).slope.slope, 12, "With x = Dual(Dual(2, 1), Dual(1, 0)), (x ** 3).slope.slope")
    expect(nested.log().slope.slope, -0.25, "With x = Dual(Dual(2, 1), Dual(1, 0)), x.log().slope.slope")
    call = "the slope of log(x) / x at x = Dual(2, 1)"
    precise = dual(Precise(2), Precise(1))
    expect_digits(lambda: (precise.log() / precise).slope, [(1 - Precise(2).log()) / 4], call)
    call = "the slope of x * (1/7) at x = Dual(2, 1)"
    expect_digits(lambda: (precise * (Precise(1) / 7)).slope, [Precise(1) / 7], call)
    return "every rule holds, plain numbers on both sides too, and slopes of slopes."
