"""Drive ``c_dot_product``: the dot product, and whether there were at most as many atomic operations as blocks."""

import numpy as np

from lifelong.checks.programs import main_of

from .c_programs import Inputs, Outputs, program_of, reported, run_with_main

MAIN = main_of("c_dot_product")
source = program_of("dot_program")


def probe(source: Inputs, inputs: Inputs) -> Outputs:
    """The kernel alone is the student's."""
    grid = inputs["grid"]
    sizes = np.array([len(inputs["x"]), grid, inputs["block"]], dtype=np.int32)
    arrays = [sizes, inputs["x"].numpy(), inputs["y"].numpy()]
    run = run_with_main(source["program"], MAIN, arrays, [("f4", 1)])
    return {**reported(run, ["result"]), "frugal": run.atomics <= grid}
