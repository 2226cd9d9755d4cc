"""Check of `gradient_tape`: a tape that records while it is open, as in TensorFlow 2."""

from fractions import Fraction
from typing import Any

from lifelong.checks.expect import CheckFailed, Names, evaluated, examples, lookup


def check(names: Names) -> str:
    """Each operator once in fractions, recording on and off, and Heron's rule for 2."""
    tape_class, variable, heron = (lookup(names, name, "gradient_tape") for name in ("Tape", "Variable", "heron"))
    x, y = variable(Fraction(2)), variable(Fraction(3))
    for text, *exact in examples("gradient_tape"):
        value, dx, dy = map(Fraction, exact)
        with tape_class() as tape:
            result = evaluated(text, {"x": x, "y": y}, variable, "With x = Variable(2) and y = Variable(3), ")
        if tape is None:
            raise CheckFailed("`with Tape() as tape:` leaves tape None: `__enter__` should return the tape.")
        for time in ("", " the second time"):
            found = tape.gradient(result, [x, y])
            _exact(result.value, value, f"x = 2, y = 3: the value of {text}")
            _exact(found[0], dx, f"x = 2, y = 3: the derivative of {text} for x{time}")
            _exact(found[1], dy, f"x = 2, y = 3: the derivative of {text} for y{time}")
    outside = x * y
    with tape_class() as tape:
        with tape_class():
            result = outside * x
        later = result * x
    story = "with x * y computed before the tape was opened, and another tape open inside it"
    _exact(tape.gradient(result, [x])[0], 6, f"{story}: the derivative of (x * y) * x")
    _exact(tape.gradient(later, [x])[0], 24, f"{story}: the derivative of that times x, computed when it is closed,")
    _exact(tape.gradient(later, [result])[0], 2, f"{story}: the derivative of r * x for r, which is (x * y) * x,")
    _exact(tape.gradient(x * y, [x])[0], 0, "x * y computed after the tape was closed: its derivative for x")
    a = variable(Fraction(2))
    with tape_class() as tape:
        root = heron(a, Fraction(1, 100))
    _exact(root.value, Fraction(17, 12), "heron(2, 1/100)")
    _exact(tape.gradient(root, [a])[0], Fraction(13, 36), "the derivative of heron(2, 1/100)")
    quarter = Fraction(1, 4)
    enough = "heron(1/4, 3/16): |1/16 − 1/4| is not above it"
    _exact(heron(variable(quarter), Fraction(3, 16)).value, quarter, enough)
    _exact(heron(variable(quarter), Fraction(1, 9)).value, Fraction(41, 80), "heron(1/4, 1/9)")
    return "exact derivatives, recorded only while a tape is open, in as many rounds as it takes."


def _exact(got: Any, right: Any, text: str) -> None:
    if isinstance(got, float):
        raise CheckFailed(f"{text} should be the fraction {right}, but is the float {got}: take numbers as they come.")
    if got != right:
        raise CheckFailed(f"{text} should be {right}, but is {got}.")
