"""What a command and all that it starts take together: seconds, and the peak of their memory."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

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


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command in a folder and say what it took.

    Raises:
        RuntimeError: its exit code is not 0; the message ends with its last words.
    """
    begin = time.monotonic()
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **(environment or {})}, **pipes)
    peaks = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(PERIOD):
            with suppress(psutil.NoSuchProcess):  # it has just ended
                peaks.append(tree_mb(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    ended.set()
    watcher.join()
    seconds = time.monotonic() - begin
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return Cost(seconds, max(peaks), output)


def tree_mb(root: int) -> float:
    """Memory of a process and all its descendants, MiB; a page that several share counts once."""
    process = psutil.Process(root)
    return sum(_proportional(each) for each in (process, *process.children(recursive=True))) / 2**20


def _proportional(process: psutil.Process) -> int:
    """Its share of what it holds, bytes; of a process that may not be looked into, what it shares with nobody."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.AccessDenied:
        with suppress(psutil.Error):
            memory = process.memory_info()
            return int(memory.rss - memory.shared)
    except psutil.Error:  # it has ended meanwhile
        pass
    return 0
