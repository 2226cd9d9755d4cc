"""Drive ``c_slide``: the sums, and how many threads and blocks were started for them."""

import numpy as np

from lifelong.checks.programs import main_of

from .c_programs import Inputs, Outputs, on_device, program_of, reported, run_with_main

MAIN = main_of("c_slide")
source = program_of("slide_program")


def probe(source: Inputs, inputs: Inputs) -> Outputs:
    """Whether there were enough threads, and a block without an element."""
    n = len(inputs["a"])
    arrays = [np.array([n, inputs["before"]], dtype=np.int32), *(inputs[name].numpy() for name in ("a", "b", "c"))]
    run = run_with_main(source["program"], MAIN, arrays, [("i4", n)])
    grids = [(int(np.prod(grid.blocks)), int(np.prod(grid.threads))) for grid in run.launches if grid.started]
    enough = run.writers >= n + inputs["before"]
    idle = any((blocks - 1) * threads >= n for blocks, threads in grids)
    told = reported(run, ["result"], least=4 * (inputs["before"] or n))
    return {**told, "on_device": on_device(run, 4 * (n + inputs["before"])), "enough": enough, "idle": idle}
