"""Check of `c_slide`: the sum of two vectors in CUDA C."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names
from lifelong.checks.programs import Program


def check(names: Names) -> str:
    """Sums of 1, 5, 128, 129, 512 and 1500 numbers, without a fault."""
    program = Program(names, "slide_program", "c_slide")
    for n in (5, 1, 128, 129, 512, 1500):
        a, b = np.arange(n, dtype=np.int32), np.full(n, 100, dtype=np.int32)
        story = f"add_vectors with n = {n}"
        inputs = [np.array([n], dtype=np.int32), a, b, np.full(n, -7, dtype=np.int32)]
        run = program.run(inputs, [("i4", n)], story)
        if not run.outputs:
            raise CheckFailed(f"{story} did not come to its end.")
        wrong = np.flatnonzero(run.outputs[0] != a + 100)
        if len(wrong):
            first = int(wrong[0])
            message = f"{story}, a = 0, 1, 2, … and b = 100, 100, …: c[{first}] should be {first + 100}, but is {int(run.outputs[0][first])}; {n - len(wrong)} of {n} are right."
            raise CheckFailed(message)
        if run.written < 4 * n or run.fetched < 4 * n:
            raise CheckFailed(f"{story} is right, but the host has done it: let the kernel write c, and copy it back.")
        if run.writers < n:
            raise CheckFailed(f"{story}: {run.writers} threads write. Start one for each element, which writes it.")
        if any((np.prod(grid.blocks) - 1) * np.prod(grid.threads) >= n for grid in run.launches):
            raise CheckFailed(f"{story} starts a block that has nothing to do.")
    return "all sums are there, each by a thread of its own, and nothing beyond the arrays is touched."
