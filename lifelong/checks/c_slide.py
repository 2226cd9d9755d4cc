"""Check of `c_slide`: the sum of two vectors in CUDA C."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names
from lifelong.checks.programs import Program

BESIDE = -20_000_000
"""Sums with it are negative, and larger than single precision and short numbers have room for."""


def check(names: Names) -> str:
    """Sums of 1, 5, 128, 129, 512 and 9999 numbers, the last behind a call with 5000, without a fault."""
    program = Program(names, "slide_program", "c_slide")
    for n, before in ((5, 0), (1, 0), (128, 0), (129, 0), (512, 0), (9999, 5000)):
        a, b = np.arange(n, dtype=np.int32), np.full(n, BESIDE, dtype=np.int32)
        story = f"add_vectors with n = {n}" + f" after a call with n = {before}" * bool(before)
        inputs = [np.array([n, before], dtype=np.int32), a, b, np.full(n, -7, dtype=np.int32)]
        run = program.run(inputs, [("i4", n)], story)
        if not run.outputs:
            raise CheckFailed(f"{story} did not come to its end.")
        wrong = np.flatnonzero(run.outputs[0] != a + BESIDE)
        if len(wrong):
            first = int(wrong[0])
            message = f"{story}, a = 0, 1, 2, … and b = {BESIDE}, {BESIDE}, …: c[{first}] should be {first + BESIDE}, but is {int(run.outputs[0][first])}; {n - len(wrong)} of {n} are right."
            raise CheckFailed(message)
        if min(run.written, run.fetched) < 4 * (n + before):
            raise CheckFailed(f"{story} is right, but the host has done it: let the kernel write c, and copy it back.")
        if run.writers < n + before:
            raise CheckFailed(f"{story}: {run.writers} threads write. Start one for each element, which writes it.")
        if any((np.prod(grid.blocks) - 1) * np.prod(grid.threads) >= n for grid in run.launches):
            raise CheckFailed(f"{story} starts a block that has nothing to do.")
    return "all sums are there, each by a thread of its own, and nothing beyond the arrays is touched."
