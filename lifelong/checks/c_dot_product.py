"""Check of `c_dot_product`: the dot product in CUDA C."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names
from lifelong.checks.programs import Program


def check(names: Names) -> str:
    """Σ −2k for k = 0 … 99, by one block and by several, with fewer and with more threads than elements."""
    program = Program(names, "dot_program", "c_dot_product")
    x = np.arange(100, dtype=np.float32)
    for grid, block, k in ((1, 128, -2), (1, 64, 2.5), (1, 16, -2), (2, 64, -2), (3, 16, -2), (4, 256, -3)):
        story = f"dot<<<{grid}, {block}>>> of x = (0, …, 99) and y = ({k:g}, …, {k:g})"
        inputs = [np.array([100, grid, block], dtype=np.int32), x, np.full(100, k, dtype=np.float32)]
        run = program.run(inputs, [("f4", 1)], story)
        if not run.outputs or run.outputs[0][0] != 4950 * k:
            found = f"but is {run.outputs[0][0]:g}" if run.outputs else "but nothing came back"
            raise CheckFailed(f"{story} should be {4950 * k:g}, {found}.")
        if run.atomics > grid:
            message = f"{story} does {run.atomics} atomic operations; one for each of the {grid} blocks will do."
            raise CheckFailed(message)
    return "right for every grid, one atomic operation a block, no race."
