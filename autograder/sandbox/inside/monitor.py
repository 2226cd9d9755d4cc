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
        elif _resident_mb(exact=False) > memory_mb and _resident_mb(exact=True) > memory_mb:
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


def _resident_mb(exact: bool) -> int:
    """Memory of all processes in the child's /proc, MiB; the quick count takes shared pages once for every process."""
    kibibytes = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                kibibytes += _proportional_kib(name) if exact else _resident_kib(name)
            except (OSError, StopIteration, IndexError):  # it ended while we looked
                continue
    return kibibytes >> 10


def _resident_kib(process: str) -> int:
    with open(f"/proc/{process}/statm") as handle:
        return int(handle.read().split()[1]) * resource.getpagesize() >> 10


def _proportional_kib(process: str) -> int:
    """Pages that are shared count in parts; of a process that forbids the look, all count in full."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as handle:
            return next(int(line.split()[1]) for line in handle if line.startswith("Pss:"))
    except PermissionError:
        return _resident_kib(process)
