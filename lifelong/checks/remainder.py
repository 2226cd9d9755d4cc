"""Check of `remainder`: the remainder of the five-point scheme."""

from fractions import Fraction

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup


def check(names: Names) -> str:
    """Powers from 1 to 13 exactly, at 0 and on both sides; in floats; the point c."""
    rest = lookup(names, "remainder", "remainder")
    table = (
        (5, "7/3", "1/10", "1/2500"),
        (5, "7/3", "1/101", "4/104060401"),
        (4, "7/3", "1/10", "0"),
        (6, "2", "1/2", "3"),
        (6, "-2", "1/2", "-3"),
        (7, "1", "1/2", "89/16"),
        (7, "0", "1/2", "5/16"),
        (5, "0", "1/10", "1/2500"),
        (7, "0", "1/503", f"20/{503**6}"),
        (13, "-1", "1/2", "1145693/1024"),
        (1, "0", "1/2", "0"),
    )
    for n, x, h, want in table:
        got, right = rest(n, Fraction(x), Fraction(h)), Fraction(want)
        call = f"remainder({n}, Fraction({x}), Fraction({h}))"
        if isinstance(got, float):
            raise CheckFailed(f"{call} should be exactly {want}, but is a float, {got:.6g}: keep floats like 12.0 out.")
        if got == -right < 0:
            message = f"{call} should be {want}, but is {got}. It is f′(x) minus the estimate, not the other way."
            raise CheckFailed(message)
        if got != right:
            hint = " There are terms beyond the leading one." if got == Fraction(84, 16) else ""
            raise CheckFailed(f"{call} should be exactly {want}, but is {got}.{hint}")
    expect(rest(7, 2.0, 0.5), 21.3125, "remainder(7, 2.0, 0.5)")
    if isinstance(rest(7, Fraction(2), Fraction(1, 2)), float):
        raise CheckFailed("remainder(7, Fraction(2), Fraction(1, 2)), after remainder(7, 2.0, 0.5), is a float.")
    point = lookup(names, "mean_point", "remainder")
    expect(point(7, 1.0, 0.5), 1.029332, "mean_point(7, 1.0, 0.5)", known("remainder", "mean_point"), 1e-4)
    expect(point(9, 1.0, 0.25), 1.021763, "mean_point(9, 1.0, 0.25)", tolerance=1e-4)
    return "nothing remains of x⁴, exactly 4h⁴ of x⁵, and c lies where Taylor says."
