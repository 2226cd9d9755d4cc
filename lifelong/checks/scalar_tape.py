"""Check of `scalar_tape`: a tape of single numbers."""

from lifelong.checks.expect import Names, by_paths, evaluated, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Each rule once, the pulls followed path by path."""
    value = lookup(names, "Value", "scalar_tape")
    rules: list[tuple[str, float, list[float]]] = [
        ("x + y", 6, [1, 1]),
        ("x - y", -2, [1, -1]),
        ("x * y", 8, [4, 2]),
        ("x / y", 0.5, [0.25, -0.125]),
        ("-x", -2, [-1, 0]),
        ("x ** 3", 8, [12, 0]),
        ("y ** -1", 0.25, [0, -1 / 16]),
        ("y ** -2", 1 / 16, [0, -1 / 32]),
        ("x * 0", 0, [0, 0]),
        ("x ** 0", 1, [0, 0]),
        ("5 + x", 7, [1, 0]),
        ("x - 5", -3, [1, 0]),
        ("5 - x", 3, [-1, 0]),
        ("3 * y", 12, [0, 3]),
        ("y / 5", 0.8, [0, 0.2]),
        ("8 / y", 2, [0, -0.5]),
        ("x.exp()", 7.38905609893065, [7.38905609893065, 0]),
        ("y.log()", 1.3862943611198906, [0, 0.25]),
        ("x.tanh()", 0.9640275800758169, [0.07065082485316447, 0]),
        ("(200 * x).tanh()", 1, [0, 0]),
        ("x * x + x * y", 12, [8, 2]),
    ]
    for text, right, gradient in rules:
        x, y = value(2.0), value(4.0)
        result = evaluated(text, {"x": x, "y": y}, value, "With x = Value(2), ")
        story = f"With x = Value(2) and y = Value(4), {text}"
        expect(result.value, right, f"{story}")
        found = [by_paths(result, leaf, 1.0) for leaf in (x, y)]
        expect(found, gradient, f"{story}: the gradient for [x, y], by its pulls,")
    call = "the gradient of x.log() / x at x = Value(2)"
    x = value(Precise(2))
    expect_digits(lambda: by_paths(x.log() / x, x, Precise(1)), [(1 - Precise(2).log()) / 4], call)
    call = "the gradient of x * (1/7)"
    expect_digits(lambda: by_paths(x * (Precise(1) / 7), x, Precise(1)), [Precise(1) / 7], call)
    return "every operator computes and records."
