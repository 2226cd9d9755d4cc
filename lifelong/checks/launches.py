"""Launches of a student's kernel in the simulator; faults are reported first."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifelong.checks.expect import CheckFailed, Known, Names, lookup
from lifelong.checks.time_limit import OutOfTime
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
        try:
            with recording(seed=7, interleaved=interleaved) as record:
                kernel[grid, block](*copies)
        except OutOfTime:  # raised wherever the simulator is then, with no line of the kernel's on the stack
            raise CheckFailed(f"{call} did not finish in time: look for a loop that never ends.") from None
        values = copies[result].values()
        for wrong, text in known:
            if np.shape(wrong) == values.shape and np.allclose(values, wrong):
                raise CheckFailed(f"{call} leaves {values.tolist()}. {text}")
        if record.findings:
            more = f" ({len(record.findings) - 1} more findings)" if len(record.findings) > 1 else ""
            first = record.findings[0]
            raise CheckFailed(f"{call}: {first.kind}. {first.text}{more}")
        for at, (given, copy) in enumerate(zip(args, copies, strict=True)):
            if at != result and isinstance(given, np.ndarray) and not np.array_equal(copy.values(), given):
                raise CheckFailed(f"{call} changes argument {at + 1}, which is only to be read.")
    return values


def numbers(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Numbers of both signs with fractions, some of them 0, as the marks' are."""
    drawn = rng.integers(-80, 80, shape) / 8 + 1 / 16
    return np.where(rng.random(shape) < 1 / 8, 0, drawn).astype(np.float32)


def expect_cells(kernel: Kernel, grid: Any, block: Any, right: Any, **args: Any) -> None:
    """The last array is right after a launch, and else told by its first wrong cell, and what was there before."""
    arrays = {name: given for name, given in args.items() if isinstance(given, np.ndarray)}
    *_, result = arrays
    cells = launched(kernel, grid, block, [*args.values()], [*args].index(result))
    wrong = np.argwhere(~np.isclose(cells, right, rtol=1e-5, atol=1e-4))
    if len(wrong):
        at = tuple(map(int, wrong[0]))
        sizes = [f"{name} = {given}" for name, given in args.items() if name not in arrays]
        before = [f"{name} {given[at]:g}" for name, given in arrays.items() if given.shape == cells.shape]
        call = ", ".join([f"{kernel.__name__}[{grid}, {block}]", *sizes])
        where = f"{result}[{', '.join(map(str, at))}]"
        told = f"{call}: {where} should be {right[at]:.7g}, but is {cells[at]:.7g} (before: {', '.join(before)}); {cells.size - len(wrong)} of {cells.size} cells are right."
        raise CheckFailed(told)
