"""Launches of a student's kernel in the simulator; faults are reported first."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, lookup
from lifelong.cuda import recording, to_device
from lifelong.cuda.kernel import Kernel
from lifelong.cuda.source import build, take


def kernel_of(names: Names, name: str, exercise: str) -> Kernel:
    """The student's kernel of that name."""
    found = lookup(names, name, exercise)
    if not isinstance(found, Kernel):
        raise CheckFailed(f"`{name}` should be a kernel: keep the line @kernel above its def.")
    try:
        build(take(names, name))
    except TypeError as error:  # said here as it would be when it is graded
        raise CheckFailed(str(error)) from None
    return found


def launched(kernel: Kernel, grid: Any, block: Any, args: Sequence[Any], result: int, known: Known = ()) -> Any:
    """The cells of one argument after a launch in which nothing was found."""
    call = f"{kernel.__name__}[{grid}, {block}]"
    for interleaved in (False, True):
        copies = [to_device(each) if isinstance(each, np.ndarray) else each for each in args]
        with recording(seed=7, interleaved=interleaved) as record:
            kernel[grid, block](*copies)
        values = copies[result].values()
        for wrong, text in known:
            if np.shape(wrong) == values.shape and np.allclose(values, wrong):
                raise CheckFailed(f"{call} leaves {values.tolist()}. {text}")
        if record.findings:
            more = f" ({len(record.findings) - 1} more findings)" if len(record.findings) > 1 else ""
            first = record.findings[0]
            raise CheckFailed(f"{call}: {first.kind}. {first.text}{more}")
    return values
