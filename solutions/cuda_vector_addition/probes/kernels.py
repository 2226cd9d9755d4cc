"""Launch the student's kernels in the simulator, and report what is in memory afterwards, guard zones included."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lifelong.cuda import Kind, Recording, device_array, recording
from lifelong.cuda.memory import Array

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


def launch_probe(
    kernel: str, arguments: Sequence[str], *, result: str
) -> Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]:
    """A probe that launches in several orders, each with fresh arrays.

    Args:
        kernel: the name of the student's.
        arguments: the inputs that it gets, arrays on the device.
        result: the input whose memory is the answer.
    """

    def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        memories, records = [], []
        for seed in [None, *inputs["seeds"]]:
            with recording(seed or 0, interleaved=seed is not None) as record:
                given = {name: inputs[name] for name in arguments}
                for name, value in given.items():
                    if not isinstance(value, int | float):
                        given[name] = on_device(value, inputs["sentinel"])
                names[kernel][tuple(inputs["grid"]), tuple(inputs["block"])](*given.values())
            memories.append(given[result].raw().copy())
            records.append(record)
        return {OUTPUT: memories[0], WOVEN: np.stack(memories[1:]), **_said(records)}

    return probe


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
