"""Check of `c_dot_product`: the dot product in CUDA C."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Names
from lifelong.checks.programs import Program


def check(names: Names) -> str:
    """The example of the text, then numbers of both signs: by one thread, one block and several, fewer and more threads than elements."""
    program = Program(names, "dot_program", "c_dot_product")
    rng = np.random.default_rng(1)
    shapes = ((6, 1, 1), (6, 1, 8), (64, 1, 64), (907, 1, 64), (910, 8, 128), (2503, 5, 256))
    for n, grid, block in ((100, 1, 128), *shapes):
        x, y = (rng.integers(1, 40, (2, n)) / 2 - [[15], [0]]).astype(np.float32)
        x[2] = 0
        if n == 100:
            x, y = np.arange(1, 101, dtype=np.float32), np.full(100, 2, dtype=np.float32)
        vectors = [f"({each[0]:g}, {each[1]:g}, …, {each[-1]:g})" for each in (x, y)]
        story, right = f"dot<<<{grid}, {block}>>> of {n} elements, x = {vectors[0]} and y = {vectors[1]},", float(x @ y)
        run = program.run([np.array([n, grid, block], dtype=np.int32), x, y], [("f4", 1)], story)
        if not run.outputs or run.outputs[0][0] != right:
            found = f"but is {run.outputs[0][0]:.9g}" if run.outputs else "but nothing came back"
            raise CheckFailed(f"{story} should be {right:.9g}, {found}.")
        if run.atomics > grid:
            message = f"{story} does {run.atomics} atomic operations; one for each of the {grid} blocks will do."
            raise CheckFailed(message)
    return "right for every grid, one atomic operation a block, no race."
