"""Check of `gradient`: the gradient by forward differences."""

from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup


def check(names: Names) -> str:
    """A vector, a matrix of integers, and the evaluations of f."""
    slopes = lookup(names, "gradient", "gradient")
    calls: list[int] = []

    def f(x: Any) -> Any:
        calls.append(1)
        return x[0] ** 2 + 3 * x[0] * x[1]

    def by_rows(x: Any) -> Any:
        return 1.25 * ((x[0] ** 2).sum() + (x[1] ** 2).sum())

    x = np.array([2.0, 1.0])
    call = "gradient(f, [2, 1]) for f(x) = x₀² + 3 x₀ x₁"
    expect(slopes(f, x), [7.0, 6.0], call, known("gradient", "two_entries"), 1e-4)
    if len(calls) != 3:
        message = f"gradient(f, x) for 2 coordinates should evaluate f 3 times, n + 1, but does {len(calls)} times."
        raise CheckFailed(message)
    if not np.array_equal(x, [2.0, 1.0]):
        raise CheckFailed(f"gradient changed the x it was given, to {x.tolist()}; move a copy.")
    x = np.array([[1, 2], [3, 4]])
    got, call = slopes(by_rows, x), "gradient(f, [[1, 2], [3, 4]]) for f(x) = 1.25 Σ x²"
    expect(got, [[2.5, 5.0], [7.5, 10.0]], call, known("gradient", "whole_numbers"), 1e-4)
    turned = np.arange(1.0, 9.0).reshape(2, 2, 2).T
    got, call = (slopes(by_rows, turned), "gradient(f, np.arange(1.0, 9.0).reshape(2, 2, 2).T), a transposed x,")
    expect(got, 2.5 * turned, call, (), 1e-4)
    got, call = slopes(lambda x: (x**2).sum(), np.array([3.0]), h=0.5), "gradient(f, [3], h=0.5) for f(x) = Σ x²"
    expect(got, [6.5], call, known("gradient", "large_step"), 1e-4)
    call = "gradient(f, [2, 1], h=0.5) for f(x) = x₀² + 3 x₀ x₁"
    expect(slopes(f, np.array([2.0, 1.0]), h=0.5), [7.5, 6.0], call, (), 1e-4)
    got, call = slopes(lambda x: 1.25e-6 * (x**2).sum(), np.array([1.0])), "gradient(f, [1]) for f(x) = 1.25·10⁻⁶ Σ x²"
    expect(got, [2.5e-6], call, (), 1e-4)
    return "n + 1 evaluations give the gradient, in the shape of x."
