"""Check of `tensor_tape`: a tape of arrays."""

import re
from typing import Any

import numpy as np

from lifelong.checks.expect import Names, by_paths, evaluated, expect, expect_digits, lookup, show
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Each operator on small arrays, the pulls followed path by path."""
    tensor = lookup(names, "Tensor", "tensor_tape")
    A, B = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, -6.0], [7.0, 8.0]])
    row, ones = np.array([1.0, 2.0]), np.ones((2, 2))
    G = np.array([[1.0, 10.0], [100.0, 1000.0]])
    named = {"A": A, "B": B, "b": row, "C": np.array([[0.0, -1.0], [2.0, 0.0]]), "R": row[None]}
    rules: list[tuple[str, str, Any, list[Any]]] = [
        ("A + b", "Ab", G, [G, [101, 1010]]),
        ("A - b", "Ab", G, [G, [-101, -1010]]),
        ("A * b", "Ab", G, [[[1, 20], [100, 2000]], [301, 4020]]),
        ("A / b", "Ab", G, [[[1, 5], [100, 500]], [-301, -1005]]),
        ("b - R", "b", G[:1], [G[0]]),
        ("B + b", "b", G, [[101, 1010]]),
        ("2 - A", "A", G, [-G]),
        ("A - b", "A", G, [G]),
        ("A / 2", "A", G, [G / 2]),
        ("A @ B", "A", G, [[[-55, 87], [-5500, 8700]]]),
        ("b / A", "A", G, [[[-1, -5], [-100 / 9, -125]]]),
        ("A @ B", "AB", G, [[[-55, 87], [-5500, 8700]], [[301, 3010], [402, 4020]]]),
        ("A.sum()", "A", np.array(3.0), [3 * ones]),
        ("A.sum(axis=0)", "A", row, [[[1, 2], [1, 2]]]),
        ("A.sum(axis=1)", "A", row, [[[1, 1], [2, 2]]]),
        ("A.sum(axis=-1)", "A", row, [[[1, 1], [2, 2]]]),
        ("A.sum(axis=1, keepdims=True)", "A", row[:, None], [[[1, 1], [2, 2]]]),
        ("A.sum(keepdims=True)", "A", np.array([[3.0]]), [3 * ones]),
        ("B.relu()", "B", -G, [[[-1, 0], [-100, -1000]]]),
        ("C.relu()", "C", G, [[[0, 0], [100, 0]]]),
        ("A.log()", "A", G, [G / A]),
        ("b * A", "b", G, [[301, 4020]]),
        ("(0 * A).exp()", "A", G, [0 * G]),
        ("A * A", "A", G, [2 * G * A]),
    ]
    for text, inputs, g, right in rules:
        leaves = {name: tensor(named[name].copy()) for name in inputs}
        given = f"With A = {show(A.tolist())}, B = {show(B.tolist())}, b = {show(row.tolist())}: "
        result, story = evaluated(text, named | leaves, tensor, given), given + text
        plain = re.sub(r"(B|C)\.relu\(\)", r"np.maximum(\1, 0)", text).replace("A.log()", "np.log(A)")
        expect(result.value, eval(plain.replace("(0 * A).exp()", "np.exp(0 * A)"), named | {"np": np}), story)
        for name, gradient in zip(inputs, right, strict=True):
            sent = g.copy()
            call = f"{story}, pulled with g = {show(g.tolist())}: the gradient of {name}"
            expect(by_paths(result, leaves[name], sent), gradient, call)
            expect(sent, g, f"{story}: the gradient g, after it has been pulled,")
            expect(leaves[name].value, named[name], f"{story}: the value of {name}, afterwards,")
    cube, story = tensor(np.ones((2, 3, 2))), "With a Tensor of ones of shape [2, 3, 2], summed over axis 1"
    spread = np.repeat(G[:, None], 3, axis=1)
    expect(by_paths(cube.sum(axis=1), cube, G), spread, f"{story} and pulled with g = {show(G.tolist())}: the gradient")
    seventh = np.array([[Precise(1) / 7, Precise(3)]], dtype=object)
    call = "x * x of a Tensor [[1/7, 3]], its gradient"
    leaf, one = tensor(seventh), np.array([[Precise(1), Precise(1)]])
    expect_digits(lambda: by_paths(leaf * leaf, leaf, one), [Precise(2) / 7, Precise(6)], call)
    call = "x * (1/7) of a Tensor [[1/7, 3]], its gradient"
    expect_digits(lambda: by_paths(leaf * (Precise(1) / 7), leaf, one), [Precise(1) / 7] * 2, call)
    return "every operator computes and records, and broadcasting is undone."
