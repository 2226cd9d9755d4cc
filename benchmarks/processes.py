"""What a command and all that it starts take together: seconds, and the peak of their memory."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PERIOD = 3.0
"""Seconds between two looks at the memory; one takes some tenths of a second of a processor's time."""


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Attributes:
        seconds: wall-clock time.
        peak_mb: the most memory that all its processes held together, MiB, every shared page counted once.
        output: what it printed.
    """

    seconds: float
    peak_mb: float
    output: str


class CommandFailed(RuntimeError):
    """A measured command ended with an error; the message ends with its last words."""


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command in a folder and say what it took.

    Raises:
        CommandFailed: its exit code is not 0.
    """
    begin = time.monotonic()
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **(environment or {})}, **pipes)
    peaks = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(PERIOD):
            peaks.append(tree_mb(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    ended.set()
    watcher.join()
    seconds = time.monotonic() - begin
    if process.returncode != 0:
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return Cost(seconds, max(peaks), output)


def tree_mb(root: int) -> float:
    """Memory of a process and all its descendants, MiB; a page that several share counts once."""
    return sum(_proportional_kib(process) for process in tree(root)) / 1024


def tree(root: int) -> set[int]:
    """A process and all its living descendants."""
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        with suppress(OSError, ValueError):  # no process, or one that has ended meanwhile
            state, parent = Path(f"/proc/{int(name)}/stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(name)] = int(parent)
    found = {root}
    while grown := {child for child, parent in parents.items() if parent in found} - found:
        found |= grown
    return found


def _proportional_kib(process: int) -> int:
    """Its share of what it holds, KiB; of a process that may not be looked into, what it shares with nobody."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as handle:
            return next((int(line.split()[1]) for line in handle if line.startswith("Pss:")), 0)
    except PermissionError:
        with suppress(OSError), open(f"/proc/{process}/statm") as handle:
            resident, shared = (int(field) for field in handle.read().split()[1:3])
            return (resident - shared) * resource.getpagesize() >> 10
    except OSError:
        pass
    return 0
