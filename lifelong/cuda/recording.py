"""Recordings of launches, which collect findings instead of raising them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lifelong.cuda.finding import Finding, collected
from lifelong.cuda.launch import Launch

MOST_ACCESSES = 5_000_000
"""Of one launch; more look like a loop without end."""


@dataclass
class Recording:
    """What happened within a ``with recording()``.

    Attributes:
        seed: of the order in which threads run; each further launch goes on from there.
        interleaved: whether threads are interleaved, or run one after the other.
        burst: accesses that a thread makes before the next has its turn, where they run one after the other.
        findings: faults, in order.
        launches: launches, in order.
    """

    seed: int
    interleaved: bool
    burst: int = MOST_ACCESSES
    findings: list[Finding] = field(default_factory=list)
    launches: list[Launch] = field(default_factory=list)


_open: list[Recording] = []


@contextmanager
def recording(seed: int = 0, interleaved: bool = True, burst: int = MOST_ACCESSES) -> Iterator[Recording]:
    """Collect what is found within instead of raising it.

    Args:
        seed: of the order in which threads run.
        interleaved: False to run one thread after the other, as far as barriers allow: then races hide.
        burst: 1 to run them in step instead, an access each, as the threads of a warp may.
    """
    record = Recording(seed, interleaved, burst)
    _open.append(record)
    try:
        with collected(record.findings):
            yield record
    finally:
        _open.pop()


def current_recording() -> Recording | None:
    """The innermost open recording."""
    return _open[-1] if _open else None
