"""What one submission may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission in the sandbox.

    Attributes:
        cell_seconds: wall-clock time of one cell; it is interrupted then, and killed ``grace_seconds`` later.
        grace_seconds: how long an interrupted cell has to stop.
        total_seconds: wall-clock time of the whole submission, probes included.
        cpu_seconds: CPU time of all the submission's processes together; beyond it they are killed.
        memory_mb: memory that one process may allocate, MiB; beyond it Python raises MemoryError.
        total_memory_mb: memory of all the submission's processes together, MiB; beyond it they are killed.
        processes: processes and threads.
        file_mb: size of one file, MiB.
        tmp_mb: size of the private /tmp, MiB.
        open_files: file descriptors of one process.
        output_mb: everything that comes out of the sandbox, MiB.
        restarts: how often a submission that kills its process is run again without the cell that did it.
    """

    cell_seconds: float = 10.0
    grace_seconds: float = 2.0
    total_seconds: float = 180.0
    cpu_seconds: int = 150
    memory_mb: int = 2048
    total_memory_mb: int = 3072
    processes: int = 24
    file_mb: int = 64
    tmp_mb: int = 128
    open_files: int = 128
    output_mb: int = 64
    restarts: int = 6
