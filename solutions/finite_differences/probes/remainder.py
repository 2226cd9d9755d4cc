"""Ask the student's remainder and mean_point, in exact fractions or floats."""

from fractions import Fraction

from .functions import Inputs, Names, Outputs

LARGEST = 1 << 62
"""Integers beyond this do not cross the wall."""


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The remainder, as [numerator, denominator] where it is exact (and after one at another x), and as a float; or c."""
    n, x, h = inputs["n"], inputs["x"], inputs["h"]
    if "point" in inputs:
        return {"value": float(names["mean_point"](n, x, h))}
    if isinstance(x, float):
        return {"value": float(names["remainder"](n, x, h))}
    result = [names["remainder"](n, at, Fraction(*h)) for at in (Fraction(*x) + 1, Fraction(*x))][1]
    exact = [result.numerator, result.denominator] if isinstance(result, Fraction | int) else None
    return {"fraction": exact if exact and max(map(abs, exact)) < LARGEST else None, "value": float(result)}
