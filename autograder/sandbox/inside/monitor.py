"""Watches one submission from outside its walls: passes interrupts on, kills it whole, says how it ended."""

import contextlib
import json
import os
import resource
import select
import signal
import socket
import subprocess
from collections.abc import Mapping

from .processes import Processes, end_user

INTERRUPT, KILL, SWEEP, SWEPT, ENDED = b"INTERRUPT", b"KILL", b"SWEEP", b"SWEPT", b"ENDED"
PERIOD = 0.25


def monitor(
    life: socket.socket,
    child: int,
    handle: int,
    limits: Mapping[str, int],
    processes: Processes | None,
    home: str | None,
) -> None:
    """Wait for the child's end, and leave nothing of the submission alive.

    Args:
        life: the host's life line; when the host closes it or says KILL, the child is killed.
        child: process id of the submission's first process.
        handle: its file descriptor.
        limits: ``total_memory_mb`` and ``cpu_seconds``, the most that all processes of the submission may use together;
            ``tmp_mb``, the most that may lie in its home, in files of at most ``file_mb``; ``processes`` and threads.
        processes: those of the submission; None where it runs without walls.
        home: its folder, where that lies on the machine's own disk; it is removed at the end.
    """
    reason = ""
    while True:
        ready = select.select([life.fileno(), handle], [], [], PERIOD)[0]
        if handle in ready:
            break
        if ready:
            message = life.recv(64)
            if message == INTERRUPT:
                os.kill(child, signal.SIGINT)
                continue
            if message == SWEEP:
                life.send(ENDED if processes and processes.sweep() else SWEPT)
                continue
            reason = "closed"
            os.kill(child, signal.SIGKILL)
        elif processes and processes.visible():
            reason = processes.exceeded(limits, home)
            if not reason:
                continue
            os.kill(child, signal.SIGKILL)
        else:
            continue
        select.select([handle], [], [])
        break
    _, status = os.waitpid(child, 0)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = usage.ru_utime + usage.ru_stime
    if home and processes:
        if os.geteuid() == 0:
            end_user(os.stat(home).st_uid)
        processes.sweep()
        remove(home)
    if not reason and os.WIFSIGNALED(status):
        if spent >= limits["cpu_seconds"] or os.WTERMSIG(status) == signal.SIGXCPU:  # the kernel's limit came first
            reason = "time"
        elif processes and os.WTERMSIG(status) == signal.SIGKILL:  # by itself it cannot, behind either wall
            reason = "killed"
    report = {"reason": reason, "cpu_seconds": spent, "peak_mb": usage.ru_maxrss >> 10, "faults": usage.ru_minflt}
    with contextlib.suppress(OSError):  # the host may have gone; then there is nobody to tell
        life.send(json.dumps(report).encode())


def remove(home: str) -> None:
    """Remove a folder that a submission has filled, however deep."""
    subprocess.run(["rm", "-rf", "--", home], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
