"""Checks of automatic differentiation on arrays: small examples by hand, in floats and in 50 digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup, show
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import Known, by_paths, expect, expect_digits, in_digits
from lifelong.digits import Precise

Names = Mapping[str, Any]


def unbroadcast(names: Names) -> str:
    """A gradient [2, 3] for all four shapes it may come from, and one [2, 2, 2]."""
    function = lookup(names, "unbroadcast", "unbroadcast")
    rows = [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]
    cases: list[tuple[tuple[int, ...], Any, Known]] = [
        ((3,), [11, 22, 33], [([5.5, 11, 16.5], "That is a mean; gradients of copies add up.")]),
        ((1, 3), [[11, 22, 33]], [([0, 0, 0], "An axis of size 1 stays: sum with keepdims=True.")]),
        ((2, 1), [[6], [60]], [([0, 0], "An axis of size 1 stays: sum with keepdims=True.")]),
        ((), 66, ()),
        ((2, 3), rows, ()),
    ]
    for shape, right, known in cases:
        expect(function(np.array(rows), shape), right, f"unbroadcast({show(rows)}, {shape})", known)
    expect(function(np.ones((2, 3, 4)), (3, 1)), [[8], [8], [8]], "unbroadcast(ones of shape [2, 3, 4], (3, 1))")
    seventh = Precise(1) / 7
    call = "unbroadcast([[1/7, 1/7]], (1, 1))"
    found = in_digits(lambda: function(np.array([[seventh, seventh]]), (1, 1)), call)
    expect_digits(found, [Precise(2) / 7], call)
    return "front axes and stretched axes are summed, the others stay."


def tensor_tape(names: Names) -> str:
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


def dot_product_test(names: Names) -> str:
    """A right pair, and pairs with one fault each."""
    test = lookup(names, "dot_product_test", "dot_product_test")
    A = np.array([[1.0, 2.0, 0.5], [-3.0, 4.0, 1.0], [0.0, -1.0, 2.0]])

    def mismatch(transpose: Any, matrix: Any = A) -> Any:
        m, n = matrix.shape
        return test(lambda v: matrix @ v, lambda u: transpose @ u, n, m, np.random.default_rng(3))

    right = mismatch(A.T)
    if not 0 <= right < 1e-12:
        raise CheckFailed(
            f"With jvp = A @ v and vjp = A.T @ u the mismatch should be below 1e-12, but is {show(right)}."
        )
    mismatch(A[:2].T, A[:2])
    for fault, transpose in (("A @ u, the transpose forgotten", A), ("−A.T @ u", -A.T), ("1.01 · A.T @ u", 1.01 * A.T)):
        found = mismatch(transpose)
        if not found > 1e-4:
            raise CheckFailed(f"With vjp = {fault}, the mismatch should be far above 1e-4, but is {show(found)}.")
    found = mismatch(1.01 * A.T)
    if abs(mismatch(1000 * 1.01 * A.T, 1000 * A) - found) > 1e-9:
        raise CheckFailed("A thousand times larger J has another mismatch with you: divide by ‖u‖ ‖Jv‖.")
    rng = np.random.default_rng(3)
    v, u = rng.standard_normal(3), rng.standard_normal(3)
    expected = 0.01 * abs(u @ (A @ v)) / (np.linalg.norm(u) * np.linalg.norm(A @ v))
    expect(found, expected, "With vjp = 1.01 · A.T @ u and rng = default_rng(3), v drawn first, the mismatch")
    return "right pairs pass, a forgotten transpose, a sign and a factor do not."


def log_softmax_nll(names: Names) -> str:
    """Probabilities ¼ and ¾, two rows, large logits."""
    log_softmax, backward, nll, nll_backward = (
        lookup(names, name, "log_softmax_nll")
        for name in ("log_softmax", "log_softmax_backward", "nll", "nll_backward")
    )
    three = 1.0986122886681098
    z, logp = (
        np.array([[0.0, three], [5.0, 5.0]]),
        [[-1.3862943611198906, -0.2876820724517809], [-0.6931471805599453] * 2],
    )
    expect(
        log_softmax(z),
        logp,
        "log_softmax([[0, log 3], [5, 5]])",
        [([[0.25, 0.75], [0.5, 0.5]], "That is the softmax: take its logarithm.")],
    )
    expect(log_softmax(z + 1000), logp, "log_softmax([[1000, 1000 + log 3], [1005, 1005]])")
    g = np.array([[1.0, 0.0], [2.0, 4.0]])
    expect(
        backward(z, g),
        [[0.75, -0.75], [-1, 1]],
        "log_softmax_backward(z, [[1, 0], [2, 4]]) with z = [[0, log 3], [5, 5]]",
        [
            (
                [[0.75, -0.75], [1.5, 3.5]],
                "Right for rows of g that sum to 1 only: the softmax is multiplied by the row's sum.",
            ),
            (
                [[0.75, 0], [1, 2]],
                "Every output depends on every logit: the softmax is multiplied by the row's sum of g.",
            ),
            ([[0.1875, -0.1875], [-0.5, 0.5]], "That belongs to softmax without the log."),
        ],
    )
    labels, rows = np.array([0, 1]), np.array([[-1.0, -2.0], [-3.0, -4.0]])
    story = "with logp = [[-1, -2], [-3, -4]], labels = [0, 1]"
    expect(
        nll(rows, labels),
        2.5,
        f"nll(logp, labels) {story}",
        [(5, "That is the sum; take the mean."), (-2.5, "The minus sign is missing.")],
    )
    expect(
        nll_backward(rows, labels, 1.0),
        [[-0.5, 0], [0, -0.5]],
        f"nll_backward(logp, labels, 1) {story}",
        [
            ([[-1, 0], [0, -1]], "nll is a mean: divide by the number of rows."),
            ([[0.5, 0], [0, 0.5]], "The loss falls when the label's entry grows: minus."),
        ],
    )
    expect(nll_backward(rows, labels, 3.0), [[-1.5, 0], [0, -1.5]], f"nll_backward(logp, labels, 3) {story}")
    call = "log_softmax_backward([[0, log 3]], [[1, 0]])"
    precise = np.array([[Precise(0), Precise(3).log()]])
    found = in_digits(lambda: backward(precise, np.array([[Precise(1), Precise(0)]])), call)
    expect_digits(found, [Precise("0.75"), Precise("-0.75")], call)
    return "values and both backward functions are right, with logits of 1000 too."


def train_on_tape(names: Names) -> str:
    """A net of one input, one hidden unit and two classes: one step by hand, and two batches in a row."""
    train = lookup(names, "train", "train_on_tape")
    start = [np.array([[1.0]]), np.array([1.0]), np.array([[0.0, 0.0]]), np.array([0.0, 0.0])]
    kept = [each.copy() for each in start]
    x, labels = np.array([[1.0], [3.0]]), np.array([1, 0])
    story = "train([[[1]], [1], [[0, 0]], [0, 0]], x = [[1], [3]], labels = [1, 0], batches = [[0]], rate = 0.5)"
    parameters, losses = train(start, x, labels, [np.array([0])], 0.5)
    # hidden unit 2, logits (0, 0), probabilities ½: the gradient of the logits is (½, −½)
    expect(losses, [0.6931471805599453], f"{story}: the losses")
    for name, found, right in zip(
        ("W1", "b1", "W2", "b2"), parameters, ([[1]], [1], [[-0.5, 0.5]], [-0.25, 0.25]), strict=True
    ):
        known = [
            ([[0.5, -0.5]], "Uphill: the step is parameter − rate · gradient."),
            ([0, 0], "The biases take the step too."),
        ]
        expect(found, right, f"{story}: the new {name}", known)
    if any(bool(np.any(old != new)) for old, new in zip(kept, start, strict=True)):
        raise CheckFailed("train changed the parameters that it was given; return new arrays.")
    parameters, losses = train(start, x, labels, [np.array([0, 1])], 0.5)
    # hidden units 2 and 4; the gradients of the logits are (½, −½)/2 and (−½, ½)/2
    expect(
        parameters[2],
        [[0.25, -0.25]],
        f"{story.replace('[[0]]', '[[0, 1]]')}: the new W2",
        [([[0.5, -0.5]], "Take the gradient of the batch's mean loss, not of the sum.")],
    )
    parameters, losses = train(start, x, labels, [np.array([0]), np.array([0])], 0.5)
    # after one step the logits are 2·(−½, ½) + (−¼, ¼), 2.5 apart
    expect(losses, [0.6931471805599453, 0.07888973429254956], f"{story.replace('[[0]]', '[[0], [0]]')}: the losses")
    call = "train with 50-digit numbers: the new W2"
    precise = [np.array(each.tolist(), dtype=object) * Precise(1) for each in start]
    found, _ = in_digits(lambda: train(precise, x * Precise(1), labels, [np.array([0])], Precise(1) / 7), call)
    expect_digits(found[2], [Precise(-1) / 7, Precise(1) / 7], call)
    return "one step agrees with the one by hand, mini-batches take the mean, and steps follow each other."
