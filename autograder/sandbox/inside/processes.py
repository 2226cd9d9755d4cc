"""The processes of one submission, seen from outside its walls: what they use up, and how all of them are ended."""

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping

from .disk import held_mb, lying_mb

SWEEPS = 2000
GRACE = 0.1
"""Seconds that a process which is about to end has to do so by itself."""

LISTED = os.path.exists(f"/proc/self/task/{os.getpid()}/children")
"""Whether the kernel lists a process's children (CONFIG_PROC_CHILDREN)."""


class Processes:
    """Those of one submission: all that its own /proc shows, or whatever descends from its monitor.

    Args:
        child: the first of them, where the machine's own /proc shows them; None where they have a /proc of their own.
    """

    def __init__(self, child: int | None) -> None:
        self._child = child

    def visible(self) -> bool:
        """Whether /proc is theirs by now; until it is mounted, it is the zygote's with all that is in it."""
        return self._child is not None or not os.path.exists("/proc/self")

    def exceeded(self, limits: Mapping[str, int], home: str | None) -> str:
        """What they have used up together: "memory", "time", or nothing; without a /proc of their own also "disk", "processes".

        Args:
            limits: as ``monitor`` gets them.
            home: their folder, where that lies on the machine's own disk.
        """
        names = self._names()
        if home and _threads(names) > limits["processes"]:  # first, for the rest takes long where there are many
            return "processes"
        memory_mb, held = limits["total_memory_mb"], 0
        with _as_owner(home):
            if _resident_mb(names, exact=False) > memory_mb and _resident_mb(names, exact=True) > memory_mb:
                return "memory"
            waited = resource.getrusage(resource.RUSAGE_CHILDREN)
            if _cpu_seconds(names) + waited.ru_utime + waited.ru_stime > limits["cpu_seconds"]:
                return "time"
            if home:
                held = held_mb(home, names, limits["file_mb"])
        return "disk" if home and held + lying_mb(home) > limits["tmp_mb"] else ""

    def sweep(self) -> bool:
        """Kill every one but the first, until none is left; what it starts meanwhile too.

        Returns whether there was one that did not end by itself at once.
        """
        if _living(self._others()):
            time.sleep(GRACE)
        return _end(self._others) is not False

    def _names(self) -> list[str]:
        return _pids() if self._child is None else _descendants(os.getpid())

    def _others(self) -> list[str]:
        first = "1" if self._child is None else str(self._child)
        if self._child is not None:
            _reap(self._child)
        return [name for name in self._names() if name != first]


def end_orphans(watched: Collection[int]) -> bool:
    """Kill those children of this process that are none of the given ones, and what they leave behind.

    Returns whether none is left; on a busy machine who was killed takes its time, and leaves its children only then.
    """
    return _end(lambda: [name for name in _children(str(os.getpid())) if int(name) not in watched]) is not None


def _end(find: Callable[[], list[str]]) -> bool | None:
    """Kill all that are found, until none is left; whether there was any, None where some are left after all.

    Who ends between being found and being looked at has left children, or forked, meanwhile: what is found has to stay
    the same.
    """
    killed = False
    for _ in range(SWEEPS):
        found = find()
        living = _living(found)
        if not living and found == find():
            return killed
        killed = killed or bool(living)
        _kill(living)
    return None


def end_user(user: int) -> None:
    """Kill all that a user runs, at once, as root can: however fast it forks, nothing of it is passed over."""
    killer = os.fork()
    if killer == 0:
        os.setresuid(user, user, user)
        os.kill(-1, signal.SIGKILL)
        os._exit(0)
    os.waitpid(killer, 0)


def _kill(names: list[str]) -> None:
    for name in names:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            handle = os.open(f"/proc/{name}", os.O_RDONLY | os.O_DIRECTORY)
            try:  # by the folder in /proc, for the number may be one of another namespace's
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            finally:
                os.close(handle)


def _children(parent: str) -> list[str]:
    """The children of a process, asked of it alone: who forks and ends, again and again, is gone before all are asked.

    What a thread or a process that ends meanwhile leaves out, those that end them find when they look again.
    """
    if not LISTED:
        return [name for name in _pids() if _parent(name) == parent]
    found: list[str] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{parent}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{parent}/task/{thread}/children") as handle:
                found += handle.read().split()
    return found


def _parent(process: str) -> str:
    with contextlib.suppress(OSError):
        return _status(process)[1]
    return ""


def _descendants(ancestor: int) -> list[str]:
    found: list[str] = []
    waiting = [str(ancestor)]
    while waiting:
        below = _children(waiting.pop())
        found += below
        waiting += below
    return found


def threads_of(user: int) -> int:
    """How many threads a user has in all, as the limit on their number counts them."""
    names = []
    for name in _pids():
        with contextlib.suppress(OSError):
            names += [name] if os.stat(f"/proc/{name}").st_uid == user else []
    return _threads(names)


def _reap(child: int) -> None:
    """Take note of the end of those that have become this process's children, but for one that is waited for elsewhere."""
    for name in _descendants(os.getpid()):
        if name != str(child) and _is_dead(name):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(int(name), os.WNOHANG)


def _pids() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def _living(names: list[str]) -> list[str]:
    return [name for name in names if not _is_dead(name)]


def _is_dead(process: str) -> bool:
    """Whether a process has ended, with all its threads, and only waits for its parent to take note."""
    try:
        status = _status(process)
    except OSError:
        return True
    return status[0] in "ZX" and int(status[17]) < 2


def _living_part(process: str) -> str:
    """A process, or a thread of it where its first one has ended before the others: of that no memory is shown."""
    threads = [f"{process}/task/{thread}" for thread in os.listdir(f"/proc/{process}/task")]
    return next((each for each in (process, *threads) if _status(each)[0] not in "ZX"), process)


@contextlib.contextmanager
def _as_owner(home: str | None) -> Iterator[None]:
    """Act as the user whose home this is: in a container root may not look into another user's processes."""
    if home:
        user = os.stat(home).st_uid
        os.setegid(user if user != os.geteuid() else os.getegid())
        os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        os.setegid(os.getgid())


def _threads(names: list[str]) -> int:
    return sum(_fields(names, slice(17, 18)))


def _cpu_seconds(names: list[str]) -> float:
    """CPU time of these processes, of those included that have ended and been waited for by one of them."""
    return sum(_fields(names, slice(11, 15))) / os.sysconf("SC_CLK_TCK")


def _fields(names: list[str], which: slice) -> Iterator[int]:
    """Some fields of /proc/…/stat of all that have not ended meanwhile."""
    for name in names:
        with contextlib.suppress(OSError):
            yield from map(int, _status(name)[which])


def _status(process: str) -> list[str]:
    """The fields of a process in /proc/…/stat from its state on; before it stands its name, which it chooses itself."""
    with open(f"/proc/{process}/stat", errors="replace") as handle:
        return handle.read().rpartition(")")[2].split()


def _resident_mb(names: list[str], exact: bool) -> int:
    """Memory of these processes, MiB; the quick count takes shared pages once for every process."""
    kibibytes = 0
    for name in names:
        try:
            part = _living_part(name)
            kibibytes += _proportional_kib(part) if exact else _resident_kib(part)
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
