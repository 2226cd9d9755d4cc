"""Launch the student's kernels in the simulator, and report what is in memory afterwards, guard zones included.

Of a kernel only the source leaves the student's process; it is held to the language of kernels, and run where no other
code of the student's has run. So what the simulator says of races, barriers and accesses is true.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lifelong.cuda import Kind, Recording, device_array, recording
from lifelong.cuda.memory import Array
from lifelong.cuda.source import build, take

Source = Callable[[Mapping[str, Any]], dict[str, Any]]
Probe = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]

OUTPUT, WOVEN, STEP = "the output", "the output with threads interleaved", "the output in step"
"""After a run of the threads one by one, after runs in drawn orders, and after one an access each, by turns."""
CHANGED = "changed what it was given"
"""Where a kernel writes into an array that it should only read; sandboxes say so of functions (``sandbox/inside/probe.py``)."""


def on_device(values: Any, sentinel: float) -> Array:
    """A device array with these values, and guard zones full of the sentinel."""
    cells = values.numpy()
    array = device_array(cells.shape, cells.dtype)
    array.raw().fill(sentinel)
    array.values()[...] = cells
    array.written[:] = b"\1" * array.size
    return array


def source_of(*kernels: str) -> Source:
    """What takes kernels out; what fails of one leaves the others alone."""
    return lambda names: {kernel: _taken(names, kernel) for kernel in kernels}


def _taken(names: Mapping[str, Any], kernel: str) -> dict[str, Any]:
    try:
        return take(names, kernel)
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def launch_probe(kernel: str, arguments: Sequence[str], *, result: str, in_step: bool = False) -> Probe:
    """A probe that launches in several orders, each with fresh arrays.

    Args:
        kernel: the name of the student's.
        arguments: the inputs that it gets, arrays on the device.
        result: the input whose memory is the answer.
        in_step: whether threads run in step as well.
    """

    def probe(source: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        taken = source[kernel]
        if "error" in taken:
            raise type(taken["error"], (Exception,), {})(taken["message"])
        launched = build(taken)
        memories, records, changed = [], [], False
        orders: list[dict[str, Any]] = [{"interleaved": False}, *({"seed": seed} for seed in inputs["seeds"])]
        for order in [*orders, *[{"interleaved": False, "burst": 1}] * in_step]:
            with recording(**order) as record:
                given = {name: inputs[name] for name in arguments}
                for name, value in given.items():
                    if not isinstance(value, int | float):
                        given[name] = on_device(value, inputs["sentinel"])
                launched[tuple(inputs["grid"]), tuple(inputs["block"])](*given.values())
            memories.append(given[result].raw().copy())
            changed |= any(_has_changed(given[name], inputs[name]) for name in arguments if name != result)
            records.append(record)
        step = {STEP: memories.pop()} if in_step else {}
        said = {CHANGED: changed, **_said(records)}
        return {OUTPUT: memories[0], WOVEN: np.stack(memories[1:]), **step, **said}

    return probe


def _has_changed(given: Any, before: Any) -> bool:
    """Whether an array on the device does not hold any more what it was given."""
    return isinstance(given, Array) and not np.array_equal(given.values(), before.numpy())


def _said(records: Sequence[Recording]) -> dict[str, Any]:
    """What the simulator says of the launches."""
    kinds = {finding.kind for record in records for finding in record.findings}
    launch = records[0].launches[0]
    tiles = {name for name, array, _ in launch.logs() if array.shared}
    places = {
        (finding.array in tiles)
        for record in records
        for finding in record.findings
        if finding.kind is Kind.OUT_OF_BOUNDS
    }
    accesses = launch.accesses
    busy = Counter((access.block, access.thread) for access in accesses)
    signed = {
        (access.block, access.thread, access.array, access.index) for access in accesses if access.kind == "write"
    }
    steps = 4 * launch.threads_per_block.bit_length() + 8  # loads and stores of a tree, with some to spare
    return {
        "raced": Kind.RACE in kinds,
        "divergent": Kind.DIVERGENT_BARRIER in kinds,
        "unwritten": Kind.UNWRITTEN_READ in kinds,
        "outside": True in places,
        "beyond": False in places,
        "twice": Kind.DOUBLE_WRITE in kinds,
        "for others": max(Counter(each[:2] for each in signed).values(), default=0) > 1,
        "alone": max(busy.values(), default=0) > steps,
    }
