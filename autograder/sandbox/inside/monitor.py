"""Watches one submission from outside its PID namespace: passes interrupts on, kills it whole, says how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket

INTERRUPT, KILL = b"INTERRUPT", b"KILL"
PERIOD = 0.25


def monitor(life: socket.socket, child: int, memory_mb: int) -> None:
    """Wait for the child's end; killing it, the init of its PID namespace, leaves nothing of the submission alive.

    Args:
        life: the host's life line; when the host closes it or says KILL, the child is killed.
        child: process id of the namespace's init.
        memory_mb: the most that all processes of the submission may hold together, MiB.
    """
    handle = os.pidfd_open(child)
    reason = ""
    while True:
        ready = select.select([life.fileno(), handle], [], [], PERIOD)[0]
        if handle in ready:
            break
        if ready:
            if life.recv(64) == INTERRUPT:
                os.kill(child, signal.SIGINT)
                continue
            os.kill(child, signal.SIGKILL)
        elif _resident_mb("statm") > memory_mb and _resident_mb("smaps_rollup") > memory_mb:
            reason = "memory"
            os.kill(child, signal.SIGKILL)
        else:
            continue
        select.select([handle], [], [])
        break
    os.waitpid(child, 0)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = {"reason": reason, "cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss >> 10}
    with contextlib.suppress(OSError):  # the host may have gone; then there is nobody to tell
        life.send(json.dumps(report).encode())


def _resident_mb(source: str) -> int:
    """Memory of all processes in the child's /proc, MiB.

    ``statm`` is cheap, but counts pages that forks share once for each; ``smaps_rollup`` counts them once in all.
    """
    kibibytes = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/{source}") as handle:
                if source == "statm":
                    kibibytes += int(handle.read().split()[1]) * resource.getpagesize() >> 10
                else:
                    kibibytes += next(int(line.split()[1]) for line in handle if line.startswith("Pss:"))
        except (OSError, StopIteration, IndexError):  # it ended while we looked
            continue
    return kibibytes >> 10
