"""Check of `c_slide`: the sum of two vectors in CUDA C."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names
from lifelong.checks.programs import Program


def check(names: Names) -> str:
    """Sums of 1, 5, 129, 512, 1024, 9600 and 9999 numbers, the last behind a call with 5000, without a fault; many are large."""
    program = Program(names, "slide_program", "c_slide")
    rng = np.random.default_rng(1)
    for n, before in ((5, 0), (1, 0), (129, 0), (512, 0), (1024, 0), (9600, 0), (9999, 5000)):
        most = 2**30 if n > 500 else 99
        a, b = rng.integers(-most, most, (2, n), dtype=np.int32)
        story = f"add_vectors with n = {n}" + f" after a call with n = {before}" * bool(before)
        inputs = [np.array([n, before], dtype=np.int32), a, b, np.full(n, -7, dtype=np.int32)]
        run = program.run(inputs, [("i4", n)], story)
        if not run.outputs:
            raise CheckFailed(f"{story} did not come to its end.")
        wrong = np.flatnonzero(run.outputs[0] != a + b)
        if len(wrong):
            first = int(wrong[0])
            message = f"{story}: c[{first}] should be {a[first]} + {b[first]} = {a[first] + b[first]}, but is {run.outputs[0][first]}; {n - len(wrong)} of {n} are right."
            raise CheckFailed(message)
        if min(run.written, run.fetched) < 4 * (n + before):
            raise CheckFailed(f"{story} is right, but the host has done it: let the kernel write c, and copy it back.")
        if run.writers < n + before:
            raise CheckFailed(f"{story}: {run.writers} threads write. Start one for each element, which writes it.")
        if any((np.prod(grid.blocks) - 1) * np.prod(grid.threads) >= n for grid in run.launches):
            raise CheckFailed(f"{story} starts a block that has nothing to do.")
    return "all sums are there, each by a thread of its own, and nothing beyond the arrays is touched."
