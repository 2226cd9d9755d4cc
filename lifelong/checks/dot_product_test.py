"""Check of `dot_product_test`: the dot-product test of a Jacobian and its transpose."""

from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, lookup, show


def check(names: Names) -> str:
    """A right pair, and pairs with one fault each."""
    test = lookup(names, "dot_product_test", "dot_product_test")
    A = np.array([[1.0, 2.0, 0.5], [-3.0, 4.0, 1.0], [0.0, -1.0, 2.0]])

    def mismatch(transpose: Any, matrix: Any = A) -> Any:
        m, n = matrix.shape
        return test(lambda v: matrix @ v, lambda u: transpose @ u, n, m, np.random.default_rng(3))

    gap = mismatch(A.T)
    if not 0 <= gap < 1e-12:
        raise CheckFailed(f"With jvp = A @ v and vjp = A.T @ u the mismatch should be below 1e-12, but is {show(gap)}.")
    mismatch(A[:2].T, A[:2])
    for fault, transpose in (("A @ u, the transpose forgotten", A), ("−A.T @ u", -A.T), ("1.01 · A.T @ u", 1.01 * A.T)):
        found = mismatch(transpose)
        if not found > 1e-4:
            raise CheckFailed(f"With vjp = {fault}, the mismatch should be far above 1e-4, but is {show(found)}.")
    found = mismatch(1.01 * A.T)
    for scale, size in ((1000, "A thousand times larger"), (1e-11, "A hundred thousand million times smaller")):
        if abs(mismatch(scale * 1.01 * A.T, scale * A) - found) > 1e-9:
            raise CheckFailed(f"{size} J has another mismatch with you: divide by ‖u‖ ‖Jv‖ as it is.")
    expect(mismatch(31 * A.T), 3000 * found, "With vjp = 31 · A.T @ u, the mismatch")
    rng = np.random.default_rng(3)
    v, u = rng.standard_normal(3), rng.standard_normal(3)
    expected = 0.01 * abs(u @ (A @ v)) / (np.linalg.norm(u) * np.linalg.norm(A @ v))
    expect(found, expected, "With vjp = 1.01 · A.T @ u and rng = default_rng(3), v drawn first, the mismatch")
    slight = A.T + 1e-6 * np.eye(3, k=1)
    expected = 1e-6 * abs(u[1:] @ v[:2]) / (np.linalg.norm(u) * np.linalg.norm(A @ v))
    expect(mismatch(slight), expected, "With A.T off by 1e-6 above its diagonal, the mismatch", tolerance=1e-5)
    return "right pairs pass, a forgotten transpose, a sign and a factor do not."
