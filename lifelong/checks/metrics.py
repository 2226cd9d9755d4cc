"""Check of `metrics`: average accuracy, forgetting and backward transfer."""

import numpy as np
import torch

from lifelong.checks.expect import CheckFailed, Names, close, expect_number, known, lookup, show

WORKED = [[0.95, 0.10, 0.12], [0.98, 0.97, 0.14], [0.92, 0.80, 0.96]]
RISING = [[0.60, 0.10], [0.80, 0.90]]
EARLY = [[0.70, 0.90, 0.20, 0.10], [0.80, 0.60, 0.30, 0.10], [0.50, 0.70, 0.80, 0.20], [0.60, 0.50, 0.40, 0.90]]
LOST = [[0.90, 0.10], [0.00, 0.80]]

VALUES = {
    "average_accuracy": (0.893333, 0.85, 0.6, 0.4),
    "forgetting": (0.115, -0.20, 0.333333, 0.9),
    "backward_transfer": (-0.10, 0.20, -0.2, -0.9),
}
"""By function: its value for WORKED, for RISING, for EARLY and for LOST."""


def check(names: Names) -> str:
    """The three metrics on the worked example, where old tasks got better, where a task was best early, and lost."""
    for name, values in VALUES.items():
        function = lookup(names, name, "metrics")
        for rows, expected in zip((WORKED, RISING, EARLY, LOST), values, strict=True):
            for make in (torch.tensor, np.array):
                R = make(rows)
                kind = "a tensor" if make is torch.tensor else "an array"
                call = f"{name}(R), with R = {show(rows)} as {kind},"
                expect_number(function(R), expected, call, known("metrics", name))
                if not close(R, rows):
                    raise CheckFailed(f"{name} changed the matrix R it was given.")
    return "all three agree with the worked example, where an old task got better, and where one was best early."
