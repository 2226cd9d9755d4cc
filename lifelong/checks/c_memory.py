"""Check of `c_memory`: device memory in CUDA C, and the errors of its calls."""

from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Names
from lifelong.checks.programs import Program
from lifelong.cuda_c import Limits


def check(names: Names) -> str:
    """Three means, 16999, a device that is full after none, one or two arrays, and one that takes no launch, or not all copies."""
    program = Program(names, "mean_program", "c_memory")
    inputs: list[Any] = [np.array([3, 0], np.int32), *np.array([[1, 2, 3], [4.5, 6, -3], [-7, -7, -7]], np.float32)]
    outputs = [("i4", 1), ("f4", 3)]
    story = "mean of x = (1, 2, 3) and y = (4.5, 6, -3)"
    run = program.run(inputs, outputs, story)
    if len(run.outputs) < 2:
        raise CheckFailed(f"{story} did not come to its end.")
    if run.outputs[0][0] != 0:
        raise CheckFailed(f"{story} should return cudaSuccess (0), but returns {run.outputs[0][0]}.")
    if run.outputs[1].tolist() != [2.75, 4, 0]:
        raise CheckFailed(f"{story}: z should be (2.75, 4, 0), but is {tuple(run.outputs[1].tolist())}.")
    if run.written < 12 or run.fetched < 12:
        raise CheckFailed(f"{story} is right, but the host has done it: let a kernel write z, and copy it back.")
    many = [np.array([16999, 0], np.int32), *np.outer([5, 5, -7], np.ones(16999, np.float32)).astype(np.float32)]
    run = program.run(many, [("i4", 1), ("f4", 16999)], "mean of 16999 times 5 and 5")
    if not run.outputs or run.outputs[0][0] != 0 or set(run.outputs[1].tolist()) != {5}:
        raise CheckFailed("mean of 16999 times 5 and 5 should return cudaSuccess (0), and 16999 times 5 in z.")
    for rooms in range(3):
        story = f"mean of 3 numbers on a device with room for {rooms} such arrays"
        run = program.run(inputs, outputs, story, Limits(device_bytes=12 * rooms + 4))
        if not run.outputs or run.outputs[0][0] != 2:
            raise CheckFailed(f"{story} should return cudaErrorMemoryAllocation (2), which cudaMalloc has returned.")
    story = "mean of 3 numbers after one of 999, for which the device has no room,"
    run = program.run([np.array([3, 999], np.int32), *inputs[1:]], outputs, story, Limits(device_bytes=3990))
    if not run.outputs or run.outputs[0][0] != 0:
        raise CheckFailed(f"{story} should return cudaSuccess (0).")
    story = "mean on a device that takes no launch"
    run = program.run(inputs, outputs, story, Limits(launches=False))
    if not run.outputs or run.outputs[0][0] != 9:
        raise CheckFailed(f"{story} should return cudaErrorInvalidConfiguration (9): ask cudaGetLastError().")
    for copies in range(3):
        story = f"mean on a device that makes {copies} of three copies"
        run = program.run(inputs, outputs, story, Limits(copies=copies))
        if not run.outputs or (run.outputs[0][0] != 214 and run.outputs[1].tolist() != [2.75, 4, 0]):
            raise CheckFailed(
                f"{story} should return what cudaMemcpy has returned (214), for z does not hold the means."
            )
    return "the means come back, failures are told, and nothing leaks either way."
