"""Launch the student's kernels in the simulator, and tell what is in memory afterwards, guard zones included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lifelong.cuda import Kind, Recording, device_array, recording
from lifelong.cuda.memory import Array

Names = Mapping[str, Any]
Inputs = Mapping[str, Any]

OUTPUT, WOVEN = "the output", "the output with threads interleaved"
"""After a run of the threads one by one, and after runs in drawn orders."""


def on_device(values: Any, sentinel: float) -> Array:
    """A device array with these values, and guard zones full of the sentinel."""
    cells = values.numpy()
    array = device_array(cells.shape, cells.dtype)
    array.raw().fill(sentinel)
    array.values()[...] = cells
    array.written[:] = b"\1" * array.size
    return array


def launched(
    kernel: Any, inputs: Inputs, args: Callable[[Callable[[str], Array]], Sequence[Any]], result: str
) -> dict[str, Any]:
    """Launch one after the other in several orders, each with fresh arrays.

    Args:
        kernel: the student's.
        inputs: of the case: arrays, grid, block, sentinel, seeds.
        args: makes the arguments, given what puts an input on the device.
        result: the input whose memory is the answer.
    """
    memories, records = [], []
    for seed in [None, *inputs["seeds"]]:
        arrays: dict[str, Array] = {}

        def put(name: str, arrays: dict[str, Array] = arrays) -> Array:
            arrays[name] = on_device(inputs[name], inputs["sentinel"])
            return arrays[name]

        with recording(seed or 0, interleaved=seed is not None) as record:
            kernel[tuple(inputs["grid"]), tuple(inputs["block"])](*args(put))
        memories.append(arrays[result].raw().copy())
        records.append(record)
    return {OUTPUT: memories[0], WOVEN: np.stack(memories[1:]), **_said(records)}


def _said(records: Sequence[Recording]) -> dict[str, Any]:
    """What the simulator says of the launches; only ever used to name a mistake, or against the student."""
    kinds = {finding.kind for record in records for finding in record.findings}
    launch = records[0].launches[0]
    busy = Counter((access.block, access.thread) for access in launch.accesses)
    steps = 4 * launch.threads_per_block.bit_length() + 8  # loads and stores of a tree, with some to spare
    return {
        "raced": Kind.RACE in kinds,
        "divergent": Kind.DIVERGENT_BARRIER in kinds,
        "unwritten": Kind.UNWRITTEN_READ in kinds,
        "outside": Kind.OUT_OF_BOUNDS in kinds,
        "alone": max(busy.values(), default=0) > steps,
    }


def global_index(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The labels of a 1-D or a 2-D launch."""
    return launched(names[inputs["kernel"]], inputs, lambda put: [put("label")], "label")


def bounds_guard(names: Names, inputs: Inputs) -> dict[str, Any]:
    """What is in `result` after a launch with spare threads."""
    return launched(names["fahrenheit"], inputs, lambda put: [put("celsius"), put("result"), inputs["n"]], "result")


def grid_size(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The numbers of blocks, and of which type they are."""
    if "n" in inputs:
        numbers = [names["blocks_for"](inputs["n"], inputs["threads"])]
    else:
        numbers = list(names["grid_for"](inputs["rows"], inputs["columns"], tuple(inputs["block"])))
    return {"blocks": [float(number) for number in numbers], "types": [type(number).__name__ for number in numbers]}


def grid_stride(names: Names, inputs: Inputs) -> dict[str, Any]:
    """What is in `y` afterwards."""
    return launched(names["saxpy"], inputs, lambda put: [inputs["alpha"], put("x"), put("y"), inputs["n"]], "y")


def hadamard(names: Names, inputs: Inputs) -> dict[str, Any]:
    """What is in `c` afterwards."""
    sizes = [inputs[name] for name in ("rows", "columns", "pitch")]
    return launched(names["hadamard"], inputs, lambda put: [put("a"), put("b"), put("c"), *sizes], "c")


def block_sum(names: Names, inputs: Inputs) -> dict[str, Any]:
    """What is in `sums` afterwards."""
    return launched(names["block_sum"], inputs, lambda put: [put("x"), put("sums"), inputs["n"]], "sums")


def convolution(names: Names, inputs: Inputs) -> dict[str, Any]:
    """What is in `result` afterwards."""
    sizes = [inputs[name] for name in ("rows", "columns", "k")]
    return launched(
        names["convolve"], inputs, lambda put: [put("image"), put("weights"), put("result"), *sizes], "result"
    )
