"""What the exercises in CUDA C share: the program they need, the check that nothing was found, and named findings."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from autograder.judging import Check, Mistake, Tree

COMPILER = "g++"
SECONDS = 60.0

NAMES = {
    "bounds in a kernel": "no-guard",
    "bounds in a call": "bytes-forgotten",
    "array too small": "bytes-forgotten",
    "race in a block": "race-in-block",
    "race between blocks": "race-between-blocks",
    "unwritten": "reads-unwritten",
    "direction": "wrong-direction",
    "free": "freed-twice",
    "freed": "used-after-free",
    "null": "unchecked-allocation",
    "timeout": "endless",
}
"""By kind of finding: name of the mistake, where it is another."""

MESSAGES = {
    "bounds in a kernel": "A thread touches memory beyond an array: threads without an element stay away.",
    "bounds in a call": "A copy runs over the end of an array: cudaMalloc and cudaMemcpy count bytes, n * sizeof(…), not elements.",
    "array too small": "An array on the device is smaller than your data: cudaMalloc counts bytes, n * sizeof(…), not elements.",
    "race in a block": "Two threads of a block touch the same cell, one writes, no __syncthreads() is between: either a barrier is missing, or the threads do not find cells of their own.",
    "race between blocks": "Two blocks write the same cell at the same time: blocks cannot wait for one another, so use atomicAdd, or give each thread a cell of its own (threadIdx.x alone is the same in every block).",
    "unwritten": "A thread reads a cell that nobody has written yet, or not before a barrier.",
    "divergent-barrier": "Not all threads of a block come to your __syncthreads(): keep it out of `if`, and let nobody return before.",
    "divergent-warp": "Threads of a warp wait for others that never come: all threads of a mask must come to the same __syncwarp() or shuffle.",
    "host-pointer": "Your kernel gets a pointer to the host's memory, which a device cannot see: pass it the device's copy.",
    "device-pointer": "The host reads or writes the device's memory: only cudaMemcpy reaches there.",
    "direction": "A cudaMemcpy copies in the wrong direction: the destination stands first.",
    "free": "Memory is given back twice, or by the wrong function (free against cudaFree).",
    "freed": "Memory is used after it has been given back.",
    "null": "A null pointer is used: an allocation failed, or never was, and nobody looked.",
    "leak": "Memory of the device is never given back: every cudaMalloc has its cudaFree, on every way out.",
    "host-leak": "Memory of the host is never given back: every malloc has its free.",
    "timeout": "The program does not end: look at the step of your loops.",
}
"""By kind of finding: what the student is told."""

IN_CALLS = ("bounds in a call", "array too small", *"host-pointer device-pointer direction free freed null".split())
"""What a host function does wrong with memory."""


def clean(name: str, title: str, *, share: float, cases: Sequence[str], needs: Sequence[str]) -> Check:
    """The promise that a run showed no fault."""
    more: Any = {"expected": lambda _: {"faults": []}, "complaint": faults}
    return Check(name, title, share=share, cases=tuple(cases), needs=tuple(needs), **more)


def faults(inputs: Tree, outputs: Tree) -> str | None:
    """All that was found in a run."""
    return " ".join(MESSAGES[kind] for kind in outputs["faults"] if kind in MESSAGES) or None


def stopped(inputs: Tree, outputs: Tree) -> str | None:
    """What ended a run before it had a result."""
    return None if "result" in outputs or "code" in outputs else faults(inputs, outputs)


ran = partial(Check, complaint=stopped)


def found(*kinds: str, checks: tuple[str, ...], sizes: Sequence[int] = (0,), array: str = "x") -> Iterator[Mistake]:
    """A mistake for every kind of finding: it shows in every case whose array is longer than one of the sizes."""

    def beyond(kind: str, size: int) -> Callable[[Tree], Tree]:
        return lambda inputs: {"faults": [kind]} if len(inputs[array]) > size else {}

    for kind in kinds:
        for size in sizes:
            yield Mistake(NAMES.get(kind, kind), MESSAGES[kind], beyond(kind, size), checks)
