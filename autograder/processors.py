"""How many processors there are for this process: of the machine's, those that it may use and its container is given time on."""

import math
import os
from pathlib import Path

SHARES = (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))
"""Where a container's control group, version 2 or 1, says how many µs of processor time it gets in how many."""


def processors(root: Path = Path("/")) -> int:
    """How many, at least one; a part of one counts as one, as in joblib and Dask."""
    count = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    for files in SHARES:
        try:
            text = " ".join((root / "sys/fs/cgroup" / name).read_text() for name in files)
            quota, period = map(int, text.split())
        except (OSError, ValueError):  # another version, or "max"
            continue
        count = min(count, quota / period) if quota > 0 else count
    return max(math.ceil(count), 1)
