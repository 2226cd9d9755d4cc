"""Check of `scalar_tape`: a tape of single numbers."""

from lifelong.checks.expect import Names, by_paths, evaluated, examples, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Each rule once, the pulls followed path by path."""
    value = lookup(names, "Value", "scalar_tape")
    for text, right, gradient in examples("scalar_tape"):
        x, y = value(2.0), value(4.0)
        result = evaluated(text, {"x": x, "y": y}, value, "With x = Value(2), ")
        story = f"With x = Value(2) and y = Value(4), {text}"
        expect(result.value, right, story)
        found = [by_paths(result, leaf, 1.0) for leaf in (x, y)]
        expect(found, gradient, f"{story}: the gradient for [x, y], by its pulls,")
    call = "the gradient of x.log() / x at x = Value(2)"
    x = value(Precise(2))
    expect_digits(lambda: by_paths(x.log() / x, x, Precise(1)), [(1 - Precise(2).log()) / 4], call)
    call = "the gradient of x * (1/7)"
    expect_digits(lambda: by_paths(x * (Precise(1) / 7), x, Precise(1)), [Precise(1) / 7], call)
    return "every operator computes and records."
