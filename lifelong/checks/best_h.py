"""Check of `best_h`: the best step width, and the rule of thumb."""

from typing import Any

import numpy as np

from lifelong.checks.expect import Known, Names, expect, lookup


def check(names: Names) -> str:
    """The valley for orders 1 and 2, and the rule of thumb in both precisions."""
    best = lookup(names, "best_h", "best_h")
    known = [
        (6.299605e-6, "That sets both errors equal; differentiating hᵖ brings down a factor p."),
        (1.118034e-8, "That is the root 1/p; it is 1/(p+1)."),
        (2.0e5, "The fraction is upside down."),
        (3e-10, "That is the least error; return the h at which it is reached."),
    ]
    expect(best(2, 4.0, 1e-15), 5e-6, "best_h(2, 4.0, 1e-15)", known, 1e-2)
    expect(best(1, 1.0, 1e-16), 1e-8, "best_h(1, 1.0, 1e-16)", tolerance=1e-2)
    expect(best(1, 1.0, 1e-20), 1e-10, "best_h(1, 1.0, 1e-20)", tolerance=1e-2)
    expect(best(2, 0.5, 8.0), 2.0, "best_h(2, 0.5, 8.0)", tolerance=1e-2)
    thumb = lookup(names, "rule_of_thumb", "best_h")
    root = 1.490116e-8  # of the ε of float64
    table: list[tuple[float, int, Any, float, Known]] = [
        (1.0, 1, np.float64, root, [(2.220446e-16, "That is ε itself; take its root 1/(p+1).")]),
        (1.0, 2, np.float64, 6.055454e-6, [(root, "That is the square root; for order p take the root 1/(p+1).")]),
        (1.0, 1, np.float32, 3.452670e-4, [(root, "That is the ε of float64: np.finfo(dtype).eps.")]),
        (-1.5, 1, np.float64, 2.235174e-8, [(root, "h has to grow with |x|."), (-2.235174e-8, "Take |x|.")]),
        (0.5, 1, np.float64, root, [(root / 2, "Within [−1, 1] h does not shrink: max(1, |x|).")]),
        (0.0, 1, np.float64, root, [(0.0, "A step of 0 divides by 0: max(1, |x|).")]),
    ]
    for x, p, dtype, wanted, wrong in table:
        expect(thumb(x, p, dtype), wanted, f"rule_of_thumb({x:g}, {p}, np.{dtype.__name__})", wrong, 1e-2)
    expect(thumb(1.0, 1), root, "rule_of_thumb(1, 1), for float64,", tolerance=1e-2)
    return "the lowest point of the valley, and the rule of thumb in both precisions."
