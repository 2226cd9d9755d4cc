"""Check of `best_h`: the best step width, and the rule of thumb."""

from typing import Any

import numpy as np

from lifelong.checks.expect import Known, Names, expect, known, lookup


def check(names: Names) -> str:
    """The valley for several orders, below 1 and above, and the rule of thumb in both precisions."""
    best = lookup(names, "best_h", "best_h")
    expect(best(2, 4.0, 1e-15), 5e-6, "best_h(2, 4.0, 1e-15)", known("best_h", "order_2"), 1e-2)
    valleys = [(1, 1.0, 1e-16, 1e-8), (1, 1.0, 1e-20, 1e-10), (2, 0.5, 8.0, 2.0), (3, 2.0, 486.0, 3.0)]
    for p, truncation, rounding, wanted in [*valleys, (4, 0.25, 1e-15, 1e-3), (6, 0.5, 384.0, 2.0)]:
        call = f"best_h({p}, {truncation}, {rounding})"
        expect(best(p, truncation, rounding), wanted, call, tolerance=1e-2)
    thumb = lookup(names, "rule_of_thumb", "best_h")
    root = 1.490116e-8  # of the ε of float64
    table: list[tuple[float, int, Any, float, Known]] = [
        (1.0, 1, np.float64, root, [(2.220446e-16, "That is ε itself; take its root 1/(p+1).")]),
        (1.0, 2, np.float64, 6.055454e-6, [(root, "That is the square root; for order p take the root 1/(p+1).")]),
        (1.0, 1, np.float32, 3.452670e-4, [(root, "That is the ε of float64: np.finfo(dtype).eps.")]),
        (1.0, 4, np.float64, 7.400960e-4, ()),
        (-1e4, 6, np.float64, 58.04665, ()),
        (-200.0, 3, np.float64, 0.02441406, ()),
        (-1.5, 1, np.float64, 2.235174e-8, [(root, "h has to grow with |x|."), (-2.235174e-8, "Take |x|.")]),
        (0.5, 1, np.float64, root, [(root / 2, "Within [−1, 1] h does not shrink: max(1, |x|).")]),
        (0.0, 1, np.float64, root, [(0.0, "A step of 0 divides by 0: max(1, |x|).")]),
    ]
    for x, p, dtype, wanted, wrong in table:
        expect(thumb(np.float64(x), p, dtype), wanted, f"rule_of_thumb({x:g}, {p}, np.{dtype.__name__})", wrong, 1e-2)
    expect(thumb(1.0, 1), root, "rule_of_thumb(1, 1), for float64,", tolerance=1e-2)
    return "the lowest point of the valley, and the rule of thumb in both precisions."
