"""Check of `dual_numbers`: dual numbers, forward mode on single numbers."""

from lifelong.checks.expect import Known, Names, evaluated, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Each rule once at x = 2 with slope 1, y = 4 with slope 3."""
    dual = lookup(names, "Dual", "dual_numbers")
    x, y = dual(2.0, 1.0), dual(4.0, 3.0)
    times = [([8, 3], "That is the product of the slopes; (ab)' = a'b + ab'."), ([8, 4], "The term ab' is missing.")]
    over = [([0.5, 0.625], "(a/b)' = (a'b − ab')/b², with a minus sign."), ([0.5, -0.5], "The denominator is b².")]
    rules: list[tuple[str, list[float], Known]] = [
        ("x + y", [6, 4], ()),
        ("x - y", [-2, -2], [([-2, 4], "The slope of y counts with a minus sign.")]),
        ("x * y", [8, 10], times),
        ("x / y", [0.5, -0.125], over),
        ("-x", [-2, -1], ()),
        ("y ** 3", [64, 144], [([64, 48], "The slope of y itself, 3, is missing: chain rule.")]),
        ("y ** -1", [0.25, -3 / 16], ()),
        ("(-y) ** -2", [1 / 16, -3 / 32], ()),
        ("x - x", [0, 0], ()),
        ("x * 0", [0, 0], ()),
        ("x ** 0", [1, 0], ()),
        ("x + 5", [7, 1], ()),
        ("5 + x", [7, 1], ()),
        ("x - 5", [-3, 1], ()),
        ("5 - x", [3, -1], [([-3, 1], "That is x − 5: `__rsub__` has the right operand as self.")]),
        ("3 * y", [12, 9], ()),
        ("y / 2", [2, 1.5], ()),
        ("8 / y", [2, -1.5], [([0.5, 0.375], "That is y / 8.")]),
        ("y.exp()", [54.598150033144236, 163.7944500994327], ()),
        ("y.log()", [1.3862943611198906, 0.75], [([1.3862943611198906, 0.25], "Chain rule.")]),
        ("x.tanh()", [0.9640275800758169, 0.07065082485316447], ()),
        ("(200 * x).tanh()", [1, 0], ()),
    ]
    for text, right, hint in rules:
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
