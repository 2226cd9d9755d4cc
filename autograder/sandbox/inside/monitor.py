"""Watches one submission from outside its PID namespace: passes interrupts on, kills it whole, says how it ended."""

import contextlib
import json
import os
import resource
import select
import signal
import socket
import time

INTERRUPT, KILL, SWEEP, SWEPT, ENDED = b"INTERRUPT", b"KILL", b"SWEEP", b"SWEPT", b"ENDED"
PERIOD = 0.25
SWEEPS = 100
GRACE = 0.1
"""Seconds that a process which is about to end has to do so by itself."""


def monitor(life: socket.socket, child: int, handle: int, memory_mb: int, cpu_seconds: int, confined: bool) -> None:
    """Wait for the child's end; killing it, the init of its PID namespace, leaves nothing of the submission alive.

    Args:
        life: the host's life line; when the host closes it or says KILL, the child is killed.
        child: process id of the namespace's init.
        handle: its file descriptor.
        memory_mb: the most that all processes of the submission may hold together, MiB.
        cpu_seconds: the most CPU time that they may use together.
        confined: whether /proc shows the submission's processes and no others.
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
                life.send(ENDED if confined and _sweep() else SWEPT)
                continue
            reason = "closed"
            os.kill(child, signal.SIGKILL)
        elif confined and not os.path.exists("/proc/self"):  # until then /proc is the zygote's, with all that is in it
            reason = _exceeded(memory_mb, cpu_seconds)
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
    if not reason and os.WIFSIGNALED(status):
        if spent >= cpu_seconds:  # the kernel's hard limit came first
            reason = "time"
        elif confined and os.WTERMSIG(status) == signal.SIGKILL:  # the first process is immune to its own namespace's
            reason = "killed"
    report = {"reason": reason, "cpu_seconds": spent, "peak_mb": usage.ru_maxrss >> 10}
    with contextlib.suppress(OSError):  # the host may have gone; then there is nobody to tell
        life.send(json.dumps(report).encode())


def _exceeded(memory_mb: int, cpu_seconds: int) -> str:
    """What the processes in the child's /proc have used up together: "memory", "time" or nothing."""
    if _resident_mb(exact=False) > memory_mb and _resident_mb(exact=True) > memory_mb:
        return "memory"
    return "time" if _cpu_seconds() > cpu_seconds else ""


def _sweep() -> bool:
    """Kill every process of the submission but the first, until none is left; what it starts meanwhile too.

    Returns whether there was one that did not end by itself at once.
    """
    if _others():
        time.sleep(GRACE)
    for sweep in range(SWEEPS):
        others = _others()
        if not others:
            return sweep > 0
        for name in others:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                handle = os.open(f"/proc/{name}", os.O_RDONLY | os.O_DIRECTORY)
                try:  # by the folder in /proc, for the number is one of another namespace's
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
                finally:
                    os.close(handle)

    return True


def _others() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit() and name != "1" and not _is_dead(name)]


def _is_dead(process: str) -> bool:
    """Whether a process has ended and only waits for its parent to take note."""
    try:
        return _status(process)[0] in "ZX"
    except OSError:
        return True


def _cpu_seconds() -> float:
    """CPU time of all processes in the child's /proc, of those included that have ended and been waited for."""
    ticks = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                ticks += sum(int(field) for field in _status(name)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _status(process: str) -> list[str]:
    """The fields of a process in /proc/…/stat from its state on; before it stands its name, which it chooses itself."""
    with open(f"/proc/{process}/stat", errors="replace") as handle:
        return handle.read().rpartition(")")[2].split()


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
