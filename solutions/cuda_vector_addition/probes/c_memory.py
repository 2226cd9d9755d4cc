"""Drive ``c_memory``: the means and the code that came back."""

import numpy as np

from lifelong.checks.programs import main_of

from .c_programs import Inputs, Outputs, on_device, program_of, reported, run_with_main

MAIN = main_of("c_memory")
source = program_of("mean_program")


def probe(source: Inputs, inputs: Inputs) -> Outputs:
    """On a device that may have too little memory or take no launch."""
    n = len(inputs["x"])
    arrays = [np.array([n, inputs["before"]], dtype=np.int32), *(inputs[name].numpy() for name in ("x", "y", "z"))]
    outputs, limits = [("i4", 1), ("f4", n)], {name: inputs[name] for name in ("device_bytes", "launches", "copies")}
    run = run_with_main(source["program"], MAIN, arrays, outputs, **limits)
    result = {**reported(run, ["code", "result"], least=4 * n), "on_device": on_device(run, 4 * n)}
    return {**result, "code": int(result["code"][0])} if "code" in result else result
