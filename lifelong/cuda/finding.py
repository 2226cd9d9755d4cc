"""What the simulator finds wrong, in words; a finding is raised, or collected where somebody asked for that."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from lifelong.cuda.place import Place


class Kind(StrEnum):
    """The kinds of faults."""

    OUT_OF_BOUNDS = "out of bounds"
    RACE = "race"
    DOUBLE_WRITE = "double write"
    UNWRITTEN_READ = "read of unwritten memory"
    UNWRITTEN_OUTPUT = "unwritten output"
    DIVERGENT_BARRIER = "divergent barrier"
    HOST_POINTER = "host pointer in a kernel"
    HOST_ACCESS = "device array touched by the host"
    COPY_DIRECTION = "wrong copy direction"
    COPY_SIZE = "wrong copy size"
    COPY_TYPE = "wrong copy type"
    LEAK = "leaked device memory"
    DOUBLE_FREE = "double free"
    USE_AFTER_FREE = "use after free"
    LAUNCH = "wrong launch"


@dataclass(frozen=True)
class Finding:
    """One fault.

    Attributes:
        kind: which.
        text: a sentence or two for the student, with names, indices, threads and the line.
        kernel: name of the kernel, "" outside of launches.
        array: name of the array as the kernel (else the host code) calls it.
        index: the first cell concerned, as the kernel indexes it.
        threads: the thread, or the two threads, of the example in ``text``.
        line: of the kernel's source file or cell, 0 if none.
        count: how many cells or accesses the same words are true of.
    """

    kind: Kind
    text: str
    kernel: str = ""
    array: str = ""
    index: tuple[int, ...] = ()
    threads: tuple[Place, ...] = ()
    line: int = 0
    count: int = 1


class CudaError(RuntimeError):
    """Something that would crash, hang or give wrong results on a GPU, with all findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{finding.kind}: {finding.text}" for finding in self.findings))

    def _render_traceback_(self, *_: object) -> list[str]:
        """What IPython shows in place of a traceback: the sentences alone."""
        return [f"✗ {finding.kind}: {finding.text}" for finding in self.findings]


_collections: list[list[Finding]] = []


@contextmanager
def collected(findings: list[Finding]) -> Iterator[None]:
    """Append what is reported within to a list instead of raising it."""
    _collections.append(findings)
    try:
        yield
    finally:
        _collections.pop()


def report(findings: Sequence[Finding]) -> None:
    """Hand findings to the innermost collection, or raise them.

    Raises:
        CudaError: there are some, and nobody collects them.
    """
    if _collections:
        _collections[-1].extend(findings)
    elif findings:
        raise CudaError(findings)


def likewise(count: int, unit: str) -> str:
    """The words for all the others beside the one that a sentence is about."""
    return f"; {count - 1} more {unit}{'s' * (count > 2)} likewise" if count > 1 else ""
