"""Is a scheme what it says? Its error's slope in log-log, and its size beside what the remainder's formula allows."""

import numpy as np

from .smooth import Array

SLOPE = 0.15
"""How far a fitted order may lie from the scheme's: the next term of the remainder bends the line a little."""

ENVELOPE = 1.6
"""The factor by which the error at the smallest step may differ from the remainder's leading term."""


def slope(steps: Array, errors: Array) -> float:
    """The order p of errors ∝ hᵖ, by least squares in log-log."""
    return float(np.polyfit(np.log(steps), np.log(np.abs(errors)), 1)[0])


def order_complaint(steps: Array, errors: Array, *, order: int, leading: Array) -> str | None:
    """None where errors shrink as hᵖ and are as large, and of that sign, as the leading term says; else a sentence.

    Args:
        steps: h, [K], falling.
        errors: estimate − truth, [K].
        order: p.
        leading: the remainder's leading term at each step, [K], with its sign.

    Raises:
        ValueError: there is not one error for each step.
    """
    if errors.size != steps.size:
        raise ValueError("not one error for each step")
    if not np.isfinite(errors).all():
        return "there is NaN or infinity among the estimates."
    if not errors.any() or float(np.abs(errors / leading).max()) < 1e-3:
        return f"the estimates have no error at all; this scheme has one, which shrinks as h^{order}."
    if (errors == 0).any():
        return "the error does not shrink steadily with h."
    found = slope(steps, errors)
    if abs(found - order) > SLOPE:
        return f"halving h should divide the error by {2**order}, order {order}, but the order measured is {found:.2f}."
    ratio = float(errors[-1] / leading[-1])
    if ratio < 0:
        return f"the error shrinks with order {order}, but has the other sign than this scheme's."
    if not 1 / ENVELOPE < ratio < ENVELOPE:
        return f"the error shrinks with order {order}, but is {ratio:.2g} times as large as this scheme's."
    return None
