"""Ask the student's remainder and mean_point, in exact fractions or floats."""

from fractions import Fraction

from .functions import Inputs, Names, Outputs

LARGEST = 1 << 62
"""Integers beyond this do not cross the wall."""


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The remainder, exactly where x is a fraction (and after one at another x) and whether its denominator is as binary as a float's; or c.

    Of floats, whether the type is as of others where the same numbers are given as fractions.
    """
    n, x, h = inputs["n"], inputs["x"], inputs["h"]
    if "point" in inputs:
        return {"value": float(names["mean_point"](n, x, h))}
    if isinstance(x, float):
        value, *later = [
            names["remainder"](n, *at) for at in ((x, h), (Fraction(x), Fraction(h)), (Fraction(x) + 1, Fraction(h)))
        ]
        return {"value": float(value), "type as of others": type(later[0]) is type(later[1])}
    result = [names["remainder"](n, at, Fraction(*h)) for at in (Fraction(*x) + 1, Fraction(*x))][1]
    exact = [result.numerator, result.denominator] if isinstance(result, Fraction | int) else None
    return {
        "fraction": exact if exact and max(map(abs, exact)) < LARGEST else None,
        "float": isinstance(result, float),
        "binary": bool(exact) and exact[1] % (1 << 45) == 0,
        "value": float(result),
    }
