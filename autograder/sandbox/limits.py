"""What one submission may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SETTINGS = ("cell_seconds", "submission_seconds", "memory_mb")
"""The limits that a course sets; the others follow from them or protect the machine."""


@dataclass(frozen=True)
class Limits:
    """Limits of one submission in the sandbox.

    Attributes:
        cell_seconds: wall-clock time of one cell; it is interrupted then, and killed ``grace_seconds`` later.
        grace_seconds: how long an interrupted cell has to stop.
        submission_seconds: wall-clock time of the whole submission, probes included.
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
    submission_seconds: float = 180.0
    cpu_seconds: int = 150
    memory_mb: int = 2048
    total_memory_mb: int = 3072
    processes: int = 24
    file_mb: int = 64
    tmp_mb: int = 128
    open_files: int = 128
    output_mb: int = 64
    restarts: int = 6

    @classmethod
    def of(cls, table: Mapping[str, float]) -> Limits:
        """The limits of course.toml's table ``[limits]``, any of ``SETTINGS``; what it leaves out is as by default.

        CPU time is five sixths of the submission's time, and all processes together have half as much memory again as
        one, as by default.

        Raises:
            ValueError: another key, or a number that is not positive.
        """
        for name, value in table.items():
            if name not in SETTINGS:
                raise ValueError(f"[limits] has {name!r}; it may have {', '.join(SETTINGS)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"[limits] has {name} = {value!r}, which should be a positive number")
        seconds = float(table.get("submission_seconds", cls.submission_seconds))
        memory = int(table.get("memory_mb", cls.memory_mb))
        return cls(
            cell_seconds=float(table.get("cell_seconds", cls.cell_seconds)),
            submission_seconds=seconds,
            cpu_seconds=max(1, round(seconds * 5 / 6)),
            memory_mb=memory,
            total_memory_mb=memory * 3 // 2,
        )
