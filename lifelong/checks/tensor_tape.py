"""Check of `tensor_tape`: a tape of arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lifelong.checks.expect import Names, lookup, show
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import by_paths, expect, expect_digits, in_digits
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Each operator on small arrays, the pulls followed path by path."""
    tensor = lookup(names, "Tensor", "tensor_tape")
    A, B = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, -6.0], [7.0, 8.0]])
    row, ones = np.array([1.0, 2.0]), np.ones((2, 2))
    G = np.array([[1.0, 10.0], [100.0, 1000.0]])
    letters = {id(A): "A", id(B): "B", id(row): "b"}
    rules: list[tuple[str, Callable[..., Any], list[Any], Any, list[Any]]] = [
        ("A + b", lambda a, b: a + b, [A, row], G, [G, [101, 1010]]),
        ("A - b", lambda a, b: a - b, [A, row], G, [G, [-101, -1010]]),
        ("A * b", lambda a, b: a * b, [A, row], G, [[[1, 20], [100, 2000]], [301, 4020]]),
        ("A / b", lambda a, b: a / b, [A, row], G, [[[1, 5], [100, 500]], [-301, -1005]]),
        ("2 - A", lambda a: 2 - a, [A], G, [-G]),
        ("b / A", lambda a: row / a, [A], G, [[[-1, -5], [-100 / 9, -125]]]),
        ("A @ B", lambda a, b: a @ b, [A, B], G, [[[-55, 87], [-5500, 8700]], [[301, 3010], [402, 4020]]]),
        ("A.sum()", lambda a: a.sum(), [A], np.array(3.0), [3 * ones]),
        ("A.sum(axis=0)", lambda a: a.sum(axis=0), [A], row, [[[1, 2], [1, 2]]]),
        ("A.sum(axis=1)", lambda a: a.sum(axis=1), [A], row, [[[1, 1], [2, 2]]]),
        ("A.sum(axis=1, keepdims=True)", lambda a: a.sum(axis=1, keepdims=True), [A], row[:, None], [[[1, 1], [2, 2]]]),
        ("B.relu()", lambda b: b.relu(), [B], -G, [[[-1, 0], [-100, -1000]]]),
        ("A.log()", lambda a: a.log(), [A], G, [G / A]),
        ("(0 * A).exp()", lambda a: (0 * a).exp(), [A], G, [0 * G]),
        ("A * A", lambda a: a * a, [A], G, [2 * G * A]),
    ]
    for text, compute, arrays, g, right in rules:
        leaves = [tensor(array.copy()) for array in arrays]
        result = compute(*leaves)
        story = f"With A = {show(A.tolist())}, B = {show(B.tolist())}, b = {show(row.tolist())}: {text}"
        if not isinstance(result, tensor):
            raise CheckFailed(f"{story} should be a Tensor, but is of type {type(result).__name__}.")
        for array, leaf, gradient in zip(arrays, leaves, right, strict=True):
            call = f"{story}, pulled with g = {show(g.tolist())}: the gradient of {letters[id(array)]}"
            expect(by_paths(result, leaf, g), gradient, call)
    seventh = np.array([[Precise(1) / 7, Precise(3)]], dtype=object)
    call = "x * x of a Tensor [[1/7, 3]], its gradient"
    leaf = tensor(seventh)
    found = in_digits(lambda: by_paths(leaf * leaf, leaf, np.array([[Precise(1), Precise(1)]])), call)
    expect_digits(found, [Precise(2) / 7, Precise(6)], call)
    return "every operator computes and records, and broadcasting is undone."
