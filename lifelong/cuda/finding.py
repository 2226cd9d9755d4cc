"""What the simulator finds wrong, in words, and whom it tells: an exception, or a recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lifelong.cuda.launch import Launch


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


class Place(NamedTuple):
    """A thread, by block and by index in its block, each (x, y, z)."""

    block: tuple[int, int, int]
    thread: tuple[int, int, int]

    def __str__(self) -> str:
        """E.g. ``thread 3 of block 0``, with all of (x, y, z) where more than x is needed."""
        return f"thread {_short(self.thread)} of block {_short(self.block)}"


def _short(index: tuple[int, int, int]) -> str:
    return str(index[0]) if index[1:] == (0, 0) else f"({index[0]}, {index[1]}, {index[2]})"


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
    """Something that would crash, hang or give wrong results on a GPU.

    Attributes:
        findings: all that was found.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{finding.kind}: {finding.text}" for finding in self.findings))

    def _render_traceback_(self, *_: object) -> list[str]:
        """What IPython shows in place of a traceback: the sentences alone."""
        return [f"✗ {finding.kind}: {finding.text}" for finding in self.findings]


@dataclass
class Recording:
    """What happened within a ``with recording()``.

    Attributes:
        seed: of the order in which threads run; each further launch goes on from there.
        interleaved: whether threads are interleaved, or run one after the other.
        findings: faults, in order.
        launches: launches, in order.
    """

    seed: int
    interleaved: bool
    findings: list[Finding] = field(default_factory=list)
    launches: list[Launch] = field(default_factory=list)


_open: list[Recording] = []


@contextmanager
def recording(seed: int = 0, interleaved: bool = True) -> Iterator[Recording]:
    """Collect what is found within instead of raising it.

    Args:
        seed: of the order in which threads run.
        interleaved: False to run one thread after the other, as far as barriers allow: then races hide.
    """
    record = Recording(seed, interleaved)
    _open.append(record)
    try:
        yield record
    finally:
        _open.remove(record)


def current_recording() -> Recording | None:
    """The innermost open recording."""
    return _open[-1] if _open else None


def report(findings: Sequence[Finding]) -> None:
    """Hand findings to the open recording, or raise them.

    Raises:
        CudaError: there are some, and nobody records.
    """
    if _open:
        _open[-1].findings.extend(findings)
    elif findings:
        raise CudaError(findings)
